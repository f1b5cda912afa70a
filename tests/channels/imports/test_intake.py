from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from hilo.channels.imports import (
    Assumptions,
    Check,
    ContactRole,
    ContactRow,
    CustomerRef,
    CustomerRow,
    Intake,
    KnownCustomer,
    Source,
    ThreadRow,
    What,
    derived_id,
    guess_mapping,
    open_table,
)
from hilo.channels.imports.refused import Unreadable
from tests.channels.imports.conftest import Writer

pytestmark = pytest.mark.any_database


def intake(file: Writer, text: str, what: What, source: Source = Source.CSV) -> Intake:
    table = open_table(file(text))
    return Intake(table, guess_mapping(table, what, source))


def check(file: Writer, text: str, what: What, source: Source = Source.CSV) -> Check:
    return intake(file, text, what, source).check()


def test_a_customer_is_read_with_everything_cleaned(file: Writer) -> None:
    text = (
        "Código;Razón social;NIF;País;Ciudad;Teléfono;Web;Segmento;Matriz\n"
        "C1;  Envasa  Líneas ;b-58378431;España;Huesca;976 12 34 56;envasa.es;a;Grupo Envasa\n"
    )
    assert list(intake(file, text, What.CUSTOMERS).rows()) == [
        CustomerRow(
            number=2,
            external_id="C1",
            name="Envasa Líneas",
            tax_id="B58378431",
            country="ES",
            city="Huesca",
            phone="+34 976 12 34 56",
            website="https://envasa.es",
            tier="A",
            parent=CustomerRef(name="Grupo Envasa"),
        )
    ]


def test_a_contact_is_read_with_a_name_in_two_columns(file: Writer) -> None:
    text = (
        "First name,Last name,Company,Email,Mobile,Cargo,Rol\n"
        "Ana,Ruiz,Acme,ana@acme.es,612345678,Jefa,compras\n"
    )
    assert list(intake(file, text, What.CONTACTS).rows()) == [
        ContactRow(
            number=2,
            external_id=derived_id("Acme", "Ana Ruiz", "ana@acme.es"),
            customer=CustomerRef(name="Acme"),
            name="Ana Ruiz",
            email="ana@acme.es",
            phone="+34 612 34 56 78",
            position="Jefa",
            role=ContactRole.BUYS,
        )
    ]


def test_a_thread_is_read_with_dates_and_amounts_of_the_whole_column(file: Writer) -> None:
    text = (
        "Nº oportunidad;Cliente;Título;Para qué;Etapa;Importe;Cierre previsto;Próximo paso;Responsable;Creado"
        "\n"
        "7;Acme;Línea 3;Doblar el turno;Propuesta;1.234;03/04/2026;Llamar;ana@hilo.es;01/02/2026 10:00\n"
        "8;Acme;Línea 4;;Ganada;10,50 $;25/04/2026;;;\n"
    )
    first, second = intake(file, text, What.THREADS).rows()
    assert first == ThreadRow(
        number=2,
        external_id="7",
        customer=CustomerRef(name="Acme"),
        title="Línea 3",
        purpose="Doblar el turno",
        stage="Propuesta",
        amount=Decimal("1234.00"),
        currency="EUR",
        expected_close=dt.date(2026, 4, 3),
        next_step="Llamar",
        owner_ref="ana@hilo.es",
        opened_at=dt.datetime(2026, 2, 1, 9, 0, tzinfo=dt.UTC),
    )
    assert isinstance(second, ThreadRow)
    assert (second.amount, second.currency, second.is_closed, second.is_won) == (
        Decimal("10.50"),
        "USD",
        True,
        True,
    )


def test_a_column_that_cannot_be_settled_refuses_the_file_before_any_row(file: Writer) -> None:
    text = "Cliente,Asunto,Fecha de cierre\nAcme,x,03/04/2026\n"
    with pytest.raises(Unreadable, match="--dates day-first"):
        intake(file, text, What.THREADS)


