"""Signing in with e-mail and password, then the second step; signing out; the language of the door."""

from __future__ import annotations

import json
from typing import Any

from allauth.account.views import LoginView, LogoutView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme as is_ours
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hilo.errors import RuleViolation
from hilo.parties.seeds import is_founded
from hilo.web.accounts.forms import CodeForm, SignInForm
from hilo.web.accounts.passkeys import NOT_THAT_ONE, come_in_with, passkey_of_the_door
from hilo.web.accounts.second_factor import has_app, has_passkey
from hilo.web.accounts.single_sign_on import came_by_provider, provider_in_use, sign_out_there
from hilo.web.doing.submitting import UNPROCESSABLE

A_YEAR = 365 * 24 * 60 * 60


class SignIn(LoginView):  # type: ignore[misc]
    form_class = SignInForm
    template_name = "web_accounts/sign_in.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_founded():
            return redirect("web:setup")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        return _again(self, form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        provider = provider_in_use()
        out = self.request.method == "GET" and "fuera" in self.request.GET
        return {
            **super().get_context_data(**kwargs),
            "sends_mail": settings.HILO_SENDS_MAIL,
            "provider": provider,
            "onward": self.request.GET.get("next", ""),
            "signed_out_url": sign_out_there(self.request, provider) if out and provider else "",
        }


class SecondStep(AuthenticateView):  # type: ignore[misc]
    """A code, or the passkey of who has one. A POST with neither is a form with an empty code."""

    form_class = CodeForm
    template_name = "web_accounts/second_step.html"

    def _build_forms(self) -> CodeForm | AuthenticateWebAuthnForm:
        person, given = self.stage.login.user, self.request.POST
        self.auth_form = CodeForm(user=person)
        self.webauthn_form = AuthenticateWebAuthnForm(user=person) if has_passkey(person) else None
        if self.request.method == "POST" and self.webauthn_form and given.get("credential"):
            self.webauthn_form = AuthenticateWebAuthnForm(given, user=person)
            return self.webauthn_form
        if self.request.method == "POST":
            self.auth_form = CodeForm(given, user=person)
        return self.auth_form

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What a browser never sends in a passkey is refused like a wrong one."""
        try:
            answer: HttpResponse = super().post(request, *args, **kwargs)
        except (ValueError, TypeError, KeyError, AttributeError):
            if self.form is self.auth_form:
                raise
            return self.form_invalid(self.form)
        return answer

    def form_invalid(self, form: CodeForm | AuthenticateWebAuthnForm) -> HttpResponse:
        if form is self.auth_form:
            return _again(self, form)
        self.auth_form = CodeForm(user=self.stage.login.user)
        return _again(self, self.auth_form, passkey_fault=str(NOT_THAT_ONE))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts: dict[str, Any] = super().get_context_data(**kwargs)
        facts["has_app"] = has_app(self.stage.login.user)
        if "js_data" in facts:
            facts["passkey_question"] = json.dumps(facts["js_data"]["request_options"])
        return {**facts, **kwargs}


def _again(view: LoginView | AuthenticateView, form: SignInForm | CodeForm, **more: object) -> HttpResponse:
    """The same page with what was wrong; htmx and the browser both see that it was refused."""
    context = view.get_context_data(form=form, **more)
    return render(view.request, view.template_name, context, status=UNPROCESSABLE)


@method_decorator(never_cache, name="dispatch")
class PasskeySignIn(SignIn):
    """In by a passkey alone; refused, it is the door again with the reason."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            passkey = passkey_of_the_door(request)
        except RuleViolation as refusal:
            return _again(self, SignInForm(), passkey_fault=str(refusal))
        return come_in_with(request, passkey, self.get_success_url())


class SignOut(LogoutView):  # type: ignore[misc]
    """By POST alone: a link or an image on another page signs nobody out."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who came by the company's provider hears that there they are still in."""
        by_provider = came_by_provider(request)
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return redirect(f"{reverse('account_login')}?fuera") if by_provider else answer


sign_in = SignIn.as_view()
passkey_sign_in = PasskeySignIn.as_view()
second_step = SecondStep.as_view()
sign_out = SignOut.as_view()


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The door speaks what the visitor chose; whoever is signed in has it in their own settings."""
    chosen = request.POST.get("language", "")
    onward = request.POST.get("next", "")
    here = {request.get_host()}
    response = HttpResponseRedirect(onward if is_ours(onward, allowed_hosts=here) else "/")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=A_YEAR,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure(),
        )
    return response
