"""The files of ../shared, brought in as Salesforce and Odoo wrote them."""

from __future__ import annotations

from pathlib import Path

import pytest

from hilo.channels.imports import Source, What
from hilo.ledger.verify import verify
from hilo.parties.models import Contact, Customer, ExternalRef
from hilo.work.models import LooseEnd, Note, Thread
from tests.channels.imports.bringing import ACCOUNTS, OPPORTUNITIES, Bringer, counted, events

SALESFORCE, ODOO = Source.SALESFORCE, Source.ODOO


@pytest.fixture
def with_accounts(bringer: Bringer, exports: Path) -> Bringer:
    assert bringer.bring(exports / ACCOUNTS, What.CUSTOMERS, SALESFORCE).is_done
    return bringer


def test_423_accounts_become_customers_and_a_second_time_changes_nothing(
    with_accounts: Bringer, exports: Path
) -> None:
    assert Customer.objects.count() == ExternalRef.objects.count() == 423
    before = events()
    again = with_accounts.bring(exports / ACCOUNTS, What.CUSTOMERS, SALESFORCE)
    assert (again.is_done, counted(again)) == (True, {"same": 423})
    assert events() == before and Customer.objects.count() == 423
    terras = Customer.objects.get(name="Crédito Inmobiliario Terras")
    assert terras.keeper == with_accounts.company.people["sales"]
    assert terras.delegation == with_accounts.company.zaragoza


def test_30_open_opportunities_become_threads_of_those_customers(
    with_accounts: Bringer, exports: Path
) -> None:
    outcome = with_accounts.bring(exports / OPPORTUNITIES, What.THREADS, SALESFORCE)
    assert counted(outcome) == {"add": 30, "skip": 8}
    assert outcome.tally.skipped == {"closed in the other system": 8}
    threads = list(Thread.objects.all())
    assert len(threads) == 30
    assert all(thread.owner_id and thread.next_kind and thread.next_due for thread in threads)
    assert all(thread.next_news_at and thread.opened_at == with_accounts.now for thread in threads)
    assert verify().holds


def test_an_opportunity_keeps_its_account_amount_stage_and_next_step(
    with_accounts: Bringer, exports: Path
) -> None:
    with_accounts.bring(exports / OPPORTUNITIES, What.THREADS, SALESFORCE)
    ref = ExternalRef.objects.get(kind="thread", external_id="006x0000001YtCtAAK")
    thread = Thread.objects.get(pk=ref.object_id)
    account = ExternalRef.objects.get(kind="customer", external_id="001x0000002xLD0AAM")
    assert thread.customer_id == account.object_id
    assert (thread.title, thread.kind) == ("Acme - 1,200 Widgets", "new_account")
    assert (str(thread.amount), thread.currency) == ("140000.00", "EUR")
    note = Note.objects.get(thread=thread)
    assert note.text.splitlines()[:2] == [
        "Imported from Salesforce, where it is 006x0000001YtCtAAK.",
        "Stage there: Value Proposition",
    ]
    assert "Opened there: June 15, 2006" in note.text
    assert "The deal is at  50%" in note.text
    pinned = LooseEnd.objects.get(thread=thread)
    assert (pinned.text, pinned.owner) == ("Need estimate", thread.owner)
    assert pinned.due_at > with_accounts.now  # the expected close of 2005 has passed
    assert (thread.next_kind, thread.turn_person) == ("decide", thread.owner)


def test_opportunities_a_second_time_change_nothing(with_accounts: Bringer, exports: Path) -> None:
    with_accounts.bring(exports / OPPORTUNITIES, What.THREADS, SALESFORCE)
    before = events()
    with_accounts.later(days=3)
    again = with_accounts.bring(exports / OPPORTUNITIES, What.THREADS, SALESFORCE)
    assert counted(again) == {"same": 30, "skip": 8}
    assert events() == before


def test_closed_ones_come_open_on_purpose_and_are_never_archived_by_the_import(
    with_accounts: Bringer, exports: Path
) -> None:
    outcome = with_accounts.bring(exports / OPPORTUNITIES, What.THREADS, SALESFORCE, with_closed=True)
    assert counted(outcome) == {"add": 38}
    assert not Thread.objects.exclude(state=Thread.State.OPEN).exists()
    ref = ExternalRef.objects.get(kind="thread", external_id="006x0000001YtCrAAK")
    note, pinned = Note.objects.get(thread=ref.object_id), LooseEnd.objects.get(thread=ref.object_id)
    assert "Closed there as won: Nov. 9, 2005" in note.text
    assert "Next step there: Closed!" in note.text
    assert pinned.text == "It is closed in Salesforce: archive it, or say what is left to do."


def test_opportunities_before_their_accounts_are_refused_one_by_one_and_nothing_is_imported(
    bringer: Bringer, exports: Path
) -> None:
    before = events()
    preview = bringer.preview(exports / OPPORTUNITIES, What.THREADS, SALESFORCE)
    outcome = bringer.bring(exports / OPPORTUNITIES, What.THREADS, SALESFORCE)
    assert not outcome.is_done
    assert preview.refused == outcome.tally.refused and len(preview.refused) == 30
    assert preview.refused[0].column == "ACCOUNTID"
    assert preview.refused[0].reason.endswith("import the customers first.")
    assert events() == before and not Thread.objects.exists() and not ExternalRef.objects.exists()


def test_odoos_partners_become_customers_and_their_contacts(bringer: Bringer, exports: Path) -> None:
    path = exports / "odoo" / "res.partner.csv"
    bringer.bring(path, What.CUSTOMERS, ODOO)
    outcome = bringer.bring(path, What.CONTACTS, ODOO)
    assert counted(outcome) == {"add": 4}
    grocery = Customer.objects.get(name="Grocery Outlet")
    assert {contact.name for contact in grocery.contacts.all()} == {
        "Bob",
        "Bill",
        "Warehouse",
        "Accounting dep.",
    }
    assert Contact.objects.get(name="Accounting dep.").role == "pays"
    before = events()
    assert counted(bringer.bring(path, What.CUSTOMERS, ODOO)) == {"same": 2}
    assert counted(bringer.bring(path, What.CONTACTS, ODOO)) == {"same": 4}
    assert events() == before


def test_odoos_tagged_customers_are_told_by_their_references(bringer: Bringer, exports: Path) -> None:
    path = exports / "odoo" / "m2m_customers_tags.csv"
    assert counted(bringer.bring(path, What.CUSTOMERS, ODOO)) == {"add": 5}
    assert counted(bringer.bring(path, What.CUSTOMERS, ODOO)) == {"same": 5}
    assert Customer.objects.get(name="Bolts & Screws").country == "BR"


@pytest.mark.parametrize(
    ("what", "path"), [(What.CUSTOMERS, ACCOUNTS), (What.THREADS, OPPORTUNITIES)], ids=["accounts", "deals"]
)
def test_looking_first_writes_nothing(with_accounts: Bringer, exports: Path, what: What, path: str) -> None:
    before = (events(), ExternalRef.objects.count())
    preview = with_accounts.preview(exports / path, what, SALESFORCE)
    assert preview.check.total in (423, 38) and not preview.refused
    assert (events(), ExternalRef.objects.count()) == before
