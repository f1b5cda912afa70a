"""The one way in which Hilo says no."""

from __future__ import annotations

from django.utils.functional import Promise


class RuleViolation(Exception):
    """The request was understood, but Hilo's rules forbid it. ``str()`` is fit to show a user.

    ``field`` names the form field beside which the sentence belongs, when there is one.
    """

    def __init__(self, message: str | Promise, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class Stale(RuleViolation):
    """Somebody else changed the thing since the asker last looked; nothing was changed."""


class NotAllowed(RuleViolation):
    """This actor may see the thing but may not do that to it."""
