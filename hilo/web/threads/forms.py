"""What is asked of somebody who does something on a thread. What must not be empty, the commands say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hilo.parties.actor import Actor
from hilo.parties.models import Area, Contact, Person
from hilo.web.doing.fields import DayField, DayInput, MomentField, SeenForm
from hilo.work.models import Promise, StepRun, Thread, Update
from hilo.work.queries.thread_page import contacts_of

CHOOSE = _("Choose…")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a form is asked: on which thread, about what of it, by whom."""

    thread: Thread
    target: Any
    actor: Actor
    now: datetime


class ActForm(SeenForm):
    """``what`` lets the choices of a form depend on the thread; ``prepare`` is for subclasses."""

    def __init__(self, *args: Any, what: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.what = what
        self.prepare(what)

    def prepare(self, what: Place) -> None:
        """Set the choices and initial values that depend on the place."""

    def choose(self, name: str, rows: Any, *, only: bool = True) -> None:
        """The rows of a choice; where there is only one, it is chosen already."""
        field = self.fields[name]
        field.queryset = rows  # type: ignore[attr-defined]
        if only and field.required:
            first = list(rows[:2])
            if len(first) == 1:
                self.initial.setdefault(name, first[0].pk)


class ConfirmForm(ActForm):
    """Nothing to fill in: the button is the question."""


class AskedField(forms.CharField):
    """Must not be empty; the command says so, with the reason why it is asked."""

    is_wide = True

    def validate(self, value: Any) -> None:
        """Nothing here: an empty text reaches the command."""


class OptionalField(forms.CharField):
    is_wide = True


def text(label: Any, *, optional: bool = False, rows: int = 0, hint: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    if optional:
        return OptionalField(label=label, widget=widget, help_text=hint, strip=False, required=False)
    return AskedField(label=label, widget=widget, help_text=hint, strip=False)


class ContactField(forms.ModelChoiceField[Contact]):
    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        label = label or _("Who at the customer")
        super().__init__(queryset=Contact.objects.none(), label=label, empty_label=CHOOSE, **kwargs)

    def label_from_instance(self, obj: Contact) -> str:
        return said_with_role(obj)


def said_with_role(contact: Contact) -> str:
    return f"{contact} ({contact.get_role_display()})"


class PersonField(forms.ModelChoiceField[Person]):
    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(
            queryset=Person.objects.filter(is_active=True), label=label, empty_label=CHOOSE, **kwargs
        )


class DayAndHourWidget(forms.MultiWidget):
    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        clock = forms.TimeInput(format="%H:%M")
        clock.input_type = "time"
        super().__init__({"day": DayInput(), "hour": clock}, attrs)
        self.widgets[0].attrs["aria-label"] = _("Day")
        self.widgets[1].attrs["aria-label"] = _("Hour, if one was said")

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, datetime):
            local = timezone.localtime(value)
            return [local.date(), local.time()]
        return [value, None]


class DayAndHourField(forms.MultiValueField):
    """A day, or that day at an hour: ``date`` or ``datetime``."""

    widget = DayAndHourWidget

    def __init__(self, **kwargs: Any) -> None:
        parts = (DayField(), forms.TimeField(required=False, input_formats=["%H:%M", "%H:%M:%S"]))
        super().__init__(fields=parts, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[Any]) -> date | datetime | None:
        day: date | None
        day, hour = (*data_list, None, None)[:2]
        if day is None or hour is None:
            return day
        return timezone.make_aware(datetime.combine(day, hour))


def start_of(day: date) -> datetime:
    """The morning of that day, when people look."""
    return timezone.make_aware(datetime.combine(day, time(9)))


def evening_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(18)))


# ---- the thread -----------------------------------------------------------------------------------------


class PauseForm(ActForm):
    reason = text(_("Why it waits"), hint=_("The customer will ask. One line is enough."))
    until = DayField(label=_("Until"), help_text=_("That morning it wakes by itself."))


class ReasonForm(ActForm):
    reason = text(_("Why"))


class MoveNewsForm(ActForm):
    to = MomentField(label=_("Next news"))
    reason = text(_("Why the customer hears later"))


