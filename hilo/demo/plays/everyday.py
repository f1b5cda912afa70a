"""Small matters, asked and answered within days: what a company mostly does, and what its archive is full of.

Played only where the company is then multiplied (``hilo.demo.multiplying``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from hilo.demo.cast import FIRMS, Firm
from hilo.demo.plays.supply import HABITS
from hilo.demo.stage import Play, Stage
from hilo.demo.tale import opens


@dataclass(frozen=True, slots=True)
class Matter:
    kind: str
    title: str
    purpose: str
    question: str
    answer: str


MATTERS = (
    Matter(
        "service",
        "Repuesto para el cabezal de roscado",
        "Tener en casa lo que más se gasta antes de la campaña",
        "¿Qué repuesto pedimos para el cabezal, y cuánto tarda?",
        "El juego 4 es el suyo y lo tenemos: sale mañana con el reparto de siempre.",
    ),
    Matter(
        "complaint",
        "Albarán con una referencia cambiada",
        "Que el almacén pueda dar entrada sin llamar",
        "El albarán dice 307 y la caja dice 202.",
        "La caja está bien y el albarán no: va corregido en el correo de hoy.",
    ),
    Matter(
        "new_account",
        "Dudas sobre la ficha de seguridad",
        "Pasar la auditoría de su cliente",
        "Nos piden la ficha de seguridad de la grasa de la cadena.",
        "Se la mandamos con la declaración de contacto con alimentos.",
    ),
    Matter(
        "service",
        "Ajuste de la temperatura de sellado",
        "Dejar de tirar tapas los lunes por la mañana",
        "Los lunes la primera hora sella frío.",
        "Con la rampa de diez minutos antes de arrancar queda resuelto; probado hoy por teléfono.",
    ),
    Matter(
        "complaint",
        "Ruido en la cinta de entrada",
        "Trabajar sin cascos en ese puesto",
        "La cinta de entrada pita desde ayer.",
        "Era el tensor: lo han apretado ustedes con nuestras indicaciones y ya no suena.",
    ),
    Matter(
        "new_account",
        "Copia del manual en portugués",
        "Que el turno de noche lo lea en su idioma",
        "¿Hay manual en portugués?",
        "Lo hay; va en el correo, y en papel con el próximo pedido.",
    ),
)

ASKED_ELSEWHERE = {
    *("Fermín Tello", "Víctor Manero", "Leonor Sotelo", "Marina Aznar", "Elvira Solanas", "Javier Ruano"),
    *(habit.buyer for habit in HABITS),
}
"""Whom another play asks whether the aim was reached: nobody is asked twice within 90 days."""


def matter(firm: Firm, number: int, stage: Stage) -> Play:
    told = MATTERS[number % len(MATTERS)]
    begins = -14 - 5 * (number % 18)
    yield stage.at(begins)
    tale = opens(stage, firm.keeper, firm.name, told.title, told.kind, purpose=told.purpose)
    contact = next(name for name, _role, _position in firm.people if name not in ASKED_ELSEWHERE)
    tale.hears(firm.keeper, contact, told.question)
    yield stage.at(begins + 1)
    tale.tells(firm.keeper, contact, told.answer)
    tale.skips_the_rest(firm.keeper, "Quedó resuelto al contestar")
    tale.asks_closing(firm.keeper, contact)
    tale.archives(firm.keeper)


_FIRMS = [firm for firm in FIRMS if not firm.name.endswith("S.L.")]
PLAYS: tuple[Callable[[Stage], Play], ...] = tuple(
    partial(matter, firm, number) for number, firm in enumerate(_FIRMS)
)
