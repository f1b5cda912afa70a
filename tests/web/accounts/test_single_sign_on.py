"""Coming in by the company's provider: a real one in a process of its own, the whole code flow with PKCE.

The token is bent after the provider made it; nothing inside Hilo is replaced.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client, override_settings

from hilo.channels.single_sign_on.provider import look_up
from hilo.errors import NotAllowed
from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import system
from hilo.parties.commands.leaving import leave_company
from hilo.parties.commands.sign_in import invite_person
from hilo.parties.commands.single_sign_on import set_up_single_sign_on
from hilo.parties.models import OpenSession, Person, SingleSignOn
from tests.factories.parties import Company, a_company, acting
from tests.parties.watching import refused
from tests.web.accounts.provider import CLIENT, Provider, begin, come_back, come_in, sentence
from tests.web.accounts.test_signing_in import PASSWORD, is_in, sign_in
from tests.web.signed_in import yesterday

pytestmark = pytest.mark.django_db
SETTINGS = "/ajustes/entrada/"


@pytest.fixture
def company(db: None) -> Company:
    return a_company(now=yesterday())


@pytest.fixture
def person(company: Company) -> Person:
    return company.people["sales"]


def joined(person: Person) -> Person:
    from hilo.parties.commands.sign_in import accept_invitation

    return accept_invitation(
        invite_person(person, by=system(), now=yesterday()), password=PASSWORD, now=yesterday()
    )


def set_up(company: Company, provider: Provider, **more: object) -> SingleSignOn:
    said = look_up(provider.url)
    facts = {"name": "Acceso Envasa", "server_url": provider.url, "client_id": CLIENT, "secret": "s3creto"}
    facts |= {"issuer": said.issuer, "end_session_url": said.end_session_url, "is_on": True, **more}
    return set_up_single_sign_on(**facts, by=acting(company.administrator), now=yesterday())


@pytest.fixture
def ready(company: Company, person: Person, provider: Provider) -> Provider:
    set_up(company, provider)
    provider.knows("sub-1", email=person.email.upper(), email_verified=True, name=person.name)
    return provider


def test_the_whole_way_in_with_state_nonce_and_pkce(
    company: Company, person: Person, ready: Provider
) -> None:
    client = Client()
    assert "Entrar con Acceso Envasa" in client.get("/entrar/").content.decode()
    asked = parse_qs(urlsplit(begin(client)).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["response_type"] == ["code"]
    assert len(asked["nonce"][0]) >= 24 and len(asked["state"][0]) >= 16
    assert asked["redirect_uri"] == ["http://testserver/entrar/empresa/vuelta/"]
    answer = come_in(client, ready, "sub-1", next="/personas/")
    assert (answer.status_code, answer["Location"]) == (302, "/personas/") and is_in(client)
    tied = SocialAccount.objects.get()
    assert (tied.user, tied.uid) == (person, "sub-1")
    assert LedgerEvent.objects.filter(kind="person.identity_tied", author_id=person.pk).count() == 1
    assert OpenSession.objects.get().person == person


def test_afterwards_the_subject_counts_and_not_the_address(
    company: Company, person: Person, ready: Provider
) -> None:
    come_in(Client(), ready, "sub-1")
    ready.knows("sub-1", email="otra@direccion.example", email_verified=False)
    client = Client()
    assert come_in(client, ready, "sub-1").status_code == 302 and is_in(client)
    assert OpenSession.objects.filter(person=person).count() == 2
    # The address passed to another account there: it does not inherit the person.
    ready.knows("sub-2", email=person.email, email_verified=True)
    thief = Client()
    assert "pertenece a otra cuenta" in sentence(come_in(thief, ready, "sub-2")) and not is_in(thief)


def test_onward_leads_nowhere_else(company: Company, ready: Provider) -> None:
    answer = come_in(Client(), ready, "sub-1", next="https://evil.example/")
    assert answer["Location"] == "/"


BENT = {
    "wrong issuer": ({"claims": {"iss": "https://evil.example"}}, "no es de fiar"),
    "wrong nonce": ({"claims": {"nonce": "another"}}, "no es de fiar"),
    "no nonce": ({"without": ["nonce"]}, "no es de fiar"),
    "another key": ({"other_key": True}, "no es de fiar"),
    "a key it does not show": ({"other_key": True, "kid": "hidden"}, "no es de fiar"),
    "not signed": ({"unsigned": True}, "no es de fiar"),
    "no subject": ({"without": ["sub"]}, "no es de fiar"),
    "for another": ({"claims": {"aud": "another-client"}}, "otra aplicación"),
    "for us and another": ({"claims": {"aud": [CLIENT, "x"], "azp": "x"}}, "otra aplicación"),
    "expired": ({"times": {"exp": -3600, "iat": -7200}}, "relojes"),
    "from the future": ({"times": {"iat": 3600, "exp": 7200}}, "relojes"),
    "never expires": ({"without": ["exp"]}, "no es de fiar"),
}


@pytest.mark.parametrize("how", sorted(BENT))
def test_a_token_that_is_not_right_lets_nobody_in(company: Company, ready: Provider, how: str) -> None:
    bent, said = BENT[how]
    ready.bends(**bent)
    client = Client()
    answer = come_in(client, ready, "sub-1")
    assert answer.status_code == 403 and said in sentence(answer)
    assert not is_in(client) and not SocialAccount.objects.exists()


def test_clocks_may_differ_by_a_minute(company: Company, ready: Provider) -> None:
    ready.bends(times={"iat": 30, "exp": 600})
    client = Client()
    come_in(client, ready, "sub-1")
    assert is_in(client)


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(company: Company, ready: Provider) -> None:
    client, other = Client(), Client()
    back = ready.lets_in(begin(client), "sub-1")
    assert "ya se usó" in sentence(come_back(other, back)) and not is_in(other)
    assert come_back(client, back).status_code == 302 and is_in(client)
    client.post("/salir/")
    assert "ya se usó" in sentence(come_back(client, back)) and not is_in(client)


def test_a_code_of_another_sign_in_fails_the_proof_of_pkce(company: Company, ready: Provider) -> None:
    thief, victim = Client(), Client()
    stolen = parse_qs(urlsplit(ready.lets_in(begin(victim), "sub-1")).query)["code"][0]
    mine = parse_qs(urlsplit(begin(thief)).query)["state"][0]
    answer = thief.get(f"/entrar/empresa/vuelta/?{urlencode({'code': stolen, 'state': mine})}")
    assert "no aceptó" in sentence(answer) and not is_in(thief)


def test_who_turns_back_there_reads_that_nothing_was_done(company: Company, ready: Provider) -> None:
    client = Client()
    assert "No entraste en Acceso Envasa" in sentence(come_back(client, ready.is_left(begin(client))))
    assert not is_in(client)


def test_an_address_that_is_not_verified_is_nobodys(
    company: Company, person: Person, ready: Provider
) -> None:
    for claims in ({"email_verified": False}, {"email_verified": "false"}, {}):
        ready.knows("sub-9", email=person.email, **claims)
        client = Client()
        assert "no ha verificado" in sentence(come_in(client, ready, "sub-9")) and not is_in(client)
    ready.knows("sub-9", name="Nadie")
    assert "no dice tu dirección" in sentence(come_in(Client(), ready, "sub-9"))
    set_up(company, ready, trusts_addresses=True)
    ready.knows("sub-9", email=person.email, email_verified=False)
    assert "no ha verificado" in sentence(come_in(Client(), ready, "sub-9"))
    ready.knows("sub-9", email=person.email)
    client = Client()
    assert come_in(client, ready, "sub-9").status_code == 302 and is_in(client)


def test_strangers_and_leavers_stay_outside(company: Company, person: Person, ready: Provider) -> None:
    ready.knows("sub-3", email="nadie@envasa.example", email_verified=True)
    before = Person.objects.count()
    assert "Nadie de aquí tiene la dirección" in sentence(come_in(Client(), ready, "sub-3"))
    assert Person.objects.count() == before
    come_in(Client(), ready, "sub-1")
    leave_company(person, by=acting(company.administrator), now=yesterday())
    client = Client()
    assert "Esta cuenta está cerrada" in sentence(come_in(client, ready, "sub-1")) and not is_in(client)


def test_a_newcomer_of_an_allowed_domain_begins_where_the_administrator_said(
    company: Company, provider: Provider
) -> None:
    place = {"area": company.areas["sales"], "delegation": company.zaragoza}
    set_up(company, provider, domains="@Envasa.example, otra.example", **place)
    provider.knows("sub-4", email="nueva@envasa.example", email_verified=True, name="Nuria Nueva")
    client = Client()
    assert come_in(client, provider, "sub-4").status_code == 302 and is_in(client)
    nuria = Person.objects.get(email="nueva@envasa.example")
    assert nuria.name == "Nuria Nueva" and nuria.memberships.get().area == company.areas["sales"]
    assert not nuria.has_usable_password() and not nuria.is_administrator
    provider.knows("sub-5", email="x@sub.envasa.example", email_verified=True)
    assert "Nadie de aquí" in sentence(come_in(Client(), provider, "sub-5"))


def test_a_provider_that_does_not_answer_is_said_so(company: Company, ready: Provider) -> None:
    client = Client()
    back = ready.lets_in(begin(client), "sub-1")
    ready.bends(down=True)
    assert "no responde" in sentence(come_back(client, back))
    assert "no responde" in sentence(client.get("/entrar/empresa/"))
    assert not is_in(client)


def test_only_by_the_provider_shuts_every_other_door_but_the_administrators(
    company: Company, person: Person, ready: Provider
) -> None:
    joined(person)
    joined(company.administrator)
    with refused(field="is_only"):  # nobody has tried it yet
        set_up(company, ready, is_only=True)
    ready.knows("sub-a", email=company.administrator.email, email_verified=True)
    come_in(Client(), ready, "sub-a")
    set_up(company, ready, is_only=True)
    client = Client()
    answer = sign_in(client, person.email)
    assert answer.status_code == 403 and "solo con Acceso Envasa" in sentence(answer) and not is_in(client)
    token = invite_person(person, by=system(), now=yesterday())
    new = {"password": "otro-nudo-marinero", "again": "otro-nudo-marinero"}
    client.post(f"/invitacion/{token}/", new)
    assert not is_in(client)
    come_in(client, ready, "sub-1")
    assert is_in(client)
    glass = Client()
    sign_in(glass, company.administrator.email)
    assert is_in(glass)


def test_going_out_says_that_there_one_is_still_in(company: Company, ready: Provider) -> None:
    client = Client()
    come_in(client, ready, "sub-1")
    out = client.post("/salir/")
    assert out["Location"] == "/entrar/?fuera" and not is_in(client)
    page = client.get(out["Location"]).content.decode()
    assert f"{ready.url}/oauth2/end_session?client_id={CLIENT}" in page


def test_the_administrator_sets_it_up_and_the_secret_never_comes_out(
    company: Company, provider: Provider
) -> None:
    client = Client()
    client.force_login(company.administrator)
    assert "http://testserver/entrar/empresa/vuelta/" in client.get(SETTINGS).content.decode()
    given = {"name": "Acceso", "server_url": provider.url, "client_id": CLIENT, "new_secret": "s3creto-largo"}
    assert client.post(SETTINGS, {**given, "is_on": "on", "seen": "1"}).status_code == 302
    row = SingleSignOn.objects.get()
    assert row.secret == "s3creto-largo" and "s3creto" not in str(SingleSignOn.objects.values().get())
    page = client.get(SETTINGS).content.decode()
    assert "s3creto" not in page and "se guarda" in page
    stale = client.post(SETTINGS, {**given, "name": "Otro", "new_secret": "x", "seen": "0"})
    assert stale.status_code == 409 and "s3creto" not in stale.content.decode()
    kept = {**given, "new_secret": "", "is_on": "on", "seen": str(row.version)}
    client.post(SETTINGS, {**kept, "name": "Otro nombre"})
    row.refresh_from_db()
    assert (row.name, row.secret) == ("Otro nombre", "s3creto-largo")
    with override_settings(HILO_OIDC_SECRET="de-fuera"):
        assert row.secret == "de-fuera"
    assert not LedgerEvent.objects.filter(payload__contains="s3creto").exists()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://provider.example", "empieza por https"),
        ("ftp://provider.example", "empieza por https"),
        ("http://127.0.0.1:9/", "Nada responde"),
    ],
)
def test_a_mistake_in_the_address_shows_when_it_is_saved(company: Company, address: str, said: str) -> None:
    client = Client()
    client.force_login(company.administrator)
    answer = client.post(SETTINGS, {"name": "A", "server_url": address, "client_id": "x", "seen": "1"})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not SingleSignOn.objects.exists()


def test_only_an_administrator_sets_it_up(company: Company, provider: Provider) -> None:
    for other in (company.director, company.people["sales"], company.heads["sales"]):
        client = Client()
        client.force_login(other)
        assert client.get(SETTINGS).status_code == client.post(SETTINGS).status_code == 403
        with refused(kind=NotAllowed):
            set_up_single_sign_on(
                name="x", server_url="x", client_id="x", issuer="x", by=acting(other), now=yesterday()
            )


def test_an_administrator_loosens_the_tie(company: Company, person: Person, ready: Provider) -> None:
    come_in(Client(), ready, "sub-1")
    admin = Client()
    admin.force_login(company.administrator)
    assert "Entra con la cuenta de la empresa" in admin.get(f"/personas/{person.pk}/").content.decode()
    assert admin.post(f"/personas/{person.pk}/cuenta/soltar/").status_code == 302
    ready.knows("sub-2", email=person.email, email_verified=True)
    client = Client()
    come_in(client, ready, "sub-2")
    assert is_in(client) and SocialAccount.objects.get().uid == "sub-2"


def test_without_it_the_door_shows_nothing_of_it(company: Company) -> None:
    page = Client().get("/entrar/").content.decode()
    assert "/entrar/empresa/" not in page
    for url in ("/entrar/empresa/", "/entrar/empresa/vuelta/?code=x&state=y"):
        assert Client().get(url)["Location"] == "/entrar/"
