"""What can be written on a thread, each kind with at most four fields; one form, the kinds are radios.

Every kind keeps its fields under its own prefix, so all may stand in one HTML form and work without a
script; ``text`` is common to all, and what was typed survives choosing another kind and any refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from hilo.errors import RuleViolation
from hilo.parties.models import Area, Contact, Person
from hilo.web.doing.fields import DayField, MomentField, SeenForm
from hilo.web.threads.forms import (
    CHOOSE,
    AskedField,
    DayAndHourField,
    Place,
    evening_of,
    said_with_role,
    text,
)
from hilo.work.commands.asks import make_ask
from hilo.work.commands.conversation import tell_customer, write_note
from hilo.work.commands.handoffs import offer_handoff, prepare_handoff
from hilo.work.commands.loose_ends import pin_loose_end
from hilo.work.commands.orders import place_order
from hilo.work.commands.promises import make_promise
from hilo.work.models import Handoff, Note, Promise, StepRun, Thread, Update
from hilo.work.queries.thread_page import ThreadPage

type Data = dict[str, Any]


class KindForm(SeenForm):
    """``text`` and ``seen`` are shared by all kinds; the other fields carry the kind's prefix."""

    text = AskedField(widget=forms.Textarea, strip=False)
    shared = ("text", "seen")

    def __init__(self, *args: Any, page: ThreadPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        self.prepare(page)

    def leave_unchecked(self) -> None:
        """It stands on the page with what was typed in it, but is not what was sent: it has no errors."""
        self._errors = ErrorDict()

    def add_prefix(self, field_name: str) -> str:
        return field_name if field_name in self.shared else super().add_prefix(field_name)

    def prepare(self, page: ThreadPage) -> None:
        """Choices and initial values from what the page holds: no query of their own."""

    @property
    def parts(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in self.shared]

    def choose_contact(self, name: str = "contact") -> None:
        field = self.fields[name]
        people = self.page.contacts
        field.choices = [  # type: ignore[attr-defined]
            *([] if len(people) == 1 else [("", CHOOSE)]),
            *((contact.pk, said_with_role(contact)) for contact in people),
        ]


class _Chosen(forms.TypedChoiceField):
    """One of rows that are at hand already: an id from a list, no query to check it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, empty_value=None, **kwargs)


class _SomeChosen(forms.TypedMultipleChoiceField):
    """None chosen is for the command to refuse, with its reason."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class MessageForm(KindForm):
    contacts = _SomeChosen(label=_("To whom"), coerce=int, widget=forms.CheckboxSelectMultiple)
    channel = forms.ChoiceField(label=_("How"), choices=Update.Channel.choices)
    next_news_at = MomentField(label=_("Next news"))
    said_at = MomentField(label=_("Said already? When"), required=False)

    def prepare(self, page: ThreadPage) -> None:
        self.fields["contacts"].choices = [  # type: ignore[attr-defined]
            (contact.pk, said_with_role(contact)) for contact in page.contacts
        ]
        self.initial.setdefault("contacts", [contact.pk for contact in page.contacts[:1]])
        self.initial.setdefault("next_news_at", page.next_news)


class NoteForm(KindForm):
    pass


class CustomerForm(KindForm):
    contact = _Chosen(label=_("Who said it"))
    channel = forms.ChoiceField(label=_("Where"), choices=Note.Channel.choices, required=False)
    happened_at = MomentField(label=_("When, if it was not now"), required=False)

    def prepare(self, page: ThreadPage) -> None:
        self.choose_contact()


class PromiseForm(KindForm):
    contact = _Chosen(label=_("With whom"))
    due = DayAndHourField(label=_("By when"))
    where = forms.ChoiceField(label=_("Where it was said"), choices=Promise.Where.choices, initial="call")
    criterion = text(_("Kept if"), optional=True)

    def prepare(self, page: ThreadPage) -> None:
        self.choose_contact()


class LooseEndForm(KindForm):
    owner = _Chosen(label=_("Whose"))
    due = DayField(label=_("For when"), required=False)

    def prepare(self, page: ThreadPage) -> None:
        self.fields["owner"].choices = [(one.pk, one.name) for one in page.team_and_me]  # type: ignore[attr-defined]
        self.initial.setdefault("owner", page.me.pk if page.me else None)


class AskForm(KindForm):
    to_area = _Chosen(label=_("To which area"))
    why = text(_("Why: what happens to the customer without it"))
    due = DayField(label=_("For when"))

    def prepare(self, page: ThreadPage) -> None:
        areas = [("", CHOOSE), *((area.pk, area.name) for area in page.areas)]
        self.fields["to_area"].choices = areas  # type: ignore[attr-defined]


class HandoffForm(KindForm):
    step = _Chosen(label=_("Which step"))
    due = DayField(label=_("For when"))

    def prepare(self, page: ThreadPage) -> None:
        steps = page.steps_to_offer
        self.fields["step"].choices = [  # type: ignore[attr-defined]
            (step.pk, f"{step.name} ({step.area.name})") for step in steps
        ]
        if steps and steps[0].due_at:
            self.initial.setdefault("due", timezone.localtime(steps[0].due_at).date())


class OrderForm(KindForm):
    customer_reference = text(_("The customer's own number"), optional=True)


@dataclass(frozen=True, slots=True)
class Kind:
    """``asked`` is the question in the empty text; ``seen_by`` says who will read it."""

    code: str
    label: Lazy
    icon: str
    form: type[KindForm]
    asked: Lazy
    seen_by: Lazy
    eye: str
    button: Lazy
    said: Lazy
    do: Callable[[Place, ThreadPage, Data], object]


# ---- what each does -------------------------------------------------------------------------------------


def _contact(page: ThreadPage, pk: int | None) -> Contact | None:
    return next((contact for contact in page.contacts if contact.pk == pk), None)


def _by(place: Place) -> dict[str, Any]:
    return {"by": place.actor, "now": place.now}


def _tell(place: Place, page: ThreadPage, data: Data) -> object:
    chosen = [contact for contact in page.contacts if contact.pk in data["contacts"]]
    return tell_customer(
        place.thread,
        text=data["text"],
        contacts=chosen,
        channel=data["channel"],
        next_news_at=data["next_news_at"],
        said_at=data["said_at"],
        **_by(place),
    )


def _note(kind: str) -> Callable[[Place, ThreadPage, Data], object]:
    def do(place: Place, page: ThreadPage, data: Data) -> object:
        return write_note(place.thread, text=data["text"], kind=kind, **_by(place))

    return do


def _customer_says(place: Place, page: ThreadPage, data: Data) -> object:
    return write_note(
        place.thread,
        text=data["text"],
        kind=Note.Kind.CUSTOMER,
        channel=data["channel"],
        contact=_contact(page, data["contact"]),
        happened_at=data["happened_at"],
        **_by(place),
    )


def _promise(place: Place, page: ThreadPage, data: Data) -> object:
    contact = _contact(page, data["contact"])
    assert contact is not None  # the form offers only these
    return make_promise(
        place.thread,
        text=data["text"],
        due=data["due"],
        contact=contact,
        where=data["where"],
        criterion=data["criterion"],
        **_by(place),
    )


def _pin(place: Place, page: ThreadPage, data: Data) -> object:
    due = evening_of(data["due"]) if data["due"] else None
    owner = Person.objects.get(pk=data["owner"])
    return pin_loose_end(place.thread, text=data["text"], owner=owner, due_at=due, **_by(place))


def _ask(place: Place, page: ThreadPage, data: Data) -> object:
    return make_ask(
        place.thread,
        to_area=Area.objects.get(pk=data["to_area"]),
        what=data["text"],
        why=data["why"],
        due_at=evening_of(data["due"]),
        **_by(place),
    )


def _offer(place: Place, page: ThreadPage, data: Data) -> Handoff:
    """Complete already, it leaves at once; with gaps, the refusal says what to complete or explain first."""
    step = StepRun.objects.get(pk=data["step"], thread=place.thread)
    draft = step.handoffs.filter(state=Handoff.State.DRAFT).first() or prepare_handoff(step, **_by(place))
    due = _hour_of_the_step(step, data["due"])
    try:
        offer_handoff(draft, ask=data["text"], proposed_due=due, seen=draft.version, **_by(place))
    except RuleViolation as refusal:
        raise RuleViolation(refusal.message, field="text" if refusal.field == "ask" else None) from refusal
    return draft


def _hour_of_the_step(step: StepRun, day: Any) -> datetime:
    planned = timezone.localtime(step.due_at) if step.due_at else None
    if planned and planned.date() == day and step.due_at:
        return step.due_at
    return evening_of(day)


def _order(place: Place, page: ThreadPage, data: Data) -> object:
    return place_order(
        place.thread, text=data["text"], customer_reference=data["customer_reference"], **_by(place)
    )


KINDS = (
    Kind("order", _("Order"), "file-text", OrderForm, _("What is ordered, in one line."),
         _("The process plans its steps by itself"), "needle-thread", _("Place the order"),
         _("The order is placed and its steps are under way."), _order),
    Kind("message", _("Message to the customer"), "send", MessageForm,
         _("What is known, and when they will know more."), _("They will read it"), "eye",
         _("Send to the customer"), _("Told. The next news date is on the thread."), _tell),
    Kind("note", _("Internal note"), "note", NoteForm, _("A note for the team."),
         _("Only your company sees it"), "eye-off", _("Save the note"), _("Noted."), _note(Note.Kind.NOTE)),
    Kind("customer", _("The customer says"), "message-2", CustomerForm, _("What they said, in their words."),
         _("It stays as what they said"), "users", _("Write it down"), _("Written down."), _customer_says),
    Kind("promise", _("Promise"), "heart-handshake", PromiseForm, _("What the customer will get."),
         _("It enters the map and its clock runs"), "eye", _("Record the promise"),
         _("The promise is recorded."), _promise),
    Kind("decision", _("Decision"), "gavel", NoteForm, _("What was decided, and why."),
         _("The whole team of the thread reads it"), "users", _("Record the decision"),
         _("The decision is recorded."), _note(Note.Kind.DECISION)),
    Kind("loose_end", _("Loose end"), "pin", LooseEndForm, _("The doubt, in one line."),
         _("The thread is not archived while it hangs"), "pin", _("Pin the loose end"),
         _("Pinned."), _pin),
    Kind("ask", _("Request"), "hand-stop", AskForm, _("Exactly what you need from the other area."),
         _("They accept it, propose another date or decline"), "users", _("Ask for it"), _("Asked."), _ask),
    Kind("handoff", _("Handoff"), "arrows-exchange", HandoffForm, _("What is to be done, in one sentence."),
         _("It stays in your charge until it is accepted"), "user-check", _("Offer the handoff"),
         _("Offered. Until they answer, it stays in your charge."), _offer),
)  # fmt: skip


class Composer:
    """All kinds of a thread with their forms; the chosen one may be bound to what was sent."""

    def __init__(self, page: ThreadPage, *, chosen: str = "", data: QueryDict | None = None) -> None:
        self.kinds = [kind for kind in KINDS if _fits(kind, page)]
        codes = [kind.code for kind in self.kinds]
        self.chosen = chosen if chosen in codes else codes[0]
        self.text = data.get("text", "") if data is not None else ""
        self.forms = {kind.code: self._form(kind, page, data) for kind in self.kinds}

    def _form(self, kind: Kind, page: ThreadPage, data: QueryDict | None) -> KindForm:
        """The others keep what was typed in them too, without being checked."""
        form = kind.form(data, prefix=kind.code, page=page, seen=page.thread.version)
        if data is not None and kind.code != self.chosen:
            form.leave_unchecked()
        return form

    @property
    def form(self) -> KindForm:
        return self.forms[self.chosen]

    @property
    def kind(self) -> Kind:
        return next(kind for kind in self.kinds if kind.code == self.chosen)

    @property
    def rows(self) -> Iterator[tuple[Kind, KindForm, bool]]:
        return ((kind, self.forms[kind.code], kind.code == self.chosen) for kind in self.kinds)

    @property
    def asked(self) -> str:
        return str(self.kind.asked)

    @property
    def seen(self) -> int:
        return self.form.page.thread.version


def _fits(kind: Kind, page: ThreadPage) -> bool:
    if kind.code == "order":
        return page.thread.kind == Thread.Kind.SUPPLY
    if kind.code == "handoff":
        return bool(page.steps_to_offer)
    return True
