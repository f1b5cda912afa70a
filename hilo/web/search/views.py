"""One address: a fragment for the dialog, a page of its own without a script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hilo.parties.actor import Actor
from hilo.parties.models import Contact
from hilo.parties.modules import is_on
from hilo.parties.permissions import may
from hilo.parties.queries.customers import contacts_visible_to
from hilo.parties.search import SearchHit, find
from hilo.web.doing.asking import actor_of, is_htmx, now_of
from hilo.web.lists.standing import rest_shown, turn_shown
from hilo.web.search.marking import marked
from hilo.web.search.offers import Offered, offered_to
from hilo.work.access import threads_visible_to
from hilo.work.models import Thread
from hilo.work.queries.customer_standing import ThreadCount, counts_of_customers
from hilo.work.queries.recent import recent_threads

MOST_HITS = 12
MOST_NEWS = 2  # how many customers one is offered to give news to
LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """``aside`` stands on the right, in orange when it ``frays``."""

    url: str
    title: SafeString
    icon: str
    aside: str = ""
    frays: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    hits: list[Hit]


def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").replace("\x00", "")[:LONGEST_QUERY].strip()
    now = now_of(request)
    groups = _found(request, query, now) if query else _at_hand(request, now)
    facts = {"query": query, "groups": [group for group in groups if group.hits], "now": now}
    template = "web_search/_hits.html" if is_htmx(request) else "web_search/search.html"
    return render(request, template, facts)


def _at_hand(request: HttpRequest, now: datetime) -> Iterator[Group]:
    """Before anything is typed: where one was last, and what can be done."""
    actor = actor_of(request)
    recent = recent_threads(actor)
    yield Group(_("Where you were last"), [_of_thread(each, actor, now, "") for each in recent])
    yield Group(_("Do"), [_of_offer(each, "") for each in offered_to(request, "", deeds=True)])
    yield Group(_("Go to"), [_of_offer(each, "") for each in offered_to(request, "", deeds=False)])


def _found(request: HttpRequest, query: str, now: datetime) -> Iterator[Group]:
    actor = actor_of(request)
    hits = find(actor, query, limit=MOST_HITS)
    by_kind = {
        kind: [hit for hit in hits if hit.kind == kind] for kind in ("customer", "thread", "contact", "case")
    }
    customers, threads = by_kind["customer"], _threads(actor, by_kind["thread"])
    counts = counts_of_customers(actor, [hit.object_id for hit in customers], now=now) if customers else {}
    yield Group(_("Customers"), [_of_customer(hit, counts, query) for hit in customers])
    yield Group(_("Threads"), [_of_thread(each, actor, now, query) for each in threads])
    yield Group(_("Cases"), [_of_case(hit, query) for hit in by_kind["case"] if is_on("cases")])
    yield Group(_("Their people"), list(_of_contacts(actor, by_kind["contact"], query)))
    yield Group(_("Our people"), [_of_person(hit, query) for hit in hits if hit.kind == "person"])
    deeds = [*_news_to_give(actor, threads, query), *_deeds(request, query)]
    yield Group(_("Do"), deeds)
    yield Group(_("Go to"), [_of_offer(each, query) for each in offered_to(request, query, deeds=False)])


def _threads(actor: Actor, hits: list[SearchHit]) -> list[Thread]:
    """Read again through what the actor may see, in the order they were found."""
    if not hits:
        return []
    rows = threads_visible_to(actor).select_related(
        "customer", "turn_area", "turn_person", "turn_contact", "owner"
    )
    found = rows.in_bulk([hit.object_id for hit in hits])
    return [found[hit.object_id] for hit in hits if hit.object_id in found]


def _of_customer(hit: SearchHit, counts: dict[int, ThreadCount], query: str) -> Hit:
    count = counts.get(hit.object_id, ThreadCount())
    said = ngettext("%(n)d open thread", "%(n)d open threads", count.open) % {"n": count.open}
    url = reverse("web:customer", args=[hit.object_id])
    return Hit(url, marked(hit.title, query), "building", said, count.frayed > 0)


def _of_thread(thread: Thread, actor: Actor, now: datetime, query: str) -> Hit:
    turn, rest = turn_shown(thread, actor, now), rest_shown(thread)
    state = rest.label if rest else turn.label if turn else ""
    said = f"{thread.customer.name} · {state}" if state else thread.customer.name
    url = reverse("web:thread", args=[thread.code])
    frays = turn is not None and turn.kind in ("wait", "late")
    return Hit(url, marked(thread.title, query), "needle-thread", said, frays)


def _of_case(hit: SearchHit, query: str) -> Hit:
    """The index gives only what the actor may read; its page looks again."""
    return Hit(
        reverse("web:case_at", args=[hit.object_id]), marked(hit.title, query), "lifebuoy", hit.subtitle
    )


def _of_contacts(actor: Actor, hits: list[SearchHit], query: str) -> Iterator[Hit]:
    if not hits:
        return
    rows = contacts_visible_to(actor).select_related("customer").in_bulk([hit.object_id for hit in hits])
    for hit in hits:
        contact: Contact | None = rows.get(hit.object_id)
        if contact is not None:
            url = reverse("web:customer", args=[contact.customer_id]) + f"#contact-{contact.pk}"
            yield Hit(url, marked(contact.name, query), "user", contact.customer.name)


def _of_person(hit: SearchHit, query: str) -> Hit:
    """Somebody of ours: to their card, and else to what they answer for today."""
    try:
        url = reverse("web:person", args=[hit.object_id])
    except NoReverseMatch:
        url = reverse("web:threads") + f"?owner={hit.object_id}"
    return Hit(url, marked(hit.title, query), "id-badge-2", hit.subtitle)


def _of_offer(each: Offered, query: str) -> Hit:
    return Hit(each.url, marked(each.label, query), each.icon)


def _deeds(request: HttpRequest, query: str) -> Iterator[Hit]:
    """What fits the words; a loose end is offered always, for there is always one to note."""
    fitting = offered_to(request, query, deeds=True)
    pin = [each for each in offered_to(request, "", deeds=True) if each.icon == "pin" and each not in fitting]
    for each in (*fitting, *pin):
        yield _of_offer(each, query)


def _news_to_give(actor: Actor, threads: list[Thread], query: str) -> Iterator[Hit]:
    """Dar noticias a X: on each open thread that was found, its composer open at the message."""
    if not may(actor, "thread.work"):
        return
    still_open = [thread for thread in threads if thread.is_open][:MOST_NEWS]
    for thread in still_open:
        label = _("Give news to %(customer)s") % {"customer": thread.customer.name}
        url = reverse("web:thread", args=[thread.code]) + "?write=message#write"
        yield Hit(url, marked(label, query), "send", thread.title)
