"""What is done about a case: each verb is one command, at the stage's moment."""

from __future__ import annotations

from datetime import date, datetime

from hilo.demo.engagement import Engagement, When
from hilo.demo.stage import Stage
from hilo.quality.commands.actions import finish_action, plan_action
from hilo.quality.commands.cases import (
    add_strand,
    assess_case,
    begin_investigation,
    contain_case,
    open_case,
)
from hilo.quality.commands.causes import (
    add_why,
    begin_analysis,
    conclude_analysis,
    mark_place,
    set_root,
    set_team,
)
from hilo.quality.commands.closing import close_case, verify_solution
from hilo.quality.commands.escalations import note_escalation
from hilo.quality.commands.lessons import add_lesson
from hilo.quality.commands.pausing import pause_response, resume_response
from hilo.quality.commands.praise import give_praise
from hilo.quality.commands.telling import (
    acknowledge_case,
    respond_case,
    tell_about_case,
    tell_decision,
)
from hilo.quality.models import Analysis, Case, CauseKind, CorrectiveAction, Why
from hilo.work.commands.handoffs import accept_handoff
from hilo.work.models import Handoff, ProcessTemplate, Step, StepRun, Thread

DAY = 8 * 60  # business minutes


class Casework(Engagement):
    def __init__(self, stage: Stage, case: Case, customer: str) -> None:
        super().__init__(stage, case.thread, customer)
        self.case = case

    def seen(self) -> int:
        self.case.refresh_from_db()
        return self.case.version

    # What the customer hears --------------------------------------------------------------------------

    def acknowledges(
        self, who: str, contact: str, text: str, *, next_news: When, by_way: str = "call"
    ) -> None:
        acknowledge_case(
            self.case,
            text=text,
            contacts=[self.contact(contact)],
            next_news_at=self.moment(next_news),
            channel=by_way,
            seen=self.seen(),
            by=self.by(who),
            now=self.tick(),
        )

    def tells_of_it(
        self, who: str, contact: str, text: str, *, next_news: When, tone: str = "progress"
    ) -> None:
        tell_about_case(
            self.case,
            text=text,
            contacts=[self.contact(contact)],
            next_news_at=self.moment(next_news),
            tone=tone,
            channel="call",
            seen=self.seen(),
            by=self.by(who),
            now=self.tick(),
        )

    def answers(self, who: str, contact: str, text: str, *, solution: str, next_news: When) -> None:
        respond_case(
            self.case,
            solution=solution,
            text=text,
            contacts=[self.contact(contact)],
            next_news_at=self.moment(next_news),
            seen=self.seen(),
            by=self.by(who),
            now=self.tick(),
        )

    def tells_decision(self, who: str, contact: str, text: str, *, outcome: str, next_news: When) -> None:
        tell_decision(
            self.case,
            outcome=outcome,
            text=text,
            contacts=[self.contact(contact)],
            next_news_at=self.moment(next_news),
            seen=self.seen(),
            by=self.by(who),
            now=self.tick(),
        )

    def hears_it_is_solved(self, who: str, contact: str, how: str) -> None:
        verify_solution(
            self.case,
            contact=self.contact(contact),
            how=how,
            seen=self.seen(),
            by=self.by(who),
            now=self.tick(),
        )

    def is_taken_to(self, manager: str, contact: str, text: str, *, promised: str, due: int) -> None:
        """The customer turns to a manager, who writes it down with what they promised there."""
        promise: tuple[str, datetime | date] = (promised, self.stage.days.date(due))
        note_escalation(
            self.fresh(),
            case=self.case,
            contact=self.contact(contact),
            owner=self.person(manager),
            text=text,
            promises=[promise],
            by=self.by(manager),
            now=self.tick(),
        )

    # What we do about it ------------------------------------------------------------------------------

    def assesses(self, who: str, *, impact: str, urgency: str) -> None:
        assess_case(
            self.case,
            impact=impact,
            urgency=urgency,
            seen=self.seen(),
            by=self.by(who),
            now=self.tick(),
        )

    def contains(self, who: str, text: str) -> None:
        contain_case(self.case, text=text, seen=self.seen(), by=self.by(who), now=self.tick())

    def looks_into_it(self, who: str) -> None:
        begin_investigation(self.case, seen=self.seen(), by=self.by(who), now=self.tick())

    def brings_in(self, who: str, area: str, name: str, *, days: int) -> StepRun:
        return add_strand(
            self.case,
            area=self.stage.areas[area],
            delegation=self.case.delegation,
            name=name,
            target_minutes=days * DAY,
            by=self.by(who),
            now=self.tick(),
        )

    def joins_in(self, who: str, strand: StepRun, read_back: str) -> None:
        handoff = strand.handoffs.get(state__in=Handoff.OPEN_STATES)
        accept_handoff(handoff, read_back=read_back, seen=handoff.version, by=self.by(who), now=self.tick())

    def holds_the_answer(self, who: str, *, until: When, reason: str) -> None:
        pause_response(
            self.case,
            reason=reason,
            until=self.moment(until),
            seen=self.seen(),
            by=self.by(who),
            now=self.tick(),
        )

    def goes_on_with_the_answer(self, who: str) -> None:
        resume_response(self.case, seen=self.seen(), by=self.by(who), now=self.tick())

    def closes(self, who: str, *, solution: str = "") -> None:
        close_case(self.case, solution=solution, seen=self.seen(), by=self.by(who), now=self.tick())

    # Why it could happen ------------------------------------------------------------------------------

    def asks_why(self, who: str, what_happened: str, *areas: str) -> Analysis:
        analysis = begin_analysis([self.case], what_happened=what_happened, by=self.by(who), now=self.tick())
        team = [self.stage.areas[area] for area in areas]
        set_team(analysis, areas=team, by=self.by(who), now=self.tick())
        return analysis

    def marks(
        self, who: str, analysis: Analysis, mark: str, key: str, *, on: int, border_from: str | None = None
    ) -> None:
        """On a step of the process that the thread follows; ``border_from``: in the handoff into it."""
        step = Step.objects.get(key=key, runs__thread=self.thread)
        mark_place(
            analysis,
            mark=mark,
            step=step,
            on=self.stage.days.date(on),
            at_entry=border_from is not None,
            from_area=self.stage.areas[border_from] if border_from else None,
            by=self.by(who),
            now=self.tick(),
        )

    def digs(self, who: str, analysis: Analysis, *answers: tuple[str, str]) -> Why:
        """One answer under the other, each with what proves it; the deepest is what we can change."""
        deepest: Why | None = None
        for text, evidence in answers:
            deepest = add_why(
                analysis,
                branch="A",
                parent=deepest,
                text=text,
                evidence=evidence,
                by=self.by(who),
                now=self.tick(),
            )
        assert deepest is not None
        set_root(deepest, by=self.by(who), now=self.tick())
        return deepest

    def concludes(self, who: str, analysis: Analysis, cause: str, conclusion: str) -> None:
        conclude_analysis(
            analysis,
            cause=CauseKind.objects.get(code=cause),
            conclusion=conclusion,
            by=self.by(who),
            now=self.tick(),
        )

    def agrees_on(
        self,
        who: str,
        analysis: Analysis,
        text: str,
        *,
        owner: str,
        checker: str,
        area: str,
        criterion: str,
        due: When,
    ) -> CorrectiveAction:
        return plan_action(
            analysis,
            kind=CorrectiveAction.Kind.CORRECTIVE,
            text=text,
            owner=self.person(owner),
            checker=self.person(checker),
            area=self.stage.areas[area],
            criterion=criterion,
            metric=CorrectiveAction.Metric.RECURRENCES,
            due_at=self.moment(due),
            by=self.by(who),
            now=self.tick(),
        )

    def carries_out(self, who: str, action: CorrectiveAction, how: str) -> None:
        finish_action(action, how=how, by=self.by(who), now=self.tick())

    def teaches(self, who: str, analysis: Analysis, template: str, key: str, text: str) -> None:
        """One line for the handoff checklist, in the next draft of the process."""
        add_lesson(
            analysis,
            template=ProcessTemplate.objects.get(code=template),
            step_key=key,
            where="needs",
            text=text,
            by=self.by(who),
            now=self.tick(),
        )


def opens_case(
    stage: Stage,
    who: str,
    thread: str,
    kind: str,
    title: str,
    *,
    text: str = "",
    remedy: str = "",
    contact: str | None = None,
    found_by_us: bool = False,
    impact: str,
    urgency: str,
    owner: str,
) -> Casework:
    """On the thread of that title; without ``contact`` nobody outside knows of it."""
    home = Thread.objects.select_related("customer").get(title=thread)
    customer = home.customer.name
    case = open_case(
        thread=home,
        kind=kind,
        title=title,
        text=text,
        remedy=remedy,
        contact=stage.contact(customer, contact) if contact else None,
        customer_knows=contact is not None,
        found_by_us=found_by_us,
        impact=impact,
        urgency=urgency,
        owner=stage.people[owner],
        by=stage.by(who),
        now=stage.tick(),
    )
    return Casework(stage, case, customer)


def passes_on_praise(
    stage: Stage, who: str, thread: str, contact: str, text: str, *, where: str = "call"
) -> None:
    home = Thread.objects.select_related("customer").get(title=thread)
    give_praise(
        home,
        text=text,
        where=where,
        contact=stage.contact(home.customer.name, contact),
        by=stage.by(who),
        now=stage.tick(),
    )