def test_a_column_of_dates_that_decides_nothing_follows_the_others_and_says_so(file: Writer) -> None:
    text = "Cliente,Asunto,Cierre previsto,Creado\nAcme,x,25/12/2026,03/04/2026\n"
    result = check(file, text, What.THREADS)
    (row,) = result.sample
    assert isinstance(row, ThreadRow)
    assert row.opened_at == dt.datetime(2026, 4, 2, 22, 0, tzinfo=dt.UTC)
    assert "“Creado”" in result.notes[0]


def test_a_column_of_dates_between_two_that_disagree_still_asks(file: Writer) -> None:
    text = "Cliente,Asunto,Cierre previsto,Creado,Cerrado el\nAcme,x,25/12/2026,03/04/2026,12/25/2026\n"
    with pytest.raises(Unreadable, match="“Creado” tells days from months"):
        intake(file, text, What.THREADS)


def test_what_the_file_does_not_say_is_taken_from_whoever_imports(file: Writer) -> None:
    table = open_table(file("Cliente,Asunto,Fecha,Importe\nAcme,x,2026-07-01,5\n"))
    assumed = Assumptions(currency="MXN", zone=ZoneInfo("America/Mexico_City"))
    (row,) = Intake(table, guess_mapping(table, What.THREADS, Source.CSV), assumed).rows()
    assert isinstance(row, ThreadRow)
    assert (row.currency, row.opened_at) == ("MXN", dt.datetime(2026, 7, 1, 6, 0, tzinfo=dt.UTC))


@pytest.mark.parametrize(
    ("text", "what", "sentence"),
    [
        ("Nombre,X\n ,1\n", What.CUSTOMERS, "Row 2, column “Nombre”: it is empty: write something."),
        ("Nombre,X\n\x07,1\n", What.CUSTOMERS, "it holds nothing that can be shown: write something."),
        ("Nombre\n" + "x" * 201 + "\n", What.CUSTOMERS, "it has 201 letters and 200 fit: shorten it."),
        ("Nombre,Empresa,Email\nAna,Acme,ana@\n", What.CONTACTS, "“ana@” is no e-mail address"),
        ("Nombre,Empresa\nAna,\n", What.CONTACTS, "it names no company: write whose contact it is."),
        ("Cliente,Asunto,Importe\nAcme,x,mucho 1\n", What.THREADS, "“mucho 1” is no amount"),
        ("Cliente,Asunto,Importe\nAcme,x,-5\n", What.THREADS, "an amount cannot be below zero"),
        ("Cliente,Asunto,Fecha de cierre\nAcme,x,2026-02-30\n", What.THREADS, "“2026-02-30” is no date"),
        ("Cliente,Asunto,Cerrado\nAcme,x,1\nAcme,y,0\n,z,0\n", What.THREADS, "it names no customer"),
        ("Cliente,Asunto,Importe,Moneda\nAcme,x,5,dineros\n", What.THREADS, "three letters, such as EUR"),
    ],
)
def test_a_row_that_cannot_be_taken_says_which_cell_and_what_to_do(
    file: Writer, text: str, what: What, sentence: str
) -> None:
    refused = check(file, text, what).refused
    assert len(refused) == 1
    assert sentence in refused[0].reason


def test_every_refusal_of_a_row_is_told_at_once(file: Writer) -> None:
    result = check(file, "Nombre,Empresa,Email\n,Acme,ana@\n", What.CONTACTS)
    assert {one.column for one in result.refused} == {"Nombre", "Email"}
    assert (result.total, result.ready, result.refused_rows) == (1, 0, 1)


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "=CMD|' /C calc'!A0", "שלום", "👩‍🏭", "x" * 200]
)
def test_odd_names_are_imported_as_they_are(file: Writer, name: str) -> None:
    (row,) = intake(file, f"Nombre;X\n{name};1\n", What.CUSTOMERS).rows()
    assert isinstance(row, CustomerRow)
    assert row.name == name
    assert 0 < len(row.external_id) <= 120


