"""Causes, actions, lessons and praise: by anybody, on any case, while work goes on."""

from __future__ import annotations

from django.db.models import Q

from hilo.parties.models import Area, Contact, Person
from hilo.quality.models import Analysis, Case, CauseKind, CorrectiveAction, Praise, Why
from hilo.work.models import ProcessTemplate, Promise, Step
from tests.conformance.machine.world import Call, World, tries

STANDING = Q(removed_at=None, analysis__state="open")
NOT_ANALYSED = Q(analysed=None, thread__is_confidential=False)
METRICS = ("recurrences", "recurrences", "cause", "missing")


def a_case(w: World) -> Case:
    return w.row(Case.objects.all(), NOT_ANALYSED)


def an_analysis(w: World, likely: Q | None = None) -> Analysis:
    return w.row(Analysis.objects.all(), likely or Q(state="open"))


def workers(w: World, analysis: Analysis) -> list[Person]:
    first = analysis.analysed.order_by("pk")[0]
    return [analysis.owner, *w.workers(first.case.thread)]


@tries("quality.causes.begin_analysis")
def begin_analysis(w: World) -> Call:
    case = a_case(w)
    cases = [case, a_case(w)] if w.pick.in_ten(1) else [case]
    return w.call(cases, what_happened=w.words("La línea da 15.200"), by=w.by(*w.workers(case.thread)))


@tries("quality.causes.begin_by_itself")
def begin_by_itself(w: World) -> Call:
    return w.call(w.row(Case.objects.all(), Q(analysed=None)), w.pick.one(Analysis.Trigger.values))


@tries("quality.causes.add_case_to_analysis")
def add_case_to_analysis(w: World) -> Call:
    analysis = an_analysis(w)
    return w.call(analysis, case=a_case(w), by=w.by(*workers(w, analysis)))


@tries("quality.causes.set_team")
def set_team(w: World) -> Call:
    analysis = an_analysis(w)
    return w.call(analysis, areas=[w.area(), w.area()], seen=w.seen(analysis), by=w.by(*workers(w, analysis)))


@tries("quality.causes.mark_place")
def mark_place(w: World) -> Call:
    analysis = an_analysis(w)
    return w.call(
        analysis,
        mark=w.pick.one(("lost", "lost", "lost", "visible", "seen")),
        step=w.row(Step.objects.all(), Q(template_version__template__code="two-steps")),
        on=None if w.pick.in_ten(5) else w.ahead().date(),
        at_entry=w.pick.in_ten(7),
        from_area=Area.objects.get(code="sales") if w.pick.in_ten(9) else None,
        seen=w.seen(analysis),
        by=w.by(*workers(w, analysis)),
    )


@tries("quality.causes.add_why")
def add_why(w: World) -> Call:
    analysis = an_analysis(w)
    standing = list(analysis.whys.filter(removed_at=None).order_by("pk"))
    parent = w.pick.one(standing) if standing and w.pick.in_ten(6) else None
    proof = f"{w.words('lista, v7')}" if w.pick.in_ten(8) else ""
    return w.call(
        analysis,
        branch=w.pick.one(("A", "A", "B", "C", "Z")),
        parent=parent,
        text=w.words("La lista no lo pregunta"),
        evidence=proof.strip(),
        by=w.by(*workers(w, analysis)),
    )


def a_why(w: World) -> Why:
    return w.row(Why.objects.all(), STANDING)


@tries("quality.causes.change_why")
def change_why(w: World) -> Call:
    why = a_why(w)
    by = w.by(*workers(w, why.analysis))
    proof = w.words("plano, rev. B").strip()
    return w.call(why, text=w.words("Nadie lo vio"), evidence=proof, seen=w.seen(why), by=by)


@tries("quality.causes.remove_why")
def remove_why(w: World) -> Call:
    why = a_why(w)
    return w.call(why, seen=w.seen(why), by=w.by(*workers(w, why.analysis)))


@tries("quality.causes.set_root")
def set_root(w: World) -> Call:
    why = w.row(Why.objects.all(), STANDING & ~Q(evidence=""))
    wanted = not why.is_root if w.pick.in_ten(9) else why.is_root
    return w.call(why, is_root=wanted, seen=w.seen(why), by=w.by(*workers(w, why.analysis)))


@tries("quality.causes.conclude_analysis")
def conclude_analysis(w: World) -> Call:
    analysis = an_analysis(w, Q(state="open", lost_at__isnull=False, whys__is_root=True))
    cause = w.row(CauseKind.objects.all(), Q(code="information_lost_in_handoff"))
    words = w.words("La lista no pregunta por el tapón")
    by = w.by(*workers(w, analysis))
    return w.call(analysis, cause=cause, conclusion=words, seen=w.seen(analysis), by=by)


@tries("quality.causes.reopen_analysis")
def reopen_analysis(w: World) -> Call:
    analysis = an_analysis(w, Q(state="concluded"))
    why = w.words("Otro caso enseña más")
    return w.call(analysis, reason=why, seen=w.seen(analysis), by=w.by(*workers(w, analysis)))


