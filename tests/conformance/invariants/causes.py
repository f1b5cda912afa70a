"""Causes and actions: what a conclusion, a root, a checker and a judgement stand on."""

from __future__ import annotations

from collections import Counter

from hilo.quality import models as quality
from tests.conformance.invariants.rows import Faults, Rows, invariant

UNSETTLED = ("open", "watching", "to_judge")


@invariant
def nobody_checks_what_they_do_and_who_left_does_neither(rows: Rows) -> Faults:
    for action in rows.of(quality.CorrectiveAction):
        if action.owner_id == action.checker_id:
            yield f"action {action.id} is checked by its owner"
        if action.state in UNSETTLED and {action.owner_id, action.checker_id} & rows.inactive:
            yield f"action {action.id} lies with somebody who has left"
    for analysis in rows.of(quality.Analysis):
        if analysis.state == "open" and analysis.owner_id in rows.inactive:
            yield f"analysis {analysis.id} is led by somebody who has left"


@invariant
def a_conclusion_has_place_cause_and_a_root_with_evidence(rows: Rows) -> Faults:
    whys = rows.of(quality.Why)
    rooted = {why.analysis_id for why in whys if why.is_root and why.removed_at is None and why.evidence}
    for analysis in rows.of(quality.Analysis):
        if analysis.state != "concluded":
            continue
        if not (analysis.lost_at_id and analysis.cause_id and analysis.conclusion and analysis.id in rooted):
            yield f"analysis {analysis.id} is concluded without place, cause or root"


@invariant
def whys_stand_under_standing_ones_of_their_branch(rows: Rows) -> Faults:
    whys = {why.id: why for why in rows.of(quality.Why)}
    for why in whys.values():
        above = whys.get(why.parent_id)
        if why.removed_at is not None or above is None:
            continue
        if above.removed_at is not None or above.branch != why.branch or above.depth + 1 != why.depth:
            yield f"why {why.id} hangs in the air"
        if above.analysis_id != why.analysis_id:
            yield f"why {why.id} explains another analysis"


@invariant
def every_analysis_has_cases_and_a_case_one_analysis(rows: Rows) -> Faults:
    analysed = Counter(each.case_id for each in rows.of(quality.AnalysedCase))
    having = {each.analysis_id for each in rows.of(quality.AnalysedCase)}
    yield from (f"case {case} has {count} analyses" for case, count in analysed.items() if count > 1)
    for analysis in rows.of(quality.Analysis):
        if analysis.id not in having:
            yield f"analysis {analysis.id} is about no case"


@invariant
def an_action_open_again_is_not_done_and_a_working_one_was_counted(rows: Rows) -> Faults:
    for action in rows.of(quality.CorrectiveAction):
        if action.state == "open" and (action.done_at or action.judged_at or action.to_judge_at):
            yield f"action {action.id} is open and done at once"
        if action.state == "effective" and (
            action.recurrences is None or action.recurrences > action.allowed
        ):
            yield f"action {action.id} works although {action.recurrences} came back"


@invariant
def whoever_was_thanked_knows_for_what(rows: Rows) -> Faults:
    said = {praise.id for praise in rows.of(quality.Praise) if praise.text}
    for told in rows.of(quality.Praised):
        if told.praise_id not in said:
            yield f"person {told.person_id} was thanked for nothing"
