from __future__ import annotations

import pytest

from hilo.insight.mapping.words import evidence, sounds_spanish, split
from hilo.insight.raw import Role

SAYS = {
    Role.CASE: "Nº expediente|N.º de pedido|numPedido|Caso|Ticket #|SR Number|order_id|caseid"
    "|case:concept:name"
    "|OF|Work Order|Incidencia|PO / SO #|Código de solicitud|Issue key|ID",
    Role.ACTIVITY: "Actividad|activity|concept:name|Tarea|Estado|Status|Tipo de evento|EstadoNuevo|Event name"
    "|order_status|Estado del pedido|Hito|Paso",
    Role.TIME: "Fecha|time:timestamp|Fecha y hora|Change Date+Time|Complete Timestamp|end_timestamp"
    "|FechaCambio"
    "|Fecha de fin|Completed At|Momento",
    Role.START: "Fecha inicio|start_timestamp|Hora inicio|Comienzo|Started at|FechaInicio|case:startdate",
    Role.DUE: "Fecha compromiso|Vencimiento|due_date|SLA deadline|order_estimated_delivery_date|Entrega"
    " prevista"
    "|Scheduled Delivery Date|shipping_limit_date|case:enddate_planned|Fecha máxima|Promised date",
    Role.PERSON: "Técnico|org:resource|Asignado a|Usuario|user|Owner First Name|ModificadoPor|Handled by"
    "|agent",
    Role.AREA: "Departamento|org:group|workgroup|Área responsable|Grupo resolutor|Involved ST|Support"
    " Team|Dpto."
    "|Involved Org line 3|organization involved|support_section",
    Role.SITE: "Delegación|Sede|Sucursal|Planta|Country|Centro de trabajo|office|Oficina|Branch|Provincia",
    Role.CUSTOMER: "Cliente|Código de cliente|customer_id|Account|Razón social|Sold-to party|NombreCliente",
    Role.AMOUNT: "Importe|Net Value|ImporteTotal|Precio|Line Item Value|amount|Base imponible",
    Role.LIFECYCLE: "lifecycle:transition|Sub Status|Subestado|Transición",
}
SAYS_NOT = {
    Role.CASE: "order_status|Tipo de expediente|Fecha pedido|order_item_id|Customer Type|concept:instance"
    "|Línea",
    Role.ACTIVITY: "Activity Level|Previous status|customer_status|Actividad anterior",
    Role.PERSON: "resource country|Departamento técnico|Owner Country|user group|Tipo de usuario",
    Role.AREA: "Unit Price|case:Amount of Handling Units|Customer group|Precio por unidad",
    Role.SITE: "Manufacturing Site|customer_city|seller_state|Owner location",
    Role.CUSTOMER: "Tipo de cliente|customer_city|Delivered to Client Date|customer_zip_code_prefix",
    Role.AMOUNT: "Unit Price|Freight Cost (USD)|Weight (Kilograms)|freight_value|Peso total",
    Role.START: "time:timestamp|Fecha|restart count",
    Role.DUE: "Planned start|Inicio previsto|Fecha",
}


def cases(table: dict[Role, str]) -> list[tuple[Role, str]]:
    return [(role, name) for role, names in table.items() for name in names.split("|")]


@pytest.mark.parametrize(("role", "name"), cases(SAYS))
def test_a_name_says_its_role_more_surely_than_any_other(role: Role, name: str) -> None:
    said = {other: evidence(other, name) for other in Role}
    assert said[role] >= 0.6
    if role not in (Role.START, Role.DUE):  # a start or a deadline is a date as well: those are asked first
        assert said[role] == max(said.values())


@pytest.mark.parametrize(("role", "name"), cases(SAYS_NOT))
def test_a_name_that_is_about_something_else_says_little(role: Role, name: str) -> None:
    assert evidence(role, name) < 0.5


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Nº expediente", ("numero", "expediente")),
        ("FechaInicio", ("fecha", "inicio")),
        ("caseid", ("case", "id")),
        ("case:enddate_planned", ("end", "date", "planned")),
        ("case:concept:name", ("case", "concept", "name")),
        ("Técnicos", ("tecnico",)),
    ],
)
def test_names_are_cut_into_words(name: str, words: tuple[str, ...]) -> None:
    assert split(name) == words


def test_the_language_of_the_columns_is_heard() -> None:
    assert sounds_spanish(["Expediente", "Tarea", "Fecha", "owner"])
    assert not sounds_spanish(["case_id", "task", "timestamp", "Delegación"])
    assert not sounds_spanish(["c1", "c2"])
