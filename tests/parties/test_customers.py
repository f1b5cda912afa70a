import pytest

from hilo.errors import NotAllowed, Stale
from hilo.ledger.models import LedgerEvent, PrivateText
from hilo.ledger.reading import events_of_customer, open_texts
from hilo.ledger.verify import verify
from hilo.parties import holdings
from hilo.parties.actor import Actor
from hilo.parties.commands.customers import (
    add_contact,
    add_customer,
    change_contact,
    change_customer,
    erase_contact,
    mark_contact_left,
)
from hilo.parties.commands.leaving import leave_company
from hilo.parties.commands.merges import merge_customers, undo_merge
from hilo.parties.models import Contact, Customer, CustomerMerge, ExternalRef, SearchEntry
from hilo.parties.queries.customers import (
    contacts_of,
    contacts_visible_to,
    contacts_with_address,
    customer_family_ids,
    customers_visible_to,
    similar_customers,
    survivor_of,
)
from hilo.parties.search import find
from tests.factories.parties import NOW, Company, a_company, a_contact, a_customer, a_person, acting
from tests.parties.watching import at_once, refused

pytestmark = pytest.mark.django_db


def customer_of(company: Company, name: str = "Conservas del Ebro", **facts: str) -> Customer:
    return a_customer(name, delegation=company.zaragoza, keeper=company.people["sales"], **facts)


def add(company: Company, by: Actor | None = None, **given: object) -> Customer:
    facts = {"name": "Conservas del Ebro", "delegation": company.zaragoza, "keeper": company.people["sales"]}
    return add_customer(**(facts | given), by=by or acting(company.people["sales"]), now=NOW)


def test_a_seller_adds_a_customer_of_their_delegation(company: Company) -> None:
    customer = add(company, tax_id=" b50000001 ", tier="A")
    assert (customer.tax_id, customer.tier, customer.version) == ("B50000001", "A", 1)
    event = LedgerEvent.objects.get(kind="customer.added")
    assert (event.customer_id, event.delegation_id) == (customer.pk, company.zaragoza.pk)
    assert "Ebro" not in event.payload


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"tier": "Z"}, "tier"),
        ({"tax_id": "1" * 31}, "tax_id"),
        ({"website": "w" * 256}, "website"),
    ],
)
def test_a_bad_customer_is_refused_beside_its_field(
    company: Company, given: dict[str, str], field: str
) -> None:
    with refused(field=field):
        add(company, **given)


def test_the_people_of_another_delegation_read_but_do_not_change(company: Company) -> None:
    customer = customer_of(company)
    outsider = acting(a_person(area=company.areas["sales"], delegation=company.sevilla))
    assert customer in customers_visible_to(outsider)
    with refused(kind=NotAllowed, saying="another delegation"):
        add(company, by=outsider)
    with refused(kind=NotAllowed, saying="another delegation"):
        change_customer(customer, name="Otra", by=outsider, now=NOW)
    with refused(kind=NotAllowed, saying="another delegation"):
        add_contact(customer, name="Luis", by=outsider, now=NOW)
    with refused(kind=NotAllowed, saying="another delegation"):
        change_customer(customer, delegation=company.sevilla, by=acting(company.people["sales"]), now=NOW)


def test_an_auditor_reads_and_changes_nothing(company: Company) -> None:
    from tests.factories.parties import give_authority

    customer = customer_of(company)
    auditor = give_authority(company.people["admin"], auditor=True)
    auditor.memberships.all().update(ends_on=NOW.date(), starts_on="2020-01-01")
    auditor.memberships.all().update(ends_on="2020-01-02")
    with refused(kind=NotAllowed):
        change_customer(customer, name="Otra", by=acting(auditor), now=NOW)
    assert customer in customers_visible_to(acting(auditor))


def test_a_leaver_sees_no_customer(company: Company) -> None:
    customer_of(company)
    leave_company(company.people["technical"], by=acting(company.administrator), now=NOW)
    assert not customers_visible_to(acting(company.people["technical"])).exists()
    assert not contacts_visible_to(acting(company.people["technical"])).exists()


def test_a_stale_change_changes_nothing(company: Company) -> None:
    customer, by = customer_of(company), acting(company.people["sales"])
    change_customer(customer, city="Tudela", seen=1, by=by, now=NOW)
    with refused(kind=Stale):
        change_customer(customer, city="Logroño", seen=1, by=by, now=NOW)
    assert LedgerEvent.objects.filter(kind="customer.changed").count() == 1


