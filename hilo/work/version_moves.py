"""What would happen on running work if it moved to another version of its process (SPEC 3.2).

The page that asks and the command that does it read the same plan. What was done stays done and what runs
goes on; what is planned is replaced. What a move would trample on refuses it, with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from hilo.parties.models import Area, Person
from hilo.work.models import (
    Handoff,
    Order,
    Step,
    StepLink,
    StepRun,
    StepRunLink,
    TemplateVersion,
    Thread,
    WorkItem,
)
from hilo.work.queries.together import Columns, Part, Together
from hilo.work.sides import in_force_or_successor

OVER = (StepRun.State.DONE, StepRun.State.SKIPPED)
BEGUN = (StepRun.State.RUNNING, StepRun.State.DONE)

type Node = tuple[str, int]  # ("run", pk) or ("step", pk)
type Links = frozenset[tuple[Node, Node]]


class Fate(StrEnum):
    STAYS = "stays"  # it is over
    GOES_ON = "goes_on"  # running or offered: as the same step of the new version
    REPLACED = "replaced"  # planned: as the new version says
    NEW = "new"
    PASSED = "passed"  # new, but what comes after it has begun already
    TAKEN_OUT = "taken_out"  # planned, and the new version has no such step
    BY_HAND = "by_hand"  # no process foresaw it: it stays where it is


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFate:
    """``refusal`` says why this step keeps the work from moving; ``gives_back``: a draft is taken back."""

    fate: Fate
    name: str
    run: StepRun | None = None
    step: Step | None = None
    refusal: str = ""
    gives_back: bool = False
    waited: bool = False  # until now a step before it was not over


@dataclass(frozen=True, slots=True)
class MovePlan:
    work_item: WorkItem
    version: TemplateVersion
    fates: tuple[StepFate, ...]
    links: Links
    refusals: tuple[str, ...]

    def of(self, *fates: Fate) -> list[StepFate]:
        return [each for each in self.fates if each.fate in fates]


def movable_items(version: TemplateVersion) -> QuerySet[WorkItem]:
    """Work that runs on another version of the same process and is not over yet."""
    unfinished = StepRun.objects.exclude(state__in=OVER).values("work_item")
    items = WorkItem.objects.filter(template_version__template=version.template_id, pk__in=unfinished)
    items = items.exclude(template_version=version).exclude(thread__state=Thread.State.ARCHIVED)
    is_open = Q(order__isnull=True) | Q(order__state=Order.State.OPEN)
    return items.filter(is_open).select_related("thread__customer", "order", "template_version__template")


def standings_of(thread_ids: Iterable[int]) -> dict[int, int]:
    """For each thread a number that grows with whatever happens to its steps and handoffs."""
    wanted = list(thread_ids)
    found = dict.fromkeys(wanted, 0)
    runs = StepRun.objects.filter(thread__in=wanted).order_by().values_list("thread_id", "version")
    handoffs = Handoff.objects.filter(thread__in=wanted).order_by().values_list("thread_id", "version")
    for thread_id, version in runs.union(handoffs, all=True).order_by():
        found[thread_id] += version
    return found


def plan_moves(items: Iterable[WorkItem], version: TemplateVersion, *, now: datetime) -> list[MovePlan]:
    """One plan for each, in one query."""
    listed = list(items)
    found = _rows(items={item.pk for item in listed}, version=version.pk)
    steps, links, runs, their_steps, handoffs, run_links, all_areas, holders = found
    by_id = {area.pk: area for area in all_areas}
    for step in steps:
        step.area = by_id[step.area_id]
    steps.sort(key=lambda step: step.position)
    _attach(runs, steps=their_steps, handoffs=handoffs, areas=by_id, holders=holders)
    runs_of: dict[int, list[StepRun]] = defaultdict(list)
    for run in sorted(runs, key=lambda run: (run.position, run.pk)):
        runs_of[run.work_item_id].append(run)
    old_links: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for item_id, before, after in run_links:
        old_links[item_id].add((before, after))
    areas = {step.pk: in_force_or_successor(step.area, now=now) for step in steps}
    return [
        _Planner(item, version, steps, areas, links, runs_of[item.pk], old_links[item.pk]).plan()
        for item in listed
    ]


def _parts(*, items: set[int], version: int) -> list[Part]:
    runs, between = StepRun.objects.filter(work_item__in=items), ("before_id", "after_id")
    links = StepRunLink.objects.filter(after__work_item__in=items)
    return [
        Step.objects.filter(template_version=version),
        Columns(StepLink.objects.filter(before__template_version=version), dict.fromkeys(between)),
        runs,
        Step.objects.filter(pk__in=runs.filter(step__isnull=False).values("step")),
        Handoff.objects.filter(step_run__work_item__in=items),
        Columns(links, dict.fromkeys(("after__work_item_id", *between))),
        Area.objects.all(),
        Person.objects.filter(pk__in=runs.filter(holder__isnull=False).values("holder")),
    ]


_rows = Together(_parts)


def _attach(
    runs: Iterable[StepRun],
    *,
    steps: Iterable[Step],
    handoffs: Iterable[Handoff],
    areas: Mapping[int, Area],
    holders: Iterable[Person],
) -> None:
    step_of, person_of = {step.pk: step for step in steps}, {person.pk: person for person in holders}
    offers: dict[int, list[Handoff]] = defaultdict(list)
    for handoff in sorted(handoffs, key=lambda each: each.attempt):
        offers[handoff.step_run_id].append(handoff)
    for run in runs:
        run.area = areas[run.area_id]
        run.step = step_of[run.step_id] if run.step_id else None
        run.holder = person_of[run.holder_id] if run.holder_id else None
        setattr(run, "all_handoffs", offers[run.pk])  # noqa: B010 - mypy does not know the name


@dataclass
class _Planner:
    item: WorkItem
    version: TemplateVersion
    steps: list[Step]
    areas: Mapping[int, Area]
    step_links: list[tuple[int, int]]
    runs: list[StepRun]
    run_links: set[tuple[int, int]]
    refusals: list[str] = field(default_factory=list)

    def plan(self) -> MovePlan:
        self.key_of = {step.pk: step.key for step in self.steps}
        self.step_of = {step.key: step for step in self.steps}
        self.run_of = {run.step.key: run for run in self.runs if run.step is not None}
        self.passed = self._passed()
        self.gone = {run.pk for run in self.runs if run.step is not None and run.step.key not in self.step_of}
        links = self._links()
        self.waits = {after for before, after in links if not self._is_over(before)}
        fates = (*(self._fate_of_run(run) for run in self.runs), *self._new_ones())
        self._refuse_the_rest(links, fates)
        refusals = [*self.refusals, *(each.refusal for each in fates if each.refusal)]
        return MovePlan(self.item, self.version, fates, links, tuple(dict.fromkeys(refusals)))

    # The graph ----------------------------------------------------------------------------------------

    def _passed(self) -> set[str]:
        """New steps that come too late here: something after them has begun."""
        after: dict[str, set[str]] = defaultdict(set)
        for before, then in self.step_links:
            after[self.key_of[before]].add(self.key_of[then])
        begun = {key for key, run in self.run_of.items() if run.state in BEGUN}
        return {
            key
            for key in self.step_of
            if key not in self.run_of and not begun.isdisjoint(_reachable(key, after))
        }

    def _node(self, key: str) -> Node:
        run = self.run_of.get(key)
        return ("run", run.pk) if run is not None else ("step", self.step_of[key].pk)

    def _links(self) -> Links:
        """What has begun keeps the steps before it that are over; the rest is as the new version says.

        Steps added by hand keep their neighbours, also across a step that is taken out.
        """
        states = {run.pk: run.state for run in self.runs}
        unbegun = {
            pk for pk, state in states.items() if state in (StepRun.State.PLANNED, StepRun.State.OFFERED)
        }
        by_hand = {run.pk for run in self.runs if run.step is None}
        out = self.gone & unbegun
        old = _without(self.run_links, out)
        kept = {
            (("run", before), ("run", after))
            for before, after in old
            if (after not in unbegun and states[before] in OVER)
            or (after in unbegun and not by_hand.isdisjoint((before, after)))
        }
        keys = {(self.key_of[before], self.key_of[after]) for before, after in self.step_links}
        new = {(self._node(before), self._node(after)) for before, after in _without(keys, self.passed)}
        planned = {(before, after) for before, after in new if after[0] == "step" or after[1] in unbegun}
        return frozenset(kept | planned)

    def _is_over(self, node: Node) -> bool:
        return node[0] == "run" and any(run.pk == node[1] and run.state in OVER for run in self.runs)

    # What becomes of each -----------------------------------------------------------------------------

    def _fate_of_run(self, run: StepRun) -> StepFate:
        if run.state in OVER:
            return StepFate(fate=Fate.STAYS, name=run.name, run=run, step=run.step)
        if run.step is None:
            refusal = self._refused_offer(run) if ("run", run.pk) in self.waits else ""
            return StepFate(fate=Fate.BY_HAND, name=run.name, run=run, refusal=refusal)
        step = self.step_of.get(run.step.key)
        if step is None:
            return StepFate(fate=Fate.TAKEN_OUT, name=run.name, run=run, refusal=self._refused_gone(run))
        return self._fate_of_open(run, step)

    def _fate_of_open(self, run: StepRun, step: Step) -> StepFate:
        moves_area = self.areas[step.pk].pk != run.area_id
        waits = ("run", run.pk) in self.waits
        offered = _open_handoff(run, Handoff.State.OFFERED, Handoff.State.CONDITIONAL)
        if run.state == StepRun.State.RUNNING:
            refusal = self._refused_area(run, step) if moves_area else ""
            return StepFate(fate=Fate.GOES_ON, name=step.name, run=run, step=step, refusal=refusal)
        if offered:
            refusal = self._refused_offer(run) if moves_area or waits else ""
            return StepFate(fate=Fate.GOES_ON, name=step.name, run=run, step=step, refusal=refusal)
        prepared = _open_handoff(run, Handoff.State.DRAFT)
        gives_back = prepared is not None and (moves_area or waits)
        waited = any(
            after == run.pk and not self._is_over(("run", before)) for before, after in self.run_links
        )
        return StepFate(
            fate=Fate.REPLACED, name=step.name, run=run, step=step, gives_back=gives_back, waited=waited
        )

    def _new_ones(self) -> Iterable[StepFate]:
        for step in self.steps:
            if step.key not in self.run_of:
                fate = Fate.PASSED if step.key in self.passed else Fate.NEW
                yield StepFate(fate=fate, name=step.name, step=step)

    # Why not ------------------------------------------------------------------------------------------

    def _refused_gone(self, run: StepRun) -> str:
        facts = {"step": run.name, "number": self.version.number}
        if run.state == StepRun.State.RUNNING:
            who = run.holder.name if run.holder else run.area.name
            return _(
                "%(person)s is doing “%(step)s”, which version %(number)s no longer has. Let it end first."
            ) % {**facts, "person": who}
        if _open_handoff(run, Handoff.State.OFFERED, Handoff.State.CONDITIONAL):
            return (
                _("“%(step)s” is offered, and version %(number)s no longer has it. Withdraw the offer first.")
                % facts
            )
        return ""

    def _refused_area(self, run: StepRun, step: Step) -> str:
        return _(
            "“%(step)s” runs in %(here)s; in version %(number)s it is done in %(there)s. Let it end first."
        ) % {
            "step": run.name,
            "here": run.area.name,
            "number": self.version.number,
            "there": step.area.name,
        }

    def _refused_offer(self, run: StepRun) -> str:
        if not _open_handoff(run, Handoff.State.OFFERED, Handoff.State.CONDITIONAL):
            return ""
        return _(
            "“%(step)s” is offered, and in version %(number)s it would have to wait or go elsewhere. "
            "Wait for the answer, or withdraw the offer."
        ) % {"step": run.name, "number": self.version.number}

    def _refuse_the_rest(self, links: Links, fates: Iterable[StepFate]) -> None:
        if self.version.state != TemplateVersion.State.PUBLISHED:
            self.refusals.append(_("Only a published version can be moved to. Publish it first."))
        if self.item.thread.state == Thread.State.PAUSED:
            self.refusals.append(_("This thread is paused. Wake it first."))
        if self.item.thread.state == Thread.State.ARCHIVED:
            self.refusals.append(_("This thread is in the archive."))
        if _has_circle(links):
            by_hand = next((each.name for each in fates if each.fate == Fate.BY_HAND), "")
            self.refusals.append(
                _("“%(step)s”, added by hand, would wait for itself. Mark it as not needed first.")
                % {"step": by_hand}
            )
        if not any(each.fate not in (Fate.STAYS, Fate.PASSED, Fate.TAKEN_OUT) for each in fates):
            self.refusals.append(_("Nothing would be left to do. Let this work end as it is."))


def _handoffs(run: StepRun) -> list[Handoff]:
    found: list[Handoff] = getattr(run, "all_handoffs")  # noqa: B009 - mypy does not know the name
    return found


def _open_handoff(run: StepRun, *states: Handoff.State) -> Handoff | None:
    return next((each for each in _handoffs(run) if each.state in states), None)


def _reachable(start: str, after: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = after.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def _without[T](links: Iterable[tuple[T, T]], gone: Iterable[T]) -> set[tuple[T, T]]:
    """The graph with some nodes taken out: what was before them is before what was after them."""
    left = set(links)
    for node in gone:
        before = {one for one, other in left if other == node}
        after = {other for one, other in left if one == node}
        left = {link for link in left if node not in link}
        left |= {(one, other) for one in before for other in after}
    return left


def _has_circle(links: Links) -> bool:
    before: dict[Node, set[Node]] = defaultdict(set)
    for one, other in links:
        before[other].add(one)
        before.setdefault(one, set())
    while free := [node for node, waits in before.items() if not waits & before.keys()]:
        for node in free:
            del before[node]
    return bool(before)
