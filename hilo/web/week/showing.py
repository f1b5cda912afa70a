"""*La semana* as a page: glory, pain, what is stuck by age or by money, and the actions that fall due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from hilo.parties.actor import Actor
from hilo.quality.models import Praise
from hilo.quality.queries.stuck import Stuck
from hilo.quality.queries.week import Week, week_of
from hilo.web.causes.action_words import ActionRow, action_row
from hilo.web.causes.page import joined
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.week.money import Behind, behind_threads
from hilo.web.week.pains import Pain, pains_of
from hilo.web.week.weeks import ChosenWeek, chosen_week

MOST_STUCK = 40
MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class GloryRow:
    praise: Praise
    thanks: str


@dataclass(frozen=True, slots=True)
class StuckRow:
    topic: Stuck
    url: str
    title: str
    waiting: str
    days: str
    money: Behind | None


@require_safe
def week(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), now_of(request)
    chosen = chosen_week(request.GET.get("day", ""), now)
    found = week_of(actor, starts=chosen.starts, ends=chosen.ends, now=now)
    by_money = actor.sees_money and request.GET.get("order") == "money"
    money = behind_threads((topic.thread for topic in found.stuck), actor, now)
    stuck = _by_money(found.stuck, money) if by_money else found.stuck
    pains = pains_of(found, actor, now=now)
    facts = {
        "now": now,
        "chosen": chosen,
        "headline": _headline(chosen, found, pains),
        "pains": pains,
        "glory": [GloryRow(each, _thanks(each)) for each in found.praise],
        "told": _told(found),
        "stuck": [_stuck_row(each, money.get(each.thread.pk)) for each in stuck[:MOST_STUCK]],
        "stuck_count": len(stuck),
        "stuck_more": max(len(stuck) - MOST_STUCK, 0),
        "by_money": by_money,
        "due": _action_rows(found, actor, now),
        "sees_money": actor.sees_money,
    }
    return render(request, "web_week/week.html", facts)


def _headline(chosen: ChosenWeek, found: Week, pains: list[Pain]) -> str:
    """How many moments of each, and what is stuck today."""
    glory, pain = len(found.praise), len(pains)
    if not glory and not pain:
        return _("A quiet week: neither glory nor pain has been noted")
    said = ngettext("%(n)d moment of glory", "%(n)d moments of glory", glory) % {"n": glory}
    hurts = ngettext("%(n)d of pain", "%(n)d of pain", pain) % {"n": pain}
    return _("%(glory)s and %(pain)s") % {
        "glory": said if glory else _("No moment of glory"),
        "pain": hurts if pain else _("none of pain"),
    }


def _thanks(praise: Praise) -> str:
    """Gracias a Antón Rial, Óscar Pueyo y Teresa Ibáñez."""
    names = [each.person.name for each in praise.praised.all()]
    if len(names) > MOST_NAMED:
        more = len(names) - MOST_NAMED + 1
        rest = ngettext("%(n)d more", "%(n)d more", more) % {"n": more}
        names = [*names[: MOST_NAMED - 1], rest]
    return _("thanks to %(names)s") % {"names": joined(names)} if names else ""


def _told(found: Week) -> str:
    people = {each.person_id for praise in found.praise for each in praise.praised.all()}
    if not people:
        return ""
    said = ngettext("It has reached whoever earned it.", "It has reached the %(n)d people.", len(people))
    return said % {"n": len(people)}


def _by_money(topics: list[Stuck], money: dict[int, Behind]) -> list[Stuck]:
    def amount(topic: Stuck) -> Decimal:
        behind = money.get(topic.thread.pk)
        return behind.amount if behind else Decimal(0)

    return sorted(topics, key=lambda topic: (-amount(topic), topic.since))


def _stuck_row(topic: Stuck, money: Behind | None) -> StuckRow:
    case = topic.case
    url = reverse("web:case", args=[case.code]) if case else reverse("web:thread", args=[topic.thread.code])
    waiting = topic.waiting[0].label if topic.waiting else ""
    days = ngettext("%(n)d working day", "%(n)d working days", topic.working_days)
    title = case.title if case else topic.thread.title
    return StuckRow(topic, url, title, waiting, days % {"n": topic.working_days}, money)


def _action_rows(found: Week, actor: Actor, now: datetime) -> list[ActionRow]:
    """Those to judge first: they wait for a word alone."""
    return [action_row(each, actor, now) for each in (*found.to_judge, *found.due)]
