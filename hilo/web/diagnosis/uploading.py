"""A log comes by upload; or the example, by one click."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from hilo.analysis import folders
from hilo.analysis.commands.diagnoses import ask_diagnosis
from hilo.analysis.folders import Kept
from hilo.analysis.limits import limits
from hilo.analysis.models import Diagnosis
from hilo.web.diagnosis.fetching import above, go_to, url_of
from hilo.web.diagnosis.forms import File, UploadForm, too_much
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import OK, run_command

TOO_LARGE = 413
_FORM_ITSELF = 1024 * 1024  # what a request has beside its files


@csrf_exempt  # to look for the token is to read the request: first how long it is, then that (_new)
def new(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and _length(request) > _most():
        form = UploadForm()
        form.errors["log"] = form.error_class([too_much()])
        return _shown(request, form, TOO_LARGE)
    return _new(request)


@csrf_protect
def _new(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _shown(request, UploadForm(), OK)
    form = UploadForm(request.POST, request.FILES)
    attempt = run_command(form, lambda given: _ask(request, form, given))
    if isinstance(attempt.result, Diagnosis):
        return go_to(request, url_of(attempt.result))
    return _shown(request, form, attempt.status)


def _ask(request: HttpRequest, form: UploadForm, given: dict[str, Any]) -> Diagnosis:
    token = folders.new_token()
    try:
        diagnosis, is_new = ask_diagnosis(
            name=given["name"],
            token=token,
            ticket=str(given["ticket"] or uuid4()),
            files=[keep(token, "files", file) for file in given["log"]],
            options={kind: keep(token, "options", file) for kind, file in form.option_files().items()},
            zone=given["zone"],
            by=actor_of(request),
            now=now_of(request),
        )
    except BaseException:
        folders.forget(token)
        raise
    if not is_new:
        folders.forget(token)
    return diagnosis


def keep(token: str, kind: str, file: File) -> Kept:
    return folders.keep_file(token, kind, file.name or "", file.chunks())


@require_POST
def example(request: HttpRequest) -> HttpResponse:
    diagnosis, _is_new = ask_diagnosis(
        name=_("Example: the orders of a company"),
        token=folders.new_token(),
        ticket=_ticket(request),
        files=[],
        is_example=True,
        by=actor_of(request),
        now=now_of(request),
    )
    return go_to(request, url_of(diagnosis))


def _ticket(request: HttpRequest) -> str:
    """Made with the page, so that two clicks are one."""
    try:
        return str(UUID(request.POST.get("ticket", "")))
    except ValueError:
        return str(uuid4())


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdecimal() else 0


def _most() -> int:
    bounds = limits()
    return bounds.most_bytes + 3 * bounds.most_option_bytes + _FORM_ITSELF


def _shown(request: HttpRequest, form: UploadForm, status: int) -> HttpResponse:
    facts = {"form": form, "most_bytes": limits().most_bytes, "too_much": too_much(), "above": above(request)}
    return render(request, "web_diagnosis/new.html", facts, status=status)
