"""The rows of a map's page as the picture that is drawn and the list that says the same in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hilo.web.base import saying, spans
from hilo.web.base.hours import said_at, said_on
from hilo.web.base.strand import Line, lay_out
from hilo.web.lines import A_WORKING_DAY, said_working
from hilo.web.map.drawing import MIDDLE, SMALL, WIDE, Chart, Mark, Picture, ReserveBand, Row, draw, window
from hilo.web.threads.entry_words import said_minutes
from hilo.work.models import Promise, ReviewMoment, Span, StepRun
from hilo.work.planned import Foresight, Plan
from hilo.work.planning import Outcome, Standing, begins, finish
from hilo.work.queries.map_page import MapPage

_OVER = (StepRun.State.DONE, StepRun.State.SKIPPED)
_RANK = {"running": 0, "offered": 0, "planned": 1, "done": -1, "skipped": -1}


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the list: the same as its row of the picture."""

    run: StepRun
    begun: datetime | None
    ends: datetime | None
    state_said: str
    state_icon: str
    tone: str
    waited: str  # at its border, said
    waits_for: tuple[str, ...]
    is_late: bool
    move_url: str
    of_order: str


@dataclass(frozen=True, slots=True)
class ShownMap:
    charts: tuple[Chart, ...]
    steps: list[Step]
    marks: list[Mark]
    words: str
    hidden: int  # steps over before the map begins
    leaves_out_past: bool
    from_targets: bool


def lang() -> str:
    return saying.language(get_language())


def shown_map(page: MapPage, foresight: Foresight | None = None, *, whole: bool = False) -> ShownMap:
    runs = [run for run in page.runs if run.state != StepRun.State.SKIPPED]
    dates = _dates(page, foresight)
    marks = list(_marks(page, foresight))
    reserve = _reserve(page, foresight)
    last = max(
        [page.now, *(moment for moment in dates.values() if moment), *(mark.at for mark in marks)]
        + ([reserve.until] if reserve else [])
    )
    archived = page.thread.archived_at
    start, end, cut = window(
        opened_at=min([page.thread.opened_at, *(span.opened_at for span in page.line.spans)]),
        now=page.now,
        last=archived or last,
        whole=whole,
        is_over=archived is not None,
    )
    rows = [_row(run, page, foresight, dates) for run in _in_order(runs, dates)]
    shown = [row for row in rows if row.ended is None or row.ended >= start]
    picture = Picture(shown, marks, start, end, page.now, reserve, archived is not None)
    zone = timezone.get_current_timezone()
    return ShownMap(
        charts=tuple(draw(picture, layout, zone, lang()) for layout in (WIDE, MIDDLE, SMALL)),
        steps=[_step(run, page) for run in _in_order(page.runs, dates)],
        marks=sorted(marks, key=lambda mark: mark.at),
        words=_words(page, runs),
        hidden=len(rows) - len(shown),
        leaves_out_past=cut,
        from_targets=any(run.state == StepRun.State.PLANNED for run in runs),
    )


def _dates(page: MapPage, foresight: Foresight | None) -> dict[int, datetime | None]:
    dates = {piece.id: piece.due for plan in page.plans.values() for piece in plan.pieces}
    if foresight is not None and foresight.outcome is not None:
        dates.update(foresight.outcome.after)
    return dates


def _in_order(runs: list[StepRun], dates: dict[int, datetime | None]) -> list[StepRun]:
    """What is over by when it ended, then what is in somebody's hands, then the plan by date."""
    return sorted(
        runs,
        key=lambda run: (_RANK[run.state], dates[run.pk] is None, dates[run.pk] or 0, run.position, run.pk),
    )


# ---- one step -------------------------------------------------------------------------------------------


