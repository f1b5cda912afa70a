"""When the customer hears from us next: policy by priority, in the owner's business days (SPEC 13.1)."""

from __future__ import annotations

from datetime import datetime

from hilo.parties.models import CompanyPolicy
from hilo.parties.queries.calendars import clock_of_person, close_of, day_of
from hilo.work.models import Thread


def default_next_news(*, owner_id: int, priority: str, said_at: datetime) -> datetime:
    """The prefilled date: so many of the owner's working days after what was last said, at close of business.

    It counts from when it was said, not from when it was written down (story 5).
    """
    policy = CompanyPolicy.objects.get(pk=1)
    urgent = priority == Thread.Priority.URGENT
    days = policy.urgent_news_working_days if urgent else policy.news_working_days
    clock = clock_of_person(owner_id)
    return close_of(clock, clock.add_working_days(day_of(clock, said_at), days))
