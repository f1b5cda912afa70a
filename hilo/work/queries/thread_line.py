"""What the thread line is drawn from: spans, silences, pauses, steps and promises (SPEC 2.8), in one query.

The same for one thread's map and for the fifty rows of a list; ``hilo.web.lines`` turns it into the drawing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from hilo.businesstime import WorkingTime
from hilo.parties.models import Area, CalendarVersion, Customer, Delegation
from hilo.parties.queries.calendars import clock_of_version
from hilo.prepared import Fixed
from hilo.work.models import (
    Handoff,
    NewsMove,
    Pause,
    Promise,
    ReserveUse,
    ReviewMoment,
    Span,
    StepRun,
    Thread,
    Update,
)
from hilo.work.queries.together import Part, Together

# A supply thread lives a year of orders: its line shows the newest of each, which is all an eye can tell.
MOST_SPANS, MOST_STEPS, MOST_UPDATES = 2_000, 60, 500
# The news date that a thread was opened with is not kept apart: policy's five working days are a week.
FIRST_NEWS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Quiet:
    """From a news date that passed in silence to the message that mended it; open while nobody has."""

    since: datetime
    until: datetime | None


@dataclass(slots=True)
class LineFacts:
    """Rows of one thread, with ``area`` (and ``from_area``) attached; the oldest first."""

    thread: Thread
    areas: Sequence[Area] = ()  # all of the company, those that ended included
    spans: list[Span] = field(default_factory=list)
    steps: list[StepRun] = field(default_factory=list)
    offers: list[Handoff] = field(default_factory=list)  # returned ones: why it bounced
    promises: list[Promise] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    reviews: list[ReviewMoment] = field(default_factory=list)  # planned ones
    silences: list[Quiet] = field(default_factory=list)
    reserve_used: int = 0
    clock: WorkingTime | None = None  # the delegation's hours

    def reason_of(self, span: Span) -> str:
        """Why a returned span came back, in the receiver's words."""
        for offer in self.offers:
            if offer.step_run_id == span.step_run_id and offer.answered_at == span.closed_at:
                return offer.return_comment
        return ""


def lines_of(threads: Iterable[Thread], *, now: datetime, whole: bool = False) -> dict[int, LineFacts]:
    """By thread id; one query however many there are.

    Without ``whole`` they are plain records that know only what a line shows.
    """
    rows = list(threads)
    if not rows:
        return {}
    ids, delegations = {thread.pk for thread in rows}, {thread.delegation_id for thread in rows}
    # How many threads' newest rows are asked for is part of the SQL, so it is told in few sizes.
    parts_of = _parts_of if whole else _records_of
    found = parts_of(ids=ids, delegations=delegations, threads=Fixed(_power_of_two(len(ids))), whole=whole)
    return line_facts(rows, found, now=now)


def _power_of_two(number: int) -> int:
    return 1 << (number - 1).bit_length()


_ONE = Fixed(1)


def line_parts(
    *, ids: Collection[int], delegations: Collection[int], threads: Fixed = _ONE, whole: bool = True
) -> list[QuerySet[Any, Any]]:
    """What ``line_facts`` needs, for callers that fetch more in the same query."""
    spans = Span.objects.filter(thread__in=ids)
    steps, promises = StepRun.objects.filter(thread__in=ids), Promise.objects.filter(thread__in=ids)
    if not whole:
        steps = steps.only("thread", "position", "area", "name", "state", "due_at", "finished_at")
        promises = promises.only("thread", "state", "text", "due_at")
    over = StepRun.objects.filter(thread__in=ids, state__in=["done", "skipped"])
    updates = Update.objects.filter(thread__in=ids)
    return [
        Area.objects.only("name", "ended_on"),
        _newest(spans, "-opened_at", MOST_SPANS * threads.value),
        steps.filter(
            ~Q(state__in=["done", "skipped"])
            | Q(pk__in=over.order_by("-finished_at").values("pk")[: MOST_STEPS * threads.value])
        ),
        Handoff.objects.filter(thread__in=ids, state="returned").only(
            "thread", "step_run", "answered_at", "return_reason", "return_comment"
        ),
        promises.filter(state__in=["open", "broken"]),
        Pause.objects.filter(thread__in=ids),
        _newest(updates, "-said_at", MOST_UPDATES * threads.value).only("thread", "said_at", "next_news_at"),
        NewsMove.objects.filter(thread__in=ids).only("thread", "old", "new", "moved_at"),
        ReserveUse.objects.filter(thread__in=ids).only("thread", "minutes"),
        Delegation.objects.filter(pk__in=delegations).only("calendar", "zone", "name"),
        calendars_in_force().filter(
            calendar__in=Delegation.objects.filter(pk__in=delegations).values("calendar")
        ),
        ReviewMoment.objects.filter(thread__in=ids, state="planned").only("thread", "text", "starts_at"),
    ]


_parts_of = Together(line_parts)
_records_of = Together(line_parts, as_records=True)


