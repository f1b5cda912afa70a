"""Looking for a cause: begun by hand or by itself, place, whys with evidence, conclusion."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hilo.errors import NotAllowed, RuleViolation, Stale
from hilo.ledger.models import EventObject, LedgerEvent
from hilo.parties.actor import system
from hilo.parties.commands.leaving import leave_company
from hilo.parties.models import Notice
from hilo.quality.analysing import analyses_visible_to
from hilo.quality.commands.causes import (
    add_case_to_analysis,
    add_cause_kind,
    add_why,
    begin_analysis,
    begin_by_itself,
    change_why,
    conclude_analysis,
    mark_place,
    remove_why,
    rename_cause_kind,
    reopen_analysis,
    retire_cause_kind,
    set_root,
    set_team,
)
from hilo.quality.models import AnalysedCase, Analysis, CauseKind
from hilo.quality.queries.eight_d import eight_d
from hilo.quality.triggers import triggered
from hilo.work.commands.threads import make_confidential
from hilo.work.owed import owed_by
from tests.factories.causes import (
    a_root,
    a_why,
    an_action,
    an_analysis,
    concluded,
    done,
    lost_in_handoff,
    the_cause,
    the_step,
)
from tests.factories.parties import a_person, acting
from tests.factories.quality import make_case
from tests.factories.work import House, a_thread

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def kinds_of(subject_type: str, pk: int) -> list[str]:
    rows = LedgerEvent.objects.filter(subject_type=subject_type, subject_id=pk).order_by("seq")
    return list(rows.values_list("kind", flat=True))


# Beginning


def test_who_begins_leads_and_owes_the_cause(house: House) -> None:
    analysis = an_analysis(house)
    assert analysis.owner == house.person("sales")
    rows = [row for row in owed_by(house.actor("sales"), now=house.at) if row.kind == "find_cause"]
    assert [(row.type, row.id, row.label) for row in rows] == [
        ("analysis", analysis.pk, "La línea 2 da 15.200 botellas por hora")
    ]
    assert rows[0].due > house.at + timedelta(days=13)  # ten working days, by policy


def test_a_case_has_one_analysis(house: House) -> None:
    case = make_case(house, impact="low", urgency="low")
    an_analysis(house, case)
    with pytest.raises(RuleViolation, match="being looked for already"):
        begin_analysis([case], what_happened="Otra vez", by=house.actor("sales"), now=house.at)


def test_a_case_named_twice_is_one_case(house: House) -> None:
    case = make_case(house, impact="low", urgency="low")
    analysis = begin_analysis([case, case], what_happened="Goteo", by=house.actor("sales"), now=house.at)
    assert [row.case for row in analysis.analysed.all()] == [case]


def test_nothing_begins_without_a_case_or_words(house: House) -> None:
    case = make_case(house, impact="low", urgency="low")
    with pytest.raises(RuleViolation, match="Choose the case"):
        begin_analysis([], what_happened="Algo", by=house.actor("sales"), now=house.at)
    with pytest.raises(RuleViolation, match="what happened"):
        begin_analysis([case], what_happened="  ", by=house.actor("sales"), now=house.at)


@pytest.mark.parametrize(
    "field", ["what_happened", "why", "evidence", "conclusion", "reason", "lesson", "cause"]
)
def test_no_text_of_a_cause_takes_the_name_of_one_of_our_people(house: House, field: str) -> None:
    a_person("Nuria Lahoz", area=house.area("sales"), delegation=house.company.zaragoza)
    blaming, by, now = "Nuria no lo mandó", house.actor("sales"), house.at
    analysis = an_analysis(house)
    why = a_root(house, analysis)
    lost_in_handoff(house, analysis, the_step(analysis.analysed.get().case.thread))
    with pytest.raises(RuleViolation, match="not for the person"):
        if field == "what_happened":
            other = make_case(house, impact="low", urgency="low")
            begin_analysis([other], what_happened=blaming, by=by, now=now)
        elif field == "why":
            add_why(analysis, branch="A", text=blaming, by=by, now=now)
        elif field == "evidence":
            change_why(why, text="No llegó", evidence="correo de Nuria Lahoz", by=by, now=now)
        elif field == "conclusion":
            conclude_analysis(analysis, cause=the_cause(), conclusion=blaming, by=by, now=now)
        elif field == "reason":
            reopen_analysis(analysis, reason=blaming, by=by, now=now)
        elif field == "lesson":
            an_action(house, analysis, text="Formar a Nuria")
        else:
            add_cause_kind("Descuidos de Lahoz", by=acting(house.company.administrator), now=now)


@pytest.mark.parametrize(
    ("facts", "begins"),
    [
        ({"impact": "high", "urgency": "high"}, "customer"),
        ({"impact": "low", "urgency": "low"}, None),
        ({"impact": "high", "urgency": "high", "found_by_us": True}, None),
        ({"kind": "return", "impact": "low", "urgency": "low"}, "return"),
        ({"kind": "nonpayment", "impact": "low", "urgency": "low"}, "return"),
        ({"kind": "query", "impact": "high", "urgency": "high"}, None),
    ],
)
def test_an_analysis_begins_by_itself(house: House, facts: dict[str, Any], begins: str | None) -> None:
    case = make_case(house, **facts)
    found = Analysis.objects.filter(analysed__case=case).values_list("trigger", flat=True)
    assert list(found) == ([begins] if begins else [])


def test_it_begins_once_and_the_areas_head_leads_it(house: House) -> None:
    case = make_case(house)  # grave, and the customer noticed first
    analysis = Analysis.objects.get(analysed__case=case)
    assert analysis.owner == house.company.heads["sales"]
    with pytest.raises(RuleViolation, match="being looked for already"):
        begin_by_itself(case, "escalation", now=house.at)
    triggered(case, "return", house.at)
    assert AnalysedCase.objects.filter(case=case).count() == 1
    told = Notice.objects.filter(kind="find_cause")
    assert [notice.person for notice in told] == [house.company.heads["sales"]]
    assert not told.get().interrupts


def test_of_a_confidential_thread_somebody_named_on_it_leads(house: House) -> None:
    thread = a_thread(house)
    make_confidential(
        thread, readers=[house.person("sales")], seen=thread.version, by=house.head("sales"), now=house.at
    )
    case = make_case(house, thread)
    analysis = Analysis.objects.get(analysed__case=case)
    assert analysis.owner == house.person("sales")
    assert not analyses_visible_to(house.actor("technical")).exists()
    assert not analyses_visible_to(acting(house.company.director)).exists()
    assert analyses_visible_to(house.actor("sales")).get() == analysis
    with pytest.raises(NotAllowed):
        add_why(analysis, branch="A", text="No llegó", by=house.actor("technical"), now=house.at)


def test_a_title_that_names_somebody_does_not_become_the_text(house: House) -> None:
    a_person("Nuria Lahoz", area=house.area("sales"), delegation=house.company.zaragoza)
    case = make_case(house, title="Nuria no mandó el plano")
    assert Analysis.objects.get().what_happened == f"Complaint {case.code}"


def test_a_confidential_case_is_analysed_on_its_own(house: House) -> None:
    one, other = (make_case(house, impact="low", urgency="low") for _ in range(2))
    analysis = an_analysis(house, one)
    make_confidential(
        other.thread,
        readers=[house.person("sales")],
        seen=other.thread.version,
        by=house.head("sales"),
        now=house.at,
    )
    other.refresh_from_db()
    with pytest.raises(RuleViolation, match="on its own"):
        add_case_to_analysis(analysis, case=other, by=house.actor("sales"), now=house.at)


def test_two_cases_share_one_cause_and_both_stories_tell_it(house: House) -> None:
    one, other = (make_case(house, impact="low", urgency="low") for _ in range(2))
    analysis = an_analysis(house, one)
    add_case_to_analysis(analysis, case=other, by=house.actor("sales"), now=house.at)
    a_why(house, analysis)
    added = LedgerEvent.objects.get(kind="why.added")
    related = {
        (each.type, each.object_id, each.qualifier) for each in EventObject.objects.filter(event=added)
    }
    assert added.thread_id == one.thread_id
    assert ("thread", other.thread_id, "about") in related
    assert {("case", one.pk, "case"), ("case", other.pk, "case")} <= related


# Where, and why


def test_a_border_is_marked_with_the_area_it_comes_from(house: House) -> None:
    analysis = an_analysis(house)
    step = the_step(analysis.analysed.get().case.thread)
    lost_in_handoff(house, analysis, step)
    analysis.refresh_from_db()
    assert (analysis.lost_at, analysis.lost_at_entry, analysis.lost_from_area) == (
        step, True, house.area("sales"),
    )  # fmt: skip
    mark_place(analysis, mark="seen", step=step, on=date(2026, 11, 9), by=house.actor("sales"), now=house.at)
    mark_place(analysis, mark="lost", step=None, by=house.actor("sales"), now=house.at)
    analysis.refresh_from_db()
    assert analysis.lost_at is None and not analysis.lost_at_entry and analysis.lost_from_area is None
    assert analysis.seen_on == date(2026, 11, 9)


def test_a_mark_lies_not_in_the_future_and_is_one_of_three(house: House) -> None:
    analysis = an_analysis(house)
    step, by = the_step(analysis.analysed.get().case.thread), house.actor("sales")
    with pytest.raises(RuleViolation, match="still to come"):
        mark_place(analysis, mark="lost", step=step, on=date(2026, 12, 24), by=by, now=house.at)
    with pytest.raises(RuleViolation, match="one of the options"):
        mark_place(analysis, mark="guilty", step=step, by=by, now=house.at)


def test_whys_go_deeper_branch_by_branch(house: House) -> None:
    analysis = an_analysis(house)
    first = a_why(house, analysis, "El cabezal está ajustado para 28 mm")
    deeper = a_why(house, analysis, "El diseño partió de un solo tapón", parent=first, evidence="")
    other = a_why(house, analysis, "La prueba se hizo con tapones de 28 mm", branch="b")
    assert [(why.branch, why.depth) for why in (first, deeper, other)] == [("A", 1), ("A", 2), ("B", 1)]
    assert [why.pk for root in eight_d(analysis).d4_roots for why in root.without_evidence] == [deeper.pk]


def test_a_why_stops_at_nine_and_branches_at_six(house: House) -> None:
    analysis = an_analysis(house)
    why = a_why(house, analysis)
    for _ in range(8):
        why = a_why(house, analysis, parent=why)
    with pytest.raises(RuleViolation, match="Nine whys deep"):
        a_why(house, analysis, parent=why)
    for branch in ("G", "AB", "", "1"):
        with pytest.raises(RuleViolation, match="Six branches"):
            a_why(house, analysis, branch=branch)


def test_only_a_root_demands_evidence(house: House) -> None:
    analysis, by = an_analysis(house), house.actor("sales")
    why = a_why(house, analysis, evidence="")
    with pytest.raises(RuleViolation, match="needs its evidence"):
        set_root(why, by=by, now=house.at)
    change_why(why, text=why.text, evidence="lista, v7", seen=why.version, by=by, now=house.at)
    set_root(why, by=by, now=house.at)
    assert why.is_root
    with pytest.raises(RuleViolation, match="keeps its evidence"):
        change_why(why, text=why.text, evidence="", by=by, now=house.at)
    with pytest.raises(RuleViolation, match="already"):
        set_root(why, by=by, now=house.at)
    set_root(why, is_root=False, by=by, now=house.at)
    assert not why.is_root


def test_evidence_stands_on_a_thread_of_the_analysis(house: House) -> None:
    analysis, elsewhere = an_analysis(house), two_steps_again(house)
    here = analysis.analysed.get().case.thread.step_runs.first()
    assert here is not None
    a_why(house, analysis, evidence_type="step_run", evidence_id=here.pk)
    for kind, pk in (("step_run", elsewhere), ("person", 1), ("", 3), ("handoff", None)):
        with pytest.raises(RuleViolation, match="of this thread"):
            a_why(house, analysis, evidence_type=kind, evidence_id=pk)


def two_steps_again(house: House) -> int:
    version = the_step(Analysis.objects.get().analysed.get().case.thread).template_version
    run = a_thread(house, version).step_runs.first()
    assert run is not None
    return run.pk


def test_an_answer_goes_with_those_beneath_it_gone(house: House) -> None:
    analysis, by = an_analysis(house), house.actor("sales")
    first = a_why(house, analysis)
    deeper = a_why(house, analysis, parent=first)
    with pytest.raises(RuleViolation, match="under this one"):
        remove_why(first, by=by, now=house.at)
    remove_why(deeper, by=by, now=house.at)
    remove_why(first, by=by, now=house.at)
    for refused in (
        lambda: remove_why(first, by=by, now=house.at),
        lambda: a_why(house, analysis, parent=first),
    ):
        with pytest.raises(RuleViolation, match="taken away"):
            refused()
    assert eight_d(analysis).d4_roots == []


def test_the_team_is_areas(house: House) -> None:
    analysis, by = an_analysis(house), house.actor("sales")
    set_team(analysis, areas=[house.area("sales"), house.area("technical")], by=by, now=house.at)
    set_team(analysis, areas=[house.area("technical"), house.area("production")], by=by, now=house.at)
    assert {area.code for area in eight_d(analysis).d1_team} == {"technical", "production"}
    stale = analysis.version - 1
    with pytest.raises(Stale):
        set_team(analysis, areas=[], seen=stale, by=by, now=house.at)


# Concluding


def test_a_conclusion_needs_root_place_and_words(house: House) -> None:
    analysis, by = an_analysis(house), house.actor("sales")
    words = "La lista no pregunta por el tapón"

    def conclude(conclusion: str = words) -> None:
        conclude_analysis(analysis, cause=the_cause(), conclusion=conclusion, by=by, now=house.at)

    with pytest.raises(RuleViolation, match="root cause"):
        conclude()
    a_root(house, analysis)
    with pytest.raises(RuleViolation, match="process line"):
        conclude()
    lost_in_handoff(house, analysis, the_step(analysis.analysed.get().case.thread))
    with pytest.raises(RuleViolation, match="Say in a sentence"):
        conclude("")
    conclude()
    assert analysis.state == Analysis.State.CONCLUDED
    with pytest.raises(RuleViolation, match="is concluded"):
        conclude()
    event = LedgerEvent.objects.get(kind="analysis.concluded")
    assert (event.facts["cause"], event.facts["template"], event.facts["step"]) == (
        "information_lost_in_handoff", "two-steps", "design",
    )  # fmt: skip


def test_a_concluded_analysis_changes_only_after_it_is_opened_again(house: House) -> None:
    analysis, by = concluded(house, an_analysis(house)), house.actor("sales")
    why = analysis.whys.get()
    refused = (
        lambda: a_why(house, analysis),
        lambda: change_why(why, text="Otra cosa", evidence="x", by=by, now=house.at),
        lambda: remove_why(why, by=by, now=house.at),
        lambda: set_root(why, is_root=False, by=by, now=house.at),
        lambda: set_team(analysis, areas=[], by=by, now=house.at),
        lambda: mark_place(analysis, mark="lost", step=None, by=by, now=house.at),
    )
    for each in refused:
        with pytest.raises(RuleViolation, match="Open it again"):
            each()
    reopen_analysis(analysis, reason="Otra caída enseña más", by=by, now=house.at)
    a_why(house, analysis)
    with pytest.raises(RuleViolation, match="not concluded"):
        reopen_analysis(analysis, reason="Otra vez", by=by, now=house.at)


def test_whoever_sees_it_from_another_delegation_reads_only(house: House) -> None:
    analysis = an_analysis(house)
    far = a_person(area=house.area("technical"), delegation=house.company.sevilla)
    with pytest.raises(NotAllowed):
        add_why(analysis, branch="A", text="No llegó", by=acting(far), now=house.at)
    auditor = acting(house.company.administrator)
    assert analyses_visible_to(auditor).get() == analysis


def test_the_search_passes_to_the_caretaker_of_who_leaves(house: House) -> None:
    analysis = an_analysis(house)
    leave_company(house.person("sales"), by=acting(house.company.administrator), now=house.at)
    analysis.refresh_from_db()
    assert analysis.owner == house.company.heads["sales"]
    assert kinds_of("analysis", analysis.pk) == ["analysis.begun", "analysis.passed"]


# The catalogue


def test_an_administrator_extends_the_catalogue(house: House) -> None:
    by = acting(house.company.administrator)
    assert CauseKind.objects.filter(is_active=True).count() == 10
    cause = add_cause_kind("Prueba hecha sin los envases reales", by=by, now=house.at)
    assert cause.code.startswith("own-")
    with pytest.raises(RuleViolation, match="already"):
        add_cause_kind("prueba hecha sin los envases REALES", by=by, now=house.at)
    rename_cause_kind(cause, name="No se probó con lo real", seen=cause.version, by=by, now=house.at)
    retire_cause_kind(cause, by=by, now=house.at)
    with pytest.raises(RuleViolation, match="no longer in the catalogue"):
        rename_cause_kind(cause, name="Otra", by=by, now=house.at)
    with pytest.raises(NotAllowed):
        add_cause_kind("Otra", by=acting(house.company.director), now=house.at)
    analysis = an_analysis(house)
    with pytest.raises(RuleViolation, match="no longer in the catalogue"):
        conclude_analysis(analysis, cause=cause, conclusion="Así fue", by=house.actor("sales"), now=house.at)
    assert kinds_of("cause", cause.pk) == ["cause.added", "cause.renamed", "cause.retired"]


# 8D


def test_eight_d_closes_when_cases_are_closed_and_actions_judged(house: House) -> None:
    analysis = an_analysis(house)
    assert {"D1", "D4", "D5", "D6", "D7", "D8"} <= set(eight_d(analysis).missing)
    concluded(house, analysis)
    action = an_action(house, analysis)
    report = eight_d(analysis)
    assert report.d5_chosen == [action] and report.d6_done == []
    done(house, action)
    report = eight_d(analysis)
    assert report.d6_done == [action] and report.d8_closed_at is None
    assert report.d4_lost_at is not None and report.d4_roots[0].is_proven


def test_the_system_may_not_be_asked_to_lead(house: House) -> None:
    case = make_case(house, impact="low", urgency="low")
    with pytest.raises(TypeError):
        begin_analysis([case], what_happened="Algo", by=system(), now=house.at)
