"""*Por dónde ha pasado*: one lane per area, each the strand of its own spans, all on one axis of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hilo.businesstime import NoWorkingTime
from hilo.parties.actor import Actor
from hilo.quality.queries.case_list import Strand, is_over
from hilo.quality.queries.case_page import CasePage
from hilo.web.base import saying, spans
from hilo.web.base.hours import said_at, said_on
from hilo.web.base.strand import Line, lay_out
from hilo.web.base.strand_map import Trace, traces
from hilo.web.cases.words import days_said, decimal_days
from hilo.web.lines import said_working
from hilo.work.models import Handoff, Span

WIDTH, HEIGHT, MIDDLE = 1000, 30, 15.0
LEFT, RIGHT = 8.0, 992.0
MOST_TICKS = 7
BESIDE_TODAY = 60.0  # a date nearer than this to today's word would touch it


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Straight from the day it was received to the last date that is planned, today kept off the edge."""

    start: datetime
    end: datetime

    def x(self, moment: datetime) -> float:
        whole = (self.end - self.start).total_seconds() or 1.0
        part = (moment - self.start).total_seconds() / whole
        return round(LEFT + (RIGHT - LEFT) * min(max(part, 0.0), 1.0), 1)


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    text: str
    anchor: str
    is_today: bool = False

    @property
    def percent(self) -> float:
        """Words keep their size: they are placed by share of the width, not in the drawing's units."""
        return round(self.x / WIDTH * 100, 1)


@dataclass(frozen=True, slots=True)
class Knot:
    css: str
    path: str


@dataclass(frozen=True, slots=True)
class Lane:
    """``words`` is what the drawing shows, for who does not see it and for the end of the row."""

    area: str
    who: str
    drawn: tuple[Trace, ...]
    knots: tuple[Knot, ...]
    words: str
    gap: str
    is_frayed: bool
    url: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Lanes:
    lanes: list[Lane]
    ticks: list[Tick]
    today_x: float
    summary: str


def lanes_of(page: CasePage, actor: Actor) -> Lanes:
    axis = _axis(page)
    lanes = [_lane(strand, page, axis, actor) for strand in page.facts.strands]
    return Lanes(lanes, list(_ticks(axis, page)), axis.x(_end(page)), _summary(page))


def line_of(page: CasePage) -> Line:
    """The case as one line, for the strand beside its story: its own spans and the thread's silences."""
    start = page.case.received_at
    silences = [
        spans.Silence(
            max(one.since, start), one.until, said_working(page.line.clock, one.since, one.until or page.now)
        )
        for one in page.line.silences
        if page.case.customer_knows and (one.until is None or one.until > start)
    ]
    own = [_span(span, page) for found in page.spans.values() for span in found]
    return lay_out(own, silences, opened_at=start, now=page.now, archived_at=page.case.closed_at)


def _end(page: CasePage) -> datetime:
    return page.case.closed_at or page.now


def _axis(page: CasePage) -> TimeAxis:
    end = _end(page)
    ahead = [one.run.due_at for one in page.facts.strands if not is_over(one.run) and one.run.due_at]
    last = max([end, *ahead]) if page.case.is_open else end
    first = min([page.case.received_at, *(span.opened_at for found in page.spans.values() for span in found)])
    lived = max(end - first, timedelta(hours=1))
    return TimeAxis(first, min(last, end + 2 * lived) if last > end else end)


# ---- one lane -------------------------------------------------------------------------------------------


def _lane(strand: Strand, page: CasePage, axis: TimeAxis, actor: Actor) -> Lane:
    run, now = strand.run, page.now
    own = page.spans[run.pk]
    drawn: list[Trace] = []
    if own:
        line = lay_out(
            [_span(span, page) for span in own],
            opened_at=own[0].opened_at,
            now=now,
            archived_at=run.finished_at if is_over(run) else page.case.closed_at,
        )
        drawn = [trace for piece in line.stretches for trace in traces(piece, axis, MIDDLE)]
    if not is_over(run) and run.due_at and run.due_at > now and page.case.is_open:
        drawn.append(Trace("todo", f"M{axis.x(now)} {MIDDLE}H{axis.x(run.due_at)}"))
    gap = _gap(strand, now)
    url, link = _way_on(strand, page, actor)
    return Lane(
        area=run.area.name,
        who=_who(strand),
        drawn=tuple(drawn),
        knots=tuple(_knots(strand, axis, now)),
        words=_lasted(strand, page, own),
        gap=gap,
        is_frayed=bool(gap),
        url=url,
        link=link,
    )


def _span(span: Span, page: CasePage) -> spans.BorderSpan | spans.WorkSpan:
    if span.kind == Span.Kind.WORK or span.from_area is None:
        return spans.WorkSpan(span.area.name, span.opened_at, span.closed_at)
    ended: spans.HowItEnded = "withdrawn"
    if span.ended_as in ("", "accepted", "returned"):
        ended = span.ended_as  # type: ignore[assignment]
    waited = said_working(page.line.clock, span.opened_at, span.closed_at or page.now)
    return spans.BorderSpan(
        span.from_area.name, span.area.name, span.opened_at, span.closed_at, ended, waited,
        page.line.reason_of(span),
    )  # fmt: skip


def _who(strand: Strand) -> str:
    run, offer = strand.run, strand.offer
    if run.holder is not None:
        return run.holder.name
    if offer is not None and offer.to_person is not None:
        return offer.to_person.name
    return run.delegation.name


