"""What becomes of a row: added, recognised, changed, left or refused; and of a file: all of it or none."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.utils import timezone

from hilo.channels.imports import What, open_table, write_refused
from hilo.channels.imports.references import changed_fields, digest_of
from hilo.ledger.models import LedgerEvent
from hilo.ledger.verify import verify
from hilo.parties.actor import system
from hilo.parties.commands.customers import change_customer, erase_contact
from hilo.parties.commands.merges import merge_customers
from hilo.parties.models import Contact, Customer, ExternalRef
from hilo.work.commands.archiving import force_archive
from hilo.work.commands.loose_ends import settle_loose_end
from hilo.work.models import LooseEnd, Note, Thread
from tests.channels.imports.bringing import Bringer, counted, events
from tests.channels.imports.conftest import Writer
from tests.factories.parties import a_contact, a_customer, acting

HEAD = "Código;Nombre;NIF;Ciudad;Teléfono\n"
LORA = "1;Bodegas Lora S.L.;B12345674;Haro;941 20 30 40\n"
NALON = "2;Conservas Nalón;;Avilés;\n"
PEOPLE = "Id;Cliente;Nombre;Email;Cargo\n"
DEALS = "Id;Cliente;Oportunidad;Etapa;Importe;Moneda;Cierre previsto;Siguiente paso;Comercial;Creado el\n"


@pytest.fixture
def lora(bringer: Bringer, file: Writer) -> Customer:
    bringer.bring(file(HEAD + LORA), What.CUSTOMERS)
    return Customer.objects.get()


def deal(**changes: str) -> str:
    facts = {
        "id": "D1",
        "customer": "Bodegas Lora",
        "title": "Línea de vidrio",
        "stage": "Oferta enviada",
        "amount": "120000,50",
        "currency": "EUR",
        "close": "2026-12-18",
        "step": "Pedir el plano",
        "owner": "",
        "created": "2026-03-02",
        **changes,
    }
    return DEALS + ";".join(facts.values()) + "\n"


# Customers -----------------------------------------------------------------------------------------------


def test_of_a_changed_row_only_what_changed_there_is_changed_here(
    bringer: Bringer, file: Writer, lora: Customer
) -> None:
    change_customer(lora, phone="+34 600 000 000", by=system(), now=bringer.now)
    before = events()
    outcome = bringer.bring(file(HEAD + LORA.replace("Haro", "Logroño")), What.CUSTOMERS)
    lora.refresh_from_db()
    assert counted(outcome) == {"change": 1}
    assert (lora.city, lora.phone) == ("Logroño", "+34 600 000 000")
    assert events() == before + 1
    changed = LedgerEvent.objects.order_by("-id")[0]
    assert (changed.kind, changed.author_kind) == ("customer.changed", "import")
    assert changed.author_id == bringer.company.administrator.pk


def test_an_emptied_cell_takes_nothing_away(bringer: Bringer, file: Writer, lora: Customer) -> None:
    before = events()
    bringer.bring(file("Código;Nombre\n1;Bodegas Lora S.L.\n"), What.CUSTOMERS)
    lora.refresh_from_db()
    assert (lora.city, lora.tax_id) == ("Haro", "B12345674") and events() == before


@pytest.mark.parametrize(
    ("name", "tax_id"), [("BODEGAS LORA, SL", ""), ("Vinos del Najerilla", "B12345674")], ids=["name", "nif"]
)
def test_a_customer_that_is_here_is_recognised_and_only_its_blanks_are_filled(
    bringer: Bringer, file: Writer, name: str, tax_id: str
) -> None:
    sevilla, keeper = bringer.company.sevilla, bringer.company.people["admin"]
    here = a_customer(name, delegation=sevilla, keeper=keeper, tax_id=tax_id)
    preview = bringer.preview(file(HEAD + LORA), What.CUSTOMERS)
    assert [(link.number, link.name) for link in preview.tally.links] == [(2, name)]
    assert counted(bringer.bring(file(HEAD + LORA), What.CUSTOMERS)) == {"link": 1}
    assert Customer.objects.get() == here
    here.refresh_from_db()
    assert (here.name, here.city, here.delegation, here.keeper) == (name, "Haro", sevilla, keeper)
    assert counted(bringer.bring(file(HEAD + LORA), What.CUSTOMERS)) == {"same": 1}


def test_the_same_name_with_another_tax_number_is_another_company(bringer: Bringer, file: Writer) -> None:
    a_customer(
        "Bodegas Lora",
        delegation=bringer.company.zaragoza,
        keeper=bringer.company.director,
        tax_id="A58818501",
    )
    assert counted(bringer.bring(file(HEAD + LORA), What.CUSTOMERS)) == {"add": 1}
    assert Customer.objects.count() == 2


def test_two_ids_of_one_system_stay_two_customers_and_the_preview_says_they_look_alike(
    bringer: Bringer, file: Writer
) -> None:
    path = file(HEAD + LORA + "9;Bodegas Lora;;Sevilla;\n")
    preview = bringer.preview(path, What.CUSTOMERS)
    assert [one.number for one in preview.check.duplicates] == [3]
    assert counted(bringer.bring(path, What.CUSTOMERS)) == {"add": 2}


def test_a_customer_merged_here_is_found_under_its_old_name_and_its_changes_are_left_out(
    bringer: Bringer, file: Writer, lora: Customer
) -> None:
    stands = a_customer("Grupo Lora", delegation=bringer.company.zaragoza, keeper=bringer.company.director)
    merge_customers(stands, lora, seen=lora.version, by=system(), now=bringer.now)
    outcome = bringer.bring(file(HEAD + LORA.replace("Haro", "Logroño")), What.CUSTOMERS)
    assert outcome.tally.skipped == {"part of another customer here: change that one": 1}
    bringer.bring(file(PEOPLE + "P1;Bodegas Lora;Iria Nogal;iria@lora.example;Compras\n"), What.CONTACTS)
    assert Contact.objects.get().customer == stands


def test_the_digest_tells_which_fields_changed(bringer: Bringer, file: Writer) -> None:
    (row,) = bringer.importing(file(HEAD + LORA), What.CUSTOMERS).intake.rows()
    (other,) = bringer.importing(file(HEAD + LORA.replace("Haro", "Ezcaray")), What.CUSTOMERS).intake.rows()
    assert changed_fields(row, digest_of(row)) == frozenset()
    assert changed_fields(other, digest_of(row)) == {"city"}
    assert changed_fields(row, "") >= {"name", "city", "phone"}
    assert len(digest_of(row)) <= 64


# Contacts ------------------------------------------------------------------------------------------------


def test_a_contact_typed_by_hand_is_recognised_by_its_name(
    bringer: Bringer, file: Writer, lora: Customer
) -> None:
    iria = a_contact(lora, "Iria Nogal")
    Contact.objects.filter(pk=iria.pk).update(email="")
    path = file(PEOPLE + "P1;Bodegas Lora;IRIA NOGAL;iria@lora.example;Compras\n")
    assert counted(bringer.bring(path, What.CONTACTS)) == {"link": 1}
    iria.refresh_from_db()
    assert (iria.name, iria.email, iria.position) == ("Iria Nogal", "iria@lora.example", "Compras")


def test_one_address_for_two_people_is_refused_beside_its_column(
    bringer: Bringer, file: Writer, lora: Customer
) -> None:
    rows = "P1;Bodegas Lora;Iria Nogal;info@lora.example;\nP2;Bodegas Lora;Luis Roda;info@lora.example;\n"
    outcome = bringer.bring(file(PEOPLE + rows), What.CONTACTS)
    assert not outcome.is_done and not Contact.objects.exists()
    (refused,) = outcome.tally.refused
    assert (refused.number, refused.column) == (3, "Email")
    assert "already has a contact with this address" in refused.reason


def test_an_erased_contact_does_not_come_back(bringer: Bringer, file: Writer, lora: Customer) -> None:
    row = PEOPLE + "P1;Bodegas Lora;Iria Nogal;iria@lora.example;Compras\n"
    bringer.bring(file(row), What.CONTACTS)
    erase_contact(Contact.objects.get(), by=system(), now=bringer.now)
    before = events()
    outcome = bringer.bring(file(row.replace("Compras", "Dirección")), What.CONTACTS)
    assert outcome.tally.skipped == {"erased here, as they asked": 1}
    contact, ref = Contact.objects.get(), ExternalRef.objects.get(kind="contact")
    assert (contact.name, contact.email, ref.row_digest) == ("", "", "") and events() == before


def test_who_changes_company_leaves_the_old_one_and_is_added_at_the_new(
    bringer: Bringer, file: Writer, lora: Customer
) -> None:
    bringer.bring(file(HEAD + LORA + NALON), What.CUSTOMERS)
    row = PEOPLE + "P1;Bodegas Lora;Iria Nogal;iria@lora.example;Compras\n"
    bringer.bring(file(row), What.CONTACTS)
    bringer.bring(file(row.replace("Bodegas Lora", "Conservas Nalón")), What.CONTACTS)
    old, new = Contact.objects.order_by("pk")
    assert old.customer == lora and old.left_at is not None
    assert new.customer.name == "Conservas Nalón" and new.left_at is None
    before = events()
    bringer.bring(file(row.replace("Bodegas Lora", "Conservas Nalón")), What.CONTACTS)
    assert events() == before


def test_a_name_that_two_customers_have_is_refused(bringer: Bringer, file: Writer) -> None:
    bringer.bring(file(HEAD + LORA + "9;Bodegas Lora;;Sevilla;\n"), What.CUSTOMERS)
    preview = bringer.preview(file(PEOPLE + "P1;Bodegas Lora;Iria Nogal;;\n"), What.CONTACTS)
    assert "Several customers are called" in preview.refused[0].reason
    assert preview.refused[0].column == "Cliente"


# Threads -------------------------------------------------------------------------------------------------


def test_the_next_step_is_due_at_the_expected_close_and_the_owner_is_known_by_address(
    bringer: Bringer, file: Writer, lora: Customer
) -> None:
    technician = bringer.company.people["technical"]
    bringer.bring(file(deal(owner=technician.email.upper())), What.THREADS)
    thread, pinned = Thread.objects.get(), LooseEnd.objects.get()
    assert (thread.owner, thread.customer, str(thread.amount)) == (technician, lora, "120000.50")
    assert (pinned.owner, pinned.pinned_by) == (technician, bringer.company.administrator)
    assert timezone.localtime(pinned.due_at).date().isoformat() == "2026-12-18"
    assert "Owner there" not in Note.objects.get().text


def test_an_owner_nobody_knows_is_noted_and_the_thread_is_the_importers(
    bringer: Bringer, file: Writer, lora: Customer
) -> None:
    bringer.bring(file(deal(owner="005x0000000fNSiAAM")), What.THREADS)
    assert Thread.objects.get().owner == bringer.company.people["sales"]
    assert "Owner there: 005x0000000fNSiAAM" in Note.objects.get().text


def test_a_changed_deal_changes_the_thread_notes_the_stage_and_replaces_the_next_step(
    bringer: Bringer, file: Writer, lora: Customer
) -> None:
    bringer.bring(file(deal()), What.THREADS)
    bringer.later(days=1)
    news = deal(title="Línea de vidrio y lata", stage="Negociación", step="Visita con el gerente")
    assert counted(bringer.bring(file(news), What.THREADS)) == {"change": 1}
    thread = Thread.objects.get()
    assert thread.title == "Línea de vidrio y lata"
    last = Note.objects.order_by("-pk")[0].text
    assert last == "Changed in another system:\nStage there: Negociación"
    first, second = LooseEnd.objects.order_by("pk")
    assert (first.settled_at, first.outcome) == (
        bringer.now,
        "In another system the next step is another now.",
    )
    assert (second.text, second.settled_at) == ("Visita con el gerente", None)
    before = events()
    bringer.bring(file(news), What.THREADS)
    assert events() == before and verify().holds


def test_a_next_step_settled_here_is_not_settled_again(
    bringer: Bringer, file: Writer, lora: Customer
) -> None:
    bringer.bring(file(deal()), What.THREADS)
    pinned = LooseEnd.objects.get()
    settle_loose_end(pinned, outcome="Ha llegado", seen=pinned.version, by=system(), now=bringer.now)
    bringer.bring(file(deal(step="Revisarlo")), What.THREADS)
    assert [one.outcome for one in LooseEnd.objects.order_by("pk")] == ["Ha llegado", ""]


def test_an_amount_in_another_currency_is_noted_and_the_threads_own_stays(
    bringer: Bringer, file: Writer, lora: Customer
) -> None:
    bringer.bring(file(deal()), What.THREADS)
    bringer.bring(file(deal(amount="99000,00", currency="USD")), What.THREADS)
    thread = Thread.objects.get()
    assert (str(thread.amount), thread.currency) == ("120000.50", "EUR")
    assert "Amount there:" in Note.objects.order_by("-pk")[0].text


def test_one_archived_here_is_left_alone(bringer: Bringer, file: Writer, lora: Customer) -> None:
    bringer.bring(file(deal(step="")), What.THREADS)
    thread = Thread.objects.get()
    director = acting(bringer.company.director, bringer.now)
    force_archive(thread, reason="Sin demanda", seen=thread.version, by=director, now=bringer.now)
    before = events()
    outcome = bringer.bring(file(deal(step="", stage="Ganada")), What.THREADS)
    assert sum(outcome.tally.skipped.values()) == 1 and events() == before


def test_a_closed_deal_that_is_a_thread_here_already_is_noted_and_not_archived(
    bringer: Bringer, file: Writer, lora: Customer
) -> None:
    bringer.bring(file(deal()), What.THREADS)
    bringer.bring(file(deal(stage="Closed Won")), What.THREADS)
    assert Thread.objects.get().state == "open"
    assert "Closed there as won" in Note.objects.order_by("-pk")[0].text


# All or nothing ------------------------------------------------------------------------------------------


def test_one_broken_row_keeps_everything_out(bringer: Bringer, file: Writer) -> None:
    before = events()
    outcome = bringer.bring(file(HEAD + LORA + "2;;;Avilés;\n" + "3;Aceites Jándula;;;\n"), What.CUSTOMERS)
    assert not outcome.is_done and counted(outcome) == {}
    assert [one.number for one in outcome.tally.refused] == [3]
    assert events() == before and not Customer.objects.exists() and not ExternalRef.objects.exists()


def test_what_only_a_command_refuses_keeps_everything_out_too(bringer: Bringer, file: Writer) -> None:
    """Marks that make text read backwards pass the reader and not the command."""
    outcome = bringer.bring(file(HEAD + LORA + "2;Conser\u202evas;;;\n"), What.CUSTOMERS)
    assert not outcome.is_done and not Customer.objects.exists()
    (refused,) = outcome.tally.refused
    assert (refused.number, refused.column) == (3, "Nombre")


def test_the_refused_rows_corrected_come_in_and_nothing_doubles(
    bringer: Bringer, file: Writer, tmp_path: Path
) -> None:
    path = file(HEAD + LORA + "2;;;=Avilés;\n")
    outcome = bringer.bring(path, What.CUSTOMERS, skip_refused=True)
    assert outcome.is_done and counted(outcome) == {"add": 1}
    refused = write_refused(open_table(path), outcome.tally.refused)
    rows = list(csv.reader(refused.open(encoding="utf-8-sig"), delimiter=";"))
    assert len(rows) == 2 and rows[1][4] == "'=Avilés"
    rows[1][2] = "Conservas Nalón"
    with refused.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, delimiter=";").writerows(rows)
    assert counted(bringer.bring(refused, What.CUSTOMERS)) == {"add": 1}
    assert Customer.objects.get(name="Conservas Nalón").city == "=Avilés"
    assert counted(bringer.bring(path, What.CUSTOMERS, skip_refused=True)) == {"same": 1}
    assert verify().holds


@pytest.mark.parametrize(
    "name",
    ["=1+1", "<b>Lora</b>", "شركة النخيل", "Café 🥂", "n" * 200],
    ids=["=", "<", "rtl", "emoji", "long"],
)
def test_odd_names_are_kept_as_they_are(bringer: Bringer, file: Writer, name: str) -> None:
    assert bringer.bring(file(f"Nombre\n{name}\n"), What.CUSTOMERS).is_done
    assert Customer.objects.get().name == name
    assert counted(bringer.bring(file(f"Nombre\n{name}\n"), What.CUSTOMERS)) == {"same": 1}


def test_memory_and_queries_do_not_grow_with_rows_already_known(
    bringer: Bringer, file: Writer, django_assert_max_num_queries: object
) -> None:
    rows = "".join(f"{number};Cliente {number};;;\n" for number in range(60))
    bringer.bring(file(HEAD + rows), What.CUSTOMERS)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        assert counted(bringer.bring(file(HEAD + rows), What.CUSTOMERS)) == {"same": 60}


def test_tell_hears_how_far_it_is(bringer: Bringer, file: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hilo.channels.imports.applying.BATCH", 2)
    rows = "".join(f"{number};Cliente {number};;;\n" for number in range(5))
    heard: list[int] = []
    bringer.importing(file(HEAD + rows), What.CUSTOMERS).apply(tell=heard.append)
    assert heard == [2, 4, 5]
