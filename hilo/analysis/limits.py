"""How much one diagnosis may take, from ``settings.HILO_DIAGNOSIS`` (keys are the field names)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

MB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """``most_bytes`` counts all files of one upload together. ``longest`` is how long the reading may take
    before it is ended and the person told; ``memory`` what it may hold (Linux; elsewhere it is not bounded).
    """

    most_bytes: int = 500 * MB
    most_option_bytes: int = MB
    most_files: int = 20
    longest: timedelta = timedelta(minutes=15)
    memory: int = 6 * 1024 * MB


def limits() -> Limits:
    """Read anew each time, so that a test may override the setting."""
    return Limits(**getattr(settings, "HILO_DIAGNOSIS", {}))
