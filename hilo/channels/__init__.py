"""The doors to other systems: files first. Each parses bytes into dataclasses, then calls commands."""
