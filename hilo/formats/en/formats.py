"""See hilo.formats."""

NUMBER_GROUPING = 0
