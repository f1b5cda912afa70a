"""The first page of an empty company: its name, its head office, and who administers it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from hilo.parties.actor import actor_for
from hilo.parties.commands.people import change_own_settings
from hilo.parties.models import Person
from hilo.parties.seeds import FoundedCompany, found_company, is_founded
from hilo.web.accounts.forms import Founding, initials_for_founding
from hilo.web.accounts.invitations import come_in
from hilo.web.doing.asking import now_of
from hilo.web.doing.middleware import DOOR
from hilo.web.doing.submitting import OK, run_command
from hilo.work.commands.templates import seed_templates


@never_cache
@sensitive_post_parameters()
def setup(request: HttpRequest) -> HttpResponse:
    """Only while nobody is there; of two at once the command lets one through."""
    if request.method != "POST":
        if is_founded():
            return redirect("account_login")
        return _shown(request, Founding(initial=initials_for_founding()), OK)
    form = Founding(request.POST)
    attempt = run_command(form, lambda given: _found(request, given))
    if isinstance(attempt.result, FoundedCompany):
        return _begin(request, attempt.result.administrator)
    return _shown(request, form, attempt.status)


def _found(request: HttpRequest, given: dict[str, Any]) -> FoundedCompany:
    facts = {name: value for name, value in given.items() if name != "again"}
    company = found_company(**facts, now=now_of(request))
    by = actor_for(company.administrator, now=now_of(request), door=DOOR)
    seed_templates(by=by, now=now_of(request))
    change_own_settings(language=get_language(), zone=given["zone"], by=by, now=now_of(request))
    return company


def _begin(request: HttpRequest, administrator: Person) -> HttpResponse:
    administrator.refresh_from_db()
    come_in(request, administrator)
    messages.success(request, _("Your company is there. Now bring your people in."))
    return redirect(reverse("web:people"))


def _shown(request: HttpRequest, form: Founding, status: int) -> HttpResponse:
    facts = {"form": form, "is_founded": is_founded()}
    return render(request, "web_accounts/setup.html", facts, status=status)
