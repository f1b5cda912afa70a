"""What the page of all components shows: every state of each, with words one would believe."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest

from hilo.web.base.spans import (
    Block,
    BorderSpan,
    DoneStep,
    Pause,
    PlannedStep,
    Reserve,
    Silence,
    WorkSpan,
)
from hilo.web.base.strand import Line, lay_out
from hilo.web.base.strand_drawing import trail
from hilo.web.base.words import AreaChip, PersonChip, Stale, Status, Turn

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 24, 9, 40, tzinfo=MADRID)


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=MADRID)


def context(request: HttpRequest) -> dict[str, object]:
    line = frayed_line()
    return {
        "now": NOW,
        "line": line,
        "lines": all_lines(),
        "crowded": crowded_line(),
        "trail": trail(line, entry_moments()),
        "giver": PersonChip("Marta Gil", "Comercial, Sevilla"),
        "receiver": PersonChip("Lucía Herrera", "Oficina técnica, Zaragoza", is_me=True),
        "borders": ["draft", "waiting", "accepted", "returned", "withdrawn"],
        "kinds": ["", "wait", "bounce", "silent", "paused", "blocked", "todo"],
        "turns": turns(),
        "dues": dues(),
        "statuses": statuses(),
        "people": people(),
        "areas": areas(),
        "form": refused_form(),
        "page": Paginator(range(64), 12).page(2),
        "stale": Stale("Raúl Ortega", "ha aceptado el traspaso"),
        "pause": NOW + timedelta(days=6),
    }


def entry_moments() -> list[datetime]:
    return [at(11, 24, 8, 52), at(11, 24, 7), at(11, 19, 16), at(11, 18, 12), at(10, 20)]


def all_lines() -> list[Line]:
    return [
        frayed_line(),
        silent_line(),
        bounced_line(),
        paused_line(),
        blocked_line(),
        whole_line(),
        young_line(),
        archived_line(),
    ]


# ---- small words ----------------------------------------------------------------------------------------


def turns() -> list[Turn]:
    return [
        Turn("mine", "Te toca a ti"),
        Turn("area", "Oficina técnica", "tools"),
        Turn("wait", "Comercial: rebota", "briefcase"),
        Turn("customer", "Cliente: Teresa Molina"),
        Turn("supplier", "Proveedor: Moldes Ebro"),
        Turn("late", "Le toca a Producción: Raúl Ortega"),
    ]


def dues() -> list[tuple[datetime, str]]:
    return [
        (NOW - timedelta(minutes=40), ""),
        (NOW - timedelta(hours=21, minutes=40), ""),
        (NOW.replace(hour=13, minute=0), ""),
        (NOW.replace(hour=17, minute=0), ""),
        (NOW.replace(hour=12, minute=0) + timedelta(days=1), ""),
        (NOW + timedelta(days=4), ""),
        (NOW + timedelta(days=60), ""),
        (at(11, 19), "kept"),
    ]


def statuses() -> list[Status]:
    return [
        Status("Abierto", "heart-handshake", "accent"),
        Status("Cumplido", "circle-check", "ok"),
        Status("Cumplido tarde", "clock-exclamation", "warn"),
        Status("Roto", "circle-x", "late"),
        Status("Renegociado", "refresh"),
        Status("En pausa hasta el lunes", "player-pause"),
    ]


def people() -> list[PersonChip]:
    return [
        PersonChip("Lucía Herrera", "Oficina técnica, Zaragoza", is_me=True),
        PersonChip("Raúl Ortega", "Producción"),
        PersonChip("Teresa Molina", "Directora de planta", is_customer=True),
    ]


def areas() -> list[AreaChip]:
    return [
        AreaChip("Comercial", "briefcase"),
        AreaChip("Oficina técnica", "tools"),
        AreaChip("Compras", "shopping-cart"),
        AreaChip("Producción", "building-factory-2"),
        AreaChip("Logística", "truck"),
        AreaChip("Administración", "receipt-euro"),
        AreaChip("Posventa", "headset"),
        AreaChip("Dirección", "compass"),
    ]


class SampleForm(forms.Form):
    """One of each control, filled so that half of it is refused."""

    text = forms.CharField(label="Qué recibirá el cliente", help_text="En una frase, con cifras.")
    due = forms.DateField(label="Para cuándo")
    where = forms.ChoiceField(label="Dónde se ha dicho", choices=[("call", "Llamada"), ("mail", "Correo")])
    note = forms.CharField(label="Nota", widget=forms.Textarea(attrs={"rows": 2}), required=False)
    agreed = forms.BooleanField(label="El cliente está de acuerdo", required=False)
    how = forms.ChoiceField(
        label="Cómo lo sabemos",
        widget=forms.RadioSelect,
        choices=[("said", "Lo dijo"), ("wrote", "Lo escribió")],
    )


def refused_form() -> SampleForm:
    return SampleForm(
        {"text": "Prueba en fábrica con los tres formatos", "due": "el jueves", "where": "call"}
    )


# ---- lines ----------------------------------------------------------------------------------------------


def frayed_line() -> Line:
    """A bounce, ten days of silence, and now three days at the border with Producción."""
    return lay_out(
        [
            WorkSpan("Comercial", at(9, 3), at(9, 8)),
            WorkSpan("Oficina técnica", at(9, 8), at(10, 6)),
            bounce("Oficina técnica", "Producción", at(10, 6), at(10, 8), "faltaba el plano neumático"),
            WorkSpan("Oficina técnica", at(10, 8), at(10, 10)),
            WorkSpan("Producción", at(10, 10), at(11, 11)),
            WorkSpan("Oficina técnica", at(11, 11), at(11, 19, 16)),
            BorderSpan("Oficina técnica", "Producción", at(11, 19, 16), None, "", "3 días laborables"),
        ],
        [Silence(at(10, 20), at(10, 30), "10 días")],
        planned=[
            PlannedStep("Prueba en fábrica", at(11, 26), "Producción", is_frayed=True),
            PlannedStep("Transporte", at(12, 3), "Logística"),
            PlannedStep("Revisión con el cliente", at(12, 10), "", "review"),
            PlannedStep("Montaje y prueba en planta", at(12, 16), "Posventa"),
            PlannedStep("Entrega prometida", at(12, 18), "", "promise"),
        ],
        done=[
            DoneStep("Pedido firmado", at(9, 8), "Comercial"),
            DoneStep("Ingeniería", at(10, 2), "Oficina técnica"),
            DoneStep("Fabricación", at(11, 11), "Producción"),
            DoneStep("Ajuste", at(11, 19), "Oficina técnica"),
        ],
        opened_at=at(9, 3),
        now=NOW,
        reserve=Reserve(6, 4),
    )


def bounce(giver: str, receiver: str, opened: datetime, closed: datetime, reason: str = "") -> BorderSpan:
    return BorderSpan(giver, receiver, opened, closed, "returned", reason=reason)


def silent_line() -> Line:
    return lay_out(
        [WorkSpan("Posventa", at(10, 24))],
        [Silence(at(11, 16), None, "8 días")],
        planned=[PlannedStep("Confirmar la avería", at(11, 30), "Posventa")],
        opened_at=at(10, 24),
        now=NOW,
    )


def bounced_line() -> Line:
    return lay_out(
        [
            WorkSpan("Comercial", at(10, 8), at(11, 2)),
            bounce("Comercial", "Oficina técnica", at(11, 2), at(11, 6)),
            bounce("Comercial", "Oficina técnica", at(11, 9), at(11, 17), "faltan caudales"),
            WorkSpan("Comercial", at(11, 17)),
        ],
        planned=[PlannedStep("Estudio", at(12, 20), "Oficina técnica")],
        opened_at=at(10, 8),
        now=NOW,
    )


def paused_line() -> Line:
    return lay_out(
        [WorkSpan("Oficina técnica", at(10, 1), at(11, 10))],
        pauses=[Pause(at(11, 10), None, "el lunes 30", "el cliente espera su licencia")],
        planned=[PlannedStep("Montaje", at(12, 20))],
        opened_at=at(10, 1),
        now=NOW,
    )


def blocked_line() -> Line:
    return lay_out(
        [WorkSpan("Logística", at(10, 1), at(11, 12))],
        opened_at=at(10, 1),
        now=NOW,
        blocks=[Block(at(11, 12), None, "148.400 €")],
    )


def whole_line() -> Line:
    return lay_out(
        [WorkSpan("Producción", at(8, 20))],
        planned=[PlannedStep("Entrega", at(12, 10), "Logística")],
        opened_at=at(8, 20),
        now=NOW,
    )


def young_line() -> Line:
    """Opened an hour ago and already offered."""
    return lay_out(
        [BorderSpan("Comercial", "Oficina técnica", NOW - timedelta(minutes=25), None, "", "25 min")],
        planned=[PlannedStep("Estudio", at(12, 4), "Oficina técnica", is_frayed=True)],
        opened_at=NOW - timedelta(hours=1),
        now=NOW,
    )


def archived_line() -> Line:
    return lay_out(
        [
            WorkSpan("Comercial", at(7, 1), at(8, 1)),
            BorderSpan("Comercial", "Logística", at(8, 1), at(8, 12), "accepted", "8 días"),
            WorkSpan("Logística", at(8, 12), at(9, 1)),
        ],
        opened_at=at(7, 1),
        now=NOW,
        archived_at=at(9, 1),
        done=[DoneStep("Pedido", at(8, 1), "Comercial"), DoneStep("Entrega", at(9, 1), "Logística")],
    )


def crowded_line() -> Line:
    """Many steps in few days, long names, an overdue step, parallel branches: labels must still not touch."""
    steps = (
        ("Recepción y revisión del material de la bodega", 11),
        ("Ajuste", 13),
        ("Limpieza", 15),
        ("Validación con calidad", 17),
        ("Embalaje", 18),
        ("Carga", 18),
    )
    return lay_out(
        [
            WorkSpan("Compras", at(11, 10), at(11, 20)),
            WorkSpan("Producción", at(11, 10), at(11, 18)),
            BorderSpan("Producción", "Logística", at(11, 18), at(11, 19), "accepted", "1 día"),
            BorderSpan("Compras", "Administración", at(11, 20), None, "", "2 días laborables"),
            WorkSpan("Logística", at(11, 19)),
        ],
        [Silence(at(11, 12), at(11, 15), "3 días")],
        planned=[
            PlannedStep("Revisión del albarán con el transportista", at(11, 23), "Logística"),
            PlannedStep("Factura", at(11, 27), "Administración"),
            PlannedStep("Entrega prometida", at(11, 27, 18), "", "promise"),
        ],
        done=[DoneStep(name, at(11, day), "Producción") for name, day in steps],
        opened_at=at(11, 10),
        now=NOW,
        reserve=Reserve(3, 3),
    )
