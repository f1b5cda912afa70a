"""Passkeys: made in *Mis datos*, used at the door in place of the password or after it.

The browser's question and answer are allauth's and python-fido2's; the sentences and the rules are ours.
A browser offers them over https, and on localhost, never over plain http.
"""

from __future__ import annotations

from typing import Any

from allauth.account.models import Login
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from hilo.errors import RuleViolation
from hilo.parties.commands.passkeys import add_passkey, remove_passkey, rename_passkey
from hilo.parties.commands.second_factor import is_last_way_in
from hilo.parties.models import Person
from hilo.web.accounts.adapter import NOT_ANY_MORE, TOO_MANY
from hilo.web.accounts.forms import NO_PASSKEY_SENT, NameOfPasskey, NewPasskey, RemovePasskey
from hilo.web.accounts.proving import prove, proves_by
from hilo.web.accounts.second_factor import show_codes
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import OK, done, run_command
from hilo.web.people.fetching import LARGEST_ID

NOT_THAT_ONE = gettext_lazy(
    "Hilo does not know this passkey, or the try took too long. Try again, or come in with your password."
)
NOT_MADE = gettext_lazy("The passkey was not made: the try took too long or was not complete. Try again.")


@never_cache
@require_safe
def passkeys(request: HttpRequest) -> HttpResponse:
    return _shown(request, NewPasskey(proof=proves_by(actor_of(request).one)), OK)


def _shown(request: HttpRequest, form: NewPasskey, status: int) -> HttpResponse:
    person = actor_of(request).one
    facts = {"form": form, "passkeys": list(_theirs(person).order_by("created_at", "pk"))}
    return render(request, "web_accounts/passkeys.html", facts, status=status)


@never_cache
@require_POST
@sensitive_post_parameters("password")
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What the browser is asked to make; only after the name and the password are right."""
    person = actor_of(request).one
    form = NewPasskey(request.POST, proof=proves_by(person), is_asking=True)
    attempt = run_command(form, lambda given: prove(request, person, given.get("password", ""))())
    if not attempt.done:
        return JsonResponse({"sentence": _first_fault(form)}, status=attempt.status)
    return JsonResponse(auth.begin_registration(person, True))


@never_cache
@require_POST
@sensitive_post_parameters("password")
def passkey_new(request: HttpRequest) -> HttpResponse:
    person = actor_of(request).one
    had_codes = _has_codes(person)
    form = NewPasskey(request.POST, proof=proves_by(person))
    attempt = run_command(form, lambda given: _add(request, person, given))
    if not attempt.done:
        return _shown(request, form, attempt.status)
    if not had_codes:
        return show_codes(request, person, is_first=True)
    return done(request, reverse("web:passkeys"), _("From now on this passkey lets you in."))


def _add(request: HttpRequest, person: Person, given: dict[str, Any]) -> None:
    clear = prove(request, person, given.get("password", ""))
    credential = given["credential"]
    try:
        auth.parse_registration_response(credential)
        made = auth.complete_registration(credential)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        raise RuleViolation(str(NOT_MADE)) from None
    if not made.is_user_verified():
        raise RuleViolation(_("It must ask for your finger, your face or a PIN. Choose another one."))
    add_passkey(person, name=given["name"], credential=credential, by=actor_of(request), now=now_of(request))
    clear()


@never_cache
@require_POST
def passkey_renamed(request: HttpRequest, pk: int) -> HttpResponse:
    passkey = _passkey_at(request, pk)
    form = NameOfPasskey(request.POST)
    attempt = run_command(
        form, lambda given: rename_passkey(passkey, **given, by=actor_of(request), now=now_of(request))
    )
    if not attempt.done:
        raise RuleViolation(_first_fault(form))
    return done(request, reverse("web:passkeys"), _("Saved."))


@never_cache
@sensitive_post_parameters("password")
def passkey_removed(request: HttpRequest, pk: int) -> HttpResponse:
    """Its own page: it says what is lost, and asks for the password."""
    passkey, person = _passkey_at(request, pk), actor_of(request).one
    how: dict[str, Any] = {"proof": proves_by(person), "is_last": is_last_way_in(person)}
    if request.method != "POST":
        return _asked(request, passkey, RemovePasskey(**how), OK)
    form = RemovePasskey(request.POST, **how)
    attempt = run_command(form, lambda given: _remove(request, passkey, given))
    if not attempt.done:
        return _asked(request, passkey, form, attempt.status)
    return done(request, reverse("web:passkeys"), _("That passkey lets nobody in any more."))


def _asked(request: HttpRequest, passkey: Authenticator, form: RemovePasskey, status: int) -> HttpResponse:
    person = actor_of(request).one
    others = Authenticator.objects.filter(user=person).exclude(pk=passkey.pk)
    facts = {
        "form": form,
        "name": passkey.data["name"],
        "is_last_way": is_last_way_in(person),
        "is_last_step": not others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists(),
    }
    return render(request, "web_accounts/passkey_remove.html", facts, status=status)


def _remove(request: HttpRequest, passkey: Authenticator, given: dict[str, Any]) -> None:
    clear = prove(request, actor_of(request).one, given.get("password", ""))
    knowingly = bool(given.get("knowingly"))
    remove_passkey(passkey, knowingly=knowingly, by=actor_of(request), now=now_of(request))
    clear()


# At the door -----------------------------------------------------------------------------------------------


@never_cache
@require_POST
def sign_in_options(request: HttpRequest) -> HttpResponse:
    """The question for whoever stands there: it names nobody, so it tells nothing about who exists."""
    if not _may_try(request):
        return JsonResponse({"sentence": str(TOO_MANY)}, status=429)
    return JsonResponse(auth.begin_authentication(user=None))


def passkey_of_the_door(request: HttpRequest) -> Authenticator:
    """Whose passkey answered the question, its owner verified by the device; refuses with a sentence."""
    if not _may_try(request):
        raise RuleViolation(str(TOO_MANY))
    form = LoginWebAuthnForm(request.POST)
    if not request.POST.get("credential"):
        raise RuleViolation(str(NO_PASSKEY_SENT))
    try:
        is_right = form.is_valid()
    except (ValueError, TypeError, KeyError, AttributeError):
        is_right = False
    if not is_right:
        raise RuleViolation(str(NOT_THAT_ONE))
    passkey: Authenticator = form.cleaned_data["credential"]
    if not passkey.user.is_active:
        raise RuleViolation(str(NOT_ANY_MORE))
    return passkey


def come_in_with(request: HttpRequest, passkey: Authenticator, onward: str | None) -> HttpResponse:
    """Both factors at once: what one has, and the finger, face or PIN that the device asked for."""
    login = Login(user=passkey.user, redirect_url=onward)
    response: HttpResponse = perform_passwordless_login(request, passkey, login)
    return response


def _may_try(request: HttpRequest) -> bool:
    return bool(ratelimit.consume(request, app="allauth.mfa", action="webauthn_login"))


def _passkey_at(request: HttpRequest, pk: int) -> Authenticator:
    found = _theirs(actor_of(request).one).filter(pk=min(pk, LARGEST_ID)).first()
    if found is None:
        raise Http404
    return found


def _theirs(person: Person) -> Any:
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN)


def _has_codes(person: Person) -> bool:
    codes = Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES)
    return bool(codes.exists())


def _first_fault(form: NewPasskey | NameOfPasskey) -> str:
    return next((str(fault) for faults in form.errors.values() for fault in faults), "")
