"""``hilo``: everything that is done at a terminal."""

from hilo.cli.command_line import main

__all__ = ["main"]
