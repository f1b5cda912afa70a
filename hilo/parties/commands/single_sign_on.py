"""The company's own provider: set up by an administrator, tied to people by verified address or subject."""

from __future__ import annotations

import re
from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.record import Ref, record
from hilo.parties.actor import Actor, actor_for, system
from hilo.parties.changing import change, refusing_duplicates
from hilo.parties.commands.people import add_person
from hilo.parties.events.company import SingleSignOnChanged
from hilo.parties.events.people import PersonIdentityLoosened, PersonIdentityTied
from hilo.parties.locking import lock
from hilo.parties.models import Area, Delegation, Person, SingleSignOn
from hilo.parties.models.single_sign_on import PURPOSE
from hilo.parties.permissions import require
from hilo.parties.queries.people import hold_active
from hilo.parties.texts import line

_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")


@command(may_do_nothing=True)
def set_up_single_sign_on(
    *,
    name: str,
    server_url: str,
    client_id: str,
    issuer: str,
    end_session_url: str = "",
    secret: str = "",
    trusts_addresses: bool = False,
    domains: str = "",
    area: Area | None = None,
    delegation: Delegation | None = None,
    is_on: bool = False,
    is_only: bool = False,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> SingleSignOn:
    """An empty ``secret`` keeps the one there is. Administrators come in with their password always."""
    require(by, "company.manage")
    provider = SingleSignOn.objects.get_or_create(pk=1)[0]
    wanted: dict[str, object] = {
        "name": line(name, field="name", most=40, missing=_("Write the name that the button shows.")),
        "server_url": server_url,
        "client_id": line(client_id, field="client_id", most=190, missing=_("Write the client id.")),
        "issuer": issuer,
        "end_session_url": end_session_url,
        "trusts_addresses": trusts_addresses,
        "domains": _domains(domains),
        "area": area,
        "delegation": delegation,
        "is_on": is_on,
        "is_only": is_only,
    }
    if secret:
        wanted["locked_secret"] = lock(secret, purpose=PURPOSE)
    _refuse_half_done(provider, wanted, by)
    names = change(provider, wanted, only_if={}, refused="", seen=seen)
    if names:
        changed = SingleSignOnChanged(
            subject=Ref("single_sign_on", provider.pk), fields=names, on=is_on, only=is_only
        )
        record(changed, by=by, now=now)
    return provider


@command
def tie_identity(person: Person, *, subject: str, now: datetime) -> None:
    """The provider says who came, with an address of theirs that it has verified: there is no ``by``."""
    provider = SingleSignOn.objects.get(pk=1)
    hold_active(person, refused=_("%(name)s no longer works here.") % {"name": person.name})
    if SocialAccount.objects.filter(user=person, provider=provider.provider_id).exists():
        raise RuleViolation(
            _("Your address belongs to another account at %(provider)s. An administrator can loosen the tie.")
            % {"provider": provider.name}
        )
    with refusing_duplicates(_("This account is tied to somebody already."), field=""):
        SocialAccount.objects.create(user=person, provider=provider.provider_id, uid=subject)
    by = actor_for(person, now=now, door="web")
    record(PersonIdentityTied(subject=Ref("person", person.pk)), by=by, now=now)


@command
def join_by_single_sign_on(*, name: str, email: str, subject: str, now: datetime) -> Person:
    """Somebody new from a domain that the administrator allows; they begin where that says."""
    provider = SingleSignOn.objects.select_related("area", "delegation").get(pk=1)
    domain = email.rpartition("@")[2].lower()
    if not provider.is_on or domain not in provider.domain_set:
        raise RuleViolation(unknown_here(email))
    if provider.area is None or provider.delegation is None:
        raise RuleViolation(unknown_here(email))
    person = add_person(
        name=name,
        email=email,
        area=provider.area,
        delegation=provider.delegation,
        by=system("single_sign_on"),
        now=now,
    )
    tie_identity(person, subject=subject, now=now)
    return person


@command
def loosen_identity(person: Person, *, by: Actor, now: datetime) -> None:
    """For an address that passed to somebody else, or a provider that was changed."""
    require(by, "people.manage")
    if not SocialAccount.objects.filter(user=person).delete()[0]:
        raise RuleViolation(_("%(name)s is tied to no account.") % {"name": person.name})
    record(PersonIdentityLoosened(subject=Ref("person", person.pk)), by=by, now=now)


def unknown_here(email: str) -> str:
    return _("Nobody here has the address %(email)s. Ask an administrator to invite you.") % {"email": email}


def _refuse_half_done(provider: SingleSignOn, wanted: dict[str, object], by: Actor) -> None:
    if wanted["domains"] and not (wanted["area"] and wanted["delegation"]):
        raise RuleViolation(_("Say in which area and delegation newcomers begin."), field="area")
    if not wanted["is_only"]:
        return
    if not wanted["is_on"]:
        raise RuleViolation(_("Switch it on first."), field="is_only")
    tied = by.person and SocialAccount.objects.filter(user=by.person, provider=_id_of(wanted)).exists()
    if not provider.is_only and not tied:
        raise RuleViolation(
            _("Come in by it once yourself; then you know that it works for everybody."), field="is_only"
        )


def _id_of(wanted: dict[str, object]) -> str:
    return SingleSignOn(issuer=str(wanted["issuer"])).provider_id


def _domains(text: str) -> str:
    found = sorted({each.removeprefix("@") for each in text.lower().replace(",", " ").split()})
    for domain in found:
        if not _DOMAIN.fullmatch(domain):
            raise RuleViolation(_("%(domain)s is not a domain.") % {"domain": domain}, field="domains")
    return line(" ".join(found), field="domains", most=300)