class OfThread:
    """What a page shows of one thread, by name, in the one query that also reads its line.

    ``build`` gets a thread of which only ids are known: its own, the owner's, the delegation's, the
    customer's and that of whom the customer merged into.
    """

    def __init__(self, build: Callable[..., Mapping[str, Part]]) -> None:
        self._build = build
        self._rows = Together(self._parts)
        self._names: tuple[str, ...] = ()

    def __call__(
        self, thread: Thread, *, now: datetime, **given: Any
    ) -> tuple[LineFacts, dict[str, list[Any]]]:
        found = self._rows(thread=ThreadIds.of(thread), **given)
        of_line = len(found) - len(self._names)
        line = line_facts([thread], found[:of_line], now=now)[thread.pk]
        return line, dict(zip(self._names, found[of_line:], strict=True))

    def _parts(self, *, thread: ThreadIds, **given: Any) -> list[Part]:
        parts = self._build(thread.alone(), **given)
        self._names = tuple(parts)
        return [*line_parts(ids=[thread.pk], delegations=[thread.delegation]), *parts.values()]


@dataclass(frozen=True, slots=True)
class ThreadIds:
    pk: int
    owner: int
    delegation: int
    customer: int
    merged_into: int | None

    @classmethod
    def of(cls, thread: Thread) -> ThreadIds:
        merged = thread.customer.merged_into_id
        return cls(thread.pk, thread.owner_id, thread.delegation_id, thread.customer_id, merged)

    @property
    def shape(self) -> Hashable:
        return self.merged_into is None

    @property
    def ids(self) -> tuple[int | None, ...]:
        return astuple(self)

    def with_ids(self, ids: Sequence[Any]) -> ThreadIds:
        return ThreadIds(*ids)

    def alone(self) -> Thread:
        customer = Customer(pk=self.customer, merged_into_id=self.merged_into)
        return Thread(pk=self.pk, owner_id=self.owner, delegation_id=self.delegation, customer=customer)


def _newest(rows: QuerySet[Any, Any], order: str, most: int) -> QuerySet[Any, Any]:
    return rows.filter(pk__in=rows.order_by(order, "-pk").values("pk")[:most])


def calendars_in_force() -> QuerySet[CalendarVersion]:
    later = CalendarVersion.objects.filter(calendar=OuterRef("calendar"), number__gt=OuterRef("number"))
    return CalendarVersion.objects.filter(~Exists(later))


def line_facts(
    threads: Iterable[Thread], found: Sequence[list[Any]], *, now: datetime
) -> dict[int, LineFacts]:
    areas, spans, steps, offers, promises, pauses, updates, moves, uses, delegations, calendars, looks = found
    facts = {thread.pk: LineFacts(thread, areas) for thread in threads}
    area_of: dict[int, Area] = {area.pk: area for area in areas}
    for span in sorted(spans, key=lambda span: (span.opened_at, span.pk)):
        span.area, span.from_area = area_of[span.area_id], area_of.get(span.from_area_id)
        facts[span.thread_id].spans.append(span)
    for step in sorted(steps, key=lambda step: (step.position, step.pk)):
        step.area = area_of[step.area_id]
        facts[step.thread_id].steps.append(step)
    for name, rows in (("offers", offers), ("promises", promises), ("pauses", pauses), ("reviews", looks)):
        for row in rows:
            getattr(facts[row.thread_id], name).append(row)
    for use in uses:
        facts[use.thread_id].reserve_used += use.minutes
    said, moved = _by_thread(updates), _by_thread(moves)
    clocks = _clocks(delegations, calendars)
    for pk, one in facts.items():
        one.clock = clocks.get(one.thread.delegation_id)
        one.silences = silences(one.thread, said[pk], moved[pk], now=now)
    return facts


def _by_thread(rows: Iterable[Any]) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.thread_id].append(row)
    return found


def _clocks(
    delegations: Iterable[Delegation], calendars: Iterable[CalendarVersion]
) -> dict[int, WorkingTime]:
    compiled = {each.calendar_id: clock_of_version(each) for each in calendars}
    return {each.pk: compiled[each.calendar_id] for each in delegations if each.calendar_id in compiled}


# ---- silence --------------------------------------------------------------------------------------------


def silences(
    thread: Thread, updates: Sequence[Update], moves: Sequence[NewsMove], *, now: datetime
) -> list[Quiet]:
    """Every promised news date that passed before the next message; moving a date ends no silence."""
    told = sorted(updates, key=lambda update: update.said_at)
    moved = sorted(moves, key=lambda move: move.moved_at)
    end = thread.archived_at or now
    awaited = _first_date(thread, told, moved)
    found: list[Quiet] = []
    since = thread.opened_at
    for update in [*told, None]:
        until = update.said_at if update else end
        awaited = _as_moved(awaited, moved, since, until)
        if awaited < until:
            found.append(Quiet(awaited, until if update or thread.archived_at else None))
        if update is not None:
            since, awaited = update.said_at, max(update.next_news_at, update.said_at)
    return found


def _first_date(thread: Thread, told: Sequence[Update], moved: Sequence[NewsMove]) -> datetime:
    if moved and (not told or moved[0].moved_at < told[0].said_at):
        return moved[0].old
    if not told and thread.next_news_at is not None and not thread.reopened_count:
        return thread.next_news_at
    return thread.opened_at + FIRST_NEWS


def _as_moved(awaited: datetime, moved: Sequence[NewsMove], since: datetime, until: datetime) -> datetime:
    """A date moved before it passed counts as moved; one moved afterwards was missed all the same."""
    for move in moved:
        if since <= move.moved_at < until and move.moved_at <= awaited:
            awaited = move.new
    return awaited
