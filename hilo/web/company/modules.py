"""*Ajustes › Módulos*: what Hilo can do besides the threads, one by one, each in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hilo.errors import RuleViolation
from hilo.parties.commands.modules import switch_module
from hilo.parties.models import ModuleSwitch
from hilo.parties.modules import MODULES, Module, dependents
from hilo.parties.permissions import may
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import done


@dataclass(frozen=True, slots=True)
class Shown:
    """``blocked``: the sentence why it cannot be switched now; empty when it can."""

    module: Module
    is_on: bool
    version: int
    blocked: str


@require_safe
def modules(request: HttpRequest) -> HttpResponse:
    """From the rows themselves: who has just switched one sees it at once."""
    switches = {switch.code: switch for switch in ModuleSwitch.objects.all()}
    off = {code for code, switch in switches.items() if not switch.is_on}
    shown = [_shown(module, switches.get(code), off) for code, module in MODULES.items()]
    facts = {
        "modules": shown,
        "on": sum(each.is_on for each in shown),
        "may_switch": may(actor_of(request), "company.manage"),
    }
    return render(request, "web_company/modules.html", facts)


def _shown(module: Module, switch: ModuleSwitch | None, off: set[str]) -> Shown:
    is_on = module.code not in off
    return Shown(module, is_on, switch.version if switch else 1, _blocked(module, is_on, off))


def _blocked(module: Module, is_on: bool, off: set[str]) -> str:
    if is_on:
        leaning = [str(each.name) for each in dependents(module.code) if each.code not in off]
        return _("«%(name)s» needs it.") % {"name": leaning[0]} if leaning else ""
    missing = [str(MODULES[need].name) for need in module.needs if need in off]
    return _("It needs «%(name)s» first.") % {"name": missing[0]} if missing else ""


@require_POST
def module_switched(request: HttpRequest, token: str) -> HttpResponse:
    """``on`` says which way; who pressed a stale button is told."""
    if token not in MODULES:
        raise Http404
    wanted, seen = request.POST.get("on", ""), request.POST.get("seen", "")
    if wanted not in ("0", "1") or not seen.isdecimal() or len(seen) > 9:
        raise RuleViolation(_("Choose one of the options."))
    switch_module(token, on=wanted == "1", seen=int(seen), by=actor_of(request), now=now_of(request))
    name = {"name": MODULES[token].name}
    said = _("«%(name)s» is on.") % name if wanted == "1" else _("«%(name)s» rests. Its data stays.") % name
    return done(request, reverse("web:setting_modules"), said)
