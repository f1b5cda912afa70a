"""The same company in two languages: what an export calls its columns, activities, areas and places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

COLUMNS = (
    "case",
    "activity",
    "start",
    "time",
    "person",
    "area",
    "site",
    "customer",
    "due",
    "amount",
    "family",
    "channel",
)
AREAS = ("sales", "finance", "engineering", "purchasing", "production", "logistics", "after_sales")
SITES = ("zaragoza", "sevilla", "vigo", "bilbao")
FAMILIES = ("lines", "fillers", "cappers", "spares")
CHANNELS = ("phone", "mail", "web")
CUSTOMERS = tuple(f"c{n:02d}" for n in range(40))


@dataclass(frozen=True)
class Vocabulary:
    """``columns``, ``activities`` and the rest go from the simulator's own key to the word in the export."""

    columns: Mapping[str, str]
    activities: Mapping[str, str]
    areas: Mapping[str, str]
    sites: Mapping[str, str]
    families: Mapping[str, str]
    channels: Mapping[str, str]
    customers: Mapping[str, str]
    case: str
    person: str


def _keyed(keys: tuple[str, ...], words: str) -> dict[str, str]:
    return dict(zip(keys, (word.strip() for word in words.split("|")), strict=True))


ACTIVITIES = (
    "request",
    "review",
    "credit",
    "feasibility",
    "drawing",
    "validation",
    "customer_ok",
    "release",
    "purchase",
    "material",
    "plan",
    "build",
    "check",
    "prepare",
    "delivery",
    "incident_opened",
    "diagnosis",
    "waiting_for_customer",
    "repair",
    "incident_closed",
    "invoice",
    "close",
    "news",
)

SPANISH = Vocabulary(
    columns=_keyed(
        COLUMNS,
        "Pedido|Paso|Inicio|Fin|Usuario|Departamento|Delegación|Cliente|Fecha prometida|Importe"
        "|Familia|Canal",
    ),
    activities=_keyed(
        ACTIVITIES,
        "Pedido recibido|Revisar pedido|Comprobar riesgo|Estudiar viabilidad|Dibujar plano|Validar plano"
        "|Conforme del plano|Liberar plano|Pedir material|Recibir material|Planificar fabricación|Fabricar"
        "|Control final|Preparar envío|Entrega al cliente|Incidencia abierta|Diagnosticar"
        "|Pendiente del cliente|Reparar|Incidencia cerrada|Factura emitida|Cerrar pedido"
        "|Aviso al cliente",
    ),
    areas=_keyed(AREAS, "Comercial|Administración|Oficina técnica|Compras|Producción|Logística|Posventa"),
    sites=_keyed(SITES, "Zaragoza|Sevilla|Vigo|Bilbao"),
    families=_keyed(FAMILIES, "Líneas completas|Llenadoras|Taponadoras|Recambios"),
    channels=_keyed(CHANNELS, "teléfono|correo|web"),
    customers={key: f"Cliente {n + 100}" for n, key in enumerate(CUSTOMERS)},
    case="PV-{:06d}",
    person="usr{:03d}",
)

ENGLISH = Vocabulary(
    columns=_keyed(
        COLUMNS,
        "order_id|event|started_at|completed_at|handled_by|department|branch|account|due_date|value|product"
        "|origin",
    ),
    activities=_keyed(
        ACTIVITIES,
        "Order received|Order check|Credit approval|Feasibility study|Make drawing|Check drawing"
        "|Drawing agreed|Drawing released|Place purchase order|Goods in|Production planning|Manufacture"
        "|Final inspection|Pack|Delivered|Incident opened|Diagnose|Waiting for customer|Fix"
        "|Incident closed|Invoice sent|Order closed|Customer informed",
    ),
    areas=_keyed(AREAS, "Sales|Finance|Engineering|Procurement|Manufacturing|Shipping|Service"),
    sites=_keyed(SITES, "Leeds|York|Bristol|Cardiff"),
    families=_keyed(FAMILIES, "Turnkey lines|Filling machines|Capping machines|Spare parts"),
    channels=_keyed(CHANNELS, "call|email|portal"),
    customers={key: f"Account {chr(65 + n % 26)}{n // 26}" for n, key in enumerate(CUSTOMERS)},
    case="{:06d}/A",
    person="u-{:03d}",
)
