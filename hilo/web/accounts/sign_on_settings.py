"""*Ajustes › Entrada*: the company's own provider. Its secret goes in and never comes out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from hilo.channels.single_sign_on.provider import callback_url, look_up
from hilo.parties.commands.single_sign_on import set_up_single_sign_on
from hilo.parties.models import Area, Delegation, SingleSignOn
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.fields import SeenForm
from hilo.web.people.form_page import FormPage, answer_form, show_form

PLAIN = ("name", "server_url", "client_id", "trusts_addresses", "domains", "area", "delegation")
SHOWN = (*PLAIN, "is_on", "is_only")


class SignOnForm(SeenForm):
    name = forms.CharField(
        label=gettext_lazy("What the button says"),
        help_text=gettext_lazy("As your people call it: Microsoft, Google, the name of the company."),
        max_length=40,
        error_messages={"required": gettext_lazy("Write the name that the button shows.")},
    )
    server_url = forms.CharField(
        label=gettext_lazy("The provider's address"),
        help_text=gettext_lazy("The issuer: https://login.microsoftonline.com/…/v2.0"),
        max_length=300,
        error_messages={"required": gettext_lazy("Write the provider's address.")},
    )
    client_id = forms.CharField(
        label=gettext_lazy("Client id"),
        max_length=190,
        error_messages={"required": gettext_lazy("Write the client id.")},
    )
    new_secret = forms.CharField(  # not "secret": a stale form shows what the row says
        label=gettext_lazy("Client secret"),
        required=False,
        strip=True,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Empty: the one that is kept."),
    )
    trusts_addresses = forms.BooleanField(
        label=gettext_lazy("The addresses of this provider are ours"),
        required=False,
        help_text=gettext_lazy(
            "Only if people cannot choose their address there. Entra never says «verified»."
        ),
    )
    domains = forms.CharField(
        label=gettext_lazy("Whoever has an address of these domains comes in as somebody new"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Separated by blanks. Empty: only whom you invited or added."),
    )
    area = forms.ModelChoiceField(
        Area.objects.none(),
        label=gettext_lazy("Newcomers begin in the area"),
        required=False,
        empty_label=gettext_lazy("Choose…"),
    )
    delegation = forms.ModelChoiceField(
        Delegation.objects.none(),
        label=gettext_lazy("and in the delegation"),
        required=False,
        empty_label=gettext_lazy("Choose…"),
    )
    is_on = forms.BooleanField(label=gettext_lazy("Show the button at the door"), required=False)
    is_only = forms.BooleanField(
        label=gettext_lazy("No other way in"),
        required=False,
        help_text=gettext_lazy("Administrators keep their password and passkeys, for the day it fails."),
    )

    def __init__(self, *args: Any, seen: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, seen=seen, **kwargs)
        area, delegation = self.fields["area"], self.fields["delegation"]
        assert isinstance(area, forms.ModelChoiceField) and isinstance(delegation, forms.ModelChoiceField)
        area.queryset = Area.objects.filter(Q(ended_on=None))
        delegation.queryset = Delegation.objects.filter(closed_on=None)


@never_cache
@sensitive_post_parameters("new_secret")
def setting_sign_on(request: HttpRequest) -> HttpResponse:
    row = SingleSignOn.objects.filter(pk=1).first()
    page = FormPage(
        title=_("Single sign-on"),
        lead=_("Your people come in with the account that they have everywhere else (OpenID Connect)."),
        button=_("Save"),
        back_url=reverse("web:settings"),
        back=_("Settings"),
        subject=row,
        kind="single_sign_on",
        template="web_accounts/sign_on_settings.html",
    )
    more: dict[str, Any] = {
        "callback_url": callback_url(request),
        "has_secret": bool(row and row.locked_secret),
        "secret_from_outside": bool(settings.HILO_OIDC_SECRET),
    }
    if request.method != "POST":
        start = {name: getattr(row, name) for name in SHOWN} if row else {}
        return show_form(request, page, SignOnForm(initial=start, seen=row.version if row else 1), **more)
    return answer_form(
        request,
        page,
        SignOnForm(request.POST),
        lambda given: _save(request, given),
        then=reverse("web:setting_sign_on"),
        said=_("Saved."),
        **more,
    )


def _save(request: HttpRequest, given: dict[str, Any]) -> None:
    """The provider is asked first: a mistake in its address shows here, not at the door."""
    said = look_up(given["server_url"])
    facts = {**given, "issuer": said.issuer, "end_session_url": said.end_session_url}
    facts["secret"] = facts.pop("new_secret")
    set_up_single_sign_on(**facts, by=actor_of(request), now=now_of(request))
