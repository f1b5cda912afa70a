"""What the two sides of a handoff type. The rules are the commands'; here only shapes and prefilled words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.parties.actor import Actor
from hilo.parties.models import Person
from hilo.web.base.hours import said_long_day
from hilo.web.doing.fields import MomentField, SeenForm
from hilo.work.models import DocumentVersion, Handoff, HandoffItem, Weight
from hilo.work.sides import is_present, members_at

ACCEPT, CONDITIONS, RETURN = "accept", "conditions", "return"
_ROWS = {"rows": 3}
_NO_DATE = {
    "required": gettext_lazy("Choose a date and an hour."),
    "invalid": gettext_lazy("Choose a date and an hour."),
}
_NO_NUMBER = {"invalid": gettext_lazy("Write the hours as a number.")}


class Wanted:
    """Not marked optional; when it is missing, the command says so in its own sentence."""

    def validate(self, value: object) -> None:
        return None


class WantedText(Wanted, forms.CharField):
    pass


class WantedChoice(Wanted, forms.ChoiceField):
    """An unknown value is the command's to refuse as well."""


class PersonChoice(Wanted, forms.ModelChoiceField):  # type: ignore[type-arg]
    """Somebody by name; the one who chooses is told apart."""

    def __init__(self, *args: Any, me: Person | None = None, **kwargs: Any) -> None:
        self.me = me
        super().__init__(*args, **kwargs)

    def label_from_instance(self, obj: object) -> str:
        assert isinstance(obj, Person)
        return _("%(name)s (me)") % {"name": obj.name} if obj == self.me else obj.name


