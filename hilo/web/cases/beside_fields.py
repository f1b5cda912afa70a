"""A refusal finds its field, where a form asks for a fact under another name than the command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from hilo.errors import RuleViolation


@contextmanager
def beside(field: str, *, instead_of: str) -> Iterator[None]:
    """What a command says of its own fact stands beside the field that asked for it."""
    try:
        yield
    except RuleViolation as refusal:
        if refusal.field != instead_of:
            raise
        raise RuleViolation(refusal.message, field=field) from refusal
