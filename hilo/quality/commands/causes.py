"""Looking for the cause together: where it got lost, why it could happen, what we can change (SPEC 7.5).

Everything typed here is checked by ``quality.blameless``: a person is never the cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, Sealed, record, seal
from hilo.parties.actor import Actor, system
from hilo.parties.commands.notices import notify
from hilo.parties.days import local_day
from hilo.parties.holdings import locked
from hilo.parties.models import Area, Person
from hilo.parties.notice_words import register_notice
from hilo.parties.permissions import require
from hilo.parties.queries.people import directors, head_of, hold_active, manager_of
from hilo.quality.analysing import (
    cases_of,
    place_of_analysis,
    refuse_mixed,
    require_on_analysis,
    require_on_cases,
    thread_of,
)
from hilo.quality.blameless import customers_of, first_named, impersonal_line
from hilo.quality.commands.recurring import reopen_what_recurred
from hilo.quality.events.causes import (
    AnalysisBegun,
    AnalysisCaseAdded,
    AnalysisConcluded,
    AnalysisPlaceMarked,
    AnalysisReopened,
    AnalysisTeamSet,
    CauseAdded,
    CauseRenamed,
    CauseRetired,
    WhyAdded,
    WhyChanged,
    WhyRemoved,
    WhyRootSet,
)
from hilo.quality.evidence import refuse_foreign_evidence
from hilo.quality.models import AnalysedCase, Analysis, AnalysisArea, Case, CauseKind, Why
from hilo.quality.triggers import TRIGGERED
from hilo.work.models import Step
from hilo.work.texts import no_longer_here

register_notice(
    "find_cause",
    gettext_lazy("You lead the search for a cause: of the process, never of a person."),
    "search",
    daily=True,
)
MARKS = ("lost", "visible", "seen")
DEEPEST = 9
MOST_BRANCHES = 6
OPEN: dict[str, object] = {"state": Analysis.State.OPEN}
CONCLUDED_ALREADY = gettext_lazy("This analysis is concluded. Open it again to change it.")
_STANDING: dict[str, object] = {"removed_at__isnull": True}
_WHY_REMOVED = gettext_lazy("This answer was taken away meanwhile.")


# Beginning ------------------------------------------------------------------------------------------------


@command
def begin_analysis(
    cases: Iterable[Case],
    *,
    what_happened: str,
    trigger: str = Analysis.Trigger.BY_HAND,
    owner: Person | None = None,
    by: Actor,
    now: datetime,
) -> Analysis:
    """One search for the cause of one or several cases; who begins it leads it unless another is named."""
    found = list({case.pk: case for case in cases}.values())  # named twice, it is one case all the same
    if not found:
        raise RuleViolation(_("Choose the case whose cause is looked for."), field="cases")
    require_on_cases(by, found)
    words = impersonal_line(
        what_happened,
        field="what_happened",
        most=500,
        missing=_("Say in a few words what happened."),
        customers=[case.thread.customer for case in found],
    )
    leader = owner or by.one
    hold_active(leader, refused=no_longer_here(leader), field="owner")
    return _begin(found, words, trigger, leader, by=by, now=now)


def _begin(
    cases: list[Case], words: str, trigger: str, leader: Person, *, by: Actor, now: datetime
) -> Analysis:
    refuse_mixed(cases)
    _refuse_analysed(cases)
    analysis = Analysis.objects.create(trigger=trigger, owner=leader, what_happened=words, started_at=now)
    AnalysedCase.objects.bulk_create(AnalysedCase(analysis=analysis, case=case) for case in cases)
    record(
        AnalysisBegun(
            **place_of_analysis(analysis, "analysis", analysis.pk),
            trigger=trigger,
            owner=leader.pk,
            cases=tuple(case.pk for case in cases),
            what_happened=seal(words),
        ),
        by=by,
        now=now,
    )
    return analysis


def _refuse_analysed(cases: Sequence[Case]) -> None:
    # The lock makes two beginnings at once find each other.
    list(locked(Case.objects.filter(pk__in=[case.pk for case in cases]).order_by("pk")))
    taken = AnalysedCase.objects.filter(case__in=cases).select_related("case").first()
    if taken is not None:
        raise RuleViolation(
            _("The cause of %(case)s is being looked for already: go on in that analysis.")
            % {"case": taken.case.code},
            field="cases",
        )


@command
def begin_by_itself(case: Case, trigger: str, *, now: datetime) -> Analysis:
    """Once per case, led by the head of the case's area: leading it says nothing of where the cause lies.

    A case of the same failure joins the analysis of the failure's main case.
    """
    _refuse_analysed([case])
    by = system()
    same = AnalysedCase.objects.filter(case=case.same_failure_as_id).select_related("analysis").first()
    if same is not None and not _is_secret(case) and same.analysis.state == Analysis.State.OPEN:
        _join(same.analysis, case, by=by, now=now)
        return same.analysis
    leader = _leader_for(case, now)
    analysis = _begin([case], _told_plainly(case), trigger, leader, by=by, now=now)
    notify(
        leader,
        key=f"find_cause:{analysis.pk}",
        kind="find_cause",
        thread_id=case.thread_id,
        subject=Ref("analysis", analysis.pk),
        interrupts=False,
        now=now,
    )
    return analysis


def _is_secret(case: Case) -> bool:
    return case.thread.is_confidential


def _leader_for(case: Case, now: datetime) -> Person:
    """The area's head there, the delegation's manager, a director; if confidential, one named on it."""
    today = local_day(now, case.delegation.zone)
    candidates = [head_of(case.area, case.delegation, today), manager_of(case.delegation, today)]
    candidates += [*directors()]
    if _is_secret(case):
        named = {*case.thread.readers.values_list("person", flat=True), case.thread.owner_id}
        candidates = [person for person in candidates if person is not None and person.pk in named]
    return next((person for person in candidates if person is not None), case.owner)


def _told_plainly(case: Case) -> str:
    """The case's title, or its number alone when the title names somebody of ours."""
    named = first_named(case.title, customers=[case.thread.customer])
    return case.title if named is None else f"{case.get_kind_display()} {case.code}"