class AnswerForm(SeenForm):
    """One of three answers, each with its own fields; nothing typed for another one is lost."""

    answer = forms.ChoiceField(
        choices=[(ACCEPT, ACCEPT), (CONDITIONS, CONDITIONS), (RETURN, RETURN)], initial=ACCEPT
    )
    read_back = WantedText(
        label=gettext_lazy("In your words: what will you do, and by when?"),
        widget=forms.Textarea(attrs=_ROWS),
    )
    read_back_conditions = WantedText(
        label=gettext_lazy("In your words: what will you do, and by when?"),
        widget=forms.Textarea(attrs=_ROWS),
    )
    due = MomentField(label=gettext_lazy("New date"), required=False, error_messages=_NO_DATE)
    hours = forms.DecimalField(
        label=gettext_lazy("Hours"), required=False, localize=True, error_messages=_NO_NUMBER
    )
    conditions = WantedText(label=gettext_lazy("What you need, and why"), widget=forms.Textarea(attrs=_ROWS))
    reason = WantedChoice(label=gettext_lazy("Reason"), choices=Handoff.Reason, widget=forms.RadioSelect)
    comment = WantedText(label=gettext_lazy("What you need to accept it"), widget=forms.Textarea(attrs=_ROWS))
    missing = forms.CharField(
        label=gettext_lazy("Something else is missing"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One thing per line."),
    )

    def __init__(self, *args: Any, handoff: Handoff, actor: Actor, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, seen=handoff.version, **kwargs)
        self.handoff = handoff
        self.default_holder = _default_holder(handoff, actor, now)
        self.fields["blocks"] = forms.ModelMultipleChoiceField(handoff.items.all(), required=False)
        self.fields["holder"] = PersonChoice(
            _choices(handoff, self.default_holder, now),
            me=actor.person,
            label=_("Who will do it"),
            empty_label=None,
        )
        restated = read_back_of(handoff)
        self.initial.update(
            read_back=restated,
            read_back_conditions=restated,
            due=handoff.proposed_due,
            reason=Handoff.Reason.GAPS,
            holder=self.default_holder,
        )
        for name in ("missing", "blocks"):  # they stand beside the gaps, outside the form's own box
            self.fields[name].widget.attrs["form"] = "answer"

    @property
    def chosen(self) -> str:
        return str(self["answer"].value() or ACCEPT)

    @property
    def blocking(self) -> set[str]:
        """Items ticked, as the page must show them again."""
        return {str(getattr(each, "pk", each)) for each in self["blocks"].value() or []}

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What somebody wrote, to hand it back when there is nothing left to answer."""
        names = {
            ACCEPT: ["read_back"],
            CONDITIONS: ["read_back_conditions", "conditions"],
            RETURN: ["comment", "missing"],
        }
        bound = [self[name] for name in names.get(self.chosen, [])]
        return [(str(each.label), str(each.value())) for each in bound if each.value()]


def _default_holder(handoff: Handoff, actor: Actor, now: datetime) -> Person:
    named = handoff.to_person
    return named if named is not None and is_present(named, now=now) else actor.one


def _choices(handoff: Handoff, holder: Person, now: datetime) -> QuerySet[Person]:
    """The area's people there, and whoever would hold it: a substitute may be of another area."""
    there = members_at(handoff.to_area_id, handoff.to_delegation_id, now=now)
    return Person.objects.filter(Q(pk__in=there.values("pk")) | Q(pk=holder.pk))


def read_back_of(handoff: Handoff) -> str:
    """A first wording for the receiver to correct; a light handoff needs none."""
    if handoff.weight == Weight.LIGHT:
        return ""
    return _("In %(area)s we will do this: %(ask)s, by %(day)s.") % {
        "area": handoff.to_area.name,
        "ask": handoff.ask.rstrip(" .;,") or handoff.step_run.name,
        "day": said_long_day(handoff.proposed_due),
    }


class OfferForm(SeenForm):
    ask = WantedText(
        label=gettext_lazy("What do you ask for?"),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
        help_text=gettext_lazy("In a sentence, with figures. It is the first thing they read."),
    )
    proposed_due = MomentField(label=gettext_lazy("By when"), error_messages=_NO_DATE)

    def __init__(self, *args: Any, handoff: Handoff, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, seen=handoff.version, **kwargs)
        self.fields["ask"].required = handoff.weight == Weight.FULL
        self.fields["to_person"] = PersonChoice(
            members_at(handoff.to_area_id, handoff.to_delegation_id, now=now),
            label=_("To whom"),
            required=False,
            empty_label=_("Anybody of %(area)s") % {"area": handoff.to_area.name},
        )
        self.initial.update(
            ask=handoff.ask,
            proposed_due=timezone.localtime(handoff.proposed_due),
            to_person=handoff.to_person,
        )


class ReasonForm(SeenForm):
    reason = WantedText(label=gettext_lazy("Why you take it back"), widget=forms.Textarea(attrs={"rows": 2}))


class ItemForm(forms.Form):
    """One line of the receiving area's list: complete, with a document or not, or explained."""

    explanation = WantedText(
        label=gettext_lazy("Why it is missing and when it will come"),
        widget=forms.TextInput(attrs={"maxlength": 300}),
    )
    file = forms.FileField(label=gettext_lazy("Attach a file"), required=False)

    def __init__(self, *args: Any, item: HandoffItem, versions: list[DocumentVersion], **kwargs: Any) -> None:
        kwargs.setdefault("prefix", f"item-{item.pk}")
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.item = item
        self.use_required_attribute = False
        self.versions = {version.pk: version for version in versions}
        choices = [("", _("No document"))] + [(str(each.pk), said_version(each)) for each in versions]
        self.fields["document_version"] = forms.ChoiceField(
            label=_("Document of the thread"), choices=choices, required=False
        )
        self.initial.update(
            explanation=item.explanation, document_version=str(item.document_version_id or "")
        )

    @property
    def version(self) -> DocumentVersion | None:
        chosen = self.cleaned_data.get("document_version")
        return self.versions.get(int(chosen)) if chosen else None


def said_version(version: DocumentVersion) -> str:
    """Plano de implantación, versión 3, aprobada por el cliente."""
    facts = {"name": version.document.name, "number": version.number}
    if hasattr(version, "approval"):
        return _("%(name)s, version %(number)d, approved by the customer") % facts
    return _("%(name)s, version %(number)d") % facts


class AddItemForm(forms.Form):
    text = WantedText(
        label=gettext_lazy("One more thing they should get"),
        widget=forms.TextInput(attrs={"maxlength": 200}),
    )
