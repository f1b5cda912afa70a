"""*Mis datos*: one's language, hours and colours; the way to one's password and second step."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme as is_ours
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hilo.errors import RuleViolation
from hilo.parties.commands.people import change_own_settings
from hilo.web.company.forms import OwnSettings
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import OK, done, run_command


def profile(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), now_of(request)
    me = actor.one
    if request.method != "POST":
        start = {"language": me.language, "zone": me.zone, "theme": me.theme}
        return _shown(request, OwnSettings(initial=start, person=me), OK)
    form = OwnSettings(request.POST, person=me)
    attempt = run_command(form, lambda given: change_own_settings(**given, by=actor, now=now))
    if not attempt.done:
        return _shown(request, form, attempt.status)
    with translation.override(form.cleaned_data["language"]):
        return done(request, reverse("web:profile"), _("Saved."))


def _shown(request: HttpRequest, form: OwnSettings, status: int) -> HttpResponse:
    me = actor_of(request).one
    facts = {
        "form": form,
        "me": me,
        "places": me.memberships.filter(ends_on__isnull=True).select_related("area", "delegation"),
        "has_second_factor": Authenticator.objects.filter(user=me).exists(),
    }
    return render(request, "web_company/profile.html", facts, status=status)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """From the person's menu: back to the page they were on."""
    chosen = request.POST.get("theme", "")
    if not chosen:
        raise RuleViolation(_("Choose one of the options."))
    change_own_settings(theme=chosen, by=actor_of(request), now=now_of(request))
    onward = request.POST.get("next", "")
    return HttpResponseRedirect(onward if is_ours(onward, allowed_hosts={request.get_host()}) else "/")
