"""A few stories multiplied: whole, chained, findable, numbered on, and told anew by a seed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, models
from django.db.models import Max

from hilo import demo
from hilo.demo import Size, playing
from hilo.demo.cast import COLLEAGUES
from hilo.demo.multiplying import anatomy, facts
from hilo.demo.multiplying.recipes import Copy, Renaming, key_of_copy
from hilo.demo.plays import cases, complaints, everyday, machines, supply
from hilo.demo.stage import Play, Stage
from hilo.errors import RuleViolation
from hilo.ledger.canonical import sealed_ids_of
from hilo.ledger.models import EventObject, LedgerEvent, PrivateText
from hilo.ledger.registry import EVENT_KINDS
from hilo.ledger.verify import verify
from hilo.parties.actor import actor_for
from hilo.parties.models import Customer, Person, SearchEntry
from hilo.parties.search import find, tokens_of
from hilo.quality.models import Case, Rung
from hilo.work.commands.conversation import write_note
from hilo.work.models import Contradiction, Thread

NOW = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
TINY = Size(customers=48, threads=90)


def some_plays(stage: Stage) -> Iterator[Play]:
    plays: tuple[Callable[[Stage], Play], ...] = (
        supply.PLAYS[3],
        machines.wine_filter,
        machines.vinegar,
        complaints.PLAYS[0],
        *cases.PLAYS[:2],
    )
    return (play(stage) for play in plays)


@pytest.fixture(scope="module")
def multiplied(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Three companies of sixteen customers, loaded once and undone at the end."""
    from django.db import transaction

    patch = pytest.MonkeyPatch()
    patch.setattr(playing, "all_plays", some_plays)
    patch.setattr(everyday, "PLAYS", everyday.PLAYS[:4])
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        demo.load_many(TINY, seed=1, now=NOW)
        yield
        transaction.set_rollback(True)
    patch.undo()


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("multiplied")]


# Whole ---------------------------------------------------------------------------------------------------


def test_the_chains_hold() -> None:
    verdict = verify()
    assert verdict.holds, verdict.outcome
    assert verdict.events > 1500 and verdict.texts > 500


def test_there_are_as_many_as_were_asked_for() -> None:
    assert TINY.threads <= Thread.objects.count() <= TINY.threads + 2
    assert Customer.objects.count() == TINY.customers
    assert Thread.objects.filter(state="archived").count() > Thread.objects.exclude(state="archived").count()


def test_no_foreign_key_points_nowhere() -> None:
    connection.check_constraints()


def test_no_event_names_an_object_that_is_not_there() -> None:
    named = EventObject.objects.values_list("type", "object_id").distinct()
    assert set(named) <= _everything()
    subjects = set(LedgerEvent.objects.values_list("subject_type", "subject_id").distinct())
    gone = {name for name in subjects - _everything() if name[0] not in {"policy", "module"}}
    assert not gone


def test_every_row_that_was_made_by_events_has_events_of_its_own() -> None:
    for kind, model in (("thread", Thread), ("case", Case), ("customer", Customer), ("person", Person)):
        told = LedgerEvent.objects.filter(subject_type=kind).values("subject_id").distinct().count()
        assert told == model._default_manager.count()


def test_what_an_event_says_fits_the_row() -> None:
    for thread in Thread.objects.select_related("owner"):
        opened = LedgerEvent.objects.get(subject_type="thread", subject_id=thread.pk, kind="thread.opened")
        assert opened.facts["code"] == thread.code
        assert (opened.thread_id, opened.customer_id) == (thread.pk, thread.customer_id)
        assert opened.occurred_at == thread.opened_at
        texts = PrivateText.objects.in_bulk(sealed_ids_of(opened.payload).values())
        assert thread.title in {text.body for text in texts.values()}


def test_an_owner_is_somebody_of_the_people_copied_with_the_customer() -> None:
    ranks = {
        number: rank for rank, number in enumerate(Person.objects.order_by("pk").values_list("pk", flat=True))
    }
    for thread in Thread.objects.select_related("owner", "customer__keeper"):
        holders = {run.holder_id for run in thread.step_runs.all() if run.holder_id}
        team = {thread.customer.keeper_id, thread.owner_id, *holders}
        assert len({ranks[number] // (len(COLLEAGUES) + 1) for number in team}) == 1


def test_keys_name_the_copies() -> None:
    assert Contradiction.objects.count() == len(set(Contradiction.objects.values_list("thread", "key")))
    for found in Contradiction.objects.all():
        assert f"{found.one_type}:{found.one_id}@" in found.key
    for rung in Rung.objects.all():
        told = LedgerEvent.objects.filter(kind="lateness.told", subject_id=rung.case_id)
        assert rung.key in {event.facts["clock"] for event in told} or not told


def test_nothing_happened_in_the_future() -> None:
    newest = LedgerEvent.objects.aggregate(newest=Max("recorded_at"))["newest"]
    assert newest <= NOW


# Their own names -----------------------------------------------------------------------------------------


def test_codes_are_numbered_on_and_the_next_thread_gets_the_next_one() -> None:
    codes = list(Thread.objects.values_list("code", flat=True))
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"20\d\d-\d{4,}", code) for code in codes)


