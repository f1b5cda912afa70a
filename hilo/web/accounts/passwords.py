"""Changing one's password, and what to do when it is forgotten."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from hilo.channels.mail.sign_in_links import mail_forgotten_link
from hilo.errors import RuleViolation
from hilo.parties.commands.sign_in import change_password
from hilo.web.accounts.adapter import TOO_MANY
from hilo.web.accounts.forms import ChangePassword, Forgotten
from hilo.web.accounts.sessions_kept import follow_key
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import OK, UNPROCESSABLE, done, run_command


@never_cache
@sensitive_post_parameters()
def password(request: HttpRequest) -> HttpResponse:
    """Every other session of theirs ends; this one goes on under the new password."""
    form = ChangePassword(request.POST if request.method == "POST" else None)
    status = OK
    if request.method == "POST":
        attempt = run_command(form, lambda given: _change(request, given))
        if attempt.done:
            _go_on_here(request)
            said = _("Your password is changed. Wherever else you were signed in, you are out.")
            return done(request, reverse("web:profile"), said)
        status = attempt.status
    return render(request, "web_accounts/password.html", {"form": form}, status=status)


def _go_on_here(request: HttpRequest) -> None:
    before = str(request.session.session_key)
    update_session_auth_hash(request, actor_of(request).one)
    follow_key(request, before)


def _change(request: HttpRequest, given: dict[str, Any]) -> None:
    """Somebody at an unlocked screen cannot guess on and on."""
    actor = actor_of(request)
    if not ratelimit.consume(request, action="change_password", user=actor.one):
        raise RuleViolation(TOO_MANY)
    here = str(request.session.session_key)
    change_password(actor.one, old=given["old"], new=given["new"], keep=here, by=actor, now=now_of(request))


@never_cache
def forgotten(request: HttpRequest) -> HttpResponse:
    """The same answer for every address. Who has it is found out behind the scenes, so time tells nothing."""
    form = Forgotten(request.POST if request.method == "POST" else None)
    facts = {"form": form, "sends_mail": settings.HILO_SENDS_MAIL, "is_sent": False}
    if request.method != "POST" or not settings.HILO_SENDS_MAIL:
        return render(request, "web_accounts/forgotten.html", facts)
    if not form.is_valid():
        return render(request, "web_accounts/forgotten.html", facts, status=UNPROCESSABLE)
    address = form.cleaned_data["email"].lower()
    if not ratelimit.consume(request, action="reset_password", key=address):
        form.add_error(None, str(TOO_MANY))
        return render(request, "web_accounts/forgotten.html", facts, status=429)
    mail_forgotten_link.enqueue(address, request.build_absolute_uri("/"))
    return render(request, "web_accounts/forgotten.html", {**facts, "is_sent": True})
