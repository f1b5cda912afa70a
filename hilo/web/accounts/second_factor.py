"""The second factor: an app that shows codes, and ten recovery codes for the day the phone is lost.

Everything that changes it asks for the password again: an unlocked screen is not enough.
"""

from __future__ import annotations

import base64
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hilo.parties.commands.second_factor import (
    renew_recovery_codes,
    turn_second_factor_off,
    turn_second_factor_on,
)
from hilo.parties.models import Person
from hilo.web.accounts.forms import FirstCode, ProofOfPassword
from hilo.web.accounts.proving import prove
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import OK, done, run_command

SECRET_KEPT_AS = "hilo.second_factor.secret"


@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    return _shown(request, ProofOfPassword(), OK)


def _shown(request: HttpRequest, form: ProofOfPassword, status: int, asked: str = "") -> HttpResponse:
    theirs = list(Authenticator.objects.filter(user=actor_of(request).one))
    found = {each.type: each for each in theirs}
    codes = found.get(Authenticator.Type.RECOVERY_CODES)
    facts = {
        "form": form,
        "app": found.get(Authenticator.Type.TOTP),
        "passkeys": sum(each.type == Authenticator.Type.WEBAUTHN for each in theirs),
        "has_codes": codes is not None,
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "asked": asked,
    }
    return render(request, "web_accounts/second_factor.html", facts, status=status)


@never_cache
def second_factor_setup(request: HttpRequest) -> HttpResponse:
    person = actor_of(request).one
    if has_app(person):
        return redirect("web:second_factor")
    secret = request.session.setdefault(SECRET_KEPT_AS, generate_totp_secret())
    form = FirstCode(request.POST if request.method == "POST" else None)
    status = OK
    if request.method == "POST":
        attempt = run_command(form, lambda given: _turn_on(request, person, secret, given))
        if attempt.done:
            del request.session[SECRET_KEPT_AS]
            return show_codes(request, person, is_first=True)
        status = attempt.status
    facts = {"form": form, "picture": _picture(person, secret), "secret": _in_groups(secret)}
    return render(request, "web_accounts/second_factor_setup.html", facts, status=status)


def _turn_on(request: HttpRequest, person: Person, secret: str, given: dict[str, Any]) -> None:
    clear = prove(request, person, given["password"])
    turn_second_factor_on(
        person, secret=secret, code=given["code"], by=actor_of(request), now=now_of(request)
    )
    clear()


@require_POST
@never_cache
def second_factor_codes(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes; the old ones stop working."""
    person, form = actor_of(request).one, ProofOfPassword(request.POST)
    attempt = run_command(form, lambda given: _renew_codes(request, person, given))
    return show_codes(request, person) if attempt.done else _shown(request, form, attempt.status, "codes")


def _renew_codes(request: HttpRequest, person: Person, given: dict[str, Any]) -> None:
    prove(request, person, given["password"])()
    renew_recovery_codes(person, by=actor_of(request), now=now_of(request))


@require_POST
@never_cache
def second_factor_off(request: HttpRequest) -> HttpResponse:
    person, form = actor_of(request).one, ProofOfPassword(request.POST)
    attempt = run_command(form, lambda given: _turn_off(request, person, given))
    if not attempt.done:
        return _shown(request, form, attempt.status, "off")
    still = Authenticator.objects.filter(user=person).exists()
    said = (
        _("The app is off. Your passkeys stay.")
        if still
        else _("From now on your password alone lets you in.")
    )
    return done(request, reverse("web:second_factor"), said)


def _turn_off(request: HttpRequest, person: Person, given: dict[str, Any]) -> None:
    prove(request, person, given["password"])()
    turn_second_factor_off(person, by=actor_of(request), now=now_of(request))


def show_codes(request: HttpRequest, person: Person, *, is_first: bool = False) -> HttpResponse:
    """Shown once: whoever sits down here later finds only how many are left."""
    kept = Authenticator.objects.get(user=person, type=Authenticator.Type.RECOVERY_CODES)
    codes = [_in_groups(code) for code in kept.wrap().get_unused_codes()]
    facts = {"codes": codes, "is_first": is_first}
    return render(request, "web_accounts/recovery_codes.html", facts)


def has_app(person: Person) -> bool:
    return bool(Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists())


def has_passkey(person: Person) -> bool:
    return bool(Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).exists())


def _picture(person: Person, secret: str) -> str:
    """The QR code as a data address, which the content policy allows for pictures alone."""
    adapter = get_adapter()
    drawn: str = adapter.build_totp_svg(adapter.build_totp_url(person, secret))
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}"


def _in_groups(text: str) -> str:
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
