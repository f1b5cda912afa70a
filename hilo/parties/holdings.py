"""Registries by which ``parties`` asks the packages above it, of which it knows nothing (SPEC 9.8).

A package adds its kinds at start-up (``apps.ready``): what a person holds, the open work of an area, and
the texts that a contact said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db import models
from django.db.models import QuerySet

from hilo.parties.actor import Actor
from hilo.parties.models import Area, Contact, Person


@dataclass(frozen=True, slots=True)
class Holding:
    """``count`` says how many the person holds; ``pass_on`` gives them all to the caretaker, recorded."""

    kind: str
    count: Callable[[Person], int]
    pass_on: Callable[..., int]  # (leaver, caretaker, *, by: Actor, now: datetime) -> how many


class PassesAreaWork(Protocol):
    """Gives the open work of an area to its successor and returns how many things moved."""

    def __call__(self, old_area: Area, new_area: Area, /, *, by: Actor, now: datetime) -> int: ...


class ErasesTexts(Protocol):
    """Blanks what the contact said and is kept outside the ledger; returns how many texts."""

    def __call__(self, contact: Contact, /, *, by: Actor, now: datetime) -> int: ...


HOLDINGS: dict[str, Holding] = {}
AREA_WORK: dict[str, PassesAreaWork] = {}
CONTACT_TEXTS: dict[str, ErasesTexts] = {}


def locked[M: models.Model](rows: QuerySet[M]) -> QuerySet[M]:
    """What is held once whoever changes it at this moment has finished: what they settle is left out.

    A ``pass_on`` reads its rows so; else somebody's answer in the same second would refuse the departure.
    """
    return rows.select_for_update(of=("self",))


def register_holding(holding: Holding) -> None:
    HOLDINGS[holding.kind] = holding


def register_area_work(kind: str, pass_on: PassesAreaWork) -> None:
    AREA_WORK[kind] = pass_on


def register_contact_texts(kind: str, erase: ErasesTexts) -> None:
    CONTACT_TEXTS[kind] = erase


def pass_on_everything(leaver: Person, caretaker: Person, *, by: Actor, now: datetime) -> dict[str, int]:
    return {kind: holding.pass_on(leaver, caretaker, by=by, now=now) for kind, holding in HOLDINGS.items()}


def pass_on_area_work(old_area: Area, new_area: Area, *, by: Actor, now: datetime) -> int:
    return sum(pass_on(old_area, new_area, by=by, now=now) for pass_on in AREA_WORK.values())


def erase_texts_of_contact(contact: Contact, *, by: Actor, now: datetime) -> int:
    return sum(erase(contact, by=by, now=now) for erase in CONTACT_TEXTS.values())
