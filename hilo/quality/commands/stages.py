"""What every command of a case begins and ends with: the rows held, the stage reached, its place.

Not commands: the commands of cases are made of these, inside their own transaction.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import RuleViolation
from hilo.ledger.record import Ref, Related, Sealed, seal
from hilo.parties.actor import Actor
from hilo.parties.commands.notices import notify
from hilo.parties.models import Contact, Person
from hilo.quality.models import Case, CaseStage, Stage
from hilo.work.commands.conversation import customers_people
from hilo.work.commands.threads import ARCHIVED
from hilo.work.events.place import Place, place_of
from hilo.work.models import Thread

CLOSED = gettext_lazy("This case is closed. Reopen it first, saying why.")
OPEN: dict[str, object] = {"closed_at": None}
BEFORE_THE_ANSWER = (Stage.RECEIVED, Stage.ACKNOWLEDGED, Stage.ASSESSED, Stage.INVESTIGATING)


def hold(case: Case) -> Thread:
    """The home thread, locked, then the case as it stands now; refuses what lies in the archive.

    In that order everywhere: who works on the case, the archive gate and the steps queue on the thread.
    """
    thread = hold_thread(case.thread_id)
    case.refresh_from_db(from_queryset=Case.objects.select_for_update())
    case.thread = thread
    return thread


def hold_thread(thread_id: int) -> Thread:
    thread = (
        Thread.objects.select_for_update(of=("self",)).select_related("customer", "owner").get(pk=thread_id)
    )
    if thread.state == Thread.State.ARCHIVED:
        raise RuleViolation(ARCHIVED)
    return thread


def run_of(case: Case) -> int:
    """Each time it begins anew, reopened or not solved after all, its stages are reached once more."""
    return 1 + case.reopened_count + case.refused_count


def reach(case: Case, stage: Stage, *, at: datetime, by: Actor) -> bool:
    """Note when the stage truly was reached; False if this run has reached it already."""
    _row, is_new = CaseStage.objects.get_or_create(
        case=case, stage=stage, run=run_of(case), defaults={"reached_at": at, "author": by.person}
    )
    return is_new


def has_reached(case: Case, stage: Stage) -> bool:
    return CaseStage.objects.filter(case=case, stage=stage, run=run_of(case)).exists()


def about(case: Case, *related: Related) -> Place:
    """The case is the subject; the threads it touches and its contact tell the story too."""
    touched = [Related("thread", pk, "touched") for pk in case.also_on.values_list("thread_id", flat=True)]
    return place_of(
        "case",
        case.pk,
        case.thread,
        area_id=case.area_id,
        delegation_id=case.delegation_id,
        related=(*touched, *related),
    )


def one_of_theirs(thread: Thread, contact: Contact | None, *, missing: str) -> Contact:
    """Somebody who works at this customer; ``missing`` is the sentence when nobody was named."""
    if contact is None:
        raise RuleViolation(missing, field="contact")
    try:
        return customers_people(thread, [contact])[0]
    except RuleViolation as refused:
        raise RuleViolation(refused.message, field="contact") from refused


def require_known_outside(case: Case) -> None:
    if not case.customer_knows:
        raise RuleViolation(
            _("Nobody outside knows of this case. If the customer has come to know, note that first.")
        )


def sealed(text: str, contact: Contact | None = None) -> Sealed | None:
    """None for an empty text; under the contact's own key when they said it."""
    return seal(text, about=Ref("contact", contact.pk) if contact else None) if text else None


def tell(person: Person, case: Case, kind: str, key: str, *, interrupts: bool, now: datetime) -> None:
    notify(
        person,
        key=f"{kind}:{case.pk}:{key}",
        kind=kind,
        thread_id=case.thread_id,
        subject=Ref("case", case.pk),
        interrupts=interrupts,
        now=now,
    )
