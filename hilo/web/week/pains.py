"""What went wrong in a week as one list: a case with all that happened to it once, and broken promises."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from hilo.parties.actor import Actor
from hilo.quality.analysing import analyses_visible_to
from hilo.quality.models import Analysis, Case
from hilo.quality.queries.week import Week
from hilo.web.base.words import Status
from hilo.web.causes.page import place_in_sentence
from hilo.web.week.money import Behind, behind_threads
from hilo.work.models import Thread


@dataclass(slots=True)
class Pain:
    """``where`` says the place in the process, once it is known; never who."""

    url: str
    title: str
    thread: Thread
    at: datetime
    signs: list[Status] = field(default_factory=list)
    what: str = ""
    where: str = ""
    cause_url: str = ""
    money: Behind | None = None

    @property
    def place(self) -> tuple[Decimal, datetime]:
        """The most money first; without money, or for whom it is not shown to, the earliest."""
        return -(self.money.amount if self.money else Decimal(0)), self.at


def pains_of(week: Week, actor: Actor, *, now: datetime) -> list[Pain]:
    by_case: dict[int, Pain] = {}
    for case in week.opened:
        by_case[case.pk] = _of_case(case, case.received_at)
        by_case[case.pk].signs.append(Status(case.get_kind_display(), "lifebuoy"))
    for case in week.reopened:
        pain = by_case.setdefault(case.pk, _of_case(case, week.starts))
        pain.signs.append(Status(_("Opened again"), "refresh", "warn"))
    others: list[Pain] = []
    for each in week.escalated:
        if each.case_id in by_case:
            pain = by_case[each.case_id]
        elif each.case is not None:
            pain = by_case.setdefault(each.case_id, _of_case(each.case, each.at, thread=each.thread))  # type: ignore[arg-type]
        else:
            pain = Pain(_thread_url(each.thread), each.thread.title, each.thread, each.at)
            others.append(pain)
        pain.signs.append(Status(_("Went to management"), "hand-stop", "late"))
    for promise in week.broken:
        url = f"{_thread_url(promise.thread)}#promise-{promise.pk}"
        assert promise.broken_at is not None
        pain = Pain(url, promise.text, promise.thread, promise.broken_at)
        pain.signs.append(Status(_("Broken promise"), "heart-broken", "late"))
        others.append(pain)
    _say_where(by_case, actor)
    found = [*by_case.values(), *others]
    money = behind_threads((pain.thread for pain in found), actor, now)
    for pain in found:
        pain.money = money.get(pain.thread.pk)
    return sorted(found, key=lambda pain: pain.place)


def _of_case(case: Case, at: datetime, thread: Thread | None = None) -> Pain:
    return Pain(
        reverse("web:case", args=[case.code]),
        case.title,
        thread or case.thread,
        at,
        what=case.text,
        cause_url=reverse("web:cause", args=[case.code]),
    )


def _thread_url(thread: Thread) -> str:
    return reverse("web:thread", args=[thread.code])


def _say_where(by_case: dict[int, Pain], actor: Actor) -> None:
    """What the search for the cause has found so far, for all cases in one query."""
    rows = analyses_visible_to(actor).filter(analysed__case__in=list(by_case))
    analyses: Iterable[Analysis] = rows.select_related("lost_at__area", "lost_from_area").prefetch_related(
        "analysed"
    )
    for analysis in analyses:
        for each in analysis.analysed.all():
            if each.case_id in by_case:
                by_case[each.case_id].where = _where(analysis)


def _where(analysis: Analysis) -> str:
    if analysis.conclusion:
        return analysis.conclusion
    if analysis.lost_at is None:
        return _("It is being looked for.")
    return _("It got lost in %(place)s.") % {"place": place_in_sentence(analysis)}
