"""Working calendars and exact arithmetic in business time. Pure: zoneinfo and the holidays package; numpy is
loaded when the first array is asked for, never for single moments."""

from hilo.businesstime.arithmetic import NoWorkingTime, OutsideYears, WorkingTime, working_time
from hilo.businesstime.calendar import (
    ALWAYS,
    CalendarRules,
    InvalidCalendar,
    MonthDay,
    Season,
    SpecialDay,
    Window,
    always_open,
    weekly,
)
from hilo.businesstime.zones import from_micros, to_micros

__all__ = [
    "ALWAYS",
    "CalendarRules",
    "InvalidCalendar",
    "MonthDay",
    "NoWorkingTime",
    "OutsideYears",
    "Season",
    "SpecialDay",
    "Window",
    "WorkingTime",
    "always_open",
    "from_micros",
    "to_micros",
    "weekly",
    "working_time",
]
