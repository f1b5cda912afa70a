"""What happens to the company itself: somebody leaves, somebody is away, two customers were one."""

from __future__ import annotations

from hilo.demo.stage import Play, Stage
from hilo.parties.commands.absences import plan_absence
from hilo.parties.commands.customers import mark_contact_left
from hilo.parties.commands.leaving import leave_company
from hilo.parties.commands.merges import merge_customers


def somebody_leaves(stage: Stage) -> Play:
    yield stage.at(-18, "12:00")
    leave_company(stage.people["sergio"], by=stage.by("elena"), now=stage.tick())
    stage.forget_roles()


def holidays(stage: Stage) -> Play:
    """A technician with a colleague, and the delegate of Sevilla with the head of sales."""
    days = stage.days
    yield stage.at(-8, "10:05")
    stage.somebody_is_away = True
    plan_absence(
        stage.people["daniel"],
        substitute=stage.people["lucia"],
        first_day=days.date(-3),
        last_day=days.date(6),
        by=stage.by("daniel"),
        now=stage.tick(),
    )
    yield stage.at(-4, "10:05")
    plan_absence(
        stage.people["manuela"],
        substitute=stage.people["rosa"],
        first_day=days.date(0),
        last_day=days.date(9),
        by=stage.by("manuela"),
        now=stage.tick(),
    )


def one_customer_twice(stage: Stage) -> Play:
    yield stage.at(-64, "11:15")
    merge_customers(
        stage.customers["Aceites Lora"],
        stage.customers["Aceites Lora, S.L."],
        by=stage.by("elena"),
        now=stage.tick(),
    )


def a_contact_goes(stage: Stage) -> Play:
    yield stage.at(-27, "12:15")
    accountant = stage.contact("Conservas del Ebro", "Nieves Artal")
    mark_contact_left(accountant, by=stage.by("marta"), now=stage.tick())


PLAYS = (somebody_leaves, holidays, one_customer_twice, a_contact_goes)
