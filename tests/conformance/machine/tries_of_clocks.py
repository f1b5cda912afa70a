"""The clocks of cases: paused, resumed, climbed; what they may take by policy and by law."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q

from hilo.parties.actor import Actor
from hilo.parties.models import Customer, Person
from hilo.quality.commands.policies import Targets
from hilo.quality.models import Case, CasePolicy, ClockPause, LegalDeadline, Level
from hilo.quality.queries.clocks import live_clocks
from tests.conformance.machine.tries_of_cases import a_case, leaders, workers
from tests.conformance.machine.world import Call, NothingThere, World, tries

ONE = Targets(
    severity="",
    tier="",
    acknowledge_minutes=60,
    response_minutes=960,
    news_minutes=480,
    head_after_minutes=120,
    director_after_minutes=480,
)
STEPS = ("owner", "head", "director")


def management(w: World) -> Actor:
    rules = Q(is_director=True) | Q(is_administrator=True)
    return w.by(*Person.objects.filter(rules).order_by("pk"))


@tries("quality.pausing.pause_response")
def pause_response(w: World) -> Call:
    case = a_case(w, Q(clock_runs__clock="response", clock_runs__stopped_at=None))
    why, until = w.words("Esperamos su muestra"), w.ahead()
    return w.call(case, reason=why, until=until, seen=w.seen(case), by=w.by(*leaders(w, case)))


@tries("quality.pausing.resume_response")
def resume_response(w: World) -> Call:
    case = a_case(w, Q(clock_pauses__resumed_at=None, clock_pauses__until__gt=w.now))
    return w.call(case, seen=w.seen(case), by=w.by(*workers(w, case)))


@tries("quality.pausing.end_pause")
def end_pause(w: World) -> Call:
    return w.call(w.row(ClockPause.objects.all(), Q(resumed_at=None, until__lte=w.now)))


@tries("quality.ladder.climb")
def climb(w: World) -> Call:
    """Mostly a clock that is late indeed."""
    open_ids = Case.objects.filter(closed_at=None).order_by("pk").values_list("pk", flat=True)
    live = live_clocks(list(open_ids))
    late = [each for each in live if each.clock.due < w.now]
    if not live:
        raise NothingThere
    chosen = w.pick.one(late if late and w.pick.in_ten(9) else live)
    step = w.pick.one((STEPS[0], *STEPS))
    return w.call(Case.objects.get(pk=chosen.case_id), key=chosen.key, step=step)


def a_policy() -> dict[str, Any]:
    """Impact alone decides how severe a case is, and every severity may take the same."""
    return {
        "severity": {f"{impact}:{urgency}": str(impact) for impact in Level for urgency in Level},
        "rules": [replace(ONE, severity=level, tier=tier) for level in Level for tier in Customer.Tier],
    }


@tries("quality.policies.change_case_policy")
def change_case_policy(w: World) -> Call:
    whole = a_policy()
    newest = CasePolicy.objects.order_by("-number").values_list("number", flat=True)[0]
    return w.call(
        severity=whole["severity"] if w.pick.in_ten(9) else {},
        rules=whole["rules"],
        second_failure_days=w.pick.one((90, 365)),
        stuck_working_days=w.pick.one((5, 15)),
        slow_factor=w.pick.one((2, 3)),
        seen_number=newest if w.pick.in_ten(9) else newest - 1,
        by=management(w),
    )


@tries("quality.policies.set_legal_deadline")
def set_legal_deadline(w: World) -> Call:
    customer_kind = w.pick.one(Customer.Kind.values)
    case_kind = w.pick.one(("", "complaint", "nonpayment"))
    there = LegalDeadline.objects.filter(customer_kind=customer_kind, case_kind=case_kind).first()
    return w.call(
        customer_kind=customer_kind,
        case_kind=case_kind,
        days=w.pick.one((1, 5, 15)),
        unit=w.pick.one(LegalDeadline.Unit.values),
        source=w.words("Contrato marco"),
        seen=w.seen(there) if there else None,
        by=management(w),
    )


@tries("quality.policies.drop_legal_deadline")
def drop_legal_deadline(w: World) -> Call:
    deadline = w.row(LegalDeadline.objects.all(), Q(is_active=True))
    return w.call(deadline, seen=w.seen(deadline), by=management(w))
