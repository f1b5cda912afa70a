"""Analyses and actions in every state, made through the commands themselves, on the cases of ``quality``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hilo.parties.actor import system
from hilo.quality.commands.actions import end_window, finish_action, plan_action
from hilo.quality.commands.causes import (
    add_why,
    begin_analysis,
    conclude_analysis,
    mark_place,
    set_root,
)
from hilo.quality.models import Analysis, Case, CauseKind, CorrectiveAction, Why
from hilo.work.models import Step, Thread
from tests.factories.quality import make_case
from tests.factories.work import House, two_steps

CAUSE = "information_lost_in_handoff"


def the_cause(code: str = CAUSE) -> CauseKind:
    return CauseKind.objects.get(code=code)


def an_analysis(house: House, *cases: Case, who: str = "sales", **facts: Any) -> Analysis:
    """Begun by hand, or the one that began by itself with the first case."""
    found = cases or (make_case(house, two_steps(house), impact="low", urgency="low"),)
    begun = Analysis.objects.filter(analysed__case=found[0]).first()
    if begun is not None:
        return begun
    return begin_analysis(
        found,
        **{
            "what_happened": "La línea 2 da 15.200 botellas por hora",
            "by": house.actor(who),
            "now": house.at,
            **facts,
        },
    )


def the_step(thread: Thread, key: str = "design") -> Step:
    return Step.objects.get(template_version=thread.work_items.get(kind="thread").template_version, key=key)


def lost_in_handoff(house: House, analysis: Analysis, step: Step, *, from_area: str = "sales") -> None:
    mark_place(
        analysis,
        mark="lost",
        step=step,
        at_entry=True,
        from_area=house.area(from_area),
        by=house.actor("sales"),
        now=house.at,
    )


def a_why(house: House, analysis: Analysis, text: str = "La lista no lo pregunta", **facts: Any) -> Why:
    given = {"branch": "A", "evidence": "lista del traspaso, v7", **facts}
    return add_why(analysis, text=text, by=house.actor("sales"), now=house.at, **given)


def a_root(house: House, analysis: Analysis, **facts: Any) -> Why:
    why = a_why(house, analysis, **facts)
    set_root(why, by=house.actor("sales"), now=house.at)
    return why


def concluded(
    house: House, analysis: Analysis, step: Step | None = None, *, cause: str = CAUSE, at_entry: bool = True
) -> Analysis:
    """Lost in the handoff from sales into the step, unless told otherwise."""
    place = step or the_step(analysis.analysed.get().case.thread)
    if at_entry:
        lost_in_handoff(house, analysis, place)
    else:
        mark_place(analysis, mark="lost", step=place, by=house.actor("sales"), now=house.at)
    a_root(house, analysis)
    analysis.refresh_from_db()
    conclude_analysis(
        analysis,
        cause=the_cause(cause),
        conclusion="La lista del traspaso no pregunta por el tapón",
        seen=analysis.version,
        by=house.actor("sales"),
        now=house.at,
    )
    return analysis


def an_action(house: House, analysis: Analysis, **facts: Any) -> CorrectiveAction:
    """Sales does it, logistics checks."""
    return plan_action(
        analysis,
        **{
            "text": "El traspaso pregunta siempre por el tapón",
            "owner": house.person("sales"),
            "checker": house.person("logistics"),
            "area": house.area("sales"),
            "criterion": "Ningún traspaso aceptado sin tapón",
            "due_at": house.at + timedelta(days=14),
            "by": house.actor("sales"),
            "now": house.at,
            **facts,
        },
    )


def done(house: House, action: CorrectiveAction, *, at: datetime | None = None) -> CorrectiveAction:
    action.refresh_from_db()
    finish_action(
        action,
        how="La lista tiene la línea nueva",
        seen=action.version,
        by=house.actor("sales"),
        now=at or house.at,
    )
    return action


def to_judge(house: House, analysis: Analysis, **facts: Any) -> CorrectiveAction:
    """Done and watched to the end: only days count, unless told otherwise. The house's hour moves on."""
    given = {"window_days": 30, "window_exposures": 0, **facts}
    action = done(house, an_action(house, analysis, **given))
    house.later(days=action.window_days + 1)
    end_window(action, by=system(), now=house.at)
    return action
