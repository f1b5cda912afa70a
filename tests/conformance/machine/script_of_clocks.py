"""The chapter about the clocks of cases: a deadline by contract, a pause, lateness that climbs."""

from __future__ import annotations

from typing import Any

from hilo.quality.models import Case, ClockPause, LegalDeadline
from tests.conformance.machine.script_of_cases import received, said
from tests.conformance.machine.scripting import CURRENT, Script, opened, typed
from tests.conformance.machine.tries_of_clocks import a_policy

PAUSING, LADDER, POLICIES = "quality.pausing", "quality.ladder", "quality.policies"


def clocks(s: Script) -> None:
    what_a_case_may_take(s)
    thread = opened(s, None, "service", s.people.customer)
    case = received(s, thread, s.people.contact)
    it_waits(s, case)
    it_is_late(s, case)


def what_a_case_may_take(s: Script) -> None:
    by = s.people.director
    numbers: dict[str, Any] = {"second_failure_days": 180, "stuck_working_days": 10, "slow_factor": 2}
    policy: dict[str, Any] = {**a_policy(), **numbers, "seen_number": 1, "by": by}
    s.both(f"{POLICIES}.change_case_policy", once=True, **policy)
    law: dict[str, Any] = {
        "customer_kind": "company",
        "days": 15,
        "source": typed("Contrato marco"),
        "by": by,
    }
    deadline: LegalDeadline = s.both(f"{POLICIES}.set_legal_deadline", **law)
    s.both(f"{POLICIES}.drop_legal_deadline", deadline, once=True, seen=CURRENT, by=by)
    s.accepted(f"{POLICIES}.set_legal_deadline", **law, seen=deadline.version)


def it_waits(s: Script, case: Case) -> None:
    by = s.people.seller
    wait: dict[str, Any] = {"reason": typed("Esperamos su muestra"), "seen": CURRENT, "by": by}
    s.both(f"{PAUSING}.pause_response", case, once=True, until=s.ahead(3), **wait)
    s.both(f"{PAUSING}.resume_response", case, once=True, seen=CURRENT, by=by)
    pause: ClockPause = s.accepted(f"{PAUSING}.pause_response", case, until=s.ahead(0.2), **wait)
    s.refused(f"{PAUSING}.end_pause", pause)
    s.later(hours=6)
    s.accepted(f"{PAUSING}.end_pause", pause)
    s.refused(f"{PAUSING}.end_pause", pause)


def it_is_late(s: Script, case: Case) -> None:
    late = {"key": "acknowledge:1"}
    s.refused(f"{LADDER}.climb", case, step="head", **late)  # who leads it comes first
    s.later(days=1)
    s.accepted(f"{LADDER}.climb", case, step="owner", **late)
    s.refused(f"{LADDER}.climb", case, step="owner", **late)
    s.time_passes(days=40)  # and everybody hears of the rest
    assert set(case.rungs.values_list("step", flat=True)) == {"owner", "head", "director"}
    s.accepted("quality.telling.acknowledge_case", case, **said(s, case))
