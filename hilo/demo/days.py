"""Working days counted from today, so that the demo company always lives in this very week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hilo.businesstime import CalendarRules, SpecialDay
from hilo.businesstime.holidays_seed import local_holiday
from hilo.parties.seeds import seeded_rules

ZONE = "Europe/Madrid"
BEGINS_BEFORE = timedelta(days=215)
_END_OF_THE_STORY_DAY = time(18, 30)  # later than that, tomorrow is the day that counts
_WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)


def local_holidays(year: int, *days: tuple[int, int, str]) -> tuple[SpecialDay, ...]:
    """A town's own, for the years that a new calendar covers."""
    return tuple(
        local_holiday(date(each, month, day), name)
        for each in range(year, year + 3)
        for month, day, name in days
    )


def zaragoza_holidays(year: int) -> tuple[SpecialDay, ...]:
    return local_holidays(year, (1, 29, "San Valero"), (3, 5, "Cincomarzada"))


def zaragoza_rules(year: int) -> CalendarRules:
    return seeded_rules(zone=ZONE, country="ES", region="AR", first_year=year, local=zaragoza_holidays(year))


class Days:
    """Day 0 is today, or the next working day when today is none or is over; day -1 the one before."""

    def __init__(self, now: datetime) -> None:
        here = now.astimezone(ZoneInfo(ZONE))
        self.first = (here - BEGINS_BEFORE).date()
        self._rules = zaragoza_rules(self.first.year)
        self._working = list(self._from(self.first))
        over = here.time() >= _END_OF_THE_STORY_DAY
        counts_from = here.date() + timedelta(days=1) if over else here.date()
        self._today = next(place for place, day in enumerate(self._working) if day >= counts_from)

    def _from(self, first: date) -> Iterator[date]:
        for ahead in range(500):
            day = first + timedelta(days=ahead)
            if self._rules.is_working_day(day):
                yield day

    @property
    def earliest(self) -> int:
        """The number of the first working day of the story."""
        return -self._today

    def date(self, number: int) -> date:
        return self._working[self._today + number]

    def at(self, number: int, clock: str) -> datetime:
        """``clock`` as they say it in Zaragoza: "10:15"."""
        here = datetime.combine(self.date(number), time.fromisoformat(clock), ZoneInfo(ZONE))
        return here.astimezone(UTC)

    def said(self, number: int) -> str:
        """jueves 26 de noviembre"""
        day = self.date(number)
        return f"{_WEEKDAYS[day.weekday()]} {day.day} de {_MONTHS[day.month - 1]}"

    def month(self, number: int) -> str:
        return _MONTHS[self.date(number).month - 1]
