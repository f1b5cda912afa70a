"""See hilo.formats."""
