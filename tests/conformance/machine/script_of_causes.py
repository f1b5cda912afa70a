"""The chapter about causes: one search from its beginning to an action that works, and one that does not."""

from __future__ import annotations

from typing import Any

from hilo.parties.actor import system
from hilo.parties.models import Area, Person
from hilo.quality.models import Analysis, Case, CauseKind, CorrectiveAction
from hilo.work.models import Promise, Step, TemplateVersion, Thread
from tests.conformance.machine.script_of_cases import received
from tests.conformance.machine.scripting import CURRENT, Script, opened, typed

CAUSES, ACTIONS = "quality.causes", "quality.actions"


def causes(s: Script) -> None:
    version = TemplateVersion.objects.get(template__code="two-steps", state="published")
    thread = opened(s, version, "new_account", s.people.customer)
    case = small_case(s, thread)
    analysis = begun(s, case)
    by_itself(s, thread)
    whys(s, analysis)
    the_catalogue(s)
    concluded(s, analysis, version)
    what_changes(s, analysis)
    learned(s, analysis, version)
    praised(s, thread)
    a_promise_is_broken(s, thread)
    somebody_leads_them_when_they_leave(s, version)


def small_case(s: Script, thread: Thread) -> Case:
    """Too small to be looked into by itself."""
    return received(s, thread, s.people.contact, impact="low", urgency="low")


def begun(s: Script, case: Case) -> Analysis:
    by = s.people.seller
    facts: dict[str, Any] = {"what_happened": typed("La línea da 15.200"), "by": by}
    analysis: Analysis = s.both(f"{CAUSES}.begin_analysis", [case], once=True, **facts)
    other = small_case(s, case.thread)
    s.both(f"{CAUSES}.add_case_to_analysis", analysis, case=other, once=True, by=by)
    areas = list(Area.objects.filter(code__in=["sales", "technical"]))
    s.both(f"{CAUSES}.set_team", analysis, areas=areas, seen=CURRENT, by=by)
    return analysis


def by_itself(s: Script, thread: Thread) -> None:
    case = small_case(s, thread)
    s.accepted(f"{CAUSES}.begin_by_itself", case, "slow")
    s.refused(f"{CAUSES}.begin_by_itself", case, "slow")


def whys(s: Script, analysis: Analysis) -> None:
    by = s.people.technician
    why: dict[str, Any] = {"branch": "A", "text": typed("El plano no decía nada del tapón"), "by": by}
    first = s.both(f"{CAUSES}.add_why", analysis, **why)
    idle = s.accepted(f"{CAUSES}.add_why", analysis, parent=first, **why)
    s.refused(f"{CAUSES}.remove_why", first, seen=CURRENT, by=by)
    s.both(f"{CAUSES}.remove_why", idle, once=True, seen=CURRENT, by=by)
    s.refused(f"{CAUSES}.set_root", first, seen=CURRENT, by=by)
    proof: dict[str, Any] = {"text": typed("No lo pregunta"), "evidence": typed("lista, v7"), "by": by}
    s.both(f"{CAUSES}.change_why", first, seen=CURRENT, **proof)
    s.both(f"{CAUSES}.set_root", first, once=True, seen=CURRENT, by=by)
    blaming = f"{s.people.auditor.name} no lo mandó"
    s.refused(f"{CAUSES}.add_why", analysis, **{**why, "text": blaming})


def the_catalogue(s: Script) -> None:
    by = s.people.administrator
    cause = s.both(f"{CAUSES}.add_cause_kind", typed("Prueba sin los envases reales"), by=by)
    s.both(f"{CAUSES}.rename_cause_kind", cause, name=typed("No se probó"), seen=CURRENT, by=by)
    s.both(f"{CAUSES}.retire_cause_kind", cause, once=True, seen=CURRENT, by=by)


def concluded(s: Script, analysis: Analysis, version: TemplateVersion) -> None:
    by = s.people.seller
    end: dict[str, Any] = {
        "cause": CauseKind.objects.get(code="information_lost_in_handoff"),
        "conclusion": typed("La lista no pregunta por el tapón"),
        "seen": CURRENT,
        "by": by,
    }
    s.refused(f"{CAUSES}.conclude_analysis", analysis, **end)  # nobody has marked where
    design = Step.objects.get(template_version=version, key="design")
    border = {"at_entry": True, "from_area": Area.objects.get(code="sales")}
    place: dict[str, Any] = {"mark": "lost", "step": design, "seen": CURRENT, "by": by, **border}
    s.both(f"{CAUSES}.mark_place", analysis, **place)
    s.both(f"{CAUSES}.conclude_analysis", analysis, once=True, **end)
    again = {"reason": typed("Otro caso enseña más"), "seen": CURRENT, "by": by}
    s.both(f"{CAUSES}.reopen_analysis", analysis, once=True, **again)
    s.accepted(f"{CAUSES}.conclude_analysis", analysis, **end)


