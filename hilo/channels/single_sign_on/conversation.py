"""The code flow: off to the provider, back with a code, and who it says that came.

What comes back is believed only when the provider's key signed it, for us, now, and as the answer to what
this very browser asked: signature, issuer, audience, times, nonce and state are all looked at, although the
standard lets a token that came straight from the provider off the first.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from typing import Any

import jwt
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from requests import RequestException

from hilo.channels.single_sign_on.provider import (
    CompanyAdapter,
    CompanyProvider,
    company_provider,
    fetch_json,
)
from hilo.errors import RuleViolation
from hilo.parties.models import SingleSignOn

log = logging.getLogger(__name__)
SIGNED_WITH = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
MUST_SAY = ("iss", "sub", "aud", "exp", "iat")
CLOCKS_MAY_DIFFER = 60  # seconds


@dataclass(frozen=True, slots=True)
class Identity:
    """``address`` is empty unless the provider has verified it."""

    subject: str
    address: str
    said_address: str
    name: str
    onward: str


class Untrue(Exception):
    """What was wrong with the token, for the log; the visitor reads a sentence."""

    def __init__(self, why: str, sentence: str) -> None:
        super().__init__(why)
        self.sentence = sentence


def begin(request: HttpRequest, row: SingleSignOn, *, onward: str) -> HttpResponse:
    provider, nonce = company_provider(request, row), secrets.token_urlsafe(24)
    try:
        answer: HttpResponse = provider.redirect(
            request, "login", onward or None, auth_params={"nonce": nonce}, nonce=nonce
        )
    except (RequestException, ValueError, KeyError) as error:
        raise _down(row, error) from None
    return answer


def finish(request: HttpRequest, row: SingleSignOn) -> Identity:
    provider = company_provider(request, row)
    state = statekit.unstash_state(
        request, provider_id=provider.sub_id, state_id=request.GET.get("state", "")
    )
    if state is None:
        raise RuleViolation(_("This sign-in was used already, or took longer than ten minutes. Begin again."))
    _refuse_what_it_refused(request, row)
    try:
        claims = _claims(request, provider, row, state)
    except Untrue as untrue:
        log.warning("single sign-on: %s", untrue)
        raise RuleViolation(untrue.sentence) from None
    except OAuth2Error as error:
        log.warning("single sign-on, code refused: %s", error)
        raise RuleViolation(
            _("%(provider)s did not accept the sign-in. Try again; if it stays so, tell an administrator.")
            % {"provider": row.name}
        ) from None
    except (RequestException, ValueError, KeyError) as error:
        raise _down(row, error) from None
    return _identity(claims, row, str(state.get("next") or ""))


def _claims(
    request: HttpRequest, provider: CompanyProvider, row: SingleSignOn, state: dict[str, Any]
) -> dict[str, Any]:
    adapter = provider.get_oauth2_adapter(request)
    client = adapter.get_client(request, provider.app)
    given = client.get_access_token(
        request.GET.get("code", ""), pkce_code_verifier=state.get("pkce_code_verifier")
    )
    claims = _believed(str(given.get("id_token") or ""), adapter, row)
    if not secrets.compare_digest(str(claims.get("nonce", "")), str(state.get("nonce") or "-")):
        raise Untrue("another nonce", _not_trusted(row))
    if "email" not in claims and "userinfo_endpoint" in adapter.openid_config:
        claims = _with_userinfo(claims, adapter, str(given["access_token"]), row)
    return claims


def _believed(token: str, adapter: CompanyAdapter, row: SingleSignOn) -> dict[str, Any]:
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in SIGNED_WITH:
            raise Untrue(f"signed with {header.get('alg')}", _not_trusted(row))
        claims: dict[str, Any] = jwt.decode(
            token,
            key=_key(header, fetch_json(adapter.openid_config["jwks_uri"]), row),
            algorithms=[header["alg"]],
            audience=row.client_id,
            issuer=row.issuer,
            leeway=CLOCKS_MAY_DIFFER,
            options={"require": list(MUST_SAY)},
        )
    except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError) as error:
        raise Untrue(f"times: {error}", _clocks(row)) from None
    except jwt.InvalidAudienceError as error:
        raise Untrue(f"audience: {error}", _for_another(row)) from None
    except jwt.PyJWTError as error:
        raise Untrue(f"{type(error).__name__}: {error}", _not_trusted(row)) from None
    if claims.get("azp", row.client_id) != row.client_id:
        raise Untrue("authorized party", _for_another(row))
    return claims


def _key(header: dict[str, Any], said: dict[str, Any], row: SingleSignOn) -> Any:
    keys = [key for key in jwt.PyJWKSet.from_dict(said).keys if key.public_key_use in (None, "sig")]
    named = [key for key in keys if key.key_id == header.get("kid")]
    found = named if "kid" in header else keys[:1]
    if not found:
        raise Untrue("signed by a key that the provider does not show", _not_trusted(row))
    return found[0]


def _with_userinfo(
    claims: dict[str, Any], adapter: CompanyAdapter, access_token: str, row: SingleSignOn
) -> dict[str, Any]:
    said = fetch_json(adapter.profile_url, Authorization=f"Bearer {access_token}")
    if said.get("sub") != claims["sub"]:
        raise Untrue("userinfo of somebody else", _not_trusted(row))
    return {**said, **claims}


def _identity(claims: dict[str, Any], row: SingleSignOn, onward: str) -> Identity:
    address = str(claims.get("email") or "").strip().lower()
    is_verified = str(claims.get("email_verified", row.trusts_addresses)).lower() == "true"
    return Identity(
        subject=str(claims["sub"]),
        address=address if is_verified else "",
        said_address=address,
        name=str(claims.get("name") or address.partition("@")[0]),
        onward=onward,
    )


def _refuse_what_it_refused(request: HttpRequest, row: SingleSignOn) -> None:
    error = request.GET.get("error", "")
    if error in ("access_denied", "login_required", "interaction_required"):
        raise RuleViolation(
            _("You did not sign in at %(provider)s: nothing was done.") % {"provider": row.name}
        )
    if error or not request.GET.get("code"):
        log.warning("single sign-on, answered with %r", error[:60])
        raise RuleViolation(
            _("%(provider)s did not accept the sign-in. Try again; if it stays so, tell an administrator.")
            % {"provider": row.name}
        )


def _down(row: SingleSignOn, error: Exception) -> RuleViolation:
    log.warning("single sign-on, no answer: %s", error)
    return RuleViolation(
        _("%(provider)s does not answer. Try again in a few minutes.") % {"provider": row.name}
    )


def _clocks(row: SingleSignOn) -> str:
    return _(
        "The clocks of Hilo and of %(provider)s differ, or it took too long. Try again; if it stays so, tell "
        "an administrator."
    ) % {"provider": row.name}


def _for_another(row: SingleSignOn) -> str:
    return _(
        "What %(provider)s sent was meant for another application. An administrator should look at the "
        "client id in Settings."
    ) % {"provider": row.name}


def _not_trusted(row: SingleSignOn) -> str:
    return _("What %(provider)s sent cannot be trusted, so nobody came in. Tell an administrator.") % {
        "provider": row.name
    }
