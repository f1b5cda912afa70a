"""The page behind an invitation's link: it works signed out, and says clearly why when it does not."""

from __future__ import annotations

from typing import Any

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from hilo.errors import RuleViolation
from hilo.parties.commands.sign_in import accept_invitation
from hilo.parties.models import Invitation, Person
from hilo.parties.queries.invitations import open_invitation
from hilo.web.accounts.forms import NewPassword
from hilo.web.doing.asking import now_of
from hilo.web.doing.submitting import OK, run_command

GONE = 410


@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    try:
        found = open_invitation(token, now=now_of(request))
    except RuleViolation as closed:
        return render(request, "web_accounts/invitation_closed.html", {"why": str(closed)}, status=GONE)
    if request.method != "POST":
        return _shown(request, found, NewPassword(), OK)
    form = NewPassword(request.POST)
    attempt = run_command(form, lambda given: _accept(request, token, given))
    if isinstance(attempt.result, Person):
        return come_in(request, attempt.result)
    return _shown(request, found, form, attempt.status)


def _accept(request: HttpRequest, token: str, given: dict[str, Any]) -> Person:
    return accept_invitation(token, password=given["password"], now=now_of(request))


def _shown(request: HttpRequest, found: Invitation, form: NewPassword, status: int) -> HttpResponse:
    facts = {"form": form, "person": found.person, "is_new": not found.person.has_usable_password()}
    return render(request, "web_accounts/invitation.html", facts, status=status)


def come_in(request: HttpRequest, person: Person) -> HttpResponse:
    """Signed in at once, after the second step if they have one."""
    response: HttpResponse = perform_login(request, person, redirect_url="/")
    return response
