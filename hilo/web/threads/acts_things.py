"""What can be done to the things on a thread: promises, deliverables, steps, requests, documents."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from hilo.quality.models import Lesson
from hilo.quality.queries.lessons import lessons_at
from hilo.web.threads import forms
from hilo.web.threads.acting import Act, Do, Reminder, by_and_now
from hilo.web.threads.entries import reverse_or_nothing
from hilo.web.threads.forms import Place
from hilo.work.commands.asks import (
    accept_ask,
    agree_to_counter,
    counter_ask,
    decline_ask,
    finish_ask,
    withdraw_ask,
)
from hilo.work.commands.conversation import say_group_is_ready, withdraw_requirement
from hilo.work.commands.deliverables import (
    accept_delivery,
    cancel_deliverable,
    deliver,
    move_deliverable,
    refuse_delivery,
)
from hilo.work.commands.documents import add_document_version, approve_document
from hilo.work.commands.handoffs import offer_to_colleague, prepare_handoff
from hilo.work.commands.loose_ends import settle_loose_end
from hilo.work.commands.orders import cancel_order
from hilo.work.commands.promised_dates import Telling
from hilo.work.commands.promises import (
    answer_broken_promise,
    keep_promise,
    release_promise,
    renegotiate_promise,
)
from hilo.work.commands.step_runs import (
    finish_step,
    reopen_step,
    resume_step,
    skip_step,
    wait_for,
)
from hilo.work.models import (
    AffectedGroup,
    Ask,
    Deliverable,
    Document,
    DocumentVersion,
    Handoff,
    LooseEnd,
    Order,
    Promise,
    Requirement,
    StepRun,
)

type Data = dict[str, Any]


def _give(command: Any, *names: str) -> Do:
    """The command on the target with these fields of the form, and the version seen."""

    def do(place: Place, data: Data) -> object:
        given = {name: data[name] for name in ("seen", *names)}
        return command(place.target, **given, **by_and_now(place))

    return do


def _move_deliverable(place: Place, data: Data) -> object:
    words = data.get("text", "").strip()
    told = Telling(text=words, contacts=data["contacts"], channel=data["channel"]) if words else None
    to = forms.evening_of(data["to"])
    return move_deliverable(
        place.target, to=to, reason=data["reason"], telling=told, seen=data["seen"], **by_and_now(place)
    )


def _wait(place: Place, data: Data) -> object:
    return wait_for(
        place.target, whom=data["whom"], what=data["awaited"], seen=data["seen"], **by_and_now(place)
    )


def _ready(what: str) -> Do:
    def do(place: Place, data: Data) -> object:
        return say_group_is_ready(
            place.target, what=what, who=data["who"], at=data["at"], seen=data["seen"], **by_and_now(place)
        )

    return do


def _new_version(place: Place, data: Data) -> object:
    file = forms.content_of(data["file"])
    return add_document_version(
        place.target, note=data["note"], seen=data["seen"], **file, **by_and_now(place)
    )


def _approve(place: Place, data: Data) -> object:
    return approve_document(
        place.target, contact=data["contact"], evidence=data["evidence"], **by_and_now(place)
    )


def _to_handoff(place: Place, result: object) -> str:
    return reverse_or_nothing("web:handoff", result.pk) if isinstance(result, Handoff) else "/"


_CLOSED = _("Noted.")

PROMISE_ACTS = (
    Act(
        name="promise_keep",
        path="compromisos/<int:pk>/cumplido",
        model=Promise,
        about="text",
        anchor="promises",
        title=_("The customer has what was promised"),
        button=_("Note it as kept"),
        said=_("Kept. Noted."),
        form=forms.KeepForm,
        do=_give(keep_promise, "evidence", "kept_at"),
    ),
    Act(
        name="promise_renegotiate",
        path="compromisos/<int:pk>/renegociar",
        model=Promise,
        about="text",
        anchor="promises",
        title=_("Agree another date with the customer"),
        button=_("Note the new date"),
        said=_("The new date is on record, and the first one stays in sight."),
        lead=_("Agreed before it is due, it is normal work. The first date stays on record."),
        form=forms.RenegotiateForm,
        do=_give(renegotiate_promise, "due", "contact", "where", "evidence"),
    ),
    Act(
        name="promise_release",
        path="compromisos/<int:pk>/liberar",
        model=Promise,
        about="text",
        anchor="promises",
        title=_("The customer no longer wants it"),
        button=_("Note that they release us"),
        said=_CLOSED,
        lead=_("Only the customer can release us, so it says who and how."),
        form=forms.EvidenceForm,
        do=_give(release_promise, "contact", "evidence"),
    ),
    Act(
        name="promise_answer",
        path="compromisos/<int:pk>/responder",
        model=Promise,
        about="text",
        anchor="promises",
        title=_("The customer was told about the broken promise"),
        button=_("Note the message"),
        said=_CLOSED,
        lead=_("Write them the message first; then choose it here."),
        form=forms.AnswerPromiseForm,
        do=_give(answer_broken_promise, "update"),
    ),
    Act(
        name="deliver",
        path="entregables/<int:pk>/entregado",
        model=Deliverable,
        about="name",
        anchor="promises",
        title=_("The customer has it"),
        button=_("Note the delivery"),
        said=_("Delivered. Now they accept it."),
        form=forms.DeliverForm,
        do=_give(deliver, "delivered_at"),
    ),
    Act(
        name="delivery_accept",
        path="entregables/<int:pk>/aceptado",
        model=Deliverable,
        about="name",
        anchor="promises",
        title=_("The customer accepts it"),
        button=_("Note the acceptance"),
        said=_CLOSED,
        form=forms.EvidenceForm,
        do=_give(accept_delivery, "contact", "evidence"),
    ),
    Act(
        name="delivery_refuse",
        path="entregables/<int:pk>/rechazado",
        model=Deliverable,
        about="name",
        anchor="promises",
        title=_("The customer does not accept it"),
        button=_("Note what they say"),
        said=_CLOSED,
        form=forms.RefuseForm,
        do=_give(refuse_delivery, "contact", "reason"),
    ),
    Act(
        name="deliverable_move",
        path="entregables/<int:pk>/mover",
        model=Deliverable,
        about="name",
        anchor="promises",
        title=_("The plan has another date"),
        button=_("Move the date"),
        said=_("Moved."),
        lead=_("Early, explained and told to the customer, it is normal work."),
        form=forms.MoveForm,
        do=_move_deliverable,
    ),
    Act(
        name="deliverable_cancel",
        path="entregables/<int:pk>/cancelar",
        model=Deliverable,
        about="name",
        anchor="promises",
        title=_("The customer no longer wants it"),
        button=_("Note it"),
        said=_CLOSED,
        form=forms.ReasonForm,
        do=_give(cancel_deliverable, "reason"),
    ),
    Act(
        name="order_cancel",
        path="pedidos/<int:pk>/cancelar",
        model=Order,
        about="text",
        anchor="promises",
        title=_("The customer takes the order back"),
        button=_("Cancel the order"),
        said=_("The order is cancelled."),
        danger=True,
        form=forms.ReasonForm,
        do=_give(cancel_order, "reason"),
    ),
)


def _before_the_end(place: Place) -> list[Reminder]:
    """What the process asks before a step counts as done; lessons with the story behind them (SPEC 7.7)."""
    step = place.target.step
    if step is None or not step.exit_checklist:
        return []
    template = step.template_version.template
    stories = lessons_at(template, step.key, Lesson.Where.EXIT, place.actor)
    return [
        Reminder(line, stories[line].case_code if line in stories else "") for line in step.exit_checklist
    ]


STEP_ACTS = (
    Act(
        name="step_finish",
        path="pasos/<int:pk>/hecho",
        model=StepRun,
        about="name",
        anchor="steps",
        title=_("The step is done"),
        button=_("It is done"),
        said=_("Done. What waited for it begins."),
        do=_give(finish_step),
        reminders=_before_the_end,
    ),
    Act(
        name="step_skip",
        path="pasos/<int:pk>/no-hace-falta",
        model=StepRun,
        about="name",
        anchor="steps",
        title=_("The step is not needed this time"),
        button=_("Leave it out"),
        said=_("Left out, with its reason."),
        form=forms.ReasonForm,
        do=_give(skip_step, "reason"),
    ),
    Act(
        name="step_wait",
        path="pasos/<int:pk>/espera",
        model=StepRun,
        about="name",
        anchor="steps",
        title=_("It waits for somebody outside"),
        button=_("Note that it waits"),
        said=_("It is their turn."),
        lead=_("The step stays with who has it, and its date stands."),
        form=forms.WaitForm,
        do=_wait,
    ),
    Act(
        name="step_resume",
        path="pasos/<int:pk>/sigue",
        model=StepRun,
        about="waits_for_what",
        anchor="steps",
        title=_("It came: work goes on"),
        button=_("It has come"),
        said=_("Work goes on."),
        do=_give(resume_step),
    ),
    Act(
        name="step_reopen",
        path="pasos/<int:pk>/reabrir",
        model=StepRun,
        about="name",
        anchor="steps",
        title=_("It was not done after all"),
        button=_("Reopen the step"),
        said=_("The step is open again."),
        form=forms.ReasonForm,
        do=_give(reopen_step, "reason"),
    ),
    Act(
        name="step_colleague",
        path="pasos/<int:pk>/companero",
        model=StepRun,
        about="name",
        anchor="steps",
        action="handoff.give",
        title=_("Offer the step to a colleague"),
        button=_("Offer it"),
        said=_("Offered. It is theirs once they start on it."),
        form=forms.ColleagueForm,
        do=_give(offer_to_colleague, "colleague", "ask"),
    ),
    Act(
        name="step_handoff",
        path="pasos/<int:pk>/traspasar",
        model=StepRun,
        about="name",
        anchor="steps",
        action="handoff.give",
        title=_("Prepare the handoff again"),
        button=_("Prepare it"),
        said=_("Prepared: complete what the other area needs, and offer it."),
        after=_to_handoff,
        do=lambda place, data: prepare_handoff(place.target, **by_and_now(place)),
    ),
)

SMALL_ACTS = (
    Act(
        name="ask_accept",
        path="peticiones/<int:pk>/aceptar",
        model=Ask,
        about="what",
        anchor="asks",
        title=_("Accept the request"),
        button=_("We do it"),
        said=_("Accepted: it is yours."),
        do=_give(accept_ask),
    ),
    Act(
        name="ask_counter",
        path="peticiones/<int:pk>/otra-fecha",
        model=Ask,
        about="what",
        anchor="asks",
        title=_("Propose another date"),
        button=_("Propose it"),
        said=_("Proposed. They agree or withdraw."),
        form=forms.CounterForm,
        do=_give(counter_ask, "due_at", "comment"),
    ),
    Act(
        name="ask_agree",
        path="peticiones/<int:pk>/de-acuerdo",
        model=Ask,
        about="what",
        anchor="asks",
        title=_("Agree to the date they propose"),
        button=_("Agreed"),
        said=_("Agreed."),
        do=_give(agree_to_counter),
    ),
    Act(
        name="ask_decline",
        path="peticiones/<int:pk>/rechazar",
        model=Ask,
        about="what",
        anchor="asks",
        title=_("Decline the request"),
        button=_("Decline it"),
        said=_("Declined, and they know why."),
        form=forms.ReasonForm,
        do=_give(decline_ask, "reason"),
    ),
    Act(
        name="ask_done",
        path="peticiones/<int:pk>/hecha",
        model=Ask,
        about="what",
        anchor="asks",
        title=_("Here is what they asked for"),
        button=_("It is done"),
        said=_("Done, and they can read it."),
        form=forms.AnswerForm,
        do=_give(finish_ask, "answer"),
    ),
    Act(
        name="ask_withdraw",
        path="peticiones/<int:pk>/retirar",
        model=Ask,
        about="what",
        anchor="asks",
        title=_("It is no longer needed"),
        button=_("Withdraw the request"),
        said=_("Withdrawn."),
        do=_give(withdraw_ask),
    ),
    Act(
        name="loose_end_settle",
        path="cabos/<int:pk>/atar",
        model=LooseEnd,
        about="text",
        anchor="loose-ends",
        title=_("Tie the loose end"),
        button=_("Tie it"),
        said=_("Tied."),
        form=forms.OutcomeForm,
        do=_give(settle_loose_end, "outcome"),
    ),
    Act(
        name="requirement_withdraw",
        path="requisitos/<int:pk>/retirar",
        model=Requirement,
        about="text",
        anchor="requirements",
        title=_("The customer no longer asks for it"),
        button=_("Note it"),
        said=_CLOSED,
        form=forms.ReasonForm,
        do=_give(withdraw_requirement, "reason"),
    ),
    Act(
        name="group_told",
        path="afectados/<int:pk>/informados",
        model=AffectedGroup,
        about="name",
        anchor="groups",
        title=_("They have been told"),
        button=_("Note it"),
        said=_CLOSED,
        form=forms.GroupReadyForm,
        do=_ready("told"),
    ),
    Act(
        name="group_trained",
        path="afectados/<int:pk>/formados",
        model=AffectedGroup,
        about="name",
        anchor="groups",
        title=_("They have been trained"),
        button=_("Note it"),
        said=_CLOSED,
        form=forms.GroupReadyForm,
        do=_ready("trained"),
    ),
    Act(
        name="document_version",
        path="documentos/<int:pk>/version",
        model=Document,
        about="name",
        anchor="documents",
        title=_("A new version of the document"),
        button=_("Upload it"),
        said=_("The new version is on the thread."),
        form=forms.VersionForm,
        do=_new_version,
        lead=_("The customer's approval of the old one does not pass to it."),
    ),
    Act(
        name="document_approve",
        path="documentos/version/<int:pk>/aprobada",
        model=DocumentVersion,
        about="file_name",
        anchor="documents",
        title=_("The customer approves this version"),
        button=_("Note the approval"),
        said=_CLOSED,
        form=forms.EvidenceForm,
        do=_approve,
    ),
)
