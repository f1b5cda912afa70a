"""The right column of Mi día: what I own and others do, who stands in for whom, what I was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hilo.parties.actor import Actor
from hilo.parties.models import Absence, Notice
from hilo.parties.notice_words import words_of
from hilo.web.base import saying
from hilo.web.base.strand import Line
from hilo.web.lines import lines_shown
from hilo.web.my_day.places import place_of, thread_url
from hilo.work.models import StepRun, Thread
from hilo.work.queries.beside_my_day import Beside

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


def supervised_by(beside: Beside, *, now: datetime) -> list[Supervised]:
    """The first of them, with their lines."""
    lines = lines_shown(beside.supervised, now=now)
    return [
        Supervised(each, thread_url(each), _who_has(each, beside.away[each.pk]), lines.get(each.pk))
        for each in beside.supervised
    ]


def _who_has(thread: Thread, away: list[StepRun]) -> str:
    """Carmen Rivas, Oficina técnica; Producción, not accepted yet."""
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


def covers_of(beside: Beside, actor: Actor, *, today: date) -> list[Cover]:
    return [_cover(absence, actor, today) for absence in beside.absences]


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


def notices_of(beside: Beside) -> list[Told]:
    told = (_told(notice, beside.told_on.get(notice.thread_id or 0)) for notice in beside.notices)
    return [each for each in told if each is not None]


def _told(notice: Notice, thread: Thread | None) -> Told | None:
    """None when the thread has become confidential since."""
    if notice.thread_id and thread is None:
        return None
    words = words_of(notice.kind)
    url = place_of(thread, notice.subject_type, notice.subject_id) if thread else ""
    return Told(notice, str(words.sentence), words.icon, url, thread)
