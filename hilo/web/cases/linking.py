"""Taking away what a case is no longer about."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hilo.parties.permissions import may
from hilo.quality.access import require_on_case
from hilo.quality.commands.cases import unlink_case
from hilo.quality.models import CaseLink
from hilo.web.cases.page import visible_case
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import done


@require_POST
def unlink(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    found, actor = visible_case(request, code), actor_of(request)
    link = get_object_or_404(CaseLink.objects.select_related("case__thread"), pk=pk, case=found)
    if not may(actor, "case.work", own=False):
        require_on_case(actor, "case.work", found)
    unlink_case(link, by=actor, now=now_of(request))
    where = reverse("web:case", args=[code])
    return done(request, f"{where}#links", _("No longer linked."))
