"""*Ajustes*: the company's own numbers, each with what it means and what it is by default."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hilo.parties.commands.company import change_policy
from hilo.parties.models import CompanyPolicy
from hilo.parties.permissions import may
from hilo.parties.queries.company import policy
from hilo.web.company.forms import POLICY_WORDS, PolicyForm, default_of
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.people.form_page import FormPage, answer_form, show_form


@dataclass(frozen=True, slots=True)
class Number:
    label: str | Promise
    explanation: str | Promise
    value: int
    default: int

    @property
    def is_own(self) -> bool:
        return self.value != self.default


@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    actor, numbers = actor_of(request), policy()
    facts = {
        "policy": numbers,
        "numbers": [_number(numbers, name) for name in POLICY_WORDS],
        "may_change": may(actor, "company.manage"),
        "sees_processes": may(actor, "template.see"),
        "sees_background": may(actor, "job.see"),
    }
    return render(request, "web_company/settings.html", facts)


def _number(numbers: CompanyPolicy, name: str) -> Number:
    label, explanation = POLICY_WORDS[name]
    return Number(label, explanation, getattr(numbers, name), default_of(name))


def setting_policy(request: HttpRequest) -> HttpResponse:
    numbers, actor, now = policy(), actor_of(request), now_of(request)
    page = FormPage(
        title=_("The company's numbers"),
        lead=_("They hold for every clock that starts from now on."),
        button=_("Save the numbers"),
        back_url=reverse("web:settings"),
        back=_("Settings"),
        subject=numbers,
        kind="policy",
    )
    if request.method != "POST":
        shown = {name: getattr(numbers, name) for name in ("name", "currency", *POLICY_WORDS)}
        return show_form(request, page, PolicyForm(initial=shown, seen=numbers.version))
    return answer_form(
        request,
        page,
        PolicyForm(request.POST),
        lambda given: change_policy(**given, by=actor, now=now),
        then=reverse("web:settings"),
        said=_("Saved."),
    )
