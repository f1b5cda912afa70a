"""What allauth asks of us: nobody signs up, nothing is said twice, secrets are not kept in the clear."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hilo.parties.commands.second_factor import WRONG_CODE
from hilo.parties.locking import lock, unlock
from hilo.parties.models import Person

PURPOSE = "second-factor"
NOT_THESE = _("The e-mail and the password do not go together. Look at both and try again.")
TOO_MANY = _("Too many tries. Wait five minutes and try again.")

NOT_ANY_MORE = _("This account is closed. If that is a mistake, talk to an administrator of your company.")


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """People come by invitation alone; what is refused sounds the same whether the address exists or not."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": NOT_THESE,
        "email_password_mismatch": NOT_THESE,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
        "incorrect_code": WRONG_CODE,
        "incorrect_password": _("That is not your password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The page they come to says enough."""

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse | None:
        """Every way in passes here: password, passkey, the link of an invitation, the provider."""
        from hilo.web.accounts.single_sign_on import only_by_provider

        answer: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return answer or (only_by_provider(request, user) if isinstance(user, Person) else None)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_login"))

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")


class SealedSecrets(DefaultMFAAdapter):  # type: ignore[misc]
    """Second-factor secrets are encrypted with the installation's key: a copied database lets nobody in."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": WRONG_CODE}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Hilo"}

    def encrypt(self, text: str) -> str:
        return lock(text, purpose=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """After a change of the key nothing can be read: no code fits, and an administrator resets it."""
        return unlock(encrypted_text, purpose=PURPOSE) or str(generate_totp_secret())
