"""Switching a module on or off. Nothing of its data is touched: it only shows, and works, or rests."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, record
from hilo.parties.actor import Actor
from hilo.parties.changing import one_at_a_time
from hilo.parties.events.company import ModuleSwitchedOff, ModuleSwitchedOn
from hilo.parties.models import ModuleSwitch
from hilo.parties.modules import MODULES, dependents, forget
from hilo.parties.permissions import require


@command
def switch_module(code: str, *, on: bool, seen: int | None = None, by: Actor, now: datetime) -> ModuleSwitch:
    """Refused while something that needs it is on, or something that it needs is off."""
    require(by, "company.manage")
    one_at_a_time()
    if code not in MODULES:
        raise RuleViolation(_("There is no such module."))
    off = set(ModuleSwitch.objects.filter(is_on=False).values_list("code", flat=True))
    _refuse_torn(code, on, off)
    switch = ModuleSwitch.objects.get_or_create(code=code)[0]
    already = _("It is on already.") if on else _("It is off already.")
    move(switch, only_if={"is_on": not on}, refused=already, seen=seen, is_on=on)
    event = ModuleSwitchedOn if on else ModuleSwitchedOff
    record(event(subject=Ref("module", switch.pk), code=code), by=by, now=now)
    forget()
    transaction.on_commit(forget)
    return switch


def begin_small(*, by: Actor, now: datetime) -> None:
    """A new company starts with threads, handoffs and news; part of founding it."""
    for code in reversed(MODULES):
        if not MODULES[code].on_at_start:
            switch_module(code, on=False, by=by, now=now)


def switch_everything_on(*, by: Actor, now: datetime) -> None:
    """Those that are off, each after what it needs."""
    off = set(ModuleSwitch.objects.filter(is_on=False).values_list("code", flat=True))
    for code in MODULES:
        if code in off:
            switch_module(code, on=True, by=by, now=now)


def _refuse_torn(code: str, on: bool, off: set[str]) -> None:
    if on:
        missing = [MODULES[need] for need in MODULES[code].needs if need in off]
        if missing:
            raise RuleViolation(_("It needs «%(name)s»: switch that on first.") % {"name": missing[0].name})
        return
    leaning = [module for module in dependents(code) if module.code not in off]
    if leaning:
        raise RuleViolation(_("«%(name)s» needs it: switch that off first.") % {"name": leaning[0].name})
