"""The company's provider as allauth's ``openid_connect`` sees it, and what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from requests import RequestException

from hilo.errors import RuleViolation
from hilo.parties.models import SingleSignOn

WELL_KNOWN = "/.well-known/openid-configuration"
NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
HERE = {"localhost", "127.0.0.1", "::1"}  # where plain http harms nobody


@dataclass(frozen=True, slots=True)
class SaysOfItself:
    issuer: str
    end_session_url: str


class CompanyAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    def __init__(self, request: HttpRequest, provider: CompanyProvider) -> None:
        self.company_provider = provider
        super().__init__(request, provider.app.provider_id)

    def get_provider(self) -> CompanyProvider:
        return self.company_provider

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return callback_url(request)


class CompanyProvider(OpenIDConnectProvider):  # type: ignore[misc]
    def get_oauth2_adapter(self, request: HttpRequest) -> CompanyAdapter:
        return CompanyAdapter(request, self)


def callback_url(request: HttpRequest) -> str:
    """What the administrator gives the provider; it must be the very same, letter by letter."""
    return request.build_absolute_uri(reverse("single_sign_on_back"))


def company_provider(request: HttpRequest, row: SingleSignOn) -> CompanyProvider:
    app = SocialApp(
        provider="openid_connect",
        provider_id=row.provider_id,
        name=row.name,
        client_id=row.client_id,
        secret=row.secret,
        settings={"server_url": row.server_url, "oauth_pkce_enabled": True},
    )
    return CompanyProvider(request, app=app)


def look_up(server_url: str) -> SaysOfItself:
    """Ask the provider what it says of itself; refuses with a sentence for who sets it up."""
    _refuse_unsafe(server_url)
    address = server_url if "/.well-known/" in server_url else server_url.rstrip("/") + WELL_KNOWN
    try:
        said = fetch_json(address)
    except (RequestException, ValueError):
        raise RuleViolation(
            _("Nothing answers at %(address)s. Look at the address, or try again later.")
            % {"address": address},
            field="server_url",
        ) from None
    if not all(isinstance(said.get(name), str) for name in NEEDED):
        raise RuleViolation(_("That address answers, but not as OpenID Connect."), field="server_url")
    out = str(said.get("end_session_endpoint") or "")
    return SaysOfItself(said["issuer"], out if urlsplit(out).scheme in ("https", "http") else "")


def fetch_json(url: str, **headers: str) -> dict[str, Any]:
    """With allauth's time limit: a door that hangs is worse than one that says no."""
    with get_adapter().get_requests_session() as session:
        answer = session.get(url, headers=headers)
        answer.raise_for_status()
        found = answer.json()
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found


def _refuse_unsafe(server_url: str) -> None:
    parts = urlsplit(server_url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE):
        return
    raise RuleViolation(_("The provider's address begins with https."), field="server_url")
