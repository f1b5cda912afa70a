"""The customer says whether it is solved; the case is closed, or goes on. Never because time ran out."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, Related, record, seal
from hilo.parties.actor import Actor
from hilo.parties.models import Contact
from hilo.parties.notice_words import register_notice
from hilo.parties.queries.people import hold_active
from hilo.quality.access import require_lead, require_on_case
from hilo.quality.commands import strands
from hilo.quality.commands.running import restart_clocks, stop_clocks
from hilo.quality.commands.stages import (
    CLOSED,
    about,
    hold,
    one_of_theirs,
    reach,
    require_known_outside,
    sealed,
    tell,
)
from hilo.quality.events.cases import CaseClosed, CaseReopened, CaseSolutionRefused, CaseVerified
from hilo.quality.finding import index_case
from hilo.quality.models import Case, Stage
from hilo.quality.news import tighten_news
from hilo.work.commands.passing import WORK_ITEM_REFUSES
from hilo.work.models import StepRun, Thread, WorkItem
from hilo.work.settling import settle
from hilo.work.sides import in_force_or_successor
from hilo.work.texts import line, no_longer_here, prose

_ANSWERED = (Stage.RESPONDED, Stage.DECIDED)
_NOT_VERIFIED: dict[str, object] = {"verified_at": None, "verified_by": None, "verified_how": ""}

register_notice(
    "case_refused", gettext_lazy("The customer does not accept the solution."), "circle-x", daily=True
)
register_notice("case_reopened", gettext_lazy("A case of yours is open again."), "refresh", daily=True)


class StillAtWork(RuleViolation):
    """The close was refused; ``strands`` are those that must be over first."""

    def __init__(self, left: list[StepRun]) -> None:
        areas = list(dict.fromkeys(each.area.name for each in left))
        super().__init__(
            _("Still at work on it: %(areas)s. Close it when they have finished.")
            % {"areas": ", ".join(areas)}
        )
        self.strands = left


@command
def verify_solution(case: Case, *, contact: Contact, how: str, seen: int, by: Actor, now: datetime) -> None:
    """Somebody at the customer says that it is solved, and how we know."""
    require_on_case(by, "case.work", case)
    thread = hold(case)
    require_known_outside(case)
    theirs = one_of_theirs(thread, contact, missing=_("Say who at the customer says so."))
    proof = line(how, field="how", missing=_("Say how we know: in which call, mail or visit they said it."))
    move(
        case,
        only_if={"stage__in": list(_ANSWERED), "verified_at": None},
        refused=_("There is nothing to verify: it is not answered yet, or the customer has said so already."),
        seen=seen,
        verified_at=now,
        verified_by=theirs,
        verified_how=proof,
    )
    record(
        CaseVerified(
            **about(case, Related("contact", theirs.pk, "verified")),
            contact=theirs.pk,
            how=seal(proof, about=Ref("contact", theirs.pk)),
        ),
        by=by,
        now=now,
    )
    settle(thread, now=now)


@command
def refuse_solution(
    case: Case, *, contact: Contact, reason: str, seen: int, by: Actor, now: datetime
) -> None:
    """It is not solved for them: the case stays open, is looked into again, and our answer is owed anew."""
    require_on_case(by, "case.work", case)
    thread = hold(case)
    require_known_outside(case)
    theirs = one_of_theirs(thread, contact, missing=_("Say who at the customer says so."))
    why = line(reason, field="reason", most=500, missing=_("Write what is not solved, in their words."))
    move(
        case,
        only_if={"stage__in": list(_ANSWERED)},
        refused=_("There is no answer of ours that they could refuse. Look at where the case stands."),
        seen=seen,
        stage=Stage.INVESTIGATING,
        outcome="",
        refused_count=case.refused_count + 1,
        **_NOT_VERIFIED,
    )
    reach(case, Stage.INVESTIGATING, at=now, by=by)
    record(
        CaseSolutionRefused(
            **about(case, Related("contact", theirs.pk, "refused")),
            contact=theirs.pk,
            reason=seal(why, about=Ref("contact", theirs.pk)),
            count=case.refused_count,
        ),
        by=by,
        now=now,
    )
    restart_clocks(case, at=now)
    tighten_news(case, by=by, now=now)
    _tell_owner(case, "case_refused", by, now)
    settle(thread, now=now)


def _tell_owner(case: Case, kind: str, by: Actor, now: datetime) -> None:
    if by.person is None or by.person.pk != case.owner_id:
        tell(case.owner, case, kind, str(case.version), interrupts=True, now=now)


@command
def close_case(case: Case, *, solution: str = "", seen: int, by: Actor, now: datetime) -> None:
    """Every area has finished, the decision was told and the customer says it is solved.

    A query or a suggestion closes with our answer. What nobody outside knows of closes with ``solution``.
    """
    require_lead(by, case)
    hold(case)
    if not case.is_open:
        raise RuleViolation(_("This case is closed already."))
    done = prose(solution, field="solution", most=5000) or case.solution
    _refuse_early(case, done)
    left = strands.others_at_work(case)
    if left:
        raise StillAtWork(left)
    strands.end_own(case, by=by, now=now)
    move(
        case,
        only_if={"closed_at": None},
        refused=CLOSED,
        seen=seen,
        stage=Stage.CLOSED,
        closed_at=now,
        solution=done,
    )
    reach(case, Stage.CLOSED, at=now, by=by)
    stop_clocks(case, at=now)
    record(
        CaseClosed(
            **about(case), outcome=case.outcome, solution=None if case.customer_knows else sealed(done)
        ),
        by=by,
        now=now,
    )
    index_case(case)
    _settle_all_of(case, now=now)


def _settle_all_of(case: Case, *, now: datetime) -> None:
    """Where other customers met the same failure, their case may be closed now, or waits again."""
    joined = case.others_of_failure.filter(closed_at__isnull=True).values("thread")
    settle(case.thread, now=now)
    for thread in Thread.objects.filter(pk__in=joined).exclude(pk=case.thread_id).order_by("pk"):
        settle(thread, now=now)


def _refuse_early(case: Case, solution: str) -> None:
    """What the customer must have heard and said before (ISO 10002; DOMAIN 6: never because time ran out)."""
    if not case.customer_knows:
        if not solution:
            raise RuleViolation(_("Write what was done about it."), field="solution")
        return
    if case.stage not in _ANSWERED:
        raise RuleViolation(_("The customer has no answer yet. Answer them, and close it then."))
    if case.kind in Case.ANSWERED_ENOUGH:
        return
    if case.stage != Stage.DECIDED:
        raise RuleViolation(_("Tell the customer the decision first: yes, in part, or no and why."))
    if case.verified_at is None:
        raise RuleViolation(
            _("Nobody at the customer has said yet that it is solved. Ask %(contact)s.")
            % {"contact": case.contact}
        )


@command
def reopen_case(
    case: Case, *, reason: str, contact: Contact | None = None, seen: int, by: Actor, now: datetime
) -> None:
    """It was not over after all; counted. Its clocks begin anew with the full time; a new strand begins.

    Who led it leads it again; if they have left, whoever reopens it does.
    """
    require_on_case(by, "case.work", case)
    thread = hold(case)
    why = line(reason, field="reason", missing=_("Say what is not solved after all."))
    theirs = one_of_theirs(thread, contact, missing="") if contact is not None else None
    leader = case.owner if case.owner.is_active else by.one
    hold_active(leader, refused=no_longer_here(leader))
    move(
        case,
        only_if={"stage": Stage.CLOSED},
        refused=_("This case is open: there is nothing to reopen."),
        seen=seen,
        stage=Stage.INVESTIGATING,
        closed_at=None,
        outcome="",
        reopened_count=case.reopened_count + 1,
        owner=leader,
        area=in_force_or_successor(case.area, now=now),
        same_failure_as=_failure_still_open(case),
        **_NOT_VERIFIED,
    )
    reach(case, Stage.INVESTIGATING, at=now, by=by)
    record(
        CaseReopened(
            **about(case, *([Related("contact", theirs.pk, "told")] if theirs else [])),
            contact=theirs.pk if theirs else None,
            reason=seal(why, about=Ref("contact", theirs.pk) if theirs else None),
            count=case.reopened_count,
        ),
        by=by,
        now=now,
    )
    restart_clocks(case, at=now)
    strands.begin_own(case, since=now, by=by, now=now)
    tighten_news(case, by=by, now=now)
    _tell_owner(case, "case_reopened", by, now)
    index_case(case)
    _settle_all_of(case, now=now)


def _failure_still_open(case: Case) -> Case | None:
    """The failure it was part of may be over: then its work is its own now."""
    main = case.same_failure_as
    return main if main is not None and main.is_open else None


def _refuse_work_on_closed(work_item: WorkItem, /) -> None:
    """A strand of a closed case is not taken up again by itself: the case is reopened, and that counts."""
    if Case.objects.filter(work_item=work_item, closed_at__isnull=False).exists():
        raise RuleViolation(CLOSED)


WORK_ITEM_REFUSES.append(_refuse_work_on_closed)
