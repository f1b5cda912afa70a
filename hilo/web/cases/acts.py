"""What can be done with a case, one row each."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hilo.errors import RuleViolation
from hilo.quality.access import cases_visible_to
from hilo.quality.commands.cases import (
    add_strand,
    assess_case,
    begin_investigation,
    change_severity,
    contain_case,
    customer_learned,
    join_failure,
    leave_failure,
    link_case,
    take_over_case,
    touch_thread,
)
from hilo.quality.commands.closing import close_case, refuse_solution, reopen_case, verify_solution
from hilo.quality.commands.escalations import note_escalation
from hilo.quality.commands.pausing import pause_response, resume_response
from hilo.web.cases import forms
from hilo.web.cases.acting import CaseAct
from hilo.web.threads.acting import by_and_now
from hilo.web.threads.forms import Place
from hilo.work.access import threads_visible_to

type Data = dict[str, Any]


def _touch(place: Place, data: Data) -> object:
    other = threads_visible_to(place.actor).filter(code=data["code"].strip()).first()
    if other is None:
        raise RuleViolation(gettext("There is no thread with that number that you can see."), field="code")
    return touch_thread(place.target, other, **by_and_now(place))


def _join(place: Place, data: Data) -> object:
    main = cases_visible_to(place.actor).filter(code=data["code"].strip().upper()).first()
    if main is None:
        raise RuleViolation(gettext("There is no case with that number that you can see."), field="code")
    return join_failure(place.target, main=main, seen=data["seen"], **by_and_now(place))


def _strand(place: Place, data: Data) -> object:
    return add_strand(
        place.target,
        area=data["area"],
        delegation=data["delegation"],
        name=data["name"],
        target_minutes=data["hours"] * 60,
        **by_and_now(place),
    )


def _link(place: Place, data: Data) -> object:
    kind, _colon, number = data["thing"].partition(":")
    return link_case(place.target, type=kind, object_id=int(number), **by_and_now(place))


def _escalate(place: Place, data: Data) -> object:
    return note_escalation(
        place.thread,
        case=place.target,
        contact=data["contact"],
        owner=data["owner"],
        text=data["text"],
        at=data["at"],
        promises=forms.EscalationForm.promised(data),
        **by_and_now(place),
    )


CASE_ACTS = (
    CaseAct(
        name="assess",
        path="valorar",
        title=_("Assess the case"),
        button=_("Save the assessment"),
        said=_("Assessed. Its clocks follow the severity."),
        lead=_("What it does to them and how soon it must be solved make its severity."),
        form=forms.AssessForm,
        has_levels=True,
        do=lambda place, data: assess_case(
            place.target,
            impact=data["impact"],
            urgency=data["urgency"],
            containment=data["containment"],
            seen=data["seen"],
            **by_and_now(place),
        ),
    ),
    CaseAct(
        name="severity",
        path="gravedad",
        title=_("Change the severity"),
        button=_("Change the severity"),
        said=_("Changed. The clocks keep their beginning and follow the new severity."),
        lead=_("The clocks keep their beginning and their pauses; what each may take is the new one's."),
        form=forms.SeverityForm,
        has_levels=True,
        do=lambda place, data: change_severity(
            place.target,
            impact=data["impact"],
            urgency=data["urgency"],
            reason=data["reason"],
            seen=data["seen"],
            **by_and_now(place),
        ),
    ),
    CaseAct(
        name="contain",
        path="mientras",
        title=_("Meanwhile"),
        button=_("Note it down"),
        said=_("Noted: it stands on the case."),
        form=forms.ContainForm,
        do=lambda place, data: contain_case(
            place.target, text=data["text"], seen=data["seen"], **by_and_now(place)
        ),
    ),
    CaseAct(
        name="investigate",
        path="investigar",
        title=_("Look into what happened"),
        button=_("Begin to look into it"),
        said=_("It is being looked into."),
        lead=_("From here on everybody sees that we are finding out what happened."),
        do=lambda place, data: begin_investigation(place.target, seen=data["seen"], **by_and_now(place)),
    ),
    CaseAct(
        name="strand_new",
        path="area",
        title=_("Ask another area to work on it"),
        button=_("Offer it to that area"),
        said=_("Offered. Until they accept it, it stays with you."),
        lead=_("It gets its own holder and its own time. The case does not close before it is done."),
        anchor="lanes",
        form=forms.StrandForm,
        do=_strand,
    ),
    CaseAct(
        name="take_over",
        path="llevar",
        title=_("Take the case over"),
        button=_("I lead it from now on"),
        said=_("The case is yours: you answer for its repair."),
        lead=_("You answer for it to the customer from this moment; whoever had it is told."),
        do=lambda place, data: take_over_case(place.target, seen=data["seen"], **by_and_now(place)),
    ),
    CaseAct(
        name="pause",
        path="pausa",
        title=_("Put the response on hold"),
        button=_("Hold it until then"),
        said=_("The response is on hold. It goes on by itself."),
        lead=_("Only the response waits. The next news never does: they hear from us all the same."),
        form=forms.PauseForm,
        do=lambda place, data: pause_response(
            place.target, reason=data["reason"], until=data["until"], seen=data["seen"], **by_and_now(place)
        ),
    ),
    CaseAct(
        name="resume",
        path="seguir",
        title=_("The response goes on"),
        button=_("It came: go on"),
        said=_("The clock of the response runs again."),
        do=lambda place, data: resume_response(place.target, seen=data["seen"], **by_and_now(place)),
    ),
    CaseAct(
        name="verify",
        path="resuelto",
        title=_("The customer says it is solved"),
        button=_("Note that it is solved"),
        said=_("Noted: the customer says it is solved."),
        lead=_("They say it, not we: write down who, and how we know."),
        form=forms.VerifyForm,
        do=lambda place, data: verify_solution(
            place.target, contact=data["contact"], how=data["how"], seen=data["seen"], **by_and_now(place)
        ),
    ),
    CaseAct(
        name="refuse",
        path="sin-resolver",
        title=_("The customer says it is not solved"),
        button=_("Note that it is not solved"),
        said=_("Noted. The case is being looked into again."),
        lead=_("The case goes back to finding out what happened, and it is counted."),
        form=forms.RefuseForm,
        do=lambda place, data: refuse_solution(
            place.target,
            contact=data["contact"],
            reason=data["reason"],
            seen=data["seen"],
            **by_and_now(place),
        ),
    ),
    CaseAct(
        name="close",
        path="cerrar",
        title=_("Close the case"),
        button=_("Close the case"),
        said=_("Closed. What was learnt stays where it prevents the next one."),
        form=forms.CloseForm,
        do=lambda place, data: close_case(
            place.target, solution=data.get("solution", ""), seen=data["seen"], **by_and_now(place)
        ),
    ),
    CaseAct(
        name="reopen",
        path="reabrir",
        title=_("Reopen the case"),
        button=_("Reopen the case"),
        said=_("The case is open again, and its clocks begin anew."),
        lead=_("It is counted, and its clocks begin anew."),
        form=forms.ReopenForm,
        do=lambda place, data: reopen_case(
            place.target,
            reason=data["reason"],
            contact=data["contact"],
            seen=data["seen"],
            **by_and_now(place),
        ),
    ),
    CaseAct(
        name="escalate",
        path="direccion",
        title=_("The customer turned to management"),
        button=_("Write it down"),
        said=_("Written down. What was promised runs like every promise."),
        lead=_("Who called whom, what they said, and what was promised to make up for it."),
        form=forms.EscalationForm,
        do=_escalate,
    ),
    CaseAct(
        name="learned",
        path="ya-lo-sabe",
        title=_("The customer came to know of it"),
        button=_("Note that they know"),
        said=_("Noted. From now on they hear from us."),
        lead=_("From then on its clocks run: they wait for an answer and for news."),
        form=forms.LearnedForm,
        do=lambda place, data: customer_learned(
            place.target, contact=data["contact"], at=data["at"], seen=data["seen"], **by_and_now(place)
        ),
    ),
    CaseAct(
        name="touch",
        path="otro-hilo",
        title=_("It touches another thread"),
        button=_("Add the thread"),
        said=_("Added: that thread is not archived before the case is closed."),
        lead=_("That thread is not archived either before the case is closed."),
        anchor="links",
        form=forms.CodeForm,
        do=_touch,
    ),
    CaseAct(
        name="join",
        path="mismo-fallo",
        title=_("The same failure as another case"),
        button=_("Join them"),
        said=_("Joined: the areas work once, and each customer is told on their own thread."),
        lead=_("The other case carries the work of the areas. Each customer is told on their own thread."),
        anchor="links",
        form=forms.CodeForm,
        do=_join,
    ),
    CaseAct(
        name="leave_failure",
        path="otro-fallo",
        title=_("It is another failure after all"),
        button=_("Part them"),
        said=_("Parted: this case goes its own way."),
        anchor="links",
        do=lambda place, data: leave_failure(place.target, seen=data["seen"], **by_and_now(place)),
    ),
    CaseAct(
        name="link",
        path="vinculo",
        title=_("What the case is about"),
        button=_("Link it"),
        said=_("Linked."),
        lead=_("The order line, the invoice or the promise: with it the case shows the money behind it."),
        anchor="links",
        form=forms.LinkForm,
        do=_link,
    ),
)
