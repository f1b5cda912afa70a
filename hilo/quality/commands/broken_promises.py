"""A broken promise to a customer is a failure, and has a cause (DOMAIN 4): a case keeps both.

If the thread has an open failure the customer knows about, the promise joins it; else a case is opened, as
an incident that we found ourselves: the clock saw it at the moment it was due. A company that does not want
that says so in its case policy, and begins these by hand.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.parties.actor import system
from hilo.quality.commands.cases import link_case, open_case
from hilo.quality.models import Analysis, Case, CaseLink, Level, Stage
from hilo.quality.policy import policy_in_force
from hilo.quality.triggers import triggered
from hilo.work.models import Promise, Thread

_LONGEST_TITLE = 200


def promises_nobody_looks_into(since: datetime) -> QuerySet[Promise]:
    """Broken after ``since``, on threads not in the archive, with no case whose cause is looked for."""
    links = CaseLink.objects.filter(
        Q(qualifier=CaseLink.As.ABOUT) | ~Q(case__stage=Stage.CLOSED),
        type="promise",
        object_id=OuterRef("pk"),
        case__analysed__isnull=False,
    )
    broken = Promise.objects.filter(~Exists(links), broken_at__gt=since)
    rows = broken.exclude(thread__state=Thread.State.ARCHIVED).order_by("broken_at", "pk")
    return rows.select_related("thread__owner", "contact")


@command(may_do_nothing=True)
def look_into_broken_promise(promise: Promise, *, now: datetime) -> Case | None:
    """Once per promise: what a case says already is not said twice."""
    if promise.broken_at is None:
        raise RuleViolation(_("This promise was not broken."))
    case = _case_of(promise)
    if case is not None:
        triggered(case, Analysis.Trigger.BROKEN_PROMISE, now)
        return case
    case = _open_failure_on(promise.thread) or _opened_for(promise, now)
    if case is not None:
        link_case(case, type="promise", object_id=promise.pk, by=system(), now=now)
    return case


def _case_of(promise: Promise) -> Case | None:
    """The open case that is about it, or to make up for which it was promised."""
    links = CaseLink.objects.filter(type="promise", object_id=promise.pk).exclude(case__stage=Stage.CLOSED)
    found = links.select_related("case__policy", "case__thread").order_by("pk").first()
    return found.case if found else None


def _open_failure_on(thread: Thread) -> Case | None:
    open_failures = Case.objects.filter(kind__in=Case.FAILURES, customer_knows=True).exclude(
        stage=Stage.CLOSED
    )
    here = open_failures.filter(Q(thread=thread) | Q(also_on__thread=thread))
    return here.order_by("received_at", "pk").first()


def _opened_for(promise: Promise, now: datetime) -> Case | None:
    if not policy_in_force().case_on_broken_promise:
        return None
    thread = promise.thread
    with translation.override(thread.owner.language):
        title = _("Not kept: %(promise)s") % {"promise": promise.text}
    return open_case(
        thread=thread,
        kind=Case.Kind.INCIDENT,
        title=title[:_LONGEST_TITLE],
        contact=promise.contact,
        found_by_us=True,
        impact=Level.MEDIUM,
        urgency=Level.MEDIUM,
        received_at=promise.broken_at,
        by=system(),
        now=now,
    )
