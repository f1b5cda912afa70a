"""What the thread line is computed from: spans and steps, as the queries of ``work`` hand them over.

A span without ``closed_at`` is still open. ``duration_text`` is said by the caller, because only it knows
the working hours: "3 días laborables", "1 h 25 min"; given as a function it is worked out only where it is
read: a list shows what runs today, not how long everything once took. Nothing here touches the database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

HowItEnded = Literal["", "accepted", "returned", "withdrawn"]
StepShape = Literal["step", "review", "promise"]
Duration = str | Callable[[], str]


@dataclass(frozen=True)
class BorderSpan:
    """From the offer until it is accepted, returned or withdrawn: the time of the border, of no one area."""

    from_area: str
    to_area: str
    opened_at: datetime
    closed_at: datetime | None = None
    ended_as: HowItEnded = ""
    duration_text: Duration = ""
    reason: str = ""

    @property
    def duration(self) -> str:
        return _said(self.duration_text)

    @property
    def was_returned(self) -> bool:
        return self.ended_as == "returned"


@dataclass(frozen=True)
class WorkSpan:
    """From acceptance to the end or the next offer: an area's working time."""

    area: str
    opened_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Silence:
    """From a broken next-news date to the Update that mended it."""

    opened_at: datetime
    closed_at: datetime | None = None
    duration_text: Duration = ""

    @property
    def duration(self) -> str:
        return _said(self.duration_text)


@dataclass(frozen=True)
class Pause:
    """``until_text`` as people say it: "el lunes 30"."""

    opened_at: datetime
    closed_at: datetime | None = None
    until_text: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Block:
    """An invoice that must not leave yet."""

    opened_at: datetime
    closed_at: datetime | None = None
    amount_text: str = ""


@dataclass(frozen=True)
class PlannedStep:
    """Ahead of today, or overdue. ``is_frayed``: it is the one that waits at the border now."""

    name: str
    due: datetime
    area: str = ""
    shape: StepShape = "step"
    is_frayed: bool = False


@dataclass(frozen=True)
class DoneStep:
    name: str
    at: datetime
    area: str = ""
    shape: StepShape = "step"


@dataclass(frozen=True)
class Reserve:
    """The plan's contingency in days, and how much of it is gone."""

    total: int
    used: int

    @property
    def left(self) -> int:
        return max(self.total - self.used, 0)


Span = BorderSpan | WorkSpan | Silence | Pause | Block


def _said(text: Duration) -> str:
    return text if isinstance(text, str) else text()
