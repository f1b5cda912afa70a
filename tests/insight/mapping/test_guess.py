from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from hilo.insight.mapping import Guess, guess
from hilo.insight.raw import RawTable, Role, Unreadable
from hilo.insight.speaking import speak
from tests.insight.mapping.support import day, orders, raw_of

KEYS = [
    *("case", "activity", "time", "start", "person", "area"),
    *("site", "customer", "due", "amount", "priority"),
]
HEADINGS = [
    "Nº expediente|Actividad|Fecha fin|Fecha inicio|Técnico|Departamento|Delegación|Cliente|Fecha compromiso"
    "|Importe|Prioridad",
    "Pedido|Estado|Fecha|-|Usuario|Área|Sede|Razón social|Entrega prevista|Total|Urgencia",
    "Order ID|Task|Completed At|Started At|Assigned To|Team|Branch|Account|Due Date|Net Value|Priority",
    "ticket_number|action|timestamp|-|agent|workgroup|office|customer_name|sla_deadline|-|severity",
    "Incidencia|Tipo de movimiento|Fecha y hora|-|Asignado a|Grupo resolutor|Centro|Código cliente"
    "|Vencimiento|-|Nivel",
    "Referencia|Hito|Momento|Comienzo|Empleado|Unidad|Planta|Abonado|Plazo|Cuantía|Gama",
    "OF|Operación|Fin|Inicio|Operario|Sección|Fábrica|Cliente final|Fecha límite|Valor|Tipo",
    "NumPedido|EstadoNuevo|FechaCambio|-|ModificadoPor|Equipo|Sucursal|NombreCliente|FechaPrometida"
    "|ImporteTotal|Clase",
    "case_id|event|end|begin|user|group|location|client|target_date|amount|channel",
    "Work Order|Step|Finish time|Start time|Operator|Work center|Plant|Sold-to party|Promised date"
    "|Price|Class",
    "Expediente|Trámite|Fecha|-|Tramitador|Negociado|Provincia|Interesado|Fecha máxima|-|Materia",
    "Hilo|Suceso|Cuándo|-|Quién|Área|Delegación|Cliente|Comprometido para|Importe|Familia",
    "Folio|Gestión|Instante|-|Responsable|Dpto.|Oficina|Cuenta|Fecha objetivo|Base imponible|Familia",
    "SR|Status|Change Date|-|Owner|Support Team|Country|Customer|Target|-|Product",
    "Ticket #|Event Type|Event Time|-|Handled by|Queue|Region|Requester|Due|-|Impact",
    "Caso|Paso|Hora fin|Hora inicio|Persona|Departamento responsable|Centro de trabajo|Comprador"
    "|Fecha prevista de entrega|Precio|Canal",
]


def names_of(heading: str) -> dict[str, str]:
    return {key: name for key, name in zip(KEYS, heading.split("|"), strict=True) if name != "-"}


def columns(found: Guess) -> dict[str, str]:
    return {str(role): one.column for role, one in found.columns.items()}


def refused(raw: RawTable, given: dict[Role, str] | None = None) -> str:
    with pytest.raises(Unreadable) as caught:
        guess(raw, given)
    return speak(caught.value.said, "en")


@pytest.mark.parametrize("heading", HEADINGS)
def test_one_log_under_many_headings_is_read_alike(heading: str) -> None:
    names = names_of(heading)
    found = guess(orders(names))
    assert columns(found) == {key: name for key, name in names.items() if key != "priority"}
    assert all(one.certainty >= 0.5 for one in found.columns.values())
    assert len(set(columns(found).values())) == len(found.columns)


def test_the_order_of_the_columns_does_not_matter() -> None:
    names = names_of(HEADINGS[0])
    backwards = dict(reversed(names.items()))
    assert columns(guess(orders(backwards))) == columns(guess(orders(names)))


def test_columns_that_say_nothing_are_told_by_their_values_and_asked_about() -> None:
    names = dict(zip(KEYS, "ABCDEFGHIJK", strict=True))
    del names["due"], names["amount"], names["priority"]
    found = guess(orders(names))
    assert columns(found) == names
    assert {ask.role for ask in found.asks} >= {Role.CASE, Role.ACTIVITY}
    assert found.columns[Role.CASE].certainty < 0.5


def test_a_swapped_heading_does_not_make_a_person_of_a_date_or_a_case_of_an_area() -> None:
    names = names_of(HEADINGS[0]) | {"area": "Nº expediente", "case": "Departamento"}
    found = guess(orders(names), {Role.CASE: "Departamento"})
    assert found.columns[Role.ACTIVITY].column == "Actividad"
    assert Role.AREA not in found.columns or found.columns[Role.AREA].column != "Departamento"


# Given by a person -----------------------------------------------------------------------------------------


