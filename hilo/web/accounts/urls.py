from __future__ import annotations

from hilo.web.accounts import founding, invitations, passwords, second_factor, signing_in
from hilo.web.doing.routes import PUBLIC, route

urlpatterns = [
    route("empezar/", founding.setup, name="setup", action=PUBLIC, changes=True),
    route("idioma/", signing_in.language, name="language", action=PUBLIC, changes=True),
    route("invitacion/<str:token>/", invitations.invitation, name="invitation", action=PUBLIC, changes=True),
    route(
        "contrasena-olvidada/",
        passwords.forgotten,
        name="password_forgotten",
        action=PUBLIC,
        changes=True,
    ),
    route("mi-cuenta/contrasena/", passwords.password, name="password", action="own.settings", changes=True),
    route(
        "mi-cuenta/segundo-factor/",
        second_factor.second_factor,
        name="second_factor",
        action="own.settings",
    ),
    route(
        "mi-cuenta/segundo-factor/activar/",
        second_factor.second_factor_setup,
        name="second_factor_setup",
        action="own.settings",
        changes=True,
    ),
    route(
        "mi-cuenta/segundo-factor/codigos/",
        second_factor.second_factor_codes,
        name="second_factor_codes",
        action="own.settings",
        changes=True,
    ),
    route(
        "mi-cuenta/segundo-factor/desactivar/",
        second_factor.second_factor_off,
        name="second_factor_off",
        action="own.settings",
        changes=True,
    ),
]
