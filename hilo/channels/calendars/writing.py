"""Moments to iCalendar bytes that mean the same to every calendar, and are the same while nothing changed.

UTC throughout, so that no time zone has to travel along. A UID never changes and SEQUENCE grows with every
change; what is called off is left out, since a feed is always the whole of it (RFC 5545, RFC 7986).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

PRODUCT = "-//Hilo//Hilo//ES"
ASK_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """``changed_at`` is when it last changed: DTSTAMP of a feed must not be the moment of asking."""

    uid: str
    sequence: int
    changed_at: datetime
    starts_at: datetime
    minutes: int
    summary: str
    description: str = ""
    url: str = ""


def write_calendar(name: str, moments: Iterable[Moment]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for moment in sorted(moments, key=lambda one: (one.starts_at, one.uid)):
        calendar.add_component(_event(moment))
    return bytes(calendar.to_ical())


def _event(moment: Moment) -> Event:
    event = Event()
    event.add("uid", moment.uid)
    event.add("sequence", moment.sequence)
    event.add("dtstamp", moment.changed_at.astimezone(UTC))
    event.add("last-modified", moment.changed_at.astimezone(UTC))
    event.add("dtstart", moment.starts_at.astimezone(UTC))
    event.add("dtend", moment.starts_at.astimezone(UTC) + timedelta(minutes=moment.minutes))
    event.add("summary", moment.summary)
    if moment.description:
        event.add("description", moment.description)
    if moment.url:
        event.add("url", moment.url)
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE")
    return event
