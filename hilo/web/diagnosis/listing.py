"""All diagnoses, the newest first; what to bring, where there is none yet."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from hilo.analysis.access import diagnoses_visible_to
from hilo.analysis.models import UNDER_WAY, Diagnosis
from hilo.parties.permissions import may
from hilo.web.base.saying import said_number
from hilo.web.base.templatetags.hilo import lang
from hilo.web.base.words import Status
from hilo.web.diagnosis.fetching import above
from hilo.web.diagnosis.words import spoken, status_of
from hilo.web.doing.asking import actor_of

ON_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Row:
    diagnosis: Diagnosis
    status: Status
    sentence: str


@require_safe
def diagnoses(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    visible = diagnoses_visible_to(actor).select_related("asked_by")
    page = Paginator(visible, ON_A_PAGE).get_page(request.GET.get("page"))
    under_way = visible.filter(state__in=UNDER_WAY).count()
    facts = {
        "page": page,
        "rows": [Row(one, status_of(one), sentence_of(one)) for one in page],
        "heading": heading(page.paginator.count, under_way),
        "may_run": may(actor, "diagnosis.run"),
        "ticket": uuid4(),
        "above": above(request),
    }
    return render(request, "web_diagnosis/list.html", facts)


def sentence_of(diagnosis: Diagnosis) -> str:
    """What came of it, in one sentence: the first finding, or why there is none."""
    if diagnosis.state == Diagnosis.State.REFUSED:
        return spoken(diagnosis.said)
    if diagnosis.state == Diagnosis.State.DONE:
        return spoken(diagnosis.headline) or _("Nothing stands out: no finding survived the checks.")
    return ""


def heading(count: int, under_way: int) -> str:
    if not count:
        return _("Where does work fall between your areas?")
    all_of_them = ngettext("%(n)s diagnosis", "%(n)s diagnoses", count) % {"n": said_number(count, lang())}
    if not under_way:
        return all_of_them
    said = ngettext("%(all)s; %(n)s is being read", "%(all)s; %(n)s are being read", under_way)
    return said % {"all": all_of_them, "n": said_number(under_way, lang())}
