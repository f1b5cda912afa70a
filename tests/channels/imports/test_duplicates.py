from __future__ import annotations

import pytest

from hilo.channels.imports import CustomerRow, KnownCustomer, company_key, find_duplicates

pytestmark = pytest.mark.any_database


def row(number: int, name: str, tax_id: str = "", external_id: str = "") -> CustomerRow:
    return CustomerRow(number=number, external_id=external_id or f"id-{number}", name=name, tax_id=tax_id)


@pytest.mark.parametrize(
    "name",
    [
        "Pérez",
        "PEREZ S.L.",
        "Pérez, S. L.",
        "Perez SL",
        "Pérez S.L.U.",
        "Pérez y Cía., S.A.",
        "Pérez Sociedad Limitada",
    ],
)
def test_a_company_is_the_same_whatever_its_legal_form(name: str) -> None:
    assert company_key(name) == "perez"


@pytest.mark.parametrize(
    ("name", "key"), [("SAS", "sas"), ("S.A.", "s a"), ("tv e", "tv e"), ("Acme & Co Ltd", "acme")]
)
def test_a_name_is_never_all_legal_form(name: str, key: str) -> None:
    assert company_key(name) == key


def test_two_rows_of_a_file_and_a_known_customer_are_found_alike() -> None:
    known = [KnownCustomer(7, "Envasa Líneas, S.A.", "A58818501")]
    rows = [
        row(2, "Envasa Lineas"),
        row(3, "Otra cosa", "A-58818501"),
        row(4, "Maquinaria Ibérica S.L."),
        row(5, "Maquinaria Iberica SLU"),
        row(6, "Maquinaria Ibércia"),
    ]
    found = list(find_duplicates(rows, known))
    assert [(one.number, one.known_id, one.other_number) for one in found] == [
        (2, 7, None),
        (3, 7, None),
        (5, None, 4),
        (6, None, 4),
    ]
    assert [one.is_by_tax_id for one in found] == [False, True, False, False]
    assert found[3].score < 100


def test_names_that_differ_only_by_a_number_are_two_companies() -> None:
    assert not list(find_duplicates([row(2, "Almacenes Norte 12"), row(3, "Almacenes Norte 13")], []))


def test_what_was_imported_before_is_no_duplicate_of_itself() -> None:
    known = [KnownCustomer(7, "Acme", external_ids=frozenset({"a"}))]
    assert not list(find_duplicates([row(2, "Acme", external_id="a")], known))


def test_names_of_lost_letters_are_compared_with_nothing() -> None:
    assert not list(find_duplicates([row(2, "????????"), row(3, "????????")], []))


def test_thousands_of_alike_names_are_compared_in_seconds() -> None:
    rows = (
        row(number, f"Distribuciones {'abcdefghij'[number % 10] * 5} {number}") for number in range(30_000)
    )
    assert not list(find_duplicates(rows, []))
