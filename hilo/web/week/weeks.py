"""A week from Monday to Monday of the reader's clock, and the one before and after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hilo.web.base import saying

WEEK = timedelta(days=7)
EARLIEST = date(2000, 1, 3)  # a Monday


@dataclass(frozen=True, slots=True)
class ChosenWeek:
    monday: date
    today: date

    @property
    def starts(self) -> datetime:
        return _midnight(self.monday)

    @property
    def ends(self) -> datetime:
        return _midnight(self.monday + WEEK)

    @property
    def is_this(self) -> bool:
        return self.monday == monday_of(self.today)

    @property
    def earlier(self) -> str:
        return (self.monday - WEEK).isoformat() if self.monday > EARLIEST else ""

    @property
    def later(self) -> str:
        """Empty for the present week: the next one has not happened."""
        return "" if self.is_this else (self.monday + WEEK).isoformat()

    @property
    def said(self) -> str:
        """16 a 22 nov; with the year when it is another."""
        lang = saying.language(get_language())
        last = self.monday + WEEK - timedelta(days=1)
        facts = {
            "first": saying.said_short_date(self.monday, self.today, lang),
            "last": saying.said_short_date(last, self.today, lang),
        }
        return _("%(first)s to %(last)s") % facts


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def chosen_week(asked: str, now: datetime) -> ChosenWeek:
    """Any day of it may be asked for; nonsense and days to come give the present week."""
    today = timezone.localtime(now).date()
    return ChosenWeek(monday_of(_day(asked, today)), today)


def _day(asked: str, today: date) -> date:
    try:
        found = parse_date(asked)
    except ValueError:
        found = None
    return found if found is not None and EARLIEST <= found <= today else today
