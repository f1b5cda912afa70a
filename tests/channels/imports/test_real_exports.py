"""The exports of ../shared, as they came out of Salesforce and Odoo."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from hilo.channels.imports import (
    Check,
    ContactRow,
    CustomerRow,
    Intake,
    Source,
    ThreadRow,
    What,
    guess_mapping,
    open_table,
)

pytestmark = pytest.mark.any_database


def read(path: Path, what: What, source: Source) -> Intake:
    table = open_table(path)
    return Intake(table, guess_mapping(table, what, source))


@pytest.fixture
def accounts(exports: Path) -> Intake:
    return read(exports / "salesforce" / "accountData.csv", What.CUSTOMERS, Source.SALESFORCE)


@pytest.fixture
def opportunities(exports: Path) -> Intake:
    return read(exports / "salesforce" / "opportunityData.csv", What.THREADS, Source.SALESFORCE)


def counts(check: Check) -> tuple[int, int, int]:
    return check.total, check.ready, check.refused_rows


def test_all_423_accounts_are_customers(accounts: Intake) -> None:
    check = accounts.check()
    assert counts(check) == (423, 423, 0)
    rows = {row.external_id: row for row in accounts.rows() if isinstance(row, CustomerRow)}
    assert len(rows) == 423
    assert rows["001x0000002xLCVAA2"].name == "Gravity Investments"
    assert {"Pébéo of America", "Crédito Inmobiliario Terras"} <= {row.name for row in rows.values()}
    assert {row.country for row in rows.values()} >= {"US", "CA", "GB", "JP", "ES"}
    assert all(len(row.country) in (0, 2) for row in rows.values())


def test_names_that_an_earlier_export_lost_are_remarked_and_no_duplicates(accounts: Intake) -> None:
    check = accounts.check()
    lost = [one.number for one in check.remarks if one.column == "NAME"]
    assert len(lost) == 5
    assert check.duplicate_count == 0


def test_all_38_opportunities_are_threads_of_those_customers(accounts: Intake, opportunities: Intake) -> None:
    assert counts(opportunities.check()) == (38, 38, 0)
    customers = {row.external_id for row in accounts.rows()}
    threads = [row for row in opportunities.rows() if isinstance(row, ThreadRow)]
    assert all(thread.customer.external_id in customers for thread in threads)
    assert all(thread.stage and thread.opened_at and thread.expected_close for thread in threads)
    assert sum(thread.amount is not None for thread in threads) == 33
    assert sum(bool(thread.next_step) for thread in threads) == 25
    assert (
        sum(thread.is_closed for thread in threads) == sum(thread.is_won is True for thread in threads) == 8
    )


def test_one_opportunity_is_read_field_by_field(opportunities: Intake) -> None:
    thread = next(row for row in opportunities.rows() if row.external_id == "006x0000001YtCtAAK")
    assert isinstance(thread, ThreadRow)
    assert (thread.title, thread.stage) == ("Acme - 1,200 Widgets", "Value Proposition")
    assert (thread.amount, thread.currency) == (Decimal("140000.00"), "EUR")
    assert (thread.expected_close, thread.next_step) == (dt.date(2005, 12, 12), "Need estimate")
    assert thread.opened_at == dt.datetime(2006, 6, 15, 20, 47, 9, tzinfo=dt.UTC)
    assert thread.notes.startswith("The deal is at  50%")
    assert (thread.is_closed, thread.is_won) == (False, None)


def test_odoos_partners_are_two_companies_and_four_contacts_of_them(exports: Path) -> None:
    path = exports / "odoo" / "res.partner.csv"
    customers = list(read(path, What.CUSTOMERS, Source.ODOO).rows())
    contacts = [row for row in read(path, What.CONTACTS, Source.ODOO).rows() if isinstance(row, ContactRow)]
    assert [row.name for row in customers if isinstance(row, CustomerRow)] == ["Grocery Outlet", "Agrolait"]
    assert [row.name for row in contacts] == ["Bob", "Bill", "Warehouse", "Accounting dep."]
    assert {row.customer.name for row in contacts} == {"Grocery Outlet"}
    assert contacts[2].email == "bill@odoo.com"
    assert contacts[3].role == "pays"


def test_an_odoo_person_without_a_company_is_refused_and_the_others_are_not(exports: Path) -> None:
    check = read(exports / "odoo" / "o2m_customers_contacts.csv", What.CONTACTS, Source.ODOO).check()
    assert counts(check) == (8, 4, 1)
    assert [one.number for one in check.refused] == [7]


def test_odoos_customers_with_tags_are_customers(exports: Path) -> None:
    intake = read(exports / "odoo" / "m2m_customers_tags.csv", What.CUSTOMERS, Source.ODOO)
    rows = [row for row in intake.rows() if isinstance(row, CustomerRow)]
    assert [(row.external_id, row.country) for row in rows] == [
        ("3", "ZA"),
        ("5", "GB"),
        ("6", "US"),
        ("8", "BR"),
        ("18", "CN"),
    ]


@pytest.mark.parametrize("family", ["hubspot-fivetran", "zendesk-fivetran"])
def test_any_table_of_other_systems_can_be_opened(exports: Path, family: str) -> None:
    paths = sorted((exports / family).rglob("*.csv"))
    assert len(paths) > 20
    for path in paths:
        try:
            rows = list(open_table(path).rows())
        except Exception as refused:
            assert "no rows below them" in str(refused), path.name
        else:
            assert not [row.trouble for row in rows if row.trouble], path.name