def _row(run: StepRun, page: MapPage, foresight: Foresight | None, dates: dict[int, datetime | None]) -> Row:
    plan, due = page.plan_with(run), dates[run.pk]
    planned = None if run.state in _OVER or due is None else _ahead(run, plan, dates, page.now)
    edges = _edges(run, page, plan)
    start, end = planned or (None, None)
    moved = foresight.outcome.moved if foresight and foresight.outcome else {}
    return Row(
        id=run.pk,
        name=run.name,
        detail=_detail(run),
        when=_when(run, due, page.now),
        line=_line(run, page),
        planned=planned,
        ended=run.finished_at if run.state in _OVER else None,
        was=_was(run, plan, foresight, page.now) if run.pk in moved else None,
        edges=edges,
        is_late=planned is not None and due is not None and due < page.now,
        is_offered=run.state == StepRun.State.OFFERED,
        is_chosen=foresight is not None and foresight.run.pk == run.pk,
        move_url=reverse("web:map_move", args=[page.thread.code, run.pk]) if edges else "",
        end_day=_day(end),
        start_day=_day(start),
        end_said=said_on(end, page.now) if end else "",
        start_said=said_on(start, page.now) if start else "",
    )


def _day(moment: datetime | None) -> str:
    return timezone.localtime(moment).date().isoformat() if moment else ""


def _edges(run: StepRun, page: MapPage, plan: Plan) -> tuple[str, ...]:
    if run.pk not in page.movable:
        return ()
    if run.state == StepRun.State.RUNNING or plan.piece(run.pk).target is None:
        return ("end",)
    return ("start", "end")


def _ahead(
    run: StepRun, plan: Plan, dates: dict[int, datetime | None], now: datetime
) -> tuple[datetime, datetime]:
    """What is still to be done of it; of a late one, nothing but its date."""
    due = dates[run.pk]
    assert due is not None
    piece = plan.piece(run.pk)
    if piece.standing != Standing.PLANNED:
        return min(now, due), due
    return min(max(begins(piece, dates, now=now) or due, now), due), due


def _was(
    run: StepRun, plan: Plan, foresight: Foresight | None, now: datetime
) -> tuple[datetime, datetime] | None:
    assert foresight is not None and isinstance(foresight.outcome, Outcome)
    before = dict(foresight.outcome.before)
    return _ahead(run, plan, before, now) if before[run.pk] else None


def _detail(run: StepRun) -> str:
    order = run.work_item.order
    who = run.holder.name if run.holder else ""
    return " · ".join(part for part in (order.number if order else "", run.area.name, who) if part)


def _when(run: StepRun, due: datetime | None, now: datetime) -> str:
    if due is None:
        return _("no date")
    short = saying.said_short_date(timezone.localtime(due).date(), timezone.localtime(now).date(), lang())
    if run.state in _OVER:
        return short
    if due < now:
        return _("late since %(day)s") % {"day": short}
    return _("%(day)s, on offer") % {"day": short} if run.state == StepRun.State.OFFERED else short


def _line(run: StepRun, page: MapPage) -> Line | None:
    own = page.spans_of(run)
    if not own:
        return None
    return lay_out(
        [_span(span, page) for span in own],
        opened_at=own[0].opened_at,
        now=page.now,
        archived_at=run.finished_at if run.state in _OVER else page.thread.archived_at,
    )


def _span(span: Span, page: MapPage) -> spans.BorderSpan | spans.WorkSpan:
    if span.kind == Span.Kind.WORK or span.from_area is None:
        return spans.WorkSpan(span.area.name, span.opened_at, span.closed_at)
    ended: spans.HowItEnded = "withdrawn"
    if span.ended_as in ("", "accepted", "returned"):
        ended = span.ended_as  # type: ignore[assignment]
    return spans.BorderSpan(span.from_area.name, span.area.name, span.opened_at, span.closed_at, ended)


_STATES = {
    "planned": ("circle-dashed", ""),
    "offered": ("arrows-exchange", "warn"),
    "running": ("player-play", "accent"),
    "done": ("circle-check", "ok"),
    "skipped": ("ban", ""),
}


def _step(run: StepRun, page: MapPage) -> Step:
    plan = page.plan_with(run)
    piece = plan.piece(run.pk)
    icon, tone = _STATES[run.state]
    begun = run.started_at or (plan.begins(run.pk, now=page.now) if run.state == "planned" else None)
    late = run.state not in _OVER and run.due_at is not None and run.due_at < page.now
    return Step(
        run=run,
        begun=begun,
        ends=run.finished_at or run.due_at,
        state_said=run.get_state_display(),
        state_icon=icon,
        tone="late" if late else tone,
        waited=_waited(run, page),
        waits_for=tuple(plan.runs[pk].name for pk in piece.before if plan.runs[pk].state not in _OVER),
        is_late=late,
        move_url=reverse("web:map_move", args=[page.thread.code, run.pk]) if run.pk in page.movable else "",
        of_order=run.work_item.order.number if run.work_item.order else "",
    )


