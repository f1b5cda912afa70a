"""Where an analysis stands in the company: on which threads, who sees it, who works on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from hilo.errors import NotAllowed, RuleViolation
from hilo.ledger.record import Ref, Related
from hilo.parties.actor import Actor
from hilo.parties.permissions import may, require
from hilo.quality.access import is_own_case
from hilo.quality.models import AnalysedCase, Analysis, Case
from hilo.work.access import threads_visible_to, visible_to
from hilo.work.events.place import Place
from hilo.work.models import Thread


def analyses_visible_to(actor: Actor) -> QuerySet[Analysis]:
    """Those of which the actor may see every case: one confidential thread among them hides the rest."""
    if not actor.is_system and not may(actor, "case.see"):
        return Analysis.objects.none()
    mine = AnalysedCase.objects.filter(analysis=OuterRef("pk"))
    hidden = mine.filter(~visible_to(actor, "case__thread__"))
    return Analysis.objects.filter(Exists(mine), ~Exists(hidden))


def cases_of(analysis: Analysis) -> list[Case]:
    """The oldest first: the first one tells the analysis by its thread."""
    found = Case.objects.filter(analysed__analysis=analysis).select_related("thread__customer")
    return list(found.order_by("analysed__pk"))


def first_cases(analysed: Iterable[AnalysedCase], cases: Iterable[Case]) -> dict[int, Case]:
    """By analysis, from rows at hand."""
    known = {case.pk: case for case in cases}
    newest_first = sorted(analysed, key=lambda each: -each.pk)
    return {each.analysis_id: known[each.case_id] for each in newest_first}


def thread_of(analysis: Analysis) -> Thread:
    return cases_of(analysis)[0].thread


def place_of_analysis(analysis: Analysis, kind: str, pk: int, *, area_id: int | None = None) -> Place:
    """An event of the analysis stands on the first case's thread and shows on those of the others too."""
    cases = cases_of(analysis)
    thread = cases[0].thread
    others = {case.thread_id for case in cases} - {thread.pk}
    related = [Related("case", case.pk, "case") for case in cases]
    related += [Related("thread", pk_, "about") for pk_ in sorted(others)]
    if kind != "analysis":
        related.append(Related("analysis", analysis.pk, "analysis"))
    return Place(
        subject=Ref(kind, pk),
        thread_id=thread.pk,
        customer_id=thread.customer_id,
        area_id=area_id,
        delegation_id=thread.delegation_id,
        related=tuple(related),
    )


def require_on_cases(by: Actor, cases: Sequence[Case], *, personally: bool = False) -> None:
    """Every thread must be visible, one case the actor's own, unless the work is theirs by name."""
    threads = [case.thread for case in cases]
    secret = {thread.pk for thread in threads if thread.is_confidential}
    seen = set(threads_visible_to(by).filter(pk__in=secret).values_list("pk", flat=True)) if secret else set()
    if secret - seen:
        raise NotAllowed(_("Only the people named on this thread can work on it."))
    require(by, "cause.work", own=personally or any(is_own_case(by, case) for case in cases))


def require_on_analysis(by: Actor, analysis: Analysis) -> None:
    require_on_cases(by, cases_of(analysis), personally=by.acts_for(analysis.owner_id))


def refuse_mixed(cases: Iterable[Case]) -> None:
    """What one analysis says shows on all its threads: a confidential one must not speak on another."""
    threads = {case.thread for case in cases}
    if len(threads) > 1 and any(thread.is_confidential for thread in threads):
        raise RuleViolation(
            _("A case of a confidential thread is analysed on its own: begin another analysis for it."),
            field="cases",
        )
