"""What would follow from a moved date, in sentences: first what the customer feels, then what it costs us."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hilo.web.base.hours import said_at, said_on
from hilo.web.lines import said_working
from hilo.web.map.facts import reserve_said
from hilo.web.threads.entry_words import said_minutes
from hilo.work.models import Promise
from hilo.work.planned import Foresight, Shift
from hilo.work.queries.map_page import MapPage


@dataclass(frozen=True, slots=True)
class Consequence:
    """``tone``: late, warn, ok or nothing; icon and words say it, the colour only helps."""

    icon: str
    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    name: str
    area: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Consequences:
    headline: str
    sentences: list[Consequence]
    moved: list[Moved]  # the steps that move along

    @property
    def is_bad(self) -> bool:
        return any(one.tone == "late" for one in self.sentences)


def consequences_of(page: MapPage, foresight: Foresight) -> Consequences | None:
    if foresight.outcome is None or not foresight.shifts:
        return None
    first, *others = foresight.shifts
    sentences = [
        *_promises(page, foresight),
        *_reserve(page, foresight),
        *_reviews(foresight, page.now),
        *_news(page, foresight),
    ]
    return Consequences(_headline(first, foresight, page), sentences, [_moved(one, page) for one in others])


def _headline(first: Shift, foresight: Foresight, page: MapPage) -> str:
    facts = {"step": first.run.name, "new": _day(first.new, page.now)}
    if first.old is None:
        return _("«%(step)s» would end %(new)s.") % facts
    clock = foresight.plan.clock_of(first.run.pk)
    earlier, later = sorted((first.old, first.new))
    facts |= {"old": _day(first.old, page.now), "length": said_working(clock, earlier, later)}
    if first.new < first.old:
        return _("«%(step)s» would end %(new)s instead of %(old)s, %(length)s earlier.") % facts
    return _("«%(step)s» would end %(new)s instead of %(old)s, %(length)s later.") % facts


def _moved(shift: Shift, page: MapPage) -> Moved:
    old = _day(shift.old, page.now) if shift.old else _("no date")
    return Moved(shift.run.name, shift.run.area.name, old, _day(shift.new, page.now))


def _day(moment: datetime, now: datetime) -> str:
    """The day; within one day also the hour, or nothing would seem to move."""
    return said_on(moment, now) if abs((moment - now).days) > 1 else said_at(moment, now)


def _promises(page: MapPage, foresight: Foresight) -> Iterator[Consequence]:
    outcome = foresight.outcome
    assert outcome is not None
    for promise in foresight.late:
        facts = {
            "promise": promise.text,
            "contact": promise.contact,
            "due": said_on(promise.due_at, page.now),
        }
        facts["finish"] = said_on(outcome.finish_after, page.now) if outcome.finish_after else ""
        said = _("«%(promise)s», promised to %(contact)s for %(due)s, would come too late: %(finish)s.")
        yield Consequence("heart-broken", said % facts, "late")
    kept = [one for one in page.promises if one.state == Promise.State.OPEN and one not in foresight.late]
    if kept and not foresight.late and foresight.is_later:
        nearest = min(kept, key=lambda one: one.due_at)
        yield Consequence(
            "heart-handshake",
            _("What was promised still holds; the nearest is «%(promise)s», %(due)s.")
            % {"promise": nearest.text, "due": said_on(nearest.due_at, page.now)},
            "ok",
        )


def _reserve(page: MapPage, foresight: Foresight) -> Iterator[Consequence]:
    if not foresight.lost:
        if foresight.is_later:
            yield Consequence("hourglass", _("The finish stays where it is: no reserve is used."), "ok")
        return
    lost = said_minutes(foresight.lost)
    if foresight.reserve_left is None:
        said = _("The finish comes %(lost)s later, and this plan has no reserve.")
        yield Consequence("hourglass", said % {"lost": lost}, "warn")
        return
    left = foresight.reserve_left - foresight.minutes
    said = _("The finish comes %(lost)s later and takes that out of the reserve. %(reserve)s.")
    words = said % {"lost": lost, "reserve": reserve_said(left, page.thread.reserve_minutes)}
    yield Consequence("hourglass", words, "late" if left < 0 else "warn")


def _reviews(foresight: Foresight, now: datetime) -> Iterator[Consequence]:
    if not foresight.reviews:
        return
    listed = "; ".join(f"«{one.text}», {said_at(one.starts_at, now)}" for one in foresight.reviews)
    said = ngettext(
        "One review would look at a step outside its time: %(which)s. Move it too.",
        "%(count)d reviews would look at a step outside its time: %(which)s. Move them too.",
        len(foresight.reviews),
    )
    yield Consequence("eye", said % {"count": len(foresight.reviews), "which": listed}, "warn")


def _news(page: MapPage, foresight: Foresight) -> Iterator[Consequence]:
    """A later finish is news: by when the customer hears anyway, or now, if they counted on a date."""
    news = page.thread.next_news_at
    if news is None or not foresight.lost:
        return
    if foresight.late:
        yield Consequence("bell", _("The customer counts on that date: tell them with this change."), "late")
    elif news < page.now:
        said = _("The customer has been waiting for news since %(when)s: tell them this as well.")
        yield Consequence("bell", said % {"when": said_at(news, page.now)}, "late")
    else:
        said = _("The customer hears from us %(when)s: that is the time to say it.")
        yield Consequence("bell", said % {"when": said_at(news, page.now)})
