"""The day and the hour inside a sentence of Python's, in the viewer's language and zone."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language

from hilo.web.base import saying

_JOINT = {"es": "a las", "en": "at"}


def said_at(moment: datetime, now: datetime) -> str:
    """hoy a las 13:00; el jueves 26 a las 12:00; on Thursday 26 at 12:00."""
    lang = saying.language(get_language())
    day = said_on(moment, now)
    return f"{day} {_JOINT[lang]} {timezone.localtime(moment):%H:%M}"


def said_on(moment: datetime, now: datetime) -> str:
    """hoy; el jueves 26; on Thursday 26."""
    return saying.said_on(moment, now, timezone.get_current_timezone(), saying.language(get_language()))


def said_ago(moment: datetime, now: datetime) -> str:
    return saying.said_ago(moment, now, saying.language(get_language()))


def said_length(seconds: float) -> str:
    return saying.said_length(seconds, saying.language(get_language()))


def said_long_day(moment: datetime) -> str:
    """viernes 4 de diciembre; Friday 4 December."""
    lang = saying.language(get_language())
    said = saying.said_long_date(timezone.localtime(moment).date(), lang)
    return said.replace(",", "").lower() if lang == "es" else said
