"""The few addresses of allauth that Hilo has. No sign-up, no e-mail addresses to manage, no other doors."""

from __future__ import annotations

from django.urls import path

from hilo.web.accounts import passkeys, signing_in, single_sign_on
from hilo.web.doing.routes import foreign_route

for name in (
    "account_login",
    "account_logout",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "passkey_sign_in_options",
    "single_sign_on",
    "single_sign_on_back",
):
    foreign_route(name)

urlpatterns = [
    path("entrar/", signing_in.sign_in, name="account_login"),
    path("entrar/codigo/", signing_in.second_step, name="mfa_authenticate"),
    path("entrar/llave/", signing_in.passkey_sign_in, name="mfa_login_webauthn"),
    path("entrar/llave/pregunta/", passkeys.sign_in_options, name="passkey_sign_in_options"),
    path("entrar/empresa/", single_sign_on.off_to_provider, name="single_sign_on"),
    path("entrar/empresa/vuelta/", single_sign_on.back_from_provider, name="single_sign_on_back"),
    path("salir/", signing_in.sign_out, name="account_logout"),
]
