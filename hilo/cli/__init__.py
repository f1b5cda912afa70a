"""``hilo``: everything that is done at a terminal."""

from hilo.cli.main import main

__all__ = ["main"]
