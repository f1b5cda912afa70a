"""The diagnosis an address names, for who may see it, and what is said about it everywhere alike."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from hilo.analysis.access import diagnoses_visible_to, require_theirs
from hilo.analysis.models import Diagnosis
from hilo.web.base.navigation import ShownEntry, analysis_menu
from hilo.web.doing.asking import actor_of, is_htmx

LARGEST_KEY = 2**63 - 1


def diagnosis_at(request: HttpRequest, pk: int) -> Diagnosis:
    """404 for what may not be seen."""
    visible = diagnoses_visible_to(actor_of(request)).select_related("asked_by")
    return get_object_or_404(visible, pk=min(pk, LARGEST_KEY))


def their_diagnosis_at(request: HttpRequest, pk: int) -> Diagnosis:
    diagnosis = diagnosis_at(request, pk)
    require_theirs(actor_of(request), diagnosis)
    return diagnosis


def url_of(diagnosis: Diagnosis) -> str:
    return reverse("web:diagnosis", args=[diagnosis.pk])


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """By the browser, or by the script that sent the form."""
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def above(request: HttpRequest) -> list[ShownEntry]:
    """The pages of Análisis, for the row above each of them."""
    return analysis_menu.shown(request)
