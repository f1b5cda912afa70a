"""Say which column is what, read it again, delete it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hilo.analysis import folders
from hilo.analysis.commands.diagnoses import IS_RUNNING, ask_again, delete_diagnosis
from hilo.analysis.folders import Kept
from hilo.analysis.models import Diagnosis
from hilo.errors import RuleViolation
from hilo.web.diagnosis.fetching import above, go_to, their_diagnosis_at, url_of
from hilo.web.diagnosis.forms import ColumnsForm
from hilo.web.diagnosis.uploading import keep
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.fields import SeenForm
from hilo.web.doing.middleware import refused_page
from hilo.web.doing.submitting import OK, done, look_again, run_command

NO_COLUMNS: dict[str, Any] = {"columns": [], "taken": {}}


def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """The guess, to be corrected; what lies beside the log, to be replaced."""
    one = their_diagnosis_at(request, pk)
    if one.is_under_way:
        raise RuleViolation(IS_RUNNING)
    look = folders.look_of(one.token)
    if look is None:
        raise RuleViolation(_("Its columns could not be seen. Bring the file again in another format."))
    if request.method != "POST":
        return _shown(request, one, ColumnsForm(diagnosis=one, look=look), OK)
    form = ColumnsForm(request.POST, request.FILES, diagnosis=one, look=look)
    attempt = run_command(form, lambda given: _read_again(request, one, form, given))
    if attempt.done:
        return go_to(request, url_of(one))
    if attempt.is_stale:
        look_again(form, one.version)
    return _shown(request, one, form, attempt.status, is_stale=attempt.is_stale)


def _read_again(request: HttpRequest, one: Diagnosis, form: ColumnsForm, given: dict[str, Any]) -> bool:
    options: dict[str, Kept | None] = dict.fromkeys(form.left_out())
    options |= {kind: keep(one.token, "options", file) for kind, file in form.option_files().items()}
    ask_again(
        one,
        columns=form.chosen(),
        options=options,
        zone=given["zone"],
        seen=given["seen"],
        by=actor_of(request),
        now=now_of(request),
    )
    return True


def _shown(
    request: HttpRequest, one: Diagnosis, form: ColumnsForm, status: int, *, is_stale: bool = False
) -> HttpResponse:
    facts = {"one": one, "form": form, "is_stale": is_stale, "above": above(request)}
    return render(request, "web_diagnosis/columns.html", facts, status=status)


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """As it was asked for before."""
    one = their_diagnosis_at(request, pk)
    form = SeenForm(request.POST)
    attempt = run_command(
        form, lambda given: ask_again(one, seen=given["seen"], by=actor_of(request), now=now_of(request))
    )
    if attempt.done or one.is_under_way:  # a second click finds it running: that is what was wanted
        return go_to(request, url_of(one))
    return refused_page(request, attempt.refusal or RuleViolation(IS_RUNNING))


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    one = their_diagnosis_at(request, pk)
    form = SeenForm(request.POST)
    attempt = run_command(
        form,
        lambda given: delete_diagnosis(one, seen=given["seen"], by=actor_of(request), now=now_of(request)),
    )
    if attempt.done:
        return done(request, reverse("web:diagnoses"), _("The report and its files are deleted."))
    return refused_page(request, attempt.refusal or RuleViolation(_("Look at the report, then delete it.")))
