"""*Hilos* as a board: where work stands, and that a card moves only by what a command allows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import system
from hilo.parties.models import Person
from hilo.work.commands.step_runs import finish_step
from hilo.work.commands.templates import draft_template, publish_version
from hilo.work.commands.threads import make_confidential, open_thread
from hilo.work.models import StepRun, Thread
from hilo.work.queries.board import CARDS
from tests.factories.work import (
    TWO_STEPS,
    House,
    a_house,
    a_published_template,
    an_offer,
    branches,
    open_handoff,
    step,
    two_steps,
)
from tests.web.signed_in import as_, yesterday

pytestmark = pytest.mark.django_db
BOARD, MOVE = "/hilos/tablero/", "/hilos/tablero/mover/"


@pytest.fixture
def house() -> House:
    return a_house(now=yesterday())


def columns(person: Person, **query: str) -> dict[str, list[str]]:
    shown = as_(person).get(BOARD, query).context["columns"]
    return {each.column.key: [card.row.thread.title for card in each.cards] for each in shown}


def moved(house: House, run: StepRun, to: str) -> tuple[int, str]:
    """The status, and where it leads or what it says."""
    answer = as_(house.person("sales")).get(MOVE, {"tramo": run.pk, "a": to})
    return answer.status_code, answer.get("Location", "") or answer.context["refusal"]


def test_the_columns_are_the_steps_of_the_process_and_a_card_stands_where_work_stands(house: House) -> None:
    thread = two_steps(house)
    assert columns(house.person("sales")) == {"sell": ["Línea nueva"], "design": []}
    first = step(thread, "sell")
    finish_step(first, seen=first.version, by=house.actor("sales"), now=house.at)
    assert columns(house.person("sales")) == {"sell": [], "design": ["Línea nueva"]}
    an_offer(house, open_handoff(step(thread, "design")))
    page = as_(house.person("sales")).get(BOARD)
    assert [each.column.is_waited_for for each in page.context["columns"]] == [False, True]
    assert "h-card--fray" in page.content.decode()
    assert "Espera a Oficina técnica" in page.content.decode()


def test_branches_stand_in_both_columns(house: House) -> None:
    thread = branches(house)
    first = step(thread, "design")
    finish_step(first, seen=first.version, by=house.actor("technical"), now=house.at)
    assert columns(house.person("sales")) == {
        "design": [],
        "buy": ["Línea nueva"],
        "build": ["Línea nueva"],
        "mount": [],
    }


def test_work_on_an_older_version_keeps_its_column_and_says_so(house: House) -> None:
    two_steps(house)
    again = (TWO_STEPS % {"weight": "full"}).replace("key: sell, name: Vender", "key: offer, name: Ofertar")
    version = draft_template(again.replace("[sell]", "[offer]"), by=system(), now=house.at)
    publish_version(version, seen=version.version, by=system(), now=house.at)
    assert columns(house.person("sales")) == {"offer": [], "design": [], "sell": ["Línea nueva"]}
    page = as_(house.person("sales")).get(BOARD).content.decode()
    assert "Solo en una versión anterior del proceso" in page


def test_one_process_at_a_time(house: House) -> None:
    two_steps(house)
    branches(house)
    sales = house.person("sales")
    assert set(columns(sales)) == {"sell", "design"}
    assert set(columns(sales, process="branches")) == {"design", "buy", "build", "mount"}
    assert set(columns(sales, process="nonsense")) == {"sell", "design"}


def test_the_views_and_filters_of_the_list_hold_on_the_board(house: House) -> None:
    two_steps(house)
    assert columns(house.person("technical"), view="mine") == {"sell": [], "design": []}
    assert columns(house.person("sales"), view="mine")["sell"] == ["Línea nueva"]
    assert columns(house.person("sales"), priority="urgent")["sell"] == []


def test_a_long_column_shows_its_first_cards_and_counts_the_rest(house: House) -> None:
    version = a_published_template(TWO_STEPS % {"weight": "full"}, now=house.at)
    for number in range(CARDS + 3):
        _on(house, version, f"Hilo {number}")
    shown = as_(house.person("sales")).get(BOARD).context["columns"][0]
    assert (len(shown.cards), shown.count, shown.more) == (CARDS, str(CARDS + 3), "3")
    rest = as_(house.person("sales")).get(shown.all_url)
    assert len(rest.context["rows"]) == CARDS + 3
    assert "Vender" in rest.content.decode()


def _on(house: House, version: object, title: str) -> Thread:
    return open_thread(
        customer=house.customer,
        title=title,
        kind="new_account",
        owner=house.person("sales"),
        template_version=version,  # type: ignore[arg-type]
        by=house.actor("sales"),
        now=house.at,
    )


def test_a_confidential_thread_is_on_nobody_elses_board(house: House) -> None:
    thread = two_steps(house)
    sales = house.person("sales")
    make_confidential(thread, readers=[sales], seen=thread.version, by=system(), now=timezone.now())
    director = as_(house.company.director)
    shown = director.get(BOARD).context["columns"]
    assert [(each.count, each.cards) for each in shown] == [("0", []), ("0", [])]
    assert director.get(MOVE, {"tramo": step(thread, "sell").pk}).status_code == 404


def test_the_same_number_of_queries_for_few_cards_and_for_many(house: House) -> None:
    version = a_published_template(TWO_STEPS % {"weight": "full"}, now=house.at)
    client = as_(house.person("sales"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(BOARD).status_code == 200
        return len(caught)

    _on(house, version, "Uno")
    queries()
    few = queries()
    for number in range(10):
        _on(house, version, f"Hilo {number}")
    assert queries() == few


# ---- moving ---------------------------------------------------------------------------------------------


def test_dragged_to_the_next_step_it_leads_to_the_act_that_finishes_this_one(house: House) -> None:
    thread = two_steps(house)
    run = step(thread, "sell")
    assert moved(house, run, "design") == (302, f"/hilos/{thread.code}/pasos/{run.pk}/hecho/")
    run.refresh_from_db()
    assert run.state == "running"


def test_dragged_over_a_step_it_is_refused_with_a_sentence(house: House) -> None:
    thread = branches(house)
    run = step(thread, "design")
    status, said = moved(house, run, "mount")
    assert (status, "No se salta ningún paso" in said) == (422, True)


def test_dragged_to_where_branches_meet_it_waits_for_the_other(house: House) -> None:
    thread = branches(house)
    first = step(thread, "design")
    finish_step(first, seen=first.version, by=house.actor("technical"), now=house.at)
    run = step(thread, "build")
    StepRun.objects.filter(pk=run.pk).update(
        state="running", holder=house.person("production"), started_at=house.at, due_at=house.at
    )
    status, said = moved(house, run, "mount")
    assert (status, "espera también a «Comprar la llenadora»" in said) == (422, True)


def test_what_nobody_has_accepted_goes_nowhere_but_to_its_handoff(house: House) -> None:
    thread = two_steps(house)
    first = step(thread, "sell")
    finish_step(first, seen=first.version, by=house.actor("sales"), now=house.at)
    handoff = an_offer(house, open_handoff(step(thread, "design")))
    run = step(thread, "design")
    assert moved(house, run, "design") == (302, f"/traspasos/{handoff.pk}/")
    status, said = moved(house, run, "sell")
    assert (status, "nadie lo ha aceptado" in said) == (422, True)


@pytest.mark.parametrize("to", ["nonsense", "sell", "x" * 300, "'; --"])
def test_a_place_that_is_none_is_refused_with_a_sentence(house: House, to: str) -> None:
    status, said = moved(house, step(two_steps(house), "sell"), to)
    assert status == 422
    assert said


@pytest.mark.parametrize("number", ["0", "x", "9" * 40, "-1", "٣"])
def test_a_step_that_is_not_there_is_not_found(house: House, number: str) -> None:
    assert as_(house.person("sales")).get(MOVE, {"tramo": number, "a": "sell"}).status_code == 404


def test_nothing_on_the_board_changes_anything(house: House) -> None:
    """Every way of dragging, tried by everybody: not one event. The acts behind it have their own gates."""
    thread = branches(house)
    events = LedgerEvent.objects.count()
    for person in (house.person("sales"), house.person("production"), house.company.director):
        for run in thread.step_runs.all():
            for target in thread.step_runs.all():
                assert target.step is not None
                as_(person).get(MOVE, {"tramo": run.pk, "a": target.step.key})
                assert as_(person).post(MOVE, {"tramo": run.pk}).status_code == 405
    assert LedgerEvent.objects.count() == events


def test_who_does_not_drag_gets_the_same_from_a_page(house: House) -> None:
    run = step(two_steps(house), "sell")
    page = as_(house.person("sales")).get(MOVE, {"tramo": run.pk}).content.decode()
    assert f"/pasos/{run.pk}/hecho/" in page
    assert f"tramo={run.pk}&amp;a=design" in page


def test_the_board_of_a_company_without_processes_says_what_to_do(house: House) -> None:
    open_thread(
        customer=house.customer,
        title="Uno",
        kind="service",
        owner=house.person("sales"),
        by=house.actor("sales"),
        now=house.at,
    )
    page = as_(house.person("sales")).get(BOARD)
    assert page.context["processes"] == []
    assert "Aún no hay ningún proceso publicado" in page.content.decode()
