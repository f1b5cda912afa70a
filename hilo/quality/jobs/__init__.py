"""Background work of quality; imported by ``hilo.jobs`` at start-up."""