def planned(s: Script, analysis: Analysis, **facts: Any) -> CorrectiveAction:
    given = {
        "text": typed("El traspaso pregunta por el tapón"),
        "owner": s.people.seller,
        "checker": s.people.technician,
        "area": Area.objects.get(code="sales"),
        "criterion": typed("Ningún traspaso sin tapón"),
        "window_days": 30,
        "window_exposures": 0,
        "due_at": s.ahead(14),
        "by": s.people.seller,
        **facts,
    }
    s.refused(f"{ACTIONS}.plan_action", analysis, **{**given, "checker": given["owner"]})
    action: CorrectiveAction = s.both(f"{ACTIONS}.plan_action", analysis, **given)
    return action


def what_changes(s: Script, analysis: Analysis) -> None:
    owner, checker = s.people.seller, s.people.technician
    action, dropped = planned(s, analysis), planned(s, analysis)
    longer = {"due_at": s.ahead(30), "reason": typed("Faltan datos"), "seen": CURRENT, "by": owner}
    s.both(f"{ACTIONS}.extend_action", action, once=True, **longer)
    why = {"reason": typed("Se quita el paso"), "seen": CURRENT, "by": checker}
    s.both(f"{ACTIONS}.drop_action", dropped, once=True, **why)
    done = {"how": typed("La lista tiene la línea"), "seen": CURRENT, "by": owner}
    s.both(f"{ACTIONS}.finish_action", action, once=True, **done)
    s.refused(f"{ACTIONS}.end_window", action, by=system())
    s.time_passes(days=31)
    s.refused(f"{ACTIONS}.end_window", action, by=owner)
    s.accepted(f"{ACTIONS}.end_window", action, by=system())
    no = {"works": False, "judgement": typed("Nadie la usa"), "seen": CURRENT, "by": checker}
    s.refused(f"{ACTIONS}.judge_action", action, **no)  # by when is it done differently?
    s.both(f"{ACTIONS}.judge_action", action, once=True, due_at=s.ahead(9), **no)
    s.accepted(f"{ACTIONS}.finish_action", action, **done)
    s.time_passes(days=31)
    s.accepted(f"{ACTIONS}.end_window", action, by=system())
    s.accepted(f"{ACTIONS}.judge_action", action, **{**no, "works": True})


def learned(s: Script, analysis: Analysis, version: TemplateVersion) -> None:
    by = s.people.seller
    line: dict[str, Any] = {"template": version.template, "step_key": "design", "where": "needs", "by": by}
    text = typed("Tapón: tipo y diámetro")
    s.both("quality.lessons.add_lesson", analysis, text=text, once=True, **line)
    given: dict[str, Any] = {"step_key": "design", "where": "exit_checklist", "key": "own", "by": by}
    for outcome in (s.accepted, s.refused):  # the second time the line stands there
        outcome("work.templates.amend_draft", version.template, line=typed("Plano"), **given)


def praised(s: Script, thread: Thread) -> None:
    thanks = {"text": typed("Vinieron un domingo"), "contact": s.people.contact, "by": s.people.seller}
    s.refused("quality.praise.give_praise", thread, where="gossip", **thanks)
    s.accepted("quality.praise.give_praise", thread, where="call", **thanks)


def a_promise_is_broken(s: Script, thread: Thread) -> None:
    facts = {"contact": s.people.contact, "where": "call", "said_at": s.now, "by": s.people.seller}
    own = opened(s, None, "service", s.people.customer)
    promise: Promise = s.accepted(
        "work.promises.make_promise", own, text=typed("La llenadora"), due=s.ahead(1), **facts
    )
    s.refused("quality.broken_promises.look_into_broken_promise", promise)
    s.time_passes(days=2)
    s.accepted("quality.broken_promises.look_into_broken_promise", promise)


def somebody_leads_them_when_they_leave(s: Script, version: TemplateVersion) -> None:
    """One search, and both sides of an action: the end of the year finds them with somebody."""
    analysis = begun(s, small_case(s, opened(s, version, "new_account", s.people.customer)))
    planned(s, analysis, checker=s.people.head)
    assert Person.objects.get(pk=s.people.seller.pk).led_analyses.filter(state="open").exists()
