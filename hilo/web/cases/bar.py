"""The response clock as a bar: how much of its time is gone, where it stood still, where today is.

Its width is working time from the receipt to the due moment, so a pause takes the room it took.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from hilo.businesstime import WorkingTime
from hilo.quality.clocks import ClockState, Pause, Standing, TargetClock
from hilo.quality.models import ClockPause
from hilo.quality.queries.case_page import CasePage
from hilo.web.base.hours import said_at, said_on
from hilo.web.cases.words import days_said, left_said

WIDTH = 1000.0


@dataclass(frozen=True, slots=True)
class Piece:
    css: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class ResponseBar:
    """``pieces`` is empty for a clock that has stopped: its figures alone are kept."""

    due: str
    left: str
    used: str
    held: tuple[str, ...]
    pieces: tuple[Piece, ...] = ()
    now_x: float = 0.0
    is_late: bool = False
    is_paused: bool = False

    @property
    def now_left(self) -> float:
        """Where the mark of today begins, so that it stands in the bar at both ends."""
        return min(max(self.now_x - 2, 0.0), WIDTH - 4)


def response_bar(page: CasePage) -> ResponseBar | None:
    standing = page.facts.clocks.response
    if standing is None or page.run is None:
        return None
    clock, target = page.response_clock, timedelta(minutes=page.rule.response_minutes)
    is_late = standing.state == ClockState.LATE or standing.was_late
    held = tuple(_held(pause, page.now) for pause in page.pauses if pause.paused_at >= page.run.started_at)
    said = _("%(used)s gone of the %(all)s it may take.") % {
        "used": days_said(standing.used),
        "all": days_said(target),
    }
    bar = ResponseBar(
        due=said_at(standing.due, page.now),
        left=_held_left(page, standing),
        used=said,
        held=held,
        is_late=is_late,
        is_paused=standing.state == ClockState.PAUSED,
    )
    if clock is None:
        return bar
    end = max(standing.due, page.now)
    scale = _Scale(clock, clock.hours, clock.started_at, end)
    return ResponseBar(
        due=bar.due,
        left=bar.left,
        used=bar.used,
        held=bar.held,
        pieces=tuple(_pieces(scale, clock, page.now, standing.due)),
        now_x=scale.x(page.now),
        is_late=is_late,
        is_paused=bar.is_paused,
    )


def _held_left(page: CasePage, standing: Standing) -> str:
    pause = page.facts.clocks.pause
    if pause is not None and standing.state == ClockState.PAUSED:
        return _("on hold until %(day)s") % {"day": said_on(pause.until, page.now)}
    return left_said(standing)


def _held(pause: ClockPause, now: datetime) -> str:
    """En pausa del lunes 9 al jueves 12: esperamos el vídeo (Sonia Marco)."""
    until = min(pause.until, pause.resumed_at) if pause.resumed_at else pause.until
    facts = {
        "since": said_on(pause.paused_at, now),
        "until": said_on(until, now),
        "reason": pause.reason.rstrip("."),
        "name": pause.author.name,
    }
    return _("On hold from %(since)s until %(until)s: %(reason)s (%(name)s).") % facts


@dataclass(frozen=True, slots=True)
class _Scale:
    clock: TargetClock
    hours: WorkingTime
    start: datetime
    end: datetime

    def x(self, moment: datetime) -> float:
        whole = self.hours.between(self.start, self.end)
        if not whole or moment <= self.start:
            return 0.0
        return round(min(self.hours.between(self.start, min(moment, self.end)) / whole, 1.0) * WIDTH, 1)


def _pieces(scale: _Scale, clock: TargetClock, now: datetime, due: datetime) -> Iterator[Piece]:
    """What is used up to now, late from the due moment on, and over both the stretches it stood still."""
    used, late = scale.x(min(now, due)), scale.x(now)
    yield Piece("b-used", 0.0, used)
    if now > due:
        yield Piece("b-used is-late", used, round(late - used, 1))
    for pause in clock.pauses:
        yield _pause_piece(scale, pause)


def _pause_piece(scale: _Scale, pause: Pause) -> Piece:
    start = scale.x(pause.paused_at)
    return Piece("b-pause", start, round(max(scale.x(pause.ended_at) - start, 4.0), 1))