def _begin_when_triggered(case: Case, trigger: str, now: datetime) -> None:
    with suppress(RuleViolation):  # its cause is being looked for already
        begin_by_itself(case, trigger, now=now)


TRIGGERED.append(_begin_when_triggered)


@command
def add_case_to_analysis(analysis: Analysis, *, case: Case, by: Actor, now: datetime) -> None:
    """Another case with what seems the same cause."""
    require_on_analysis(by, analysis)
    require_on_cases(by, [case])
    _hold_open(analysis)
    refuse_mixed([*cases_of(analysis), case])
    _refuse_analysed([case])
    _join(analysis, case, by=by, now=now)


def _join(analysis: Analysis, case: Case, *, by: Actor, now: datetime) -> None:
    AnalysedCase.objects.create(analysis=analysis, case=case)
    record(
        AnalysisCaseAdded(**place_of_analysis(analysis, "analysis", analysis.pk), case=case.pk),
        by=by,
        now=now,
    )


def _hold_open(analysis: Analysis, *, seen: int | None = None) -> None:
    """Refuse a concluded one; who concludes at this moment waits until this is committed, or was first."""
    move(analysis, only_if=OPEN, refused=CONCLUDED_ALREADY, seen=seen)


@command
def set_team(
    analysis: Analysis, *, areas: Iterable[Area], seen: int | None = None, by: Actor, now: datetime
) -> None:
    """The areas that look together: areas, never people (8D: the team)."""
    require_on_analysis(by, analysis)
    chosen = {area.pk: area for area in areas}
    _hold_open(analysis, seen=seen)
    analysis.team.exclude(area__in=chosen).delete()
    known = set(analysis.team.values_list("area", flat=True))
    AnalysisArea.objects.bulk_create(
        AnalysisArea(analysis=analysis, area_id=pk) for pk in chosen if pk not in known
    )
    record(
        AnalysisTeamSet(**place_of_analysis(analysis, "analysis", analysis.pk), areas=tuple(sorted(chosen))),
        by=by,
        now=now,
    )


