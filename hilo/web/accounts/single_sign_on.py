"""Coming in by the company's own provider; every refusal is a page with a sentence and the way on."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account.internal.flows.login import (
    get_authentication_records,
    perform_login,
    record_authentication,
)
from allauth.account.models import Login
from allauth.socialaccount.models import SocialAccount
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme as is_ours
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hilo.channels.single_sign_on.conversation import Identity, begin, finish
from hilo.errors import RuleViolation
from hilo.parties.commands.single_sign_on import join_by_single_sign_on, loosen_identity, tie_identity
from hilo.parties.models import Person, SingleSignOn
from hilo.web.accounts.adapter import NOT_ANY_MORE
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import done
from hilo.web.people.fetching import person_at, url_of

METHOD = "socialaccount"


def provider_in_use() -> SingleSignOn | None:
    return SingleSignOn.objects.filter(pk=1, is_on=True).first()


@never_cache
@require_safe
def off_to_provider(request: HttpRequest) -> HttpResponse:
    """By a link: the content policy would stop a form that leads away. It changes nothing here."""
    row = provider_in_use()
    if row is None:
        return redirect("account_login")
    onward = request.GET.get("next", "")
    onward = onward if is_ours(onward, allowed_hosts={request.get_host()}) else ""
    try:
        return begin(request, row, onward=onward)
    except RuleViolation as refusal:
        return not_let_in(request, str(refusal), row)


@never_cache
@require_safe
def back_from_provider(request: HttpRequest) -> HttpResponse:
    row = provider_in_use()
    if row is None:
        return redirect("account_login")
    try:
        identity = finish(request, row)
        person = _whose(identity, row, request)
    except RuleViolation as refusal:
        return not_let_in(request, str(refusal), row)
    record_authentication(request, person, METHOD, provider=row.provider_id, uid=identity.subject)
    onward = identity.onward if is_ours(identity.onward, allowed_hosts={request.get_host()}) else "/"
    answer: HttpResponse = perform_login(request, Login(user=person, redirect_url=onward))
    return answer


def _whose(identity: Identity, row: SingleSignOn, request: HttpRequest) -> Person:
    """The one tied to that subject; else the one with that address, if it is verified; else a newcomer."""
    tied = SocialAccount.objects.filter(provider=row.provider_id, uid=identity.subject).first()
    person = tied.user if tied else _by_address(identity, row)
    if person is not None and not person.is_active:
        raise RuleViolation(str(NOT_ANY_MORE))
    if person is None:
        return join_by_single_sign_on(
            name=identity.name, email=identity.address, subject=identity.subject, now=now_of(request)
        )
    if tied is None:
        tie_identity(person, subject=identity.subject, now=now_of(request))
    return person


def _by_address(identity: Identity, row: SingleSignOn) -> Person | None:
    if not identity.said_address:
        raise RuleViolation(
            _("%(provider)s does not say your address. An administrator should let it send the e-mail.")
            % {"provider": row.name}
        )
    if not identity.address:
        raise RuleViolation(
            _("%(provider)s has not verified the address %(email)s. Verify it there and come again.")
            % {"provider": row.name, "email": identity.said_address}
        )
    return Person.objects.filter(email__iexact=identity.address).first()


def only_by_provider(request: HttpRequest, person: Person) -> HttpResponse | None:
    """Asked at every door: None lets them in. Administrators break the glass with what they have."""
    row = SingleSignOn.objects.filter(pk=1, is_only=True).first()
    if row is None or person.is_administrator:
        return None
    if any(each.get("method") == METHOD for each in get_authentication_records(request, person)):
        return None
    sentence = _("Your company comes in by %(provider)s alone.") % {"provider": row.name}
    return not_let_in(request, sentence, row)


def not_let_in(request: HttpRequest, sentence: str, row: SingleSignOn) -> HttpResponse:
    facts = {"sentence": sentence, "provider": row}
    return render(request, "web_accounts/not_let_in.html", facts, status=403)


def came_by_provider(request: HttpRequest) -> bool:
    """Asked before the session ends."""
    person = request.user
    if not isinstance(person, Person):
        return False
    return any(each.get("method") == METHOD for each in get_authentication_records(request, person))


def sign_out_there(request: HttpRequest, row: SingleSignOn) -> str:
    """The provider's own way out, when it has told us one."""
    if not row.end_session_url:
        return ""
    back = request.build_absolute_uri("/entrar/")
    return (
        f"{row.end_session_url}?{urlencode({'client_id': row.client_id, 'post_logout_redirect_uri': back})}"
    )


@require_POST
def identity_loosened(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_at(request, pk)
    loosen_identity(person, by=actor_of(request), now=now_of(request))
    said = _("Done. At their next sign-in the account with the address of %(name)s is tied anew.")
    return done(request, url_of(person), said % {"name": person.name})
