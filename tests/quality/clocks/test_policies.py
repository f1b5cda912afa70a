"""Every number that a policy or a law sets is configuration; nonsense is refused with a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hilo.errors import NotAllowed, Stale
from hilo.parties.models import Customer
from hilo.quality.commands.policies import (
    Targets,
    change_case_policy,
    drop_legal_deadline,
    set_legal_deadline,
)
from hilo.quality.models import CasePolicy, LegalDeadline, Level
from hilo.quality.queries.clocks import clocks_of
from tests.factories.quality import make_case
from tests.factories.work import House
from tests.work.watching import refused

ONE = Targets(
    severity="",
    tier="",
    acknowledge_minutes=30,
    response_minutes=240,
    news_minutes=120,
    head_after_minutes=60,
    director_after_minutes=240,
)
ALL = [replace(ONE, severity=level, tier=tier) for level in Level for tier in Customer.Tier]
SAME = {f"{impact}:{urgency}": impact for impact in Level for urgency in Level}


def wanted(**other: Any) -> dict[str, Any]:
    facts = {"severity": SAME, "rules": ALL, "second_failure_days": 180, "stuck_working_days": 10}
    return {**facts, "slow_factor": 3, "seen_number": 1, **other}


def test_a_new_version_holds_for_new_cases_and_the_old_one_for_those_under_way(house: House) -> None:
    old = make_case(house)
    policy = change_case_policy(**wanted(), by=house.actor("director"), now=house.at)
    assert (policy.number, policy.rules.count(), policy.author) == (2, 9, house.person("director"))
    new = make_case(house)
    clocks = clocks_of([old, new], house.at)
    before, after = clocks[old.pk].response, clocks[new.pk].response
    assert before and after
    assert (before.left, after.left) == (timedelta(minutes=2400), timedelta(minutes=240))
    assert (old.policy.number, new.policy) == (1, policy)


@pytest.mark.parametrize(
    ("facts", "sentence", "field"),
    [
        ({"severity": {}}, "each impact and each urgency", "severity"),
        ({"severity": {**SAME, "low:low": "huge"}}, "each impact and each urgency", "severity"),
        ({"rules": ALL[:-1]}, "each severity and each kind of customer", "rules"),
        ({"rules": [*ALL, ALL[0]]}, "each severity and each kind of customer", "rules"),
        ({"rules": [replace(ALL[0], response_minutes=0), *ALL[1:]]}, "between 1 and", "rules"),
        ({"rules": [replace(ALL[0], news_minutes=10**9), *ALL[1:]]}, "between 1 and", "rules"),
        ({"rules": [replace(ALL[0], head_after_minutes=241), *ALL[1:]]}, "before the director", "rules"),
        ({"rules": [replace(ALL[0], head_after_minutes=-1), *ALL[1:]]}, "before the director", "rules"),
        ({"second_failure_days": 0}, "between 1 and", "second_failure_days"),
        ({"stuck_working_days": 40_000}, "between 1 and", "stuck_working_days"),
        ({"slow_factor": 0}, "between 1 and", "slow_factor"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(
    house: House, facts: dict[str, Any], sentence: str, field: str
) -> None:
    with refused(sentence, field=field):
        change_case_policy(**wanted(**facts), by=house.actor("director"), now=house.at)


def test_of_two_who_change_the_policy_the_second_looks_first(house: House) -> None:
    change_case_policy(**wanted(), by=house.actor("director"), now=house.at)
    with refused("changed the policy", kind=Stale):
        change_case_policy(**wanted(), by=house.actor("administrator"), now=house.at)
    assert CasePolicy.objects.count() == 2


def test_only_management_changes_what_a_case_may_take(house: House) -> None:
    with refused(kind=NotAllowed):
        change_case_policy(**wanted(), by=house.actor("sales"), now=house.at)
    with refused(kind=NotAllowed):
        set_legal_deadline(
            customer_kind="public", days=10, source="Pliego", by=house.head("sales"), now=house.at
        )


def a_deadline(house: House, **facts: Any) -> LegalDeadline:
    given = {"customer_kind": "public", "case_kind": "complaint", "days": 10, "source": "Pliego, art. 4"}
    return set_legal_deadline(**{**given, **facts}, by=house.actor("administrator"), now=house.at)


def test_a_deadline_is_set_changed_dropped_and_set_again(house: House) -> None:
    deadline = a_deadline(house)
    assert a_deadline(house, days=7, unit="days", seen=deadline.version) == deadline
    deadline.refresh_from_db()
    assert (deadline.days, deadline.unit, deadline.version) == (7, "days", 2)
    drop_legal_deadline(deadline, seen=2, by=house.actor("administrator"), now=house.at)
    with refused("no longer holds"):
        drop_legal_deadline(deadline, seen=3, by=house.actor("administrator"), now=house.at)
    a_deadline(house, seen=3)
    deadline.refresh_from_db()
    assert deadline.is_active and deadline.days == 10


def test_a_deadline_on_an_old_page_is_stale(house: House) -> None:
    deadline = a_deadline(house)
    with refused(kind=Stale):
        a_deadline(house, days=9, seen=deadline.version - 1)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"customer_kind": "martian"}, "customer_kind"),
        ({"case_kind": "praise"}, "case_kind"),
        ({"unit": "moons"}, "unit"),
        ({"days": 0}, "days"),
        ({"days": 400}, "days"),
        ({"source": " "}, "source"),
    ],
)
def test_a_deadline_that_makes_no_sense_is_refused(house: House, facts: dict[str, Any], field: str) -> None:
    with refused(field=field):
        a_deadline(house, **facts)