# Where ----------------------------------------------------------------------------------------------------


@command
def mark_place(
    analysis: Analysis,
    *,
    mark: str,
    step: Step | None,
    on: date | None = None,
    at_entry: bool = False,
    from_area: Area | None = None,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """Where it got lost, where it could have been seen, where the customer saw it. No step: not known yet.

    ``at_entry`` with ``from_area``: in the handoff from that area into the step, not while doing it.
    """
    require_on_analysis(by, analysis)
    if mark not in MARKS:
        raise RuleViolation(_("Choose one of the options."), field="mark")
    if on is not None and on > local_day(now, thread_of(analysis).delegation.zone):
        raise RuleViolation(_("That day is still to come. Say when it was."), field="on")
    changes: dict[str, object] = {f"{mark}_at": step, f"{mark}_on": on if step else None}
    if mark == "lost":
        border = bool(step) and at_entry
        changes |= {"lost_at_entry": border, "lost_from_area": from_area if border else None}
    move(analysis, only_if=OPEN, refused=CONCLUDED_ALREADY, seen=seen, **changes)
    record(
        AnalysisPlaceMarked(
            **place_of_analysis(analysis, "analysis", analysis.pk),
            mark=mark,
            template=step.template_version.template.code if step else "",
            step=step.key if step else "",
            on=on if step else None,
            at_entry=mark == "lost" and analysis.lost_at_entry,
            from_area=analysis.lost_from_area_id if mark == "lost" else None,
        ),
        by=by,
        now=now,
    )


# Why ------------------------------------------------------------------------------------------------------


@command
def add_why(
    analysis: Analysis,
    *,
    branch: str,
    parent: Why | None = None,
    text: str,
    evidence: str = "",
    evidence_type: str = "",
    evidence_id: int | None = None,
    by: Actor,
    now: datetime,
) -> Why:
    """An answer to "why?", under the one it explains. Evidence can come later; a root cannot do without."""
    require_on_analysis(by, analysis)
    letter = _branch(analysis, branch, parent)
    words, proof = _why_words(analysis, text, evidence)
    refuse_foreign_evidence(evidence_type, evidence_id, cases_of(analysis))
    _hold_open(analysis)
    why = Why.objects.create(
        analysis=analysis,
        branch=letter,
        parent=parent,
        depth=parent.depth + 1 if parent else 1,
        text=words,
        evidence=proof,
        evidence_type=evidence_type,
        evidence_id=evidence_id,
        author=by.one,
        at=now,
    )
    record(
        WhyAdded(
            **place_of_analysis(analysis, "why", why.pk),
            branch=letter,
            depth=why.depth,
            parent=parent.pk if parent else None,
            text=seal(words),
            evidence=_sealed(proof),
            evidence_type=evidence_type,
            evidence_id=evidence_id,
        ),
        by=by,
        now=now,
    )
    return why


def _branch(analysis: Analysis, branch: str, parent: Why | None) -> str:
    letter = (parent.branch if parent else branch).strip().upper()
    if letter not in "ABCDEF"[:MOST_BRANCHES] or len(letter) != 1:
        raise RuleViolation(_("Six branches are enough: go deeper in one of them."), field="branch")
    if parent is None:
        return letter
    if parent.analysis_id != analysis.pk or parent.removed_at is not None:
        raise RuleViolation(_WHY_REMOVED, field="parent")
    if parent.depth >= DEEPEST:
        raise RuleViolation(
            _("Nine whys deep: stop at something that we can change, and mark it."), field="parent"
        )
    return letter


def _why_words(analysis: Analysis, text: str, evidence: str) -> tuple[str, str]:
    customers = customers_of(analysis)
    words = impersonal_line(text, field="text", missing=_("Say why."), customers=customers)
    return words, impersonal_line(evidence, field="evidence", customers=customers)


def _sealed(text: str) -> Sealed | None:
    return seal(text) if text else None


@command
def change_why(
    why: Why,
    *,
    text: str,
    evidence: str = "",
    evidence_type: str = "",
    evidence_id: int | None = None,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """Say it better, or add what proves it."""
    analysis = why.analysis
    require_on_analysis(by, analysis)
    words, proof = _why_words(analysis, text, evidence)
    refuse_foreign_evidence(evidence_type, evidence_id, cases_of(analysis))
    _hold_open(analysis)
    move(
        why,
        only_if=_STANDING if proof else {**_STANDING, "is_root": False},
        refused=_WHY_REMOVED if proof else _("A root cause keeps its evidence. Say what proves it."),
        seen=seen,
        text=words,
        evidence=proof,
        evidence_type=evidence_type,
        evidence_id=evidence_id,
    )
    record(
        WhyChanged(
            **place_of_analysis(analysis, "why", why.pk),
            text=seal(words),
            evidence=_sealed(proof),
            evidence_type=evidence_type,
            evidence_id=evidence_id,
        ),
        by=by,
        now=now,
    )


@command
def remove_why(why: Why, *, seen: int | None = None, by: Actor, now: datetime) -> None:
    """It explained nothing. Those beneath it go first."""
    require_on_analysis(by, why.analysis)
    _hold_open(why.analysis)
    if why.deeper.filter(**_STANDING).exists():
        raise RuleViolation(_("Other answers stand under this one: take those away first."))
    move(why, only_if=_STANDING, refused=_WHY_REMOVED, seen=seen, removed_at=now, is_root=False)
    record(WhyRemoved(**place_of_analysis(why.analysis, "why", why.pk)), by=by, now=now)


@command
def set_root(why: Why, *, is_root: bool = True, seen: int | None = None, by: Actor, now: datetime) -> None:
    """This we can change: a root cause. It needs its evidence."""
    require_on_analysis(by, why.analysis)
    _hold_open(why.analysis)
    wanted: dict[str, object] = {**_STANDING, "is_root": not is_root}
    why.refresh_from_db()
    if is_root and not why.evidence:
        raise RuleViolation(
            _("A root cause needs its evidence. Say what proves it: a document, a handoff, a message."),
            field="evidence",
        )
    move(why, only_if=wanted, refused=_("Somebody marked this already."), seen=seen, is_root=is_root)
    record(WhyRootSet(**place_of_analysis(why.analysis, "why", why.pk), is_root=is_root), by=by, now=now)


# Concluding -----------------------------------------------------------------------------------------------


@command
def conclude_analysis(
    analysis: Analysis,
    *,
    cause: CauseKind,
    conclusion: str,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """Name the cause. An earlier action against the same cause at the same place opens again by itself."""
    require_on_analysis(by, analysis)
    words = impersonal_line(
        conclusion,
        field="conclusion",
        most=500,
        missing=_("Say in a sentence what in the process made it possible."),
        customers=customers_of(analysis),
    )
    cause.refresh_from_db()
    if not cause.is_active:
        raise RuleViolation(_("This cause is no longer in the catalogue. Choose another one."), field="cause")
    roots = _roots(analysis)
    move(
        analysis,
        only_if={**OPEN, "lost_at__isnull": False},
        refused=_refused_conclusion(analysis),
        seen=seen,
        state=Analysis.State.CONCLUDED,
        cause=cause,
        conclusion=words,
        concluded_at=now,
    )
    lost_at = analysis.lost_at
    assert lost_at is not None
    record(
        AnalysisConcluded(
            **place_of_analysis(analysis, "analysis", analysis.pk),
            cause=cause.code,
            conclusion=seal(words),
            template=lost_at.template_version.template.code,
            step=lost_at.key,
            at_entry=analysis.lost_at_entry,
            from_area=analysis.lost_from_area_id,
            cases=tuple(case.pk for case in cases_of(analysis)),
            roots=roots,
        ),
        by=by,
        now=now,
    )
    reopen_what_recurred(analysis, by=by, now=now)


def _roots(analysis: Analysis) -> tuple[int, ...]:
    roots = analysis.whys.filter(**_STANDING, is_root=True).exclude(evidence="").order_by("pk")
    found = tuple(roots.values_list("pk", flat=True))
    if not found:
        raise RuleViolation(
            _("Mark at least one answer, with its evidence, as something we can change: the root cause."),
            field="whys",
        )
    return found


def _refused_conclusion(analysis: Analysis) -> str:
    analysis.refresh_from_db()
    if analysis.state != Analysis.State.OPEN:
        return str(CONCLUDED_ALREADY)
    return _("Mark on the process line where it got lost.")


@command
def reopen_analysis(
    analysis: Analysis, *, reason: str, seen: int | None = None, by: Actor, now: datetime
) -> None:
    """What we concluded does not hold, or another case shows more."""
    require_on_analysis(by, analysis)
    words = impersonal_line(
        reason,
        field="reason",
        missing=_("Say what makes you look again."),
        customers=customers_of(analysis),
    )
    move(
        analysis,
        only_if={"state": Analysis.State.CONCLUDED},
        refused=_("This analysis is not concluded."),
        seen=seen,
        state=Analysis.State.OPEN,
        concluded_at=None,
    )
    record(
        AnalysisReopened(**place_of_analysis(analysis, "analysis", analysis.pk), reason=seal(words)),
        by=by,
        now=now,
    )


# The catalogue --------------------------------------------------------------------------------------------


@command
def add_cause_kind(name: str, *, by: Actor, now: datetime) -> CauseKind:
    """A cause of the company's own, beside the seeded ones."""
    require(by, "cause.manage")
    words = _cause_name(name)
    cause = CauseKind.objects.create(code=_own_code(), name=words)
    record(CauseAdded(subject=Ref("cause", cause.pk), code=cause.code, name=seal(words)), by=by, now=now)
    return cause


def _cause_name(name: str) -> str:
    words = impersonal_line(
        name, field="name", most=120, missing=_("Say the cause in impersonal words: “it was not asked for”.")
    )
    if CauseKind.objects.filter(name__iexact=words).exists():
        raise RuleViolation(_("The catalogue has this cause already."), field="name")
    return words


def _own_code() -> str:
    """Says nothing of the name: codes stand in the ledger (SPEC 1.3)."""
    last = CauseKind.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return f"own-{last + 1}"


@command
def rename_cause_kind(
    cause: CauseKind, *, name: str, seen: int | None = None, by: Actor, now: datetime
) -> None:
    """The same cause in better words; what was concluded under it stays under it."""
    require(by, "cause.manage")
    old, words = cause.name, _cause_name(name)
    move(
        cause,
        only_if={"is_active": True},
        refused=_("This cause is no longer in the catalogue."),
        seen=seen,
        name=words,
    )
    record(CauseRenamed(subject=Ref("cause", cause.pk), old=seal(old), new=seal(words)), by=by, now=now)


@command
def retire_cause_kind(cause: CauseKind, *, seen: int | None = None, by: Actor, now: datetime) -> None:
    """Nobody chooses it any more; what was concluded under it stays."""
    require(by, "cause.manage")
    move(
        cause,
        only_if={"is_active": True},
        refused=_("This cause is no longer in the catalogue."),
        seen=seen,
        is_active=False,
    )
    record(CauseRetired(subject=Ref("cause", cause.pk)), by=by, now=now)
