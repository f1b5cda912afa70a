"""The first step: a file comes, and is looked at before anything is asked of it."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hilo.channels.imports import Source, What, open_table
from hilo.channels.imports.figures import grouped
from hilo.channels.imports.uploads import Upload, keep_upload
from hilo.errors import RuleViolation
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import OK, Attempt, run_command
from hilo.web.imports.forms import UploadForm

MOST_ROWS = 5_000  # more than a browser waits for; the terminal takes any number


def upload(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        form = UploadForm(initial={"what": What.CUSTOMERS, "source": Source.CSV})
        return _shown(request, form, Attempt(OK))
    form = UploadForm(request.POST, request.FILES)
    attempt = run_command(form, lambda given: _keep(request, given))
    if isinstance(attempt.result, Upload):
        return HttpResponseRedirect(reverse("web:import", args=[attempt.result.token]))
    return _shown(request, form, attempt)


def _keep(request: HttpRequest, given: dict[str, Any]) -> Upload:
    kept = keep_upload(
        given["file"].name,
        given["file"].chunks(),
        person_id=actor_of(request).one.pk,
        what=What(given["what"]),
        source=Source(given["source"]),
        now=now_of(request),
    )
    try:
        _refuse_unfit(kept)
    except RuleViolation:
        kept.forget()
        raise
    return kept


def _refuse_unfit(kept: Upload) -> None:
    try:
        table = open_table(kept.file)
    except RuleViolation as sentence:
        raise RuleViolation(str(sentence), field="file") from sentence
    if next(islice(table.rows(), MOST_ROWS, None), None) is not None:
        raise RuleViolation(
            _(
                "It has more than %(most)s rows: too long to wait for here. Ask whoever runs Hilo to bring it"
                " in with hilo import %(what)s, or split it."
            )
            % {"most": grouped(MOST_ROWS), "what": kept.what.value},
            field="file",
        )


def _shown(request: HttpRequest, form: UploadForm, attempt: Attempt) -> HttpResponse:
    return render(request, "web_imports/upload.html", {"form": form}, status=attempt.status)