def test_customers_and_people_are_called_otherwise() -> None:
    names = list(Customer.objects.values_list("name", flat=True))
    assert len(set(names)) == len(names)
    addresses = list(Person.objects.values_list("email", flat=True))
    assert len({address.lower() for address in addresses}) == len(addresses)
    assert Person.objects.filter(is_director=True).count() == 1


def test_no_text_of_a_copy_names_a_customer_of_the_original() -> None:
    first = Customer.objects.order_by("pk").first()
    assert first is not None
    elsewhere = Thread.objects.exclude(customer=first).values_list("title", "purpose")
    assert not [text for pair in elsewhere for text in pair if first.name in text]


def test_each_is_found_by_its_own_words() -> None:
    entries = {entry.object_id: entry for entry in SearchEntry.objects.filter(kind="thread")}
    for thread in Thread.objects.select_related("customer"):
        entry = entries[thread.pk]
        said = f"{thread.code} {thread.title} {thread.purpose} {thread.customer.name}"
        assert set(entry.tokens.split()) == tokens_of(said)
        assert entry.subtitle == f"{thread.customer.name} · {thread.code}"
    director = actor_for(Person.objects.get(is_director=True), now=NOW, door="test")
    newest = Customer.objects.order_by("-pk")[0]
    assert newest.pk in {hit.object_id for hit in find(director, newest.name) if hit.kind == "customer"}


# And it goes on ------------------------------------------------------------------------------------------


def test_work_goes_on_in_a_copied_thread() -> None:
    """The next ids and places in the chains are free on both databases."""
    thread = Thread.objects.filter(state="open", is_confidential=False).order_by("-pk")[0]
    by = actor_for(thread.owner, now=NOW, door="test")
    note = write_note(thread, text="Sigue", by=by, now=NOW + timedelta(hours=1))
    assert note.pk and verify().holds


def test_it_refuses_where_there_is_a_company() -> None:
    before = Thread.objects.count()
    with pytest.raises(RuleViolation, match="HILO_DATA"):
        demo.load_many(TINY)
    assert Thread.objects.count() == before


# What the copying knows ----------------------------------------------------------------------------------


def test_every_model_and_every_number_in_an_event_is_accounted_for() -> None:
    """A new model with a foreign key into what is copied is copied by itself, or this says what it lacks."""
    assert anatomy.complaints() == []
    of_tests = {code for code, kind in EVENT_KINDS.items() if not kind.__module__.startswith("hilo.")}
    assert [name for name in facts.unlisted_numbers() if name.rpartition(".")[0] not in of_tests] == []


def test_a_forgotten_model_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    less = {name: why for name, why in anatomy.STAYS.items() if name != "work.BulkItem"}
    monkeypatch.setattr(anatomy, "STAYS", less)
    anatomy.copied.cache_clear()
    try:
        monkeypatch.setattr(anatomy, "KEYS", frozenset({"work.Contradiction.key"}))
        assert "work.BulkItem" in {anatomy.label(model) for model in anatomy.copied()}
        monkeypatch.setattr(anatomy, "TYPED", {})
        assert "work.Thread.next_id: what does it hold?" in anatomy.complaints()
    finally:
        anatomy.copied.cache_clear()


def test_models_come_after_those_they_refer_to() -> None:
    order = [anatomy.label(model) for model in anatomy.copied()]
    for model in anatomy.copied():
        for target in anatomy.targets(model).values():
            if anatomy.label(target) in order and target is not model:
                assert order.index(anatomy.label(target)) < order.index(anatomy.label(model))


def test_a_key_gets_the_copies_ids_and_moments() -> None:
    copy = Copy(timedelta(days=-7), {"promise": {1: 40}})
    assert key_of_copy("promise:1@2026-08-27T21:59:59+00:00|ask:3", copy) == (
        "promise:40@2026-08-20T21:59:59+00:00|ask:3"
    )
    assert key_of_copy("news:2026-10-29T12:42:41+00:00", copy) == "news:2026-10-22T12:42:41+00:00"


def test_the_longest_name_is_found_first() -> None:
    renaming = Renaming(["Aceites Lora", "Aceites Lora, S.L.", ""])
    assert renaming.names_in("De Aceites Lora, S.L. a Aceites Lora") == ["Aceites Lora, S.L.", "Aceites Lora"]


def _everything() -> set[tuple[str, int]]:
    return {
        (anatomy.type_of(model), number)
        for model in anatomy._all()
        if isinstance(model._meta.pk, models.AutoField) and model._meta.app_label not in {"auth", "account"}
        for number in model._base_manager.values_list("pk", flat=True)
    }