def test_what_only_looks_wrong_is_kept_as_typed_and_remarked(file: Writer) -> None:
    text = "Nombre,NIF,Teléfono,País,Segmento\nAcme,B58378432,pregunta por Luis,Atlántida,oro\n"
    result = check(file, text, What.CUSTOMERS)
    (row,) = result.sample
    assert isinstance(row, CustomerRow)
    assert (row.tax_id, row.phone, row.country, row.tier) == (
        "B58378432",
        "pregunta por Luis",
        "Atlántida",
        "",
    )
    assert {one.column for one in result.remarks} == {"NIF", "Teléfono", "País", "Segmento"}
    assert not result.refused


def test_an_id_stands_once(file: Writer) -> None:
    result = check(file, "Código,Nombre\n1,Acme\n2,Envasa\n1,Otra\n", What.CUSTOMERS)
    assert [one.reason for one in result.refused] == [
        "Row 4, column “Código”: “1” already stands in row 2: each id once. Delete one of the two."
    ]


def test_without_ids_two_equal_rows_cannot_be_told_apart(file: Writer) -> None:
    result = check(file, "Nombre,Ciudad\nAcme,Jaca\nACMÉ,Soria\n", What.CUSTOMERS)
    assert "it cannot be told from row 2" in result.refused[0].reason


def test_a_derived_id_is_always_the_same_and_fits_its_column() -> None:
    assert derived_id("Pérez") == derived_id("PEREZ")
    assert derived_id("🙂") != derived_id("🙃")
    assert derived_id("a" * 200) != derived_id("a" * 199 + "b")
    assert len(derived_id("a" * 200, "b" * 200)) <= 120


def test_deleted_rows_people_and_suppliers_are_counted_and_stop_nothing(file: Writer) -> None:
    text = "Name,Is a company,Customer\nAcme,1,True\nAna,0,True\nProveedor,1,False\n"
    result = check(file, text, What.CUSTOMERS, Source.ODOO)
    assert (result.ready, sum(result.skipped.values()), result.refused) == (1, 2, ())
    deleted = check(file, "Id,Name,IsDeleted\na,Acme,false\nb,Old,true\n", What.CUSTOMERS, Source.SALESFORCE)
    assert deleted.skipped == {"deleted in the other system": 1}


@pytest.mark.parametrize(
    ("stage", "closed", "won", "end"),
    [
        ("Closed Won", "true", "true", (True, True)),
        ("Closed Lost", "true", "false", (True, False)),
        ("Prospecting", "false", "false", (False, None)),
        ("Closed Won", "false", "false", (False, None)),
        ("Perdida", "", "", (True, False)),
        ("Propuesta", "", "", (False, None)),
        ("", "", "true", (True, True)),
    ],
)
def test_how_it_ended_is_said_by_the_flags_or_else_by_the_stage(
    file: Writer, stage: str, closed: str, won: str, end: tuple[bool, bool | None]
) -> None:
    text = f"Id,AccountId,Name,StageName,IsClosed,IsWon\n1,a,x,{stage},{closed},{won}\n"
    (row,) = intake(file, text, What.THREADS, Source.SALESFORCE).rows()
    assert isinstance(row, ThreadRow)
    assert (row.is_closed, row.is_won) == end


def test_the_check_compares_customers_with_those_hilo_has(file: Writer) -> None:
    found = (
        intake(file, "Nombre,X\nAcme S.L.,1\n", What.CUSTOMERS).check([KnownCustomer(3, "ACME")]).duplicates
    )
    assert [(one.number, one.known_id) for one in found] == [(2, 3)]


def test_progress_is_told_every_thousand_rows(file: Writer) -> None:
    told: list[int] = []
    text = "Nombre\n" + "".join(f"Empresa {i}\n" for i in range(2_500))
    intake(file, text, What.CUSTOMERS).check(tell=told.append)
    assert told == [1000, 2000]
