"""The right column of Mi día: what I own and others do, who stands in for whom, what I was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hilo.parties.actor import Actor
from hilo.parties.models import Absence, Notice
from hilo.parties.notice_words import words_of
from hilo.parties.queries.covering import absences_around
from hilo.parties.queries.notices import unread_notices
from hilo.web.base import saying
from hilo.web.base.strand import Line
from hilo.web.lines import lines_shown
from hilo.web.my_day.places import place_of, thread_url
from hilo.work.access import threads_visible_to
from hilo.work.models import StepRun, Thread
from hilo.work.queries.supervised import threads_supervised

MOST_SUPERVISED = 6
MOST_NOTICES = 8


# What I supervise -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Supervised:
    thread: Thread
    url: str
    who: str
    line: Line | None

    @property
    def frays(self) -> bool:
        return self.line is not None and self.line.is_frayed


def supervised_by(actor: Actor, *, now: datetime) -> tuple[int, list[Supervised]]:
    """How many there are, and the first of them with their lines."""
    threads = list(threads_supervised(actor))
    shown = threads[:MOST_SUPERVISED]
    lines = lines_shown(shown, now=now)
    return len(threads), [
        Supervised(each, thread_url(each), _who_has(each), lines.get(each.pk)) for each in shown
    ]


def _who_has(thread: Thread) -> str:
    """Carmen Rivas, Oficina técnica; Producción, not accepted yet."""
    away: list[StepRun] = thread.away  # type: ignore[attr-defined]
    first = min(away, key=lambda run: (run.due_at is None, run.due_at or thread.opened_at, run.pk))
    if first.holder is None:
        return _("%(area)s has not accepted yet") % {"area": first.area.name}
    said = f"{first.holder.name}, {first.area.name}"
    more = len(away) - 1
    return _("%(who)s and %(count)d more") % {"who": said, "count": more} if more else said


# Absences -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cover:
    sentence: str
    is_mine: bool


def covers_of(actor: Actor, *, now: datetime) -> list[Cover]:
    today = timezone.localtime(now).date()
    return [_cover(absence, actor, today) for absence in absences_around(actor, today)]


def _cover(absence: Absence, actor: Actor, today: date) -> Cover:
    mine = actor.person is not None and absence.person_id == actor.person.pk
    name = absence.substitute.name if mine else absence.person.name
    running = absence.first_day <= today
    sentences = {
        (True, True): _("%(name)s stands in for you until %(last)s."),
        (True, False): _("%(name)s stands in for you from %(first)s to %(last)s."),
        (False, True): _("You stand in for %(name)s until %(last)s."),
        (False, False): _("You stand in for %(name)s from %(first)s to %(last)s."),
    }
    facts = {"name": name, "first": _day(absence.first_day, today), "last": _day(absence.last_day, today)}
    return Cover(sentences[mine, running] % facts, mine)


def _day(day: date, today: date) -> str:
    """hoy, mañana, el jueves 26; in English without its preposition."""
    lang = saying.language(get_language())
    said = saying.said_date(day, today, lang)
    named = said in saying.NEAR_DAYS[lang].values()
    return said if named or lang == "en" else f"el {said}"


# Notices --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    notice: Notice
    sentence: str
    icon: str
    url: str
    thread: Thread | None


def notices_of(actor: Actor) -> list[Told]:
    notices = list(unread_notices(actor)[:MOST_NOTICES])
    threads = (
        threads_visible_to(actor)
        .select_related("customer")
        .in_bulk([notice.thread_id for notice in notices if notice.thread_id])
    )
    told = (_told(notice, threads.get(notice.thread_id or 0)) for notice in notices)
    return [each for each in told if each is not None]


def _told(notice: Notice, thread: Thread | None) -> Told | None:
    """None when the thread has become confidential since."""
    if notice.thread_id and thread is None:
        return None
    words = words_of(notice.kind)
    url = place_of(thread, notice.subject_type, notice.subject_id) if thread else ""
    return Told(notice, str(words.sentence), words.icon, url, thread)