def test_one_address_once_per_customer(company: Company) -> None:
    customer, by = customer_of(company), acting(company.people["sales"])
    luis = add_contact(customer, name="Luis Gil", email="Luis@Ebro.example", by=by, now=NOW)
    assert luis.email == "luis@ebro.example"
    with refused(field="email", saying="already has a contact"):
        add_contact(customer, name="Otro", email="LUIS@ebro.example", by=by, now=NOW)
    ana = add_contact(customer, name="Ana", by=by, now=NOW)
    with refused(field="email"):
        change_contact(ana, email="luis@EBRO.example", by=by, now=NOW)
    change_contact(luis, email="luis@ebro.example", position="Compras", by=by, now=NOW)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": "luis"}, "email"),
        ({"role": "boss"}, "role"),
        ({"language": "xx"}, "language"),
    ],
)
def test_a_bad_contact_is_refused_beside_its_field(
    company: Company, given: dict[str, str], field: str
) -> None:
    customer = customer_of(company)
    with refused(field=field):
        add_contact(customer, **({"name": "Luis"} | given), by=acting(company.people["sales"]), now=NOW)


def test_a_contact_leaves_once(company: Company) -> None:
    contact, by = a_contact(customer_of(company)), acting(company.people["sales"])
    mark_contact_left(contact, by=by, now=NOW)
    with refused(saying="had left already"):
        mark_contact_left(contact, by=by, now=NOW)


@pytest.fixture
def luis(company: Company) -> Contact:
    customer = customer_of(company)
    by = acting(company.people["sales"])
    luis = add_contact(
        customer, name="Luis Gil", email="luis@ebro.example", phone="976", position="Jefe", by=by, now=NOW
    )
    change_contact(luis, name="Luis Gil Sanz", by=by, now=NOW)
    ExternalRef.objects.create(
        source="odoo", kind="contact", external_id="77", object_id=luis.pk, row_digest="abc", seen_at=NOW
    )
    return luis


