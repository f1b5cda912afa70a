"""*Hilos*: the list of threads, and opening a new one."""
