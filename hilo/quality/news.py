"""When the customer hears from us next about a case: prefilled by policy, never while nobody is at work.

One date per thread, the same inside and outside: this is the thread's own ``next_news_at``.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.ledger.moving import move
from hilo.parties.actor import Actor
from hilo.quality.models import Case
from hilo.quality.queries.clocks import news_due_by_policy
from hilo.work.commands.pausing import count_news_move
from hilo.work.models import Thread
from hilo.work.news import require_working_moment


def require_news_date(thread: Thread, moment: datetime | None, *, now: datetime) -> datetime:
    """About a case nobody is told without a date; it is still to come and somebody of ours works then."""
    if moment is None:
        raise RuleViolation(
            _("Say when they will hear from us next: that date is what they count on."), field="next_news_at"
        )
    require_working_moment(thread.owner_id, moment, now=now)
    return moment


def prefilled_news(case: Case, *, said_at: datetime, now: datetime) -> datetime:
    """By policy, counted from what was said; from now if that has passed already."""
    due = news_due_by_policy(case, since=said_at)
    return due if due > now else news_due_by_policy(case, since=now)


def tighten_news(case: Case, *, by: Actor, now: datetime) -> None:
    """Bring the date forward to what the policy wants for such a case; a date that is earlier stands.

    Moved without a message, so counted with its reason like any other (SPEC 2.1).
    """
    thread = case.thread
    wanted = news_due_by_policy(case, since=now)
    old = thread.next_news_at
    if not case.customer_knows or old is None or old <= wanted:
        return
    reason = _("A case was opened: the customer should hear sooner.")
    move(thread, only_if={"next_news_at": old}, refused=reason, next_news_at=wanted)
    count_news_move(
        thread, old=old, new=wanted, reason=reason, person=by.person or case.owner, by=by, now=now
    )
