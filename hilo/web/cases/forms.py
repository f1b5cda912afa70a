"""What is asked of somebody who does something with a case. What must not be empty, the commands say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hilo.parties.models import Area, Delegation, Person
from hilo.parties.queries.company import delegations_visible_to
from hilo.web.cases.severity import impact_choices, urgency_choices
from hilo.web.doing.fields import MomentField
from hilo.web.threads.forms import ActForm, ContactField, DayAndHourField, PersonField, Place
from hilo.web.threads.forms import text as said
from hilo.work.models import Deliverable, Handoff, OrderLine, Promise, Requirement
from hilo.work.queries.thread_page import contacts_of

MOST_OFFERED = 40  # of each kind of thing a case may be linked to, the newest


class LevelsForm(ActForm):
    """Impact and urgency as radios: the page says what severity they make."""

    impact = forms.ChoiceField(label=_("What it does to them"), widget=forms.RadioSelect, choices=())
    urgency = forms.ChoiceField(label=_("How soon it must be solved"), widget=forms.RadioSelect, choices=())

    def prepare(self, what: Place) -> None:
        self.fields["impact"].choices = impact_choices()  # type: ignore[attr-defined]
        self.fields["urgency"].choices = urgency_choices()  # type: ignore[attr-defined]
        for name in ("impact", "urgency"):
            self.initial.setdefault(name, getattr(what.target, name))


class AssessForm(LevelsForm):
    containment = said(
        _("Meanwhile"),
        optional=True,
        rows=2,
        hint=_("What keeps them working until it is solved: a loan, a shift of ours, a detour."),
    )

    def prepare(self, what: Place) -> None:
        super().prepare(what)
        self.initial.setdefault("containment", what.target.containment)


class SeverityForm(LevelsForm):
    reason = said(_("Why it changes"))


class ContainForm(ActForm):
    text = said(_("What keeps them working meanwhile"), rows=2)

    def prepare(self, what: Place) -> None:
        self.initial.setdefault("text", what.target.containment)


class StrandForm(ActForm):
    area = forms.ModelChoiceField(Area.objects.filter(ended_on=None), label=_("Which area"), empty_label=None)
    delegation = forms.ModelChoiceField(Delegation.objects.none(), label=_("Where"), empty_label=None)
    name = said(_("What it does, in one sentence"))
    hours = forms.IntegerField(label=_("Working hours it may take"), min_value=1, max_value=2_000, initial=16)

    def prepare(self, what: Place) -> None:
        field = self.fields["delegation"]
        field.queryset = delegations_visible_to(what.actor)  # type: ignore[attr-defined]
        self.initial.setdefault("delegation", what.target.delegation_id)


class PauseForm(ActForm):
    reason = said(_("What we wait for"), hint=_("The customer will ask. One line is enough."))
    until = MomentField(label=_("Until"), help_text=_("Then the clock goes on by itself."))


class ContactAndForm(ActForm):
    contact = ContactField()

    def prepare(self, what: Place) -> None:
        self.choose("contact", contacts_of(what.thread))
        if what.target.contact_id:
            self.initial["contact"] = what.target.contact_id


class VerifyForm(ContactAndForm):
    how = said(_("How we know"), hint=_("The call, the mail or the visit in which they said so."))


class RefuseForm(ContactAndForm):
    reason = said(_("What is not solved, in their words"), rows=3)


class CloseForm(ActForm):
    """Only what nobody outside knows is closed with a sentence: the rest was answered already."""

    solution = said(_("What was done"), rows=3)

    def prepare(self, what: Place) -> None:
        if what.target.customer_knows:
            del self.fields["solution"]


class ReopenForm(ActForm):
    reason = said(_("What is not solved after all"))
    contact = ContactField(_("Who says so, if it was the customer"), required=False)

    def prepare(self, what: Place) -> None:
        self.choose("contact", contacts_of(what.thread), only=False)


class LearnedForm(ContactAndForm):
    at = MomentField(label=_("When they came to know"))

    def prepare(self, what: Place) -> None:
        super().prepare(what)
        self.initial.setdefault("at", what.now)


class CodeForm(ActForm):
    code = said(_("Its number"), hint=_("As it stands on its page."))


class EscalationForm(ContactAndForm):
    """Three promises at most: who gives more of them in one call keeps none."""

    owner = PersonField(_("To whom of ours"))
    text = said(_("What they said, in their words"), rows=3)
    at = MomentField(label=_("When"))
    promise_1 = said(_("What was promised to them"), optional=True)
    due_1 = DayAndHourField(label=_("By when"), required=False)
    promise_2 = said(_("And what else"), optional=True)
    due_2 = DayAndHourField(label=_("By when"), required=False)

    def prepare(self, what: Place) -> None:
        super().prepare(what)
        self.choose("owner", Person.objects.filter(is_active=True), only=False)
        self.initial.setdefault("at", what.now)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for place in (1, 2):
            if data.get(f"promise_{place}", "").strip() and not data.get(f"due_{place}"):
                self.add_error(f"due_{place}", _("Say by when: without a date nobody can keep it."))
        return data

    @staticmethod
    def promised(data: dict[str, Any]) -> tuple[tuple[str, datetime], ...]:
        pairs = ((data[f"promise_{n}"].strip(), data[f"due_{n}"]) for n in (1, 2))
        return tuple((words, due) for words, due in pairs if words)


class LinkForm(ActForm):
    thing = forms.ChoiceField(label=_("What it is about"), choices=())

    def prepare(self, what: Place) -> None:
        groups = list(_things(what))
        self.fields["thing"].choices = groups  # type: ignore[attr-defined]


def _things(what: Place) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """What stands on the thread, by kind: what was ordered and asked for, promised, handed over, invoiced."""
    from hilo.money.models import InvoiceLine

    thread = what.thread
    rows: list[tuple[str, Any, str]] = [
        ("order_line", OrderLine.objects.filter(order__thread=thread), str(_("Ordered"))),
        ("requirement", Requirement.objects.filter(thread=thread), str(_("Asked for"))),
        ("promise", Promise.objects.filter(thread=thread), str(_("Promised"))),
        ("deliverable", Deliverable.objects.filter(thread=thread), str(_("To be delivered"))),
        ("handoff", Handoff.objects.filter(thread=thread).select_related("step_run"), str(_("Handed over"))),
    ]
    if what.actor.sees_money:
        lines = InvoiceLine.objects.filter(invoice__thread=thread).select_related("invoice")
        rows.append(("invoice_line", lines, str(_("Invoiced"))))
    for kind, found, label in rows:
        offered = [(f"{kind}:{row.pk}", _called(kind, row)) for row in found.order_by("-pk")[:MOST_OFFERED]]
        if offered:
            yield label, offered


def _called(kind: str, row: Any) -> str:
    if kind == "handoff":
        return str(row.step_run)
    return f"{row.invoice.number}: {row}" if kind == "invoice_line" else str(row)