def test_what_a_person_says_wins_and_is_sure() -> None:
    names = names_of(HEADINGS[0])
    found = guess(orders(names), {Role.AREA: "Prioridad", Role.PERSON: "departamento"})
    assert found.columns[Role.AREA].column == "Prioridad"
    assert found.columns[Role.AREA].chosen
    assert found.columns[Role.AREA].certainty == 1
    assert found.columns[Role.PERSON].column == "Departamento", "accents and case aside"
    assert not found.columns[Role.CASE].chosen


def test_one_column_may_be_given_two_roles() -> None:
    found = guess(orders(names_of(HEADINGS[0])), {Role.AREA: "Técnico", Role.PERSON: "Técnico"})
    assert columns(found)["area"] == columns(found)["person"] == "Técnico"


@pytest.mark.parametrize("none", ["", "-"])
def test_a_role_can_be_said_to_have_no_column(none: str) -> None:
    found = guess(orders(names_of(HEADINGS[0])), {Role.AREA: none})
    assert Role.AREA not in found.columns


def test_an_unknown_column_is_refused_with_the_closest() -> None:
    sentence = refused(orders(names_of(HEADINGS[0])), {Role.AREA: "Departmento"})
    assert "no column “Departmento”" in sentence
    assert "--area" in sentence
    assert "Departamento" in sentence


def test_a_column_of_text_cannot_be_given_for_a_time_nor_one_of_dates_for_an_amount() -> None:
    raw = orders(names_of(HEADINGS[0]))
    assert "holds no dates, but for example “baja”" in refused(raw, {Role.DUE: "Prioridad"})
    assert "holds no numbers" in refused(raw, {Role.AMOUNT: "Fecha compromiso"})


# Joined labels, stated formats -----------------------------------------------------------------------------


