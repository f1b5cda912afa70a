"""What can be done to a thread as a whole."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hilo.errors import RuleViolation
from hilo.web.threads import forms
from hilo.web.threads.acting import Act, by_and_now
from hilo.web.threads.forms import Place
from hilo.work.access import threads_visible_to
from hilo.work.commands.archiving import (
    answer_closing_question,
    archive_thread,
    ask_closing_question,
    force_archive,
    reopen_thread,
)
from hilo.work.commands.conversation import name_affected_group, state_requirement
from hilo.work.commands.deliverables import plan_deliverable
from hilo.work.commands.documents import add_document
from hilo.work.commands.ownership import (
    accept_ownership,
    decline_ownership,
    offer_ownership,
    withdraw_ownership,
)
from hilo.work.commands.pausing import move_news, pause_thread, wake_thread
from hilo.work.commands.step_runs import add_step
from hilo.work.commands.threads import (
    change_thread,
    make_confidential,
    make_open,
    relate_threads,
    set_reserve,
    use_reserve,
)
from hilo.work.models import ClosingQuestion, OwnershipTransfer, ReserveUse, WorkItem

type Data = dict[str, Any]


def _pause(place: Place, data: Data) -> object:
    until = forms.start_of(data["until"])
    return pause_thread(
        place.thread, reason=data["reason"], until=until, seen=data["seen"], **by_and_now(place)
    )


def _change(place: Place, data: Data) -> object:
    return change_thread(
        place.thread,
        title=data["title"],
        purpose=data["purpose"],
        priority=data["priority"],
        amount=data.get("amount"),
        seen=data["seen"],
        **by_and_now(place),
    )


def _relate(place: Place, data: Data) -> object:
    other = threads_visible_to(place.actor).filter(code=data["code"].strip()).first()
    if other is None:
        raise RuleViolation(gettext("There is no thread with that number that you can see."), field="code")
    return relate_threads(place.thread, other=other, **by_and_now(place))


def _use_reserve(place: Place, data: Data) -> ReserveUse:
    minutes = round(data["hours"] * 60)
    return use_reserve(place.thread, minutes=minutes, reason=data["reason"], **by_and_now(place))


def _name_group(place: Place, data: Data) -> object:
    launch = forms.start_of(data["launch"]) if data["launch"] else None
    return name_affected_group(
        place.thread, name=data["name"], people=data["people"], launch_at=launch, **by_and_now(place)
    )


def _add_step(place: Place, data: Data) -> object:
    item = WorkItem.objects.get(thread=place.thread, kind=WorkItem.Kind.THREAD)
    return add_step(
        item,
        name=data["name"],
        area=data["area"],
        delegation=place.thread.delegation,
        after=data["after"],
        target_minutes=data["hours"] * 60,
        **by_and_now(place),
    )


def _plan_deliverable(place: Place, data: Data) -> object:
    planned = forms.evening_of(data["planned_for"]) if data["planned_for"] else None
    return plan_deliverable(
        place.thread,
        name=data["name"],
        criterion=data["criterion"],
        planned_for=planned,
        **by_and_now(place),
    )


def _add_document(place: Place, data: Data) -> object:
    file = forms.content_of(data["file"])
    return add_document(place.thread, name=data["name"], note=data["note"], **file, **by_and_now(place))


def _back_to_hanging(place: Place, result: object) -> str:
    return reverse("web:thread_hanging", args=[place.thread.code])


THREAD_ACTS = (
    Act(
        name="pause",
        path="pausar",
        title=_("Pause the thread"),
        button=_("Pause until then"),
        said=_("The thread is paused. It wakes by itself on its day."),
        lead=_("The news clock runs on: a pause is no reason for silence."),
        form=forms.PauseForm,
        do=_pause,
    ),
    Act(
        name="wake",
        path="despertar",
        title=_("Wake the thread"),
        button=_("Wake it now"),
        said=_("The thread is awake."),
        do=lambda place, data: wake_thread(place.thread, seen=data["seen"], **by_and_now(place)),
    ),
    Act(
        name="news",
        path="noticias",
        title=_("Move the next news without a message"),
        button=_("Move the date"),
        said=_("The date is moved, and it is counted."),
        lead=_("A message to the customer moves it without a reason. This way it is counted."),
        form=forms.MoveNewsForm,
        do=lambda place, data: move_news(
            place.thread, to=data["to"], reason=data["reason"], seen=data["seen"], **by_and_now(place)
        ),
    ),
    Act(
        name="transfer",
        path="responsable",
        action="thread.transfer",
        title=_("Change who owns the thread"),
        button=_("Offer it"),
        said=_("Offered. Until they accept, the thread stays with who has it."),
        lead=_("It moves only when the other person accepts."),
        form=forms.OfferOwnershipForm,
        do=lambda place, data: offer_ownership(
            place.thread, to=data["to"], reason=data["reason"], seen=data["seen"], **by_and_now(place)
        ),
    ),
    Act(
        name="transfer_accept",
        path="responsable/<int:pk>/aceptar",
        action="thread.transfer",
        model=OwnershipTransfer,
        about="reason",
        title=_("Take the thread"),
        button=_("I take it"),
        said=_("The thread is yours: you answer for it end to end."),
        lead=_("From this moment you answer for it to the customer, end to end."),
        do=lambda place, data: accept_ownership(place.target, seen=data["seen"], **by_and_now(place)),
    ),
    Act(
        name="transfer_decline",
        path="responsable/<int:pk>/rechazar",
        action="thread.transfer",
        model=OwnershipTransfer,
        about="reason",
        title=_("Do not take the thread"),
        button=_("I do not take it"),
        said=_("Told. The thread stays with who has it."),
        form=forms.CommentForm,
        do=lambda place, data: decline_ownership(
            place.target, comment=data["comment"], seen=data["seen"], **by_and_now(place)
        ),
    ),
    Act(
        name="transfer_withdraw",
        path="responsable/<int:pk>/retirar",
        action="thread.transfer",
        model=OwnershipTransfer,
        title=_("Withdraw the offer"),
        button=_("Withdraw the offer"),
        said=_("The offer is withdrawn."),
        do=lambda place, data: withdraw_ownership(place.target, seen=data["seen"], **by_and_now(place)),
    ),
    Act(
        name="change",
        path="datos",
        title=_("Change the details"),
        button=_("Save the changes"),
        said=_("Changed."),
        form=forms.ChangeForm,
        do=_change,
    ),
    Act(
        name="confidential",
        path="confidencial",
        action="thread.make_confidential",
        title=_("Make it confidential"),
        button=_("Make it confidential"),
        said=_("Only the people named see it from now on."),
        lead=_("For everybody else it will be as if it did not exist, in lists and searches too."),
        form=forms.ConfidentialForm,
        do=lambda place, data: make_confidential(
            place.thread, readers=data["readers"], seen=data["seen"], **by_and_now(place)
        ),
    ),
    Act(
        name="make_open",
        path="abrir-a-todos",
        action="thread.make_confidential",
        title=_("Let everybody read it again"),
        button=_("Let everybody read it"),
        said=_("Everybody inside reads it again."),
        do=lambda place, data: make_open(place.thread, seen=data["seen"], **by_and_now(place)),
    ),
    Act(
        name="archive",
        path="archivar",
        action="thread.archive",
        title=_("Put the thread in the archive"),
        button=_("Archive the thread"),
        said=_("In the archive. Everything was closed."),
        do=lambda place, data: archive_thread(place.thread, seen=data["seen"], **by_and_now(place)),
    ),
    Act(
        name="force_archive",
        path="archivar-igualmente",
        action="thread.force_archive",
        title=_("Archive with things still hanging"),
        button=_("Archive it all the same"),
        said=_("In the archive, with its reason on record."),
        lead=_("Your name and the reason stay on record, and it raises a signal."),
        form=forms.ReasonForm,
        danger=True,
        do=lambda place, data: force_archive(
            place.thread, reason=data["reason"], seen=data["seen"], **by_and_now(place)
        ),
    ),
    Act(
        name="reopen",
        path="reabrir",
        action="thread.reopen",
        title=_("Take it out of the archive"),
        button=_("Reopen the thread"),
        said=_("The thread is open again."),
        lead=_("It is counted, and the news clock starts anew."),
        form=forms.ReasonForm,
        do=lambda place, data: reopen_thread(
            place.thread, reason=data["reason"], seen=data["seen"], **by_and_now(place)
        ),
    ),
    Act(
        name="reserve",
        path="reserva",
        title=_("Reserve of the plan"),
        button=_("Save the reserve"),
        said=_("The reserve is set."),
        form=forms.ReserveForm,
        do=lambda place, data: set_reserve(
            place.thread,
            minutes=data["hours"] * 60,
            justification=data["justification"],
            seen=data["seen"],
            **by_and_now(place),
        ),
    ),
    Act(
        name="reserve_use",
        path="reserva/gastar",
        title=_("Note what used up the reserve"),
        button=_("Note it down"),
        said=_("Noted: the next plan learns from it."),
        form=forms.UseReserveForm,
        do=_use_reserve,
    ),
    Act(
        name="relate",
        path="relacionar",
        title=_("Relate it to another thread"),
        button=_("Relate them"),
        said=_("Each points at the other."),
        form=forms.RelateForm,
        do=_relate,
    ),
    Act(
        name="closing_ask",
        path="pregunta",
        title=_("Ask the closing question"),
        button=_("Ask it"),
        said=_("Asked, unless they answered another one lately."),
        lead=_("Was what they wanted reached? Nobody is asked twice in 90 days."),
        form=forms.ContactForm,
        after=_back_to_hanging,
        do=lambda place, data: ask_closing_question(
            place.thread, contact=data["contact"], **by_and_now(place)
        ),
    ),
    Act(
        name="closing_answer",
        path="pregunta/<int:pk>/respuesta",
        model=ClosingQuestion,
        title=_("What the customer answered"),
        button=_("Note the answer"),
        said=_("Noted."),
        form=forms.ClosingAnswerForm,
        do=lambda place, data: answer_closing_question(
            place.target,
            aim_reached=data["aim_reached"],
            score=data["score"],
            comment=data["comment"],
            **by_and_now(place),
        ),
    ),
    Act(
        name="requirement_new",
        path="requisitos/nuevo",
        title=_("What the customer asks for"),
        button=_("Write it down"),
        said=_("Written down."),
        anchor="requirements",
        form=forms.RequirementForm,
        do=lambda place, data: state_requirement(
            place.thread, text=data["text"], contact=data["contact"], **by_and_now(place)
        ),
    ),
    Act(
        name="group_new",
        path="afectados/nuevo",
        title=_("People it touches at the customer"),
        button=_("Add them"),
        said=_("Added. Somebody must tell and train them."),
        lead=_("Somebody must tell and train them before it starts."),
        anchor="groups",
        form=forms.GroupForm,
        do=_name_group,
    ),
    Act(
        name="step_new",
        path="pasos/nuevo",
        title=_("A step that the process does not have"),
        button=_("Add the step"),
        said=_("The step is in the plan."),
        anchor="steps",
        form=forms.StepForm,
        do=_add_step,
    ),
    Act(
        name="deliverable_new",
        path="entregables/nuevo",
        title=_("Something the customer will receive"),
        button=_("Add it"),
        said=_("Added."),
        anchor="promises",
        form=forms.DeliverableForm,
        do=_plan_deliverable,
    ),
    Act(
        name="document_new",
        path="documentos/nuevo",
        title=_("Add a document"),
        button=_("Upload it"),
        said=_("The document is on the thread."),
        anchor="documents",
        form=forms.DocumentForm,
        do=_add_document,
    ),
)