class OfferOwnershipForm(ActForm):
    to = PersonField(_("Who would take it"))
    reason = text(_("Why it changes hands"))

    def prepare(self, what: Place) -> None:
        people = Person.objects.filter(is_active=True).exclude(pk=what.thread.owner_id)
        self.choose("to", people, only=False)


class CommentForm(ActForm):
    comment = text(_("Why not"))


class ChangeForm(ActForm):
    title = text(_("What it is about"))
    purpose = text(_("What the customer gains by it"), optional=True)
    priority = forms.ChoiceField(label=_("Priority"), choices=Thread.Priority.choices)
    amount = forms.DecimalField(
        label=_("Amount"), required=False, max_digits=14, decimal_places=2, localize=True, min_value=0
    )

    def prepare(self, what: Place) -> None:
        thread = what.thread
        if not what.actor.sees_money:
            del self.fields["amount"]
        for name in ("title", "purpose", "priority", "amount"):
            self.initial.setdefault(name, getattr(thread, name))


class ConfidentialForm(ActForm):
    readers = forms.ModelMultipleChoiceField(
        label=_("Who may read it, besides its owner"),
        queryset=Person.objects.filter(is_active=True),
        widget=forms.CheckboxSelectMultiple,
    )

    def prepare(self, what: Place) -> None:
        named = [reader.person_id for reader in what.thread.readers.all()]
        self.initial.setdefault("readers", named or [what.actor.one.pk])


class ReserveForm(ActForm):
    hours = forms.IntegerField(label=_("Working hours of reserve"), min_value=0, max_value=20_000)
    justification = text(_("Why, if it is none"), optional=True)

    def prepare(self, what: Place) -> None:
        self.initial.setdefault("hours", round(what.thread.reserve_minutes / 60))
        self.initial.setdefault("justification", what.thread.reserve_justification)


class UseReserveForm(ActForm):
    hours = forms.DecimalField(
        label=_("Working hours it used up"), min_value=0, max_value=20_000, decimal_places=2, localize=True
    )
    reason = text(_("What used it up"), hint=_("The next plan learns from it."))


class RelateForm(ActForm):
    code = text(_("The other thread"), hint=_("Its number, for example 2026-0148."))


class ContactForm(ActForm):
    contact = ContactField()

    def prepare(self, what: Place) -> None:
        if "contact" in self.fields:
            self.choose("contact", contacts_of(what.thread))