def _knots(strand: Strand, axis: TimeAxis, now: datetime) -> Iterator[Knot]:
    """A point drawn as a stroke of no length: it stays round however wide the lane is stretched."""
    run = strand.run
    if is_over(run) and run.finished_at is not None:
        yield Knot("end", f"M{axis.x(run.finished_at)} {MIDDLE}h0")
    elif run.due_at is not None and run.due_at > now:
        for css in ("knot", "hole"):
            yield Knot(css, f"M{axis.x(run.due_at)} {MIDDLE}h0")


def _gap(strand: Strand, now: datetime) -> str:
    offer = strand.offer
    if offer is None or offer.offered_at is None:
        return ""
    if offer.state == Handoff.State.CONDITIONAL:
        return _("Conditions to be confirmed")
    return _("Not accepted since %(when)s") % {"when": said_at(offer.offered_at, now)}


def _lasted(strand: Strand, page: CasePage, own: Sequence[Span]) -> str:
    """Trabajó 3,6 días; para el jueves 26."""
    run = strand.run
    worked, said = _time_in(own, Span.Kind.WORK, page), []
    if worked:
        past = is_over(run)
        said.append((_("worked %(time)s") if past else _("working for %(time)s")) % {"time": worked})
    if (waited := _time_in(own, Span.Kind.BORDER, page)) and strand.offer is None:
        said.append(_("waited %(time)s to be accepted") % {"time": waited})
    if run.state == "planned":
        said.append(_("not begun"))
    if not is_over(run) and run.due_at is not None:
        late = run.due_at < page.now
        when = {"day": said_on(run.due_at, page.now)}
        said.append((_("it was for %(day)s") if late else _("for %(day)s")) % when)
    if run.state == "skipped":
        said = [_("not needed")]
    joined = " · ".join(said)
    return joined[:1].upper() + joined[1:]


def _time_in(own: Sequence[Span], kind: str, page: CasePage) -> str:
    total = sum(
        (_working(page, span.opened_at, span.closed_at or _end(page)) for span in own if span.kind == kind),
        timedelta(0),
    )
    return days_said(total) if total >= timedelta(minutes=1) else ""


def _working(page: CasePage, start: datetime, end: datetime) -> timedelta:
    if page.line.clock is None or end <= start:
        return timedelta(0)
    try:
        return page.line.clock.between(start, end)
    except NoWorkingTime:
        return timedelta(0)


def _way_on(strand: Strand, page: CasePage, actor: Actor) -> tuple[str, str]:
    """Where one goes on with it: the handoff that waits, or the step that is one's own."""
    if strand.offer is not None:
        return reverse("web:handoff", args=[strand.offer.pk]), _("See the handoff")
    run = strand.run
    if (
        run.state == "running"
        and page.may_work
        and actor.acts_for(run.holder_id)
        and run.holder_id != page.case.owner_id
    ):
        return reverse("web:thread_step_finish", args=[page.case.thread.code, run.pk]), _("Finish it")
    return "", ""


# ---- the axis and the sentence --------------------------------------------------------------------------


def _ticks(axis: TimeAxis, page: CasePage) -> Iterator[Tick]:
    """The first day, then Mondays (or every so many of them), and today."""
    here, lang = timezone.get_current_timezone(), saying.language(get_language())
    today = page.now.astimezone(here).date()
    today_x = axis.x(_end(page)) if page.case.is_open else -1000.0
    for place, moment in enumerate(_moments(axis)):
        x = axis.x(moment)
        if abs(x - today_x) >= BESIDE_TODAY and x <= RIGHT - 40:
            text = saying.said_short_date(moment.astimezone(here).date(), today, lang)
            yield Tick(x, text, "start" if not place else "middle")
    if page.case.is_open:
        anchor = "end" if today_x > RIGHT - 30 else "start" if today_x < LEFT + 30 else "middle"
        yield Tick(today_x, _("today"), anchor, is_today=True)


def _moments(axis: TimeAxis) -> list[datetime]:
    here = timezone.get_current_timezone()
    first = axis.start.astimezone(here).date()
    last = axis.end.astimezone(here).date()
    step = timedelta(days=1)
    day = first + step
    if (last - first).days > MOST_TICKS:
        day = first + timedelta(days=7 - first.weekday())
        weeks = max(1, -(-(last - day).days // 7 // MOST_TICKS))
        step = timedelta(weeks=weeks)
    days = [first]
    while day <= last:
        days.append(day)
        day += step
    start = [axis.start]
    return start + [timezone.make_aware(datetime.combine(one, time.min)) for one in days[1:]]


def _summary(page: CasePage) -> str:
    """Once días laborables: 7,9 trabajando y 3,1 esperando a que alguien aceptara."""
    own = [_span(span, page) for found in page.spans.values() for span in found]
    line = lay_out(own, opened_at=page.case.received_at, now=page.now, archived_at=page.case.closed_at)
    sums = {"moving": timedelta(0), "waiting": timedelta(0)}
    for piece in line.stretches:
        kind = "waiting" if piece.kind in ("waiting", "bounced") else piece.kind
        if kind in sums:
            sums[kind] += _working(page, piece.start, piece.end)
    if not sums["moving"] and not sums["waiting"]:
        return ""
    facts = {"worked": decimal_days(sums["moving"]), "waited": decimal_days(sums["waiting"])}
    if not sums["waiting"]:
        return _("%(worked)s working days at work, none waiting for somebody to accept.") % facts
    return _("%(worked)s working days at work and %(waited)s waiting for somebody to accept.") % facts
