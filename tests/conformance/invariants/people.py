"""Life happens: nothing stays with nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, timedelta

from django.db.models import Model

from hilo.parties import models as parties
from hilo.parties.holdings import HOLDINGS
from hilo.quality import models as quality
from hilo.work import models as work
from tests.conformance.invariants.rows import (
    OPEN_OFFER,
    OVER,
    UNSETTLED_ASK,
    Faults,
    Row,
    Rows,
    invariant,
)

# SPEC 9.8: life happens -----------------------------------------------------------------------------------


STAYS_ON_RECORD = {
    "promise": "who promised stays on record; what is owed is the owner's turn (checked with the next step)",
    "substitution": "past substitutions stay; those of today and later are scanned below",
}


@invariant
def who_has_left_holds_nothing(rows: Rows) -> Faults:
    today = rows.now.astimezone(UTC).date()
    held: tuple[tuple[type[Model], tuple[str, ...], Callable[[Row], bool]], ...] = (
        (work.Thread, ("owner_id",), lambda row: row.state != "archived"),
        (work.StepRun, ("holder_id",), lambda row: row.state == "running"),
        (work.LooseEnd, ("owner_id",), lambda row: row.settled_at is None),
        (quality.Case, ("owner_id",), lambda row: row.closed_at is None),
        (work.Ask, ("asker_id", "taker_id"), lambda row: row.state in UNSETTLED_ASK),
        (work.OwnershipTransfer, ("to_person_id",), lambda row: row.state == "offered"),
        (parties.Customer, ("keeper_id",), lambda row: True),
        (parties.Membership, ("person_id",), lambda row: row.ends_on is None),
        (parties.DelegationManagement, ("person_id",), lambda row: row.ends_on is None),
        (
            parties.Absence,
            ("substitute_id",),
            lambda row: row.cancelled_at is None and row.last_day > today,
        ),
        (
            parties.Invitation,
            ("person_id",),
            lambda row: row.used_at is None and row.withdrawn_at is None,
        ),
    )
    for model, columns, counts in held:
        for row in rows.of(model):
            for column in columns:
                if getattr(row, column) in rows.inactive and counts(row):
                    yield f"{model.__name__} {row.id}: {column} is {getattr(row, column)}, who has left"
    for person in parties.Person.objects.filter(pk__in=rows.inactive):
        counts_of = {
            kind: each.count(person) for kind, each in HOLDINGS.items() if kind not in STAYS_ON_RECORD
        }
        if any(counts_of.values()):
            yield f"person {person.pk} has left and holds {counts_of}"


@invariant
def everybody_here_has_one_primary_membership(rows: Rows) -> Faults:
    primary = Counter(
        each.person_id for each in rows.of(parties.Membership) if each.is_primary and each.ends_on is None
    )
    for person in rows.of(parties.Person):
        if primary[person.id] != person.is_active:
            yield f"person {person.id} has {primary[person.id]} primary memberships"


@invariant
def an_area_that_ended_has_no_open_work(rows: Rows) -> Faults:
    tomorrow = rows.now.date() + timedelta(days=1)
    ended = {a.id for a in rows.of(parties.Area) if a.ended_on is not None and a.ended_on <= tomorrow}
    for run in rows.runs:
        if run.state not in OVER and run.area_id in ended:
            yield f"step run {run.id} waits in area {run.area_id}, which has ended"
    for handoff in rows.of(work.Handoff):
        if handoff.state in OPEN_OFFER and ended & {handoff.to_area_id, handoff.from_area_id}:
            yield f"handoff {handoff.id} lies with an area that has ended"
    for case in rows.of(quality.Case):
        if case.closed_at is None and case.area_id in ended:
            yield f"case {case.id} follows the hours of area {case.area_id}, which has ended"
    for ask in rows.of(work.Ask):
        if ask.state in ("open", "accepted") and ask.to_area_id in ended:
            yield f"ask {ask.id} waits for area {ask.to_area_id}, which has ended"
    for membership in rows.of(parties.Membership):
        if membership.ends_on is None and membership.area_id in ended:
            yield f"person {membership.person_id} works in area {membership.area_id}, which has ended"


@invariant
def a_merged_customer_leads_to_a_survivor(rows: Rows) -> Faults:
    customers = rows.by_id(parties.Customer)
    for customer in customers.values():
        seen: set[int] = set()
        while customer.merged_into_id is not None:
            if customer.id in seen:
                yield f"customer {customer.id} is its own survivor"
                break
            seen.add(customer.id)
            customer = customers[customer.merged_into_id]