class ClosingAnswerForm(ActForm):
    aim_reached = forms.TypedChoiceField(
        label=_("Was what they wanted reached?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        coerce=lambda given: given == "yes",
    )
    score = forms.IntegerField(label=_("From 0 to 10"), required=False)
    comment = text(_("In their words"), rows=3, optional=True)


class RequirementForm(ContactForm):
    text = text(_("What they ask for, in their words"), rows=2)
    contact = ContactField(required=False)


class GroupForm(ActForm):
    name = text(_("Who is affected"), hint=_("For example, the operators of the line."))
    people = forms.IntegerField(label=_("How many"), required=False, min_value=1, max_value=1_000_000)
    launch = DayField(label=_("When it starts for them"), required=False)


class GroupReadyForm(ActForm):
    who = text(_("Who did it"), hint=_("One of ours, or one of theirs."))
    at = MomentField(label=_("When"))

    def prepare(self, what: Place) -> None:
        self.initial.setdefault("at", what.now)


class StepForm(ActForm):
    name = text(_("What is to be done"))
    area = forms.ModelChoiceField(
        label=_("Which area"), queryset=Area.objects.filter(ended_on__isnull=True), empty_label=CHOOSE
    )
    hours = forms.IntegerField(label=_("Working hours it should take"), min_value=1, max_value=5_000)
    after = forms.ModelMultipleChoiceField(
        label=_("After"), queryset=StepRun.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self, what: Place) -> None:
        open_steps = Q(thread=what.thread, work_item__kind="thread") & ~Q(state__in=["done", "skipped"])
        self.choose("after", StepRun.objects.filter(open_steps), only=False)


class DeliverableForm(ActForm):
    name = text(_("What the customer receives"))
    criterion = text(_("Accepted if"), optional=True)
    planned_for = DayField(label=_("The plan has it for"), required=False)


# ---- promises, deliverables -----------------------------------------------------------------------------


class KeepForm(ActForm):
    evidence = text(_("How we know"), optional=True, hint=_("A signed note, a mail, a call."))
    kept_at = MomentField(label=_("When they had it, if it was not now"), required=False)


class RenegotiateForm(ContactForm):
    due = DayAndHourField(label=_("The new date"))
    contact = ContactField(_("Who agreed"))
    where = forms.ChoiceField(label=_("Where it was said"), choices=Promise.Where.choices)
    evidence = text(_("How they agreed"), hint=_("In which call or mail."))

    def prepare(self, what: Place) -> None:
        self.initial.setdefault("contact", what.target.contact_id)
        super().prepare(what)


class EvidenceForm(ContactForm):
    contact = ContactField()
    evidence = text(_("How we know"))


class AnswerPromiseForm(ActForm):
    update = forms.ModelChoiceField(
        label=_("In which message"), queryset=Update.objects.none(), empty_label=CHOOSE
    )

    def prepare(self, what: Place) -> None:
        told = Update.objects.filter(thread=what.thread, contacts=what.target.contact_id)
        if what.target.broken_at:
            told = told.filter(said_at__gte=what.target.broken_at)
        self.choose("update", told.order_by("-said_at"))
        self.fields["update"].label_from_instance = said_message  # type: ignore[attr-defined]


def said_message(update: Update) -> str:
    words = update.text if len(update.text) <= 80 else f"{update.text[:80]}…"
    return f"{timezone.localtime(update.said_at):%d/%m %H:%M} · {words}"


class DeliverForm(ActForm):
    delivered_at = MomentField(label=_("When they had it, if it was not now"), required=False)


class RefuseForm(ContactForm):
    contact = ContactField()
    reason = text(_("What they find wrong, in their words"), rows=2)


class MoveForm(ActForm):
    """What the customer is told is asked only where something is promised: a date they count on."""

    to = DayField(label=_("The new date"))
    reason = text(_("Why the date moves"))
    text = text(
        _("What we tell the customer"),
        optional=True,
        rows=4,
        hint=_("Needed when the new date is later than the promised one. Nothing is sent otherwise."),
    )
    contacts = forms.ModelMultipleChoiceField(
        label=_("To whom"),
        queryset=Contact.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    channel = forms.ChoiceField(label=_("How"), choices=Update.Channel.choices)

    def prepare(self, what: Place) -> None:
        promised = what.target.promises.filter(state=Promise.State.OPEN)
        promised_to = list(promised.values_list("contact", flat=True))
        if not promised_to:
            for name in ("text", "contacts", "channel"):
                del self.fields[name]
            return
        self.choose("contacts", contacts_of(what.thread), only=False)
        self.initial.setdefault("contacts", promised_to)


# ---- steps, asks, loose ends, documents -----------------------------------------------------------------


class WaitForm(ActForm):
    whom = forms.ChoiceField(
        label=_("Who it waits for"),
        choices=[("customer", _("The customer")), ("supplier", _("A supplier"))],
        widget=forms.RadioSelect,
    )
    awaited = text(_("What you are waiting for"))


class ColleagueForm(ActForm):
    colleague = PersonField(_("Who in your area"))
    ask = text(_("What they should know"), optional=True)

    def prepare(self, what: Place) -> None:
        there = Q(memberships__area=what.target.area_id, memberships__ends_on__isnull=True, is_active=True)
        people = Person.objects.filter(there).exclude(pk=what.target.holder_id).distinct()
        self.choose("colleague", people)


class CounterForm(ActForm):
    due_at = MomentField(label=_("By when you can"))
    comment = text(_("Why that date"))


class AnswerForm(ActForm):
    answer = text(_("What you did, or where it is"), rows=2)


class OutcomeForm(ActForm):
    outcome = text(_("What came of it"))


class DocumentForm(ActForm):
    file = forms.FileField(label=_("File"), allow_empty_file=True)
    name = text(_("Name"), optional=True, hint=_("Left empty, the name of the file."))
    note = text(_("What is in it"), optional=True)


class VersionForm(ActForm):
    file = forms.FileField(label=_("File"), allow_empty_file=True)
    note = text(_("What changes"), optional=True)


def content_of(file: UploadedFile[Any]) -> dict[str, Any]:
    return {"file_name": file.name or "", "content": file.read()}
