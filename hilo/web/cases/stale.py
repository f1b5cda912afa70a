"""Somebody was quicker on a case: who, and with what."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from hilo.quality.models import Case
from hilo.web.base.words import Stale
from hilo.web.threads.entries import titles_of
from hilo.work.queries.timeline import last_change, names_in


def stale_case(case: Case) -> Stale | None:
    event = last_change("case", case.pk, case.thread_id)
    if event is None:
        return None
    who, what = next(titles_of([event], names_in([event])))
    said = _("wrote down «%(what)s»") % {"what": what}
    return Stale(who, said, f"{reverse('web:case', args=[case.code])}#story")
