"""The slow, obvious count of recurrences and exposures: event by event over the ledger alone.

What an action is (its metric, when it was done) is read from its own events too.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from hilo.ledger.models import EventObject, LedgerEvent
from hilo.work.models import Step

type Where = tuple[str, str, bool, object]


def events(*kinds: str) -> list[LedgerEvent]:
    return list(LedgerEvent.objects.filter(kind__in=kinds).order_by("occurred_at", "id"))


def done_at(action_id: int) -> datetime | None:
    """When it was done last, unless it was opened again since."""
    at: datetime | None = None
    for event in LedgerEvent.objects.filter(subject_type="action", subject_id=action_id).order_by("seq"):
        if event.kind == "action.done":
            at = event.occurred_at
        elif event.kind == "action.reopened":
            at = None
    return at


def conclusions() -> dict[int, tuple[str, Where, list[int]]]:
    """By analysis: cause, place and cases, of those that stand concluded."""
    found: dict[int, tuple[str, Where, list[int]]] = {}
    for event in events("analysis.concluded", "analysis.reopened"):
        if event.kind == "analysis.reopened":
            found.pop(event.subject_id, None)
            continue
        facts = event.facts
        place = (str(facts["template"]), str(facts["step"]), bool(facts["at_entry"]), facts["from_area"])
        found[event.subject_id] = (str(facts["cause"]), place, list(facts["cases"]))  # type: ignore[arg-type]
    return found


def received() -> dict[int, datetime]:
    """A case is received when it happened, however late it was written down."""
    return {event.subject_id: event.occurred_at for event in events("case.opened")}


def planned(action_id: int) -> tuple[str, int]:
    event = LedgerEvent.objects.get(kind="action.planned", subject_id=action_id)
    row = EventObject.objects.get(event=event, type="analysis")
    return str(event.facts["metric"]), row.object_id


def recurrences(action_id: int, until: datetime) -> int:
    at, (metric, analysis_id) = done_at(action_id), planned(action_id)
    if at is None:
        return 0
    if metric == "missing":
        return sum(1 for _ in handoffs_with_gaps(analysis_id, at, until))
    cause, place, _cases = last_conclusion(analysis_id)
    when = received()
    return sum(
        1
        for other_cause, other_place, cases in conclusions().values()
        if other_cause == cause and (metric == "cause" or other_place == place)
        for case in cases
        if at < when[case] <= until
    )


def last_conclusion(analysis_id: int) -> tuple[str, Where, list[int]]:
    """What it named last, even if it is being looked at again."""
    facts = [event.facts for event in events("analysis.concluded") if event.subject_id == analysis_id][-1]
    place = (str(facts["template"]), str(facts["step"]), bool(facts["at_entry"]), facts["from_area"])
    return str(facts["cause"]), place, list(facts["cases"])  # type: ignore[arg-type]


def handoffs() -> dict[int, list[LedgerEvent]]:
    by_handoff: dict[int, list[LedgerEvent]] = defaultdict(list)
    rows = LedgerEvent.objects.filter(subject_type="handoff").order_by("seq")
    for event in rows:
        by_handoff[event.subject_id].append(event)
    return by_handoff


def offered_since(story: list[LedgerEvent], at: datetime) -> LedgerEvent | None:
    return next(
        (event for event in story if event.kind == "handoff.offered" and event.occurred_at > at), None
    )


def border_of(analysis_id: int) -> tuple[object, int]:
    _cause, (template, step, _at_entry, from_area), _cases = last_conclusion(analysis_id)
    to_area = Step.objects.filter(template_version__template__code=template, key=step).latest("pk").area_id
    return from_area, to_area


def crosses(offer: LedgerEvent, border: tuple[object, int]) -> bool:
    return (offer.facts["from_area"], offer.facts["to_area"]) == border and border[0] != border[1]


def handoffs_with_gaps(analysis_id: int, at: datetime, until: datetime) -> list[int]:
    border, found = border_of(analysis_id), []
    for pk, story in handoffs().items():
        offer = offered_since(story, at)
        if offer is None or not crosses(offer, border):
            continue
        marked = [event for event in story if event.kind == "handoff.item_marked_missing"]
        returned = [
            event for event in story if event.kind == "handoff.returned" and event.facts["blocking_items"]
        ]
        if any(event.occurred_at <= until for event in marked + returned):
            found.append(pk)
    return found


def exposures(action_id: int, until: datetime) -> int:
    at, (metric, analysis_id) = done_at(action_id), planned(action_id)
    if at is None:
        return 0
    if metric == "missing":
        return answered_over_border(analysis_id, at, until)
    _cause, (template, step, at_entry, from_area), _cases = last_conclusion(analysis_id)
    steps = set(
        Step.objects.filter(template_version__template__code=template, key=step).values_list("pk", flat=True)
    )
    runs = {event.subject_id for event in events("step.planned") if event.facts["step"] in steps}
    if not at_entry:
        return sum(1 for run in runs if ran_whole(run, at, until))
    count = 0
    for story in handoffs().values():
        offer = offered_since(story, at)
        if offer is None or offer.facts["step_run"] not in runs:
            continue
        if from_area is not None and offer.facts["from_area"] != from_area:
            continue
        count += any(
            event.kind in ("handoff.accepted", "handoff.conditions_confirmed") and event.occurred_at <= until
            for event in story
        )
    return count


def answered_over_border(analysis_id: int, at: datetime, until: datetime) -> int:
    border, count = border_of(analysis_id), 0
    for story in handoffs().values():
        offer = offered_since(story, at)
        if offer is not None and crosses(offer, border):
            count += any(
                event.kind in ("handoff.accepted", "handoff.returned") and event.occurred_at <= until
                for event in story
            )
    return count


def ran_whole(run: int, at: datetime, until: datetime) -> bool:
    """Begun after, and over: the last word about it is that it ended."""
    rows = LedgerEvent.objects.filter(subject_type="step_run", subject_id=run, occurred_at__lte=until)
    story = [event.kind for event in rows.order_by("seq")]
    started = rows.filter(kind="step.started").order_by("seq").first()
    ends = [
        kind for kind in story if kind in ("step.finished", "step.reopened", "step.started", "step.skipped")
    ]
    return bool(started and started.occurred_at > at and ends and ends[-1] == "step.finished")
