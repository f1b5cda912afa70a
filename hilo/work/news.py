"""When the customer hears from us next: policy by priority, in the owner's business days (SPEC 13.1)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

from hilo.businesstime import NoWorkingTime, WorkingTime
from hilo.errors import RuleViolation
from hilo.parties.models import CompanyPolicy
from hilo.parties.queries.calendars import clock_of_person, close_of, day_of
from hilo.parties.queries.company import policy
from hilo.work.models import Thread


class NotAWorkingMoment(RuleViolation):
    """``next_moment`` is what the form offers instead."""

    def __init__(self, sentence: str, next_moment: datetime, field: str) -> None:
        super().__init__(sentence, field=field)
        self.next_moment = next_moment


def default_next_news(
    *, owner_id: int, priority: str, said_at: datetime, rules: CompanyPolicy | None = None
) -> datetime:
    """The prefilled date: so many of the owner's working days after what was last said, at close of business.

    It counts from when it was said, not from when it was written down (story 5).
    """
    rules = rules or policy()
    urgent = priority == Thread.Priority.URGENT
    days = rules.urgent_news_working_days if urgent else rules.news_working_days
    clock = clock_of_person(owner_id)
    return close_of(clock, clock.add_working_days(day_of(clock, said_at), days))


def require_working_moment(
    owner_id: int, moment: datetime, *, now: datetime, field: str = "next_news_at"
) -> None:
    """The date for the next news is still to come and the owner works then."""
    hours = clock_of_person(owner_id)
    if moment <= now:
        following = hours.next_open(now)
        raise NotAWorkingMoment(
            _("That moment has passed. The next working moment is %(moment)s.")
            % {"moment": said_working_moment(following, hours)},
            following,
            field,
        )
    if not _somebody_works(hours, moment):
        following = hours.next_open(moment)
        raise NotAWorkingMoment(
            _("Nobody works here then, so nobody could tell them. The next working moment is %(moment)s.")
            % {"moment": said_working_moment(following, hours)},
            following,
            field,
        )


def _somebody_works(hours: WorkingTime, moment: datetime) -> bool:
    """The very end of a shift counts: "before 14:00" is said of a shift that ends at 14:00."""
    try:
        return hours.is_open(moment) or hours.previous_close(moment) == moment
    except NoWorkingTime:
        return False


def said_working_moment(moment: datetime, hours: WorkingTime) -> str:
    local = moment.astimezone(ZoneInfo(hours.rules.zone))
    # Translators: how a day and an hour are written out, in the letters of Django's date formats.
    return formats.date_format(local, _("l, F j, H:i"))
