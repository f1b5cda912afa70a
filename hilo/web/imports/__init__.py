"""*Traer datos*: a file is looked at, its columns are said, and then all of it comes in or none."""
