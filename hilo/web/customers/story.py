"""One story over all the threads of a customer that the reader may see, page by page, by what was said."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from hilo.ledger.models import Place
from hilo.parties.actor import Actor
from hilo.parties.models import Area
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.threads.entries import Entry, story_shown
from hilo.web.threads.entry_kinds import known_kinds, story_kinds
from hilo.work.access import threads_visible_to
from hilo.work.models import Thread
from hilo.work.queries.timeline import story_of_customer

PER_PAGE = 30
LATEST = timedelta(days=366 * 100)


@dataclass(frozen=True, slots=True)
class TellFilter:
    url: str
    label: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with the thread it happened on; None for what concerns the customer itself."""

    entry: Entry
    thread: Thread | None


@dataclass(frozen=True, slots=True)
class CustomerStory:
    lines: list[Line]
    filters: list[TellFilter]
    older_url: str
    is_narrowed: bool


def story_of(request: HttpRequest, family: Collection[int]) -> CustomerStory:
    actor, query = actor_of(request), request.GET
    said, area_id = query.get("said") == "1", _number(query.get("area"))
    page = story_of_customer(
        family,
        kinds=known_kinds() if said else story_kinds(),
        before=_place(query.get("before", "")),
        area_id=area_id,
        without_threads=threads_hidden_from(actor, family),
        limit=PER_PAGE,
    )
    shown = story_shown(page, None, thread=None, now=now_of(request))
    threads = _threads(actor, [entry.event.thread_id for entry in shown.entries])
    return CustomerStory(
        lines=[Line(entry, threads.get(entry.event.thread_id or 0)) for entry in shown.entries],
        filters=_filters(query, actor, family, said=said, area_id=area_id),
        older_url=_url(query, before=shown.older) if shown.older else "",
        is_narrowed=said or area_id is not None or "before" in query,
    )


def threads_hidden_from(actor: Actor, family: Collection[int]) -> list[int]:
    """The confidential threads of this customer on which the actor is not named."""
    theirs = Thread.objects.filter(customer__in=family, is_confidential=True)
    return list(theirs.exclude(pk__in=threads_visible_to(actor).values("pk")).values_list("pk", flat=True))


def _threads(actor: Actor, ids: Collection[int | None]) -> dict[int, Thread]:
    wanted = {pk for pk in ids if pk is not None}
    return threads_visible_to(actor).only("code", "title").in_bulk(wanted) if wanted else {}


def _filters(
    query: QueryDict, actor: Actor, family: Collection[int], *, said: bool, area_id: int | None
) -> list[TellFilter]:
    """The areas that have had work on these threads."""
    threads = threads_visible_to(actor).filter(customer__in=family)
    areas = Area.objects.filter(step_runs__thread__in=threads).distinct()
    everything = not said and area_id is None
    return [
        TellFilter(_url(query), _("All threads"), everything),
        TellFilter(_url(query, said="1"), _("Told to the customer"), said),
        *(TellFilter(_url(query, area=str(area.pk)), area.name, area.pk == area_id) for area in areas),
    ]


def _url(query: QueryDict, **asked: str) -> str:
    """One filter at a time; the older page keeps the filter it continues."""
    kept = {name: str(query[name]) for name in ("said", "area") if "before" in asked and name in query}
    address = QueryDict(mutable=True)
    address.update({**kept, **asked})
    return f"?{address.urlencode()}#story" if address else "?#story"


def _place(cursor: str) -> Place | None:
    """Where the last page ended; what nobody could have been given begins at the newest."""
    moment, _tilde, number = cursor.partition("~")
    pk = _number(number)
    try:
        when = datetime.fromisoformat(moment)
    except ValueError:
        return None
    if pk is None or timezone.is_naive(when) or abs(when - timezone.now()) > LATEST:
        return None
    return Place(when, pk)


def _number(given: str | None) -> int | None:
    is_number = given is not None and given.isascii() and given.isdecimal() and len(given) < 19
    return int(given) if is_number and given is not None else None
