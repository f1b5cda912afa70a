from __future__ import annotations

import pytest
from django.db import transaction

from hilo.parties import search
from hilo.parties.actor import Actor
from hilo.parties.commands.customers import change_customer
from hilo.parties.commands.leaving import leave_company
from hilo.parties.commands.people import change_person
from hilo.parties.models import Person, SearchEntry
from hilo.parties.search import find, forget, index
from tests.factories.parties import NOW, Company, a_contact, a_customer, acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(company: Company) -> Actor:
    return acting(company.people["sales"])


def titles(actor: Actor, query: str) -> list[str]:
    return [hit.title for hit in find(actor, query)]


@pytest.fixture
def customers(company: Company) -> None:
    for name in ("Bodegas Albarín", "Conservas del Ebro", "Aceites Lora", "O'Hara & Söhne", "ليلى للتجارة"):
        a_customer(name, delegation=company.zaragoza, keeper=company.people["sales"])


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("albarin", "Bodegas Albarín"),
        ("ALBARÍN", "Bodegas Albarín"),
        ("bode", "Bodegas Albarín"),
        ("bodega", "Bodegas Albarín"),
        ("albarín bod", "Bodegas Albarín"),
        ("conserva", "Conservas del Ebro"),
        ("aceite", "Aceites Lora"),
        ("o'hara", "O'Hara & Söhne"),
        ("sohne", "O'Hara & Söhne"),
        ("ليلى", "ليلى للتجارة"),
    ],
)
def test_words_are_found_without_accents_inflected_and_unfinished(
    seller: Actor, customers: None, query: str, title: str
) -> None:
    assert titles(seller, query) == [title]


@pytest.mark.parametrize(
    "query", ["", "   ", "%", "'", '"', "* OR *", "albarín zzz", "NEAR(", "a:b -c", "\0", "'); DROP", "👍"]
)
def test_a_query_is_only_words_and_never_a_query_language(seller: Actor, customers: None, query: str) -> None:
    assert titles(seller, query) == []
    assert SearchEntry.objects.filter(kind="customer").count() == 5


def test_every_word_must_be_there(seller: Actor, customers: None) -> None:
    assert titles(seller, "bodegas ebro") == []


def test_titles_that_begin_with_the_query_come_first(company: Company, seller: Actor) -> None:
    for name in ("Lora Vidrio", "Aceites Lora", "Lora", "Talleres Lora"):
        a_customer(name, delegation=company.zaragoza, keeper=company.people["sales"])
    assert titles(seller, "lora") == ["Lora", "Lora Vidrio", "Talleres Lora", "Aceites Lora"]
    assert len(find(seller, "lora", limit=2)) == 2


def test_people_and_contacts_are_found_and_follow_their_changes(company: Company, seller: Actor) -> None:
    customer = a_customer("Conservas", delegation=company.zaragoza, keeper=company.people["sales"])
    a_contact(customer, "Mercedes Ibáñez")
    assert [(hit.kind, hit.subtitle) for hit in find(seller, "ibanez")] == [("contact", "Conservas")]
    technician = company.people["technical"]
    change_person(technician, name="Ramón Galán", by=acting(company.administrator), now=NOW)
    change_customer(customer, name="Encurtidos Sol", by=seller, now=NOW)
    assert [hit.object_id for hit in find(seller, "galan", kinds=["person"])] == [technician.pk]
    assert titles(seller, "conservas") == ["Mercedes Ibáñez"]


def test_the_index_rolls_back_with_the_change(seller: Actor) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        index("customer", 999_999, "Fantasma")
        raise RuntimeError
    assert titles(seller, "fantasma") == []


def test_indexing_again_replaces_and_forgetting_removes(seller: Actor) -> None:
    index("customer", 999_999, "Antes")
    index("customer", 999_999, "Después")
    assert (titles(seller, "antes"), titles(seller, "despues")) == ([], ["Después"])
    forget("customer", 999_999)
    assert titles(seller, "despues") == []


def test_what_belongs_to_a_thread_is_found_by_its_readers_alone(
    seller: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    index("thread", 7, "Asunto reservado", thread_id=7)
    monkeypatch.setattr(search, "_visible_threads", [])
    assert titles(seller, "reservado") == []
    monkeypatch.setattr(search, "_visible_threads", [lambda actor: Person.objects.none().values("pk")])
    assert titles(seller, "reservado") == []
    SearchEntry.objects.filter(kind="thread").update(thread_id=seller.one.pk)
    monkeypatch.setattr(
        search, "_visible_threads", [lambda actor: Person.objects.filter(pk=actor.one.pk).values("pk")]
    )
    assert titles(seller, "reservado") == ["Asunto reservado"]


def test_who_has_left_finds_nothing(company: Company, customers: None) -> None:
    technician = company.people["technical"]
    leave_company(technician, by=acting(company.administrator), now=NOW)
    assert titles(acting(technician), "bodegas") == []


def test_an_unknown_kind_is_a_programming_error(db: None) -> None:
    with pytest.raises(LookupError):
        index("unicorn", 1, "x")


def test_a_search_is_one_query_however_many_it_finds(
    company: Company, seller: Actor, django_assert_num_queries: object
) -> None:
    for number in range(30):
        a_customer(f"Lora {number}", delegation=company.zaragoza, keeper=company.people["sales"])
    with django_assert_num_queries(1):
        assert len(find(seller, "lora", limit=50)) == 30
