"""One handoff on its page, whoever looks and whatever was refused just before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hilo.parties.actor import Actor
from hilo.parties.permissions import may
from hilo.quality.queries.lessons import Story, lessons_by_key
from hilo.web.base.hours import said_at
from hilo.web.base.words import Stale
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.routes import action_of
from hilo.web.doing.submitting import OK, Attempt, look_again
from hilo.web.handoffs.forms import AddItemForm, AnswerForm, ItemForm, OfferForm, ReasonForm
from hilo.web.handoffs.page import HandoffPage, Side, gap_title, page_of
from hilo.work.access import require_on
from hilo.work.models import DocumentVersion, Handoff, HandoffItem
from hilo.work.queries.handoffs import handoffs_visible_to

BESIDE = (
    "thread__customer",
    "thread__owner",
    "step_run__step",
    "step_run__holder",
    "giver",
    "to_person",
    "answered_by",
    "from_area",
    "to_area",
    "from_delegation",
    "to_delegation",
)


def handoff_asked(request: HttpRequest, pk: int) -> Handoff:
    """404 for what they may not see, as if it did not exist; another delegation's is there to read alone."""
    actor, action = actor_of(request), action_of(request)
    found = get_object_or_404(handoffs_visible_to(actor).select_related(*BESIDE), pk=pk)
    if not may(actor, action, own=False):
        require_on(actor, action, found.thread)
    return found


@require_safe
def handoff(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, handoff_asked(request, pk))


@dataclass(frozen=True, slots=True)
class Tried:
    """The forms that were refused just before; None where the page shows a fresh one."""

    answer: AnswerForm | None = None
    accept: BaseForm | None = None  # a button without fields: accept, confirm
    offer: OfferForm | None = None
    withdrawal: ReasonForm | None = None
    item: ItemForm | None = None
    add_item: AddItemForm | None = None


def show(
    request: HttpRequest, handoff: Handoff, *, tried: Tried | None = None, attempt: Attempt | None = None
) -> HttpResponse:
    """The page as it stands now. A bound form was refused: it shows again with everything typed."""
    actor, now = actor_of(request), now_of(request)
    handoff = handoff_asked(request, handoff.pk)
    tried = tried or Tried()
    page = page_of(handoff, actor, now=now)
    if attempt is not None and attempt.is_stale:
        _look_again(tried, handoff)
    facts = {
        "now": now,
        "page": page,
        "handoff": handoff,
        "package": page.package,
        "gap_title": gap_title(page),
        "remind_when": said_at(handoff.remind_at, now) if handoff.remind_at else "",
        "sees_money": actor.sees_money,
        "stale": stale_notice(handoff) if attempt is not None else None,
        "refusal": _refusal(page, tried, attempt),
        "left_over": tried.answer if not page.can_answer else None,
        "answer": _answer_form(page, tried.answer, actor, now),
        "offer": tried.offer or _offer_form(page, now),
        "withdrawal": tried.withdrawal or ReasonForm(seen=handoff.version),
        "item_rows": _item_rows(page, tried.item, actor),
        "add_item": tried.add_item or AddItemForm(label_suffix=""),
        "is_receiver": page.side is Side.RECEIVER,
    }
    status = attempt.status if attempt is not None else OK
    return render(request, "web_handoffs/handoff.html", facts, status=status)


def _look_again(tried: Tried, handoff: Handoff) -> None:
    for form in (tried.answer, tried.offer, tried.withdrawal):
        if form is not None:
            look_again(form, handoff.version)


def _refusal(page: HandoffPage, tried: Tried, attempt: Attempt | None) -> str:
    """The sentence for the head of the page, when no field stands beside it to say it."""
    if attempt is None or attempt.refusal is None:
        return ""
    shown_beside = tried.answer is not None and page.can_answer and not attempt.is_stale
    return "" if shown_beside else str(attempt.refusal)


def _answer_form(
    page: HandoffPage, bound: AnswerForm | None, actor: Actor, now: datetime
) -> AnswerForm | None:
    if not page.can_answer:
        return None
    return bound or AnswerForm(handoff=page.handoff, actor=actor, now=now)


def _offer_form(page: HandoffPage, now: datetime) -> OfferForm | None:
    if not (page.can_give and page.handoff.state == Handoff.State.DRAFT):
        return None
    return OfferForm(handoff=page.handoff, now=now)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A line of the list; ``story`` leads to the case that taught it."""

    item: HandoffItem
    form: ItemForm | None
    story: Story | None


def _item_rows(page: HandoffPage, bound: ItemForm | None, actor: Actor) -> list[ItemRow]:
    items = list(page.package.items)
    stories = lessons_by_key([item.key for item in items], actor)
    forms = _item_forms(page, items, bound)
    return [ItemRow(item, forms.get(item.pk), stories.get(item.key)) for item in items]


def _item_forms(page: HandoffPage, items: list[HandoffItem], bound: ItemForm | None) -> dict[int, ItemForm]:
    """Only a draft's giver can change its lines."""
    if not (page.can_give and page.handoff.state == Handoff.State.DRAFT):
        return {}
    versions = versions_of(page)
    return {
        item.pk: bound if bound is not None and bound.item == item else ItemForm(item=item, versions=versions)
        for item in items
    }


def versions_of(page: HandoffPage) -> list[DocumentVersion]:
    """Every version of the thread's documents, the approved and the newest ones first."""
    found = [version for each in page.package.documents for version in each.shown_versions]  # type: ignore[attr-defined]
    for each in page.package.documents:
        for version in each.shown_versions:  # type: ignore[attr-defined]
            version.document = each
    return sorted(found, key=lambda version: (not hasattr(version, "approval"), -version.pk))


def stale_notice(handoff: Handoff) -> Stale | None:
    """Who was quicker and what they did; None when the handoff still waits as it did."""
    done = {
        Handoff.State.OFFERED: _("offered this handoff"),
        Handoff.State.ACCEPTED: _("accepted this handoff"),
        Handoff.State.CONDITIONAL: _("answered this handoff with conditions"),
        Handoff.State.RETURNED: _("returned this handoff"),
        Handoff.State.WITHDRAWN: _("took this handoff back"),
    }
    who = handoff.answered_by or handoff.giver
    if handoff.state == Handoff.State.WITHDRAWN:
        who = handoff.giver
    what = done.get(Handoff.State(handoff.state))
    return Stale(who.name, what) if what and handoff.state != Handoff.State.OFFERED else None
