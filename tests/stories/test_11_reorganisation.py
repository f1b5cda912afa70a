"""Story 11. Reorganisation. In March Posventa is split into Campo and Remoto. Figures up to March stay
Posventa's; open work passes to successors; no chain breaks.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hilo.ledger.models import LedgerEvent
from hilo.ledger.verify import verify
from hilo.parties.commands.reorganising import reorganise_area
from hilo.parties.models import Area
from hilo.parties.queries.calendars import clock_of
from hilo.work.commands.asks import make_ask
from hilo.work.commands.handoffs import return_handoff
from hilo.work.commands.step_runs import finish_step
from hilo.work.models import Handoff, Span, Thread
from hilo.work.queries.handoffs import handoffs_to_answer
from tests.factories.parties import acting, an_area
from tests.factories.work import (
    House,
    a_house,
    a_published_template,
    a_thread,
    accepted,
    an_offer,
    open_handoff,
    step,
)
from tests.work.watching import refused

MADRID = ZoneInfo("Europe/Madrid")
FEBRUARY = datetime(2027, 2, 22, 10, 0, tzinfo=MADRID)
SPLIT = datetime(2027, 3, 1, 9, 0, tzinfo=MADRID)  # a Monday

REPAIR = """
code: repair
name: Reparar
kind: complaint
steps:
  - {key: sell, name: Acusar, area: sales, target: 4h}
  - {key: fix, name: Reparar en su casa, area: aftersales, target: 10d, after: [sell]}
  - {key: call, name: Asistir por teléfono, area: aftersales, target: 10d, after: [sell]}
  - {key: check, name: Revisar a los tres meses, area: aftersales, target: 2d, after: [fix]}
"""


@pytest.fixture
def house(db: None) -> House:
    return a_house(now=FEBRUARY)


@pytest.fixture
def thread(house: House) -> Thread:
    """Aftersales repairs; a second offer of theirs waits at the border; a third step is planned."""
    thread = a_thread(house, a_published_template(REPAIR, now=house.at))
    sell = step(thread, "sell")
    finish_step(sell, seen=sell.version, by=house.actor("sales"), now=house.at)
    fix = an_offer(house, open_handoff(step(thread, "fix")), days=21)
    accepted(house, fix, receiver="aftersales")
    an_offer(house, open_handoff(step(thread, "call")), days=21)
    return thread


def split(house: House) -> tuple[Area, Area]:
    field, remote = an_area("field", "Campo", now=SPLIT), an_area("remote", "Remoto", now=SPLIT)
    house.at = SPLIT
    reorganise_area(
        house.area("aftersales"),
        successors=[field, remote],
        open_work_to=field,
        people={house.person("aftersales"): remote},
        on=SPLIT.date(),
        by=acting(house.company.director, SPLIT),
        now=SPLIT,
    )
    return field, remote


def test_time_up_to_march_stays_posventas_and_goes_on_in_the_successor(house: House, thread: Thread) -> None:
    posventa = house.area("aftersales")
    field, _remote = split(house)
    spans = Span.objects.filter(step_run=step(thread, "fix"), kind="work").order_by("opened_at")
    assert [(span.area, span.opened_at, span.closed_at, span.ended_as) for span in spans] == [
        (posventa, FEBRUARY, SPLIT, "handed_on"),
        (field, SPLIT, None, ""),
    ]
    february = clock_of(posventa.pk, house.company.zaragoza.pk).between(FEBRUARY, SPLIT)
    # Mon 22 from 10:00 (7 h), Tue 23 to Fri 26 (8 h each), Mon 1 not yet begun.
    assert february == timedelta(hours=7 + 4 * 8)


def test_open_work_passes_to_the_successor_and_waits_there(house: House, thread: Thread) -> None:
    field, remote = split(house)
    assert {run.area for run in thread.step_runs.exclude(state="done")} == {field}
    waiting = open_handoff(step(thread, "call"))
    assert (waiting.to_area, waiting.from_area) == (field, house.area("sales"))
    border = Span.objects.filter(step_run=step(thread, "call"), kind="border").order_by("opened_at", "pk")
    assert [(span.area, span.ended_as) for span in border] == [
        (house.area("aftersales"), "handed_on"),
        (field, ""),
    ]
    head = house.company.heads["aftersales"]
    assert [each.pk for each in handoffs_to_answer(acting(head, SPLIT), now=SPLIT)] == [waiting.pk]
    moved = house.person("aftersales")
    assert acting(moved, SPLIT).area_ids == {remote.pk}
    assert not handoffs_to_answer(acting(moved, SPLIT), now=SPLIT).exists()
    passed = LedgerEvent.objects.filter(kind="step.area_changed")
    assert passed.count() == 3
    assert {(each.facts["old_area"], each.facts["new_area"]) for each in passed} == {
        (house.area("aftersales").pk, field.pk)
    }
    return_handoff(
        waiting,
        reason="not_ours",
        comment="Lo lleva Remoto",
        seen=waiting.version,
        by=acting(head, SPLIT),
        now=SPLIT,
    )
    assert Handoff.objects.get(pk=waiting.pk).state == "returned"


def test_events_keep_the_area_of_their_time_and_no_chain_breaks(house: House, thread: Thread) -> None:
    posventa = house.area("aftersales")
    accepted_then = LedgerEvent.objects.get(kind="handoff.accepted")
    written = (accepted_then.hash, accepted_then.area_id)
    split(house)
    accepted_then.refresh_from_db()
    assert (accepted_then.hash, accepted_then.area_id) == written == (written[0], posventa.pk)
    ended = LedgerEvent.objects.get(kind="area.ended")
    assert (ended.facts["passed"], ended.facts["open_work_to"]) == (3, Area.objects.get(code="field").pk)
    assert Area.objects.get(pk=posventa.pk).ended_on == date(2027, 3, 1)
    assert verify().holds
    assert Thread.objects.get().next_kind


def test_nothing_new_is_given_to_an_area_that_ended(house: House, thread: Thread) -> None:
    split(house)
    with refused(saying="no longer exists"):
        make_ask(
            thread,
            to_area=Area.objects.get(code="aftersales"),
            what="Una pieza",
            why="El cliente para",
            due_at=SPLIT + timedelta(days=2),
            by=house.actor("sales"),
            now=SPLIT,
        )
