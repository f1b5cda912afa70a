"""Signing in with e-mail and password, then the second step; signing out; the language of the door."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView, LogoutView
from allauth.mfa.base.views import AuthenticateView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme as is_ours
from django.views.decorators.http import require_POST

from hilo.parties.seeds import is_founded
from hilo.web.accounts.forms import CodeForm, SignInForm
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
        return {**super().get_context_data(**kwargs), "sends_mail": settings.HILO_SENDS_MAIL}


class SecondStep(AuthenticateView):  # type: ignore[misc]
    """Only codes: a POST without one is a form with an empty code."""

    form_class = CodeForm
    template_name = "web_accounts/second_step.html"

    def _build_forms(self) -> CodeForm:
        data = self.request.POST if self.request.method == "POST" else None
        self.webauthn_form = None
        self.auth_form = CodeForm(data, user=self.stage.login.user)
        return self.auth_form

    def form_invalid(self, form: CodeForm) -> HttpResponse:
        return _again(self, form)


def _again(view: LoginView | AuthenticateView, form: SignInForm | CodeForm) -> HttpResponse:
    """The same page with what was wrong; htmx and the browser both see that it was refused."""
    context = view.get_context_data(form=form)
    return render(view.request, view.template_name, context, status=UNPROCESSABLE)


class SignOut(LogoutView):  # type: ignore[misc]
    """By POST alone: a link or an image on another page signs nobody out."""

    http_method_names = ["post", "options"]


sign_in = SignIn.as_view()
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