def test_erasing_a_contact_leaves_nothing_readable_and_every_chain_valid(
    company: Company, luis: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    blanked: list[int] = []

    def blank(contact: Contact, *, by: Actor, now: object) -> int:
        blanked.append(contact.pk)
        return 1

    monkeypatch.setitem(holdings.CONTACT_TEXTS, "kite", blank)
    erase_contact(luis, by=acting(company.director), now=NOW)
    luis.refresh_from_db()
    assert (luis.name, luis.email, luis.phone, luis.position) == ("", "", "", "")
    assert blanked == [luis.pk]
    assert not PrivateText.objects.filter(body__contains="Luis").exists()
    events = list(LedgerEvent.objects.filter(subject_type="contact"))
    assert set(open_texts(events).values()) == {None}
    assert not SearchEntry.objects.filter(kind="contact", object_id=luis.pk).exists()
    assert ExternalRef.objects.get(external_id="77").row_digest == ""
    assert verify().holds


def test_an_erased_contact_is_not_filled_again(company: Company, luis: Contact) -> None:
    erase_contact(luis, by=acting(company.director), now=NOW)
    for_again = acting(company.people["sales"])
    with refused(saying="was erased"):
        change_contact(luis, name="Luis otra vez", by=for_again, now=NOW)
    with refused(saying="was erased"):
        erase_contact(luis, by=acting(company.director), now=NOW)
    with refused(saying="left already"):
        mark_contact_left(luis, by=for_again, now=NOW)


def test_only_directors_and_administrators_erase(company: Company, luis: Contact) -> None:
    for nobody in (company.people["sales"], company.heads["sales"]):
        with refused(kind=NotAllowed, saying="role"):
            erase_contact(luis, by=acting(nobody), now=NOW)


@pytest.fixture
def twins(company: Company) -> tuple[Customer, Customer]:
    return customer_of(company, "Aceites Lora"), customer_of(company, "Lora Aceites SL")


def test_a_merged_customer_is_an_alias_and_nothing_of_it_moves(
    company: Company, twins: tuple[Customer, Customer]
) -> None:
    survivor, merged = twins
    contact = a_contact(merged)
    history = list(LedgerEvent.objects.order_by("id").values_list("hash", flat=True))
    merge_customers(survivor, merged, by=acting(company.heads["sales"]), now=NOW)
    contact.refresh_from_db()
    assert contact.customer_id == merged.pk
    assert survivor_of(merged) == survivor
    assert customer_family_ids(merged) == customer_family_ids(survivor) == [survivor.pk, merged.pk]
    assert list(LedgerEvent.objects.order_by("id").values_list("hash", flat=True))[: len(history)] == history
    kinds = {event.kind for event in events_of_customer(customer_family_ids(survivor))}
    assert {"customer.added", "contact.added", "customer.merged"} <= kinds


def test_the_old_name_leads_to_the_survivor(company: Company, twins: tuple[Customer, Customer]) -> None:
    survivor, merged = twins
    change_customer(merged, name="Almazara Vieja", by=acting(company.people["sales"]), now=NOW)
    by = acting(company.heads["sales"])
    merge_customers(survivor, merged, by=by, now=NOW)
    assert [hit.object_id for hit in find(by, "almazara")] == [survivor.pk]
    undo_merge(merged, by=by, now=NOW)
    assert [hit.object_id for hit in find(by, "almazara")] == [merged.pk]


def test_the_contacts_of_a_merged_customer_are_still_reached(
    company: Company, twins: tuple[Customer, Customer]
) -> None:
    survivor, merged = twins
    contact, gone = a_contact(merged), a_contact(merged)
    mark_contact_left(gone, by=acting(company.people["sales"]), now=NOW)
    merge_customers(survivor, merged, by=acting(company.heads["sales"]), now=NOW)
    assert list(contacts_of(survivor)) == [contact]
    assert list(contacts_with_address(f" {contact.email.upper()}")) == [contact]
    assert survivor_of(contacts_with_address(contact.email).get().customer) == survivor
    assert list(contacts_with_address("")) == []


def test_undoing_a_merge_restores_what_was(company: Company, twins: tuple[Customer, Customer]) -> None:
    survivor, merged = twins
    by = acting(company.heads["sales"])
    merge_customers(survivor, merged, by=by, now=NOW)
    undo_merge(merged, by=by, now=NOW)
    assert survivor_of(merged) == merged
    assert customer_family_ids(survivor) == [survivor.pk]
    assert CustomerMerge.objects.get().undone_at == NOW
    merge_customers(survivor, merged, by=by, now=NOW)
    assert CustomerMerge.objects.filter(undone_at__isnull=True).count() == 1


def test_chains_of_aliases_end_at_the_last_survivor(company: Company) -> None:
    first, second, third, late = (customer_of(company, f"Lora {number}") for number in range(4))
    by = acting(company.heads["sales"])
    merge_customers(second, first, by=by, now=NOW)
    merge_customers(third, second, by=by, now=NOW)
    merge_customers(first, late, by=by, now=NOW)  # first is an alias: late goes to third
    late.refresh_from_db()
    assert late.merged_into == third
    assert customer_family_ids(first) == sorted(each.pk for each in (first, second, third, late))
    undo_merge(second, by=by, now=NOW)
    assert survivor_of(Customer.objects.get(pk=first.pk)) == second


def test_merges_that_make_no_sense_are_refused(company: Company, twins: tuple[Customer, Customer]) -> None:
    survivor, merged = twins
    by = acting(company.heads["sales"])
    with refused(field="merged", saying="same customer"):
        merge_customers(survivor, survivor, by=by, now=NOW)
    merge_customers(survivor, merged, by=by, now=NOW)
    with refused(field="merged", saying="same customer"):
        merge_customers(merged, survivor, by=by, now=NOW)
    third = customer_of(company, "Tercera")
    with refused(saying="part of another customer already"):
        merge_customers(third, merged, by=by, now=NOW)
    with refused(saying="not part of another"):
        undo_merge(survivor, by=by, now=NOW)


def test_an_alias_is_not_changed_and_its_new_contacts_are_the_survivors(
    company: Company, twins: tuple[Customer, Customer]
) -> None:
    survivor, merged = twins
    merge_customers(survivor, merged, by=acting(company.heads["sales"]), now=NOW)
    with refused(saying="part of another"):
        change_customer(merged, city="Lora", by=acting(company.people["sales"]), now=NOW)
    assert a_contact(merged).customer == survivor


def test_merging_takes_a_head_of_both_delegations(company: Company, twins: tuple[Customer, Customer]) -> None:
    survivor, merged = twins
    elsewhere = a_customer(
        "Lora Sevilla",
        delegation=company.sevilla,
        keeper=a_person(area=company.areas["sales"], delegation=company.sevilla),
    )
    with refused(kind=NotAllowed, saying="role"):
        merge_customers(survivor, merged, by=acting(company.people["sales"]), now=NOW)
    with refused(kind=NotAllowed, saying="another delegation"):
        merge_customers(survivor, elsewhere, by=acting(company.heads["sales"]), now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_merges_at_once_never_close_a_ring() -> None:
    company = a_company()
    one, other = customer_of(company, "Uno"), customer_of(company, "Dos")
    by = acting(company.director)
    results = at_once(
        lambda: merge_customers(one, Customer.objects.get(pk=other.pk), by=by, now=NOW),
        lambda: merge_customers(other, Customer.objects.get(pk=one.pk), by=by, now=NOW),
    )
    assert sorted(type(each).__name__ for each in results) == ["CustomerMerge", "RuleViolation"], results
    assert Customer.objects.filter(merged_into__isnull=False).count() == 1


def test_a_customer_under_another_spelling_is_found_before_it_is_added_twice(company: Company) -> None:
    albarin = customer_of(company, "Bodegas Albarín, S.L.", tax_id="B24000001")
    customer_of(company, "Bodegas Roca Alta")
    by = acting(company.people["sales"])
    assert similar_customers(by, name="BODEGAS ALBARIN") == [albarin]
    assert similar_customers(by, name="Otro nombre", tax_id=" b24000001") == [albarin]
    assert similar_customers(by, name="Talleres Vigo") == []
    assert similar_customers(by, name="%%%") == []