def _waited(run: StepRun, page: MapPage) -> str:
    """How long it lay at its border, all offers together: nobody's working time."""
    borders = [span for span in page.spans_of(run) if span.kind == Span.Kind.BORDER]
    if not borders:
        return ""
    clock = page.line.clock
    if len(borders) == 1:
        return said_working(clock, borders[0].opened_at, borders[0].closed_at or page.now)
    total = sum(((one.closed_at or page.now) - one.opened_at for one in borders), timedelta())
    return saying.said_length(total.total_seconds(), lang())


# ---- what is no step ------------------------------------------------------------------------------------


def _marks(page: MapPage, foresight: Foresight | None) -> Iterator[Mark]:
    late = {promise.pk for promise in foresight.late} if foresight else set()
    for promise in page.promises:
        yield _promised(promise, page.now, is_late=promise.pk in late)
    thread = page.thread
    if thread.is_open and thread.next_news_at is not None:
        said = said_at(thread.next_news_at, page.now)
        yield Mark(
            max(thread.next_news_at, thread.opened_at), "news", _("Next news"),
            _("The customer hears from us %(when)s.") % {"when": said}, thread.next_news_at < page.now,
        )  # fmt: skip
    for review in page.reviews:
        if review.state == ReviewMoment.State.PLANNED or page.thread.is_open:
            said = said_at(review.starts_at, page.now)
            yield Mark(review.starts_at, "review", review.text, f"{review.text}: {said}")


def _promised(promise: Promise, now: datetime, *, is_late: bool) -> Mark:
    facts = {"what": promise.text, "contact": promise.contact, "when": said_on(promise.due_at, now)}
    is_bad = is_late or promise.state == Promise.State.BROKEN
    said = (
        _("%(what)s, promised to %(contact)s for %(when)s")
        if not is_bad
        else _("%(what)s, promised to %(contact)s for %(when)s, comes too late")
    )
    return Mark(promise.due_at, "promise", promise.text, said % facts, is_bad)


def _reserve(page: MapPage, foresight: Foresight | None) -> ReserveBand | None:
    """Measured in the hours of the delegation, beside the finish of the thread's own plan."""
    total, clock = page.thread.reserve_minutes, page.line.clock
    item = page.items[0] if page.items else None
    if not total or clock is None or item is None or not page.thread.is_open:
        return None
    plan = page.plans[item.pk]
    at = finish(plan.pieces, _dates(page, foresight))
    if at is None:
        return None
    used = page.reserve_used + (foresight.minutes if foresight and foresight.plan is plan else 0)
    left = total - used
    return ReserveBand(
        spent_from=clock.subtract(at, timedelta(minutes=min(used, total))),
        finish=at,
        until=clock.add(at, timedelta(minutes=max(left, 0))),
        words=reserve_said(left, total),
        is_short=left <= 0,
    )


def reserve_said(left: int, total: int) -> str:
    if left < 0:
        return _("Reserve: %(more)s more than the %(total)s there were") % {
            "more": said_minutes(-left),
            "total": said_minutes(total),
        }
    days, rest = divmod(left, A_WORKING_DAY)
    if not rest and not total % A_WORKING_DAY:
        said = ngettext(
            "Reserve: %(left)d of %(total)d working day left",
            "Reserve: %(left)d of %(total)d working days left",
            total // A_WORKING_DAY,
        )
        return said % {"left": days, "total": total // A_WORKING_DAY}
    return _("Reserve: %(left)s left of %(total)s") % {
        "left": said_minutes(left),
        "total": said_minutes(total),
    }


def _words(page: MapPage, runs: list[StepRun]) -> str:
    """The picture in one sentence, for who does not see it; the list beneath says the rest."""
    done = sum(run.state == StepRun.State.DONE for run in runs)
    return _(
        "Map of the thread: %(done)s of %(all)s steps done. The list beneath says the same in words."
    ) % {
        "done": done,
        "all": len(runs),
    }