@tries("quality.causes.add_cause_kind")
def add_cause_kind(w: World) -> Call:
    return w.call(w.name("Causa nuestra") if w.pick.in_ten(8) else " ", by=w.administrator())


@tries("quality.causes.rename_cause_kind")
def rename_cause_kind(w: World) -> Call:
    cause = w.row(CauseKind.objects.all(), Q(is_active=True))
    return w.call(cause, name=w.name("Otro nombre"), seen=w.seen(cause), by=w.administrator())


@tries("quality.causes.retire_cause_kind")
def retire_cause_kind(w: World) -> Call:
    cause = w.row(CauseKind.objects.all(), ~Q(name="") & Q(is_active=True))
    return w.call(cause, seen=w.seen(cause), by=w.administrator())


# Actions --------------------------------------------------------------------------------------------------


def an_action(w: World, likely: Q) -> CorrectiveAction:
    return w.row(CorrectiveAction.objects.all(), likely)


@tries("quality.actions.plan_action")
def plan_action(w: World) -> Call:
    analysis = an_analysis(w, Q(lost_at__isnull=False))
    owner = w.person()
    return w.call(
        analysis,
        kind=w.pick.one(("corrective", "preventive")),
        text=w.words("El traspaso pregunta por el tapón"),
        owner=owner,
        checker=w.person() if w.pick.in_ten(9) else owner,
        area=w.area(),
        criterion=w.words("Ningún traspaso sin tapón"),
        metric=w.pick.one(METRICS),
        allowed=w.pick.one((0, 0, 1)),
        window_days=w.pick.one((1, 5, 30)),
        window_exposures=w.pick.one((0, 0, 1)),
        due_at=w.ahead(),
        by=w.by(*workers(w, analysis)),
    )


@tries("quality.actions.extend_action")
def extend_action(w: World) -> Call:
    action = an_action(w, Q(state="open"))
    later = w.ahead(days=(25, 40))
    by = w.by(action.owner, action.checker)
    return w.call(action, due_at=later, reason=w.words("Faltan datos"), seen=w.seen(action), by=by)


@tries("quality.actions.finish_action")
def finish_action(w: World) -> Call:
    action = an_action(w, Q(state="open"))
    return w.call(action, how=w.words("La lista tiene la línea"), seen=w.seen(action), by=w.by(action.owner))


@tries("quality.actions.end_window")
def end_window(w: World) -> Call:
    action = an_action(w, Q(state="watching"))
    return w.call(action, by=w.system() if w.pick.in_ten(9) else w.by())


@tries("quality.actions.judge_action")
def judge_action(w: World) -> Call:
    action = an_action(w, Q(state="to_judge"))
    return w.call(
        action,
        works=w.pick.in_ten(6),
        judgement=w.words("Mirados todos"),
        due_at=w.ahead() if w.pick.in_ten(8) else None,
        seen=w.seen(action),
        by=w.by(action.checker),
    )


@tries("quality.actions.drop_action")
def drop_action(w: World) -> Call:
    action = an_action(w, Q(state__in=["open", "watching"]))
    by = w.by(action.checker, action.analysis.owner)
    return w.call(action, reason=w.words("Se quita el paso"), seen=w.seen(action), by=by)


# What was learned, what was praised, what was not kept ----------------------------------------------------


@tries("quality.lessons.add_lesson")
def add_lesson(w: World) -> Call:
    analysis = an_analysis(w, Q(state="concluded"))
    return w.call(
        analysis,
        template=w.row(ProcessTemplate.objects.all(), Q(code="two-steps")),
        step_key=w.pick.one(("design", "sell", "nowhere")),
        where=w.pick.one(("needs", "exit_checklist", "advice")),
        text=w.name("Tapón") if w.pick.in_ten(9) else " ",
        by=w.by(*workers(w, analysis)),
    )


@tries("work.templates.amend_draft")
def amend_draft(w: World) -> Call:
    w.count += 1
    return w.call(
        w.row(ProcessTemplate.objects.all()),
        step_key=w.pick.one(("design", "sell", "nowhere")),
        where=w.pick.one(("needs", "exit_checklist", "advice_hints")),
        line=w.name("Plano"),
        key=f"own-{w.count}",
        by=w.by(),
    )


@tries("quality.praise.give_praise")
def give_praise(w: World) -> Call:
    thread = w.thread()
    return w.call(
        thread,
        text=w.words("Vinieron un domingo"),
        where=w.pick.one(Praise.Where.values),
        contact=w.row(Contact.objects.all(), Q(customer=thread.customer)) if w.pick.in_ten(7) else None,
        said_at=w.before(),
        by=w.by(*w.workers(thread)),
    )


@tries("quality.broken_promises.look_into_broken_promise")
def look_into_broken_promise(w: World) -> Call:
    return w.call(w.row(Promise.objects.all(), Q(broken_at__isnull=False, thread__state="open")))
