"""Repeat orders on their supply threads: nobody types owner, next step or news date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from hilo.demo.bills import bill, pay_what_is_due
from hilo.demo.stage import Play, Stage
from hilo.demo.tale import Tale, opens
from hilo.work.commands.orders import LineText


@dataclass(frozen=True, slots=True)
class Habit:
    """What a customer orders again and again."""

    customer: str
    owner: str
    buyer: str
    title: str
    purpose: str
    amount: int
    days: tuple[int, ...]  # on which they ordered
    goods: tuple[tuple[str, int, str, int], ...]  # text, about how many, unit, cents each
    by_mail: str
    stops: str = "17:30"  # nothing of it is answered later than this, yesterday
    planner: str = "pilar"
    sender: str = "sonia"
    biller: str = "julia"
    pays_after: int = 28  # days


HABITS = (
    Habit(
        "Conservas del Ebro",
        "marta",
        "Ramón Cucalón",
        "Juntas y discos de cierre",
        "No parar las cerradoras por falta de juntas en plena campaña",
        46_800,
        (-117, -96, -75, -53, -32, -10),
        (("Juntas de tapa 202", 500, "ud", 182), ("Discos de cierre 307", 40, "ud", 4_650)),
        "Pedido mensual de juntas, como siempre. Muelle 2, por la mañana.",
    ),
    Habit(
        "Aceites Lora",
        "manuela",
        "Inmaculada Reyes",
        "Boquillas y membranas de llenado",
        "Llenar sin goteo las botellas de 1 l y 5 l",
        31_200,
        (-99, -68, -38, -7),
        (("Boquillas antigoteo 1 l", 24, "ud", 7_120), ("Membranas EPDM", 120, "ud", 640)),
        "Necesitamos el juego trimestral de boquillas. Avisen a Antonio Bellido cuando salga.",
        sender="curro",
    ),
    Habit(
        "Lácteos Outeiro",
        "antia",
        "Noelia Varela",
        "Recambio de higiene para la llenadora",
        "Pasar la auditoría de higiene sin paradas",
        27_900,
        (-60, -29, -5),
        (("Juego de juntas sanitarias DN40", 18, "ud", 5_480), ("Filtros de aire estéril", 12, "ud", 9_900)),
        "Cambio de juntas del mes. Entrega antes de las 11:00, por favor.",
    ),
    Habit(
        "Gaseosas La Comarca",
        "marta",
        "Fermín Tello",
        "Repuestos de la taponadora",
        "Que la taponadora llegue al verano sin averías",
        9_400,
        (-84, -41, -4),
        (("Cabezales de roscado 28 mm", 6, "ud", 21_300), ("Muelles de cabezal", 60, "ud", 310)),
        "Lo mismo que la otra vez, y muelles de repuesto.",
        pays_after=75,
    ),
    Habit(
        "Zumos Huerta Alta",
        "manuela",
        "Julián Moyano",
        "Tapas y guías para el brik de 200 ml",
        "Mantener el ritmo de campaña de la naranja",
        18_600,
        (-46, -14),
        (("Guías de entrada 200 ml", 16, "ud", 8_750), ("Cintas de transporte 83 mm", 30, "m", 4_200)),
        "Para la campaña: guías y cinta. Albarán con número de lote.",
        sender="curro",
    ),
)


def orders_of(stage: Stage, habit: Habit) -> Play:
    tales: dict[int, Tale] = {}
    for number, day in enumerate(habit.days):
        yield stage.at(day, f"09:{stage.rng.randint(10, 55):02}")
        if stage.now.year not in tales:
            for last_years in tales.values():
                _close(habit, last_years)
            tales = {stage.now.year: _year_of(stage, habit)}
        tale = tales[stage.now.year]
        pay_what_is_due(stage, habit.customer, days=habit.pays_after)
        tale.hears(habit.owner, habit.buyer, habit.by_mail, channel="mail")
        order = _place(stage, habit, tale, number)
        yield from _carried_out(stage, habit, order, until=stage.due(-1, habit.stops))


def _year_of(stage: Stage, habit: Habit) -> Tale:
    title = f"{habit.title} {stage.now.year}"
    return opens(
        stage, habit.owner, habit.customer, title, "supply", purpose=habit.purpose, amount=habit.amount
    )


def _close(habit: Habit, tale: Tale) -> None:
    """At the first order of the next year: by then silence has accepted the last delivery."""
    tale.tells(habit.owner, habit.buyer, "Cerramos el año de pedidos; los siguientes van ya en el nuevo.")
    tale.asks_closing(habit.owner, habit.buyer)
    tale.archives(habit.owner)


def _place(stage: Stage, habit: Habit, tale: Tale, number: int) -> Tale:
    lines = [
        LineText(
            text=text,
            quantity=Decimal(about + about // 10 * stage.rng.randint(-2, 3)),
            unit=unit,
            amount=Decimal(cents * about) / 100,
        )
        for text, about, unit, cents in habit.goods[: 1 + (number + 1) % 2]
    ]
    said = " y ".join(f"{line.quantity} {line.unit} de {line.text.lower()}" for line in lines)
    reference = f"PC-{stage.now.year}-{stage.rng.randint(100, 899)}"
    return tale.orders(habit.owner, said[:1].upper() + said[1:], lines, reference)


def _carried_out(stage: Stage, habit: Habit, order: Tale, *, until: datetime) -> Play:
    """One key per area, soon after it is offered; the steps end on their dates by themselves."""
    offered_at: datetime | None = stage.now
    for key, who in (("preparar", habit.planner), ("enviar", habit.sender), ("facturar", habit.biller)):
        answer = (offered_at or stage.ends) + timedelta(minutes=stage.rng.randint(15, 75))
        if answer > until:
            return
        yield answer
        order.accepts(who, key)
        if key == "enviar":
            _say_it_leaves(stage, habit, order)
        if key == "facturar" and order.order is not None:
            bill(stage, order.order)
        offered_at = order.step(key).due_at


def _say_it_leaves(stage: Stage, habit: Habit, order: Tale) -> None:
    """The next news is the next order's, or a fortnight from today."""
    ahead = [day for day in habit.days if stage.due(day) > stage.now + timedelta(days=9)]
    order.tells(
        habit.sender,
        habit.buyer,
        f"Su pedido {order.number} está en el muelle. En cuanto salga tiene el albarán en su correo.",
        channel="mail",
        next_news=ahead[0] + 2 if ahead else 9 + habit.days[0] % 4,
    )


def _play_of(habit: Habit) -> Callable[[Stage], Play]:
    return lambda stage: orders_of(stage, habit)


PLAYS = tuple(_play_of(habit) for habit in HABITS)
