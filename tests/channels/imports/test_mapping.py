from __future__ import annotations

import pytest

from hilo.channels.imports import Mapping, Source, What, guess_mapping, open_table
from hilo.channels.imports.mapping import ALIKE, BY_VALUES
from hilo.channels.imports.refused import Unreadable
from tests.channels.imports.conftest import Writer

pytestmark = pytest.mark.any_database


def guessed(file: Writer, text: str, what: What, source: Source = Source.CSV) -> Mapping:
    return guess_mapping(open_table(file(text)), what, source)


def fields(mapping: Mapping) -> dict[str, str]:
    return {choice.column: choice.field for choice in mapping.choices}


def test_spanish_and_english_names_are_recognised_without_case_accents_or_spaces(file: Writer) -> None:
    text = (
        "COD_CLIENTE;Razon Social;N.I.F.;pais;Poblacion;TELÉFONO;Página web;Vendedor\n1;Acme;;ES;Jaca;;;Ana\n"
    )
    mapping = guessed(file, text, What.CUSTOMERS)
    assert fields(mapping) == {
        "COD_CLIENTE": "external_id",
        "Razon Social": "name",
        "N.I.F.": "tax_id",
        "pais": "country",
        "Poblacion": "city",
        "TELÉFONO": "phone",
        "Página web": "website",
    }
    assert mapping.unused == ("Vendedor",)


def test_cliente_is_the_name_in_a_file_of_customers_and_a_reference_in_one_of_threads(file: Writer) -> None:
    assert fields(guessed(file, "Cliente,Asunto\nAcme,x\n", What.CUSTOMERS))["Cliente"] == "name"
    assert fields(guessed(file, "Cliente,Asunto\nAcme,x\n", What.THREADS))["Cliente"] == "customer_name"


def test_odoos_customer_column_is_a_flag_or_a_company_by_what_stands_in_it(file: Writer) -> None:
    flags = guessed(file, "Name,Customer\nAcme,True\n", What.CUSTOMERS, Source.ODOO)
    assert fields(flags) == {"Name": "name", "Customer": "is_customer"}
    names = guessed(file, "Opportunity,Customer\nx,Acme\n", What.THREADS, Source.ODOO)
    assert fields(names) == {"Opportunity": "title", "Customer": "customer_name"}
    flags = guessed(file, "Opportunity,Customer\nx,True\n", What.THREADS, Source.ODOO)
    assert fields(flags) == {"Opportunity": "title"}


def test_the_first_of_two_fitting_columns_is_the_sources_own(file: Writer) -> None:
    text = "ShippingCity,BillingCity,Name\nA,B,Acme\n"
    mapping = guessed(file, text, What.CUSTOMERS, Source.SALESFORCE)
    assert mapping.column_of("city") == "BillingCity"
    assert mapping.unused == ("ShippingCity",)


def test_a_typing_error_in_a_name_is_recognised_with_less_confidence(file: Writer) -> None:
    choice = guessed(file, "Razón sociall,X\nAcme,1\n", What.CUSTOMERS).choices[0]
    assert (choice.field, choice.confidence) == ("name", ALIKE)


def test_unnamed_columns_are_recognised_by_what_stands_in_them(file: Writer) -> None:
    text = "Nombre,a,b,c\nAcme,B58378431,976 12 34 56,www.acme.es\nEnvasa,B58378431,612345678,envasa.es\n"
    mapping = guessed(file, text, What.CUSTOMERS)
    assert fields(mapping) == {"Nombre": "name", "a": "tax_id", "b": "phone", "c": "website"}
    assert {choice.confidence for choice in mapping.choices[1:]} == {BY_VALUES}


def test_a_correction_moves_a_field_to_another_column_or_leaves_a_column_out(file: Writer) -> None:
    mapping = guessed(file, "Nombre,Alias,Ciudad\nAcme,A,Jaca\n", What.CUSTOMERS)
    corrected = mapping.overridden(["alias=name", "Ciudad="])
    assert fields(corrected) == {"Alias": "name"}
    assert corrected.unused == ("Nombre", "Ciudad")


def test_a_column_whose_name_holds_an_equals_sign_can_be_corrected(file: Writer) -> None:
    mapping = guessed(file, "a=b,Nombre\n1,Acme\n", What.CUSTOMERS)
    assert fields(mapping.overridden(["a=b=external_id"]))["a=b"] == "external_id"


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("Apodo=name", "The file has no column “Apodo”. It has: Nombre, Ciudad."),
        ("Nombre=apodo", "“apodo” is no field of these"),
        ("Nombre", "says no field"),
    ],
)
def test_a_wrong_correction_is_a_sentence_with_what_there_is(file: Writer, rule: str, sentence: str) -> None:
    mapping = guessed(file, "Nombre,Ciudad\nAcme,Jaca\n", What.CUSTOMERS)
    with pytest.raises(Unreadable) as refused:
        mapping.overridden([rule])
    assert sentence in str(refused.value)


def test_a_file_without_a_needed_column_says_how_to_name_it(file: Writer) -> None:
    mapping = guessed(file, "Cosa,Otra\nx,y\n", What.THREADS)
    with pytest.raises(Unreadable, match='--map "Column=title"'):
        mapping.require("hilos.csv")


def test_a_mapping_is_remembered_for_the_same_columns_in_any_order(file: Writer) -> None:
    mapping = guessed(file, "Nombre,Ciudad\nAcme,Jaca\n", What.CUSTOMERS).overridden(["Ciudad="])
    again = Mapping.from_json(mapping.to_json())
    assert again == mapping
    assert again.fits(["Ciudad", "Nombre"])
    assert not again.fits(["Nombre"])
