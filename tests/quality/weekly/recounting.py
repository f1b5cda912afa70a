"""Stuck topics and the week once more, slowly: event by event, thread by thread, straight from the ledger."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hilo.ledger.models import EventObject, LedgerEvent

MADRID = ZoneInfo("Europe/Madrid")


def working_days(first: date, last: date) -> int:
    """Monday to Friday: the calendar of the tests has no holidays."""
    days = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    return sum(1 for day in days if day.weekday() < 5)


def people_moved(events: list[LedgerEvent]) -> list[datetime]:
    return [event.occurred_at for event in events if event.author_kind != "system"]


def last_on_thread(thread_id: int) -> datetime:
    return max(people_moved(list(LedgerEvent.objects.filter(thread_id=thread_id))))


def last_on_case(case_id: int) -> datetime:
    moved = []
    for event in LedgerEvent.objects.all():
        related = {(row.type, row.object_id) for row in EventObject.objects.filter(event=event)}
        if event.author_kind == "system":
            continue
        if (event.subject_type, event.subject_id) == ("case", case_id) or ("case", case_id) in related:
            moved.append(event.occurred_at)
    return max(moved)


def open_by_events(subject: str, opens: str, *closes: str) -> set[int]:
    """Subjects whose last word among these kinds is that they are open."""
    last: dict[int, str] = {}
    rows = LedgerEvent.objects.filter(subject_type=subject, kind__in=[opens, *closes, f"{subject}.reopened"])
    for event in rows.order_by("occurred_at", "id"):
        last[event.subject_id] = event.kind
    return {pk for pk, kind in last.items() if kind not in closes}


def stuck(now: datetime, *, most: int = 15) -> set[tuple[str, int, int]]:
    found, told = set(), set()
    for case in open_by_events("case", "case.opened", "case.closed"):
        days = days_since(last_on_case(case), now)
        if days > most:
            found.add(("case", case, days))
            told.add(LedgerEvent.objects.get(kind="case.opened", subject_id=case).thread_id)
    for thread in open_by_events("thread", "thread.opened", "thread.archived", "thread.paused"):
        days = days_since(last_on_thread(thread), now)
        if days > most and thread not in told:
            found.add(("thread", thread, days))
    return found


def days_since(since: datetime, now: datetime) -> int:
    return working_days(since.astimezone(MADRID).date(), now.astimezone(MADRID).date())


def subjects(kind: str, starts: datetime, ends: datetime) -> set[int]:
    return {
        event.subject_id
        for event in LedgerEvent.objects.filter(kind=kind)
        if starts <= event.occurred_at < ends
    }