def test_a_label_that_joins_two_columns_gives_way_to_its_first_part_and_stays_a_rival() -> None:
    status = ["Accepted", "Queued", "Accepted", "Completed"] * 10
    sub = ["In Progress", "Awaiting", "Assigned", "Resolved"] * 10
    raw = raw_of(
        {
            "Case": [f"C{place // 4}" for place in range(40)],
            "Status": status,
            "Sub Status": sub,
            "Activity": [f"{a}-{b}" for a, b in zip(status, sub, strict=True)],
            "Time": [day(place // 4, place % 4) for place in range(40)],
        }
    )
    found = guess(raw)
    assert found.columns[Role.ACTIVITY].column == "Status"
    assert "Activity" in found.columns[Role.ACTIVITY].rivals
    assert found.columns[Role.LIFECYCLE].column == "Sub Status"
    assert [ask.role for ask in found.asks] == [Role.ACTIVITY]


def test_what_the_format_states_is_taken() -> None:
    raw = orders({"case": "id", "activity": "what", "time": "t", "area": "who", "priority": "Estado"})
    stated = {Role.CASE: "id", Role.ACTIVITY: "what", Role.TIME: "t"}
    found = guess(replace(raw, taken=stated))
    assert {role: found.columns[role].column for role in stated} == stated
    assert all(found.columns[role].certainty > 0.9 for role in stated)


# Days and hours apart --------------------------------------------------------------------------------------


def test_an_hour_in_a_column_of_its_own_is_added_to_its_day() -> None:
    raw = raw_of(
        {
            "Pedido": ["A", "A", "B", "B"],
            "Tarea": ["x", "y", "x", "y"],
            "Fecha": [day(0, 0), day(1, 0), day(0, 0), day(2, 0)],
            "Hora": ["08:30", "9:15:20", "10:00", None],
        }
    )
    found = guess(raw)
    assert found.raw.data["Fecha"].to_pylist() == [day(0, 8.5), day(1, 9 + 920 / 3600), day(0, 10), day(2, 0)]
    assert "Hora" not in found.raw.data.column_names
    assert [str(said) for said in found.raw.remarks] == ["“Hora” was added to “Fecha”."]


def test_an_hour_stays_alone_where_the_date_has_hours_of_its_own() -> None:
    raw = raw_of(
        {
            "Pedido": ["A", "A", "B", "B"],
            "Tarea": ["x", "y", "x", "y"],
            "Fecha": [day(0, 8), day(1, 9), day(0, 0), day(2, 0)],
            "Hora": ["08:30", "09:15", "10:00", "11:00"],
        }
    )
    assert guess(raw).raw.data.equals(raw.data)


# Wide tables -----------------------------------------------------------------------------------------------

WIDE: dict[str, Sequence[object]] = {
    "Pedido": ["P1", "P2", "P3", None],
    "Cliente": ["A", "B", "A", "B"],
    "Fecha de pedido": [day(0), day(1), day(2), day(3)],
    "enviado_at": [day(2), None, day(3), day(4)],
    "Entrega prevista": [day(9), day(9), day(9), day(9)],
    "Fecha de entrega": [day(5), day(6), None, day(7)],
}


def test_a_row_for_each_case_becomes_a_step_for_each_date() -> None:
    found = guess(raw_of(WIDE))
    rows = found.raw.data.to_pylist()
    steps = [(row["Pedido"], row[columns(found)["activity"]], row[columns(found)["time"]]) for row in rows]
    assert steps == [
        ("P1", "Pedido", day(0)),
        ("P1", "Enviado", day(2)),
        ("P1", "Entrega", day(5)),
        ("P2", "Pedido", day(1)),
        ("P2", "Entrega", day(6)),
        ("P3", "Pedido", day(2)),
        ("P3", "Enviado", day(3)),
    ]
    assert columns(found) == {
        "case": "Pedido",
        "customer": "Cliente",
        "due": "Entrega prevista",
        "activity": "activity",
        "time": "time",
    }
    assert [str(said) for said in found.raw.remarks] == [
        "The table has one row for each Pedido: each of its dates became a step "
        "(Pedido, Enviado and Entrega).",
        "“Entrega prevista” was only a promise or an estimate: it is the due date, no step.",
        "1 row without a case is left out.",
    ]
    assert found.raw.files[0].rows == 7


def test_lines_of_an_order_repeat_its_dates_only_once() -> None:
    raw = raw_of(
        {
            "Pedido": ["P1", "P1", "P2", "P2", "P3"],
            "Artículo": ["a", "b", "a", "c", "a"],
            "Fecha pedido": [day(0), day(0), day(1), day(1), day(2)],
            "Fecha envío": [day(1), day(2), day(3), day(3), day(4)],
        }
    )
    assert guess(raw).raw.data.num_rows == 3 + 4


def test_a_log_with_start_and_end_is_not_wide() -> None:
    found = guess(orders(names_of(HEADINGS[8])))
    assert found.raw.data.num_rows > 60 * 5
    assert not found.raw.remarks


# No logs ---------------------------------------------------------------------------------------------------


def test_a_table_of_customers_is_no_log() -> None:
    sentence = refused(raw_of({"Cliente": ["A", "B"], "Ciudad": ["Vigo", "Bilbao"]}))
    assert "no column of dates" in sentence
    assert "Bring" in sentence


def test_a_table_with_one_date_and_no_activity_is_no_log() -> None:
    raw = raw_of({"Pedido": ["A", "B"], "Fecha": [day(0), day(1)], "Importe": [1.5, 2.5]})
    sentence = refused(raw)
    assert "“Pedido”" in sentence
    assert "“Fecha”" in sentence
    assert "no column says what was done" in sentence


def test_one_column_and_no_rows_are_no_log() -> None:
    assert "a single column, “all”" in refused(raw_of({"all": ["a;b", "c;d"]}))
    assert "has no rows" in refused(raw_of({"a": [], "b": []}))


def test_a_table_in_which_nothing_belongs_together_is_no_log() -> None:
    raw = raw_of({"note": ["a", "b", "c"], "text": ["x", "y", "z"], "when": [day(0), day(1), day(2)]})
    assert "which rows belong together" in refused(raw)


def test_cases_of_one_event_each_are_a_log_where_a_column_is_called_activity() -> None:
    raw = raw_of({"Caso": ["A", "B"], "Actividad": ["x", "y"], "Fecha": [day(0), day(1)]})
    assert columns(guess(raw)) == {"case": "Caso", "activity": "Actividad", "time": "Fecha"}


def test_a_date_that_a_case_repeats_is_not_the_start_of_each_event_though_its_name_says_so() -> None:
    names = {"case": "case", "activity": "activity", "time": "when"}
    raw = orders(names)
    cases = raw.data["case"].to_pylist()
    opened: dict[str, object] = {}
    for case, when in zip(cases, raw.data["when"].to_pylist(), strict=True):
        opened.setdefault(case, when)
    closed = [day(300 + number % 7) for number, _case in enumerate(cases)]
    columns_of: dict[str, Sequence[object]] = {one: raw.data[one].to_pylist() for one in names.values()}
    columns_of |= {"case:startdate": [opened[case] for case in cases], "seen": closed}
    known = raw_of(columns_of)
    given = {Role.CASE: "case", Role.ACTIVITY: "activity", Role.TIME: "when"}
    assert "start" not in columns(guess(known, given))
    assert "start" not in columns(guess(known))


def test_the_start_of_each_event_is_found_beside_a_time_that_was_given() -> None:
    names = {"case": "Pedido", "activity": "Tarea", "time": "Fecha fin", "start": "Fecha inicio"}
    assert columns(guess(orders(names), {Role.TIME: "Fecha fin"}))["start"] == "Fecha inicio"
