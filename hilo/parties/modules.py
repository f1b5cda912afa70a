"""What a company has switched on (SPEC 15.5): ONE place that routes, menus, search, Mi día and jobs ask.

Threads, handoffs, promises, customers and news are Hilo itself and cannot be switched off. Everything else is
a module: its data stays when it rests, its addresses answer that it is off, and no other screen leads there.
A module without a row of its own is on: a company that is older than a module loses nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hilo.parties.models import ModuleSwitch


@dataclass(frozen=True, slots=True)
class Module:
    """``packages``: the code that is this module's. ``routes``: addresses of other packages that are too."""

    code: str
    name: str | Promise
    adds: str | Promise
    hides: str | Promise
    icon: str
    packages: tuple[str, ...]
    routes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    on_at_start: bool = False  # of a company that is founded now


MODULES: dict[str, Module] = {
    module.code: module
    for module in (
        Module(
            "cases",
            _("Cases"),
            _("Complaints, incidents, returns and near misses, with their clocks and who leads each."),
            _("The page Cases, «Open a case» and the clocks of cases rest. No case is lost."),
            "lifebuoy",
            ("hilo.web.cases", "hilo.quality.sources_of_cases", "hilo.quality.jobs.clocks"),
            routes=(
                "web:setting_case_policy",
                "web:setting_case_policy_change",
                "web:setting_deadline_new",
                "web:setting_deadline",
                "web:setting_deadline_drop",
            ),
        ),
        Module(
            "causes",
            _("Causes and actions"),
            _("Why it could happen: five whys with evidence, corrective actions, lessons for the process."),
            _("The cause of a case and the list of actions. Analyses and lessons stay as they are."),
            "target",
            (
                "hilo.web.causes",
                "hilo.quality.commands.causes",
                "hilo.quality.sources_of_causes",
                "hilo.quality.commands.actions",
                "hilo.quality.jobs.actions",
            ),
            needs=("cases",),
        ),
        Module(
            "week",
            _("The week and praise"),
            _("The weekly hour of the area heads writes its own agenda, and praise reaches who earned it."),
            _("The page The week and «They are glad: pass it on». Praise that was given stays."),
            "calendar-event",
            ("hilo.web.week",),
            needs=("causes",),
        ),
        Module(
            "money",
            _("Money behind it"),
            _("What threads are worth and what was invoiced and paid, for those who may see money."),
            _("Every amount, on every page, list and file. Amounts and invoices stay as they are."),
            "receipt-euro",
            ("hilo.web.money.behind",),
        ),
        Module(
            "erp",
            _("Files of the ERP"),
            _("Customers, orders, deliveries and invoices come from the ERP by themselves."),
            _("The page «What the ERP sends»; files wait in their folder until it is on again."),
            "download",
            ("hilo.web.money.feed", "hilo.channels.erp"),
            needs=("money",),
        ),
        Module(
            "imports",
            _("Bring in data"),
            _("Customers, people and threads from CSV and Excel files, with a preview and duplicates found."),
            _("The page «Bring in data». What was brought in stays."),
            "plus",
            ("hilo.web.imports",),
            on_at_start=True,
        ),
        Module(
            "diagnosis",
            _("Diagnosis"),
            _("From any export of tickets or orders: where customers fall between areas."),
            _("The page Analysis. Reports are kept as long as they would be anyway."),
            "radar-2",
            ("hilo.web.diagnosis",),
        ),
    )
}

_Known = tuple[float, frozenset[str]]
_known: _Known | None = None  # until when, and which are off


def is_on(code: str) -> bool:
    return code not in switched_off()


def switched_off() -> frozenset[str]:
    """Asked many times per page, read every few seconds: so late other processes hear of a switch."""
    global _known
    if _known is None or _known[0] < time.monotonic():
        off = frozenset(ModuleSwitch.objects.filter(is_on=False).values_list("code", flat=True))
        _known = (time.monotonic() + settings.HILO_MODULES_TRUSTED_FOR, off)
    return _known[1]


def forget(off: frozenset[str] | None = None) -> None:
    """Read again at the next question; a test may say what is off without asking the database."""
    global _known
    _known = None if off is None else (time.monotonic() + settings.HILO_MODULES_TRUSTED_FOR, off)


def module_of(package: str) -> str:
    """Whose the code is, by its longest prefix; empty for Hilo itself."""
    found = [
        (len(prefix), module.code)
        for module in MODULES.values()
        for prefix in module.packages
        if package == prefix or package.startswith(f"{prefix}.")
    ]
    return max(found)[1] if found else ""


def module_of_route(name: str, package: str) -> str:
    """Of an address: by its name, if a module claims it; else by where its view is written."""
    claimed = (module.code for module in MODULES.values() if name in module.routes)
    return next(claimed, "") or module_of(package)


def of_what_is_on[F: Callable[..., Any]](sources: list[F]) -> Iterator[F]:
    """A registry's entries without those of modules that rest."""
    off = switched_off()
    for source in sources:
        if not off or module_of(source.__module__) not in off:
            yield source


def dependents(code: str) -> list[Module]:
    return [module for module in MODULES.values() if code in module.needs]
