"""What people type while they look for a cause. No field asks who it was: only where in the process, and why.

The rules, and the kind sentence when one of our people is named, are the commands'.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hilo.parties.models import Area, Person
from hilo.quality.models import Analysis, CauseKind, Lesson
from hilo.web.causes.evidence import chosen
from hilo.web.causes.words import cause_name
from hilo.web.doing.fields import DayField, MomentField, SeenForm
from hilo.work.models import Step

CHOOSE = _("Choose…")
NO_MOMENT = {"required": _("Choose a date and an hour."), "invalid": _("Choose a date and an hour.")}
NO_NUMBER = {
    "required": _("Write a number."),
    "invalid": _("Write a whole number."),
    "min_value": _("At least %(limit_value)s."),
    "max_value": _("At most %(limit_value)s."),
}
WHOLE_YEAR = 365


class Plain(forms.Form):
    """For what does not exist yet, so that nobody can have changed it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.use_required_attribute = False


class Wanted(forms.CharField):
    """Not marked optional; when it is missing, the command says so in its own sentence."""

    def validate(self, value: object) -> None:
        return None


def _rows(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


# The analysis itself --------------------------------------------------------------------------------------


class BeginForm(Plain):
    what_happened = Wanted(
        label=_("What happened"),
        help_text=_("The fact with its figures: what was promised, what came out, since when."),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
    )


class JoinForm(Plain):
    """Another case whose cause is being looked for already."""

    analysis = forms.ModelChoiceField(
        Analysis.objects.none(),
        label=_("It is the same as"),
        empty_label=CHOOSE,
        error_messages={"required": _("Choose the analysis."), "invalid_choice": _("Choose the analysis.")},
    )

    def __init__(self, *args: Any, analyses: QuerySet[Analysis], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _rows(self, "analysis", analyses)
        self.has_choices = analyses.exists()


class WhyForm(Plain):
    """The next answer of a branch; several stand on one page, so each has its prefix."""

    text = Wanted(label=_("Why?"), widget=forms.Textarea(attrs={"rows": 1, "maxlength": 300}))
    evidence = forms.CharField(
        label=_("How we know it"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"placeholder": _("a document, a measurement, a date")}),
    )


class ChangeWhyForm(SeenForm):
    text = Wanted(label=_("The answer"), widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}))
    evidence = forms.CharField(
        label=_("How we know it"),
        required=False,
        max_length=300,
        help_text=_("A document, a measurement, a date: what anybody can look up."),
    )
    thing = forms.ChoiceField(
        label=_("Where it stands in Hilo"),
        required=False,
        help_text=_("Then the evidence leads there."),
        error_messages={"invalid_choice": _("Choose something of this thread as evidence.")},
    )

    def __init__(self, *args: Any, things: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["thing"].choices = things  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What was chosen is named by itself where nobody wrote words for it."""
        given = super().clean() or self.cleaned_data
        choices = self.fields["thing"].choices  # type: ignore[attr-defined]
        found = chosen(given.pop("thing", ""), choices)
        named = given.get("evidence") or found.pop("name")
        return {**given, "evidence": named, **{key: found[key] for key in ("evidence_type", "evidence_id")}}


class PlaceForm(SeenForm):
    """Where it got lost, could have been seen, was seen: steps of the process, and the border before one."""

    lost = forms.ModelChoiceField(
        Step.objects.none(), label=_("Where it got lost"), required=False, empty_label=_("Not known yet")
    )
    lost_at_entry = forms.BooleanField(
        label=_("In the handoff into that step, not while doing it"), required=False
    )
    lost_from_area = forms.ModelChoiceField(
        Area.objects.none(), label=_("The handoff came from"), required=False, empty_label=_("Not known yet")
    )
    lost_on = DayField(label=_("When"), required=False)
    visible = forms.ModelChoiceField(
        Step.objects.none(),
        label=_("Where it could have been seen"),
        required=False,
        empty_label=_("Not known yet"),
    )
    visible_on = DayField(label=_("When"), required=False)
    seen_by_customer = forms.ModelChoiceField(
        Step.objects.none(),
        label=_("Where the customer saw it"),
        required=False,
        empty_label=_("Not known yet"),
    )
    seen_on = DayField(label=_("When"), required=False)

    def __init__(self, *args: Any, steps: QuerySet[Step], areas: QuerySet[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lost", "visible", "seen_by_customer"):
            _rows(self, name, steps)
        _rows(self, "lost_from_area", areas)


class TeamForm(SeenForm):
    areas = forms.ModelMultipleChoiceField(
        Area.objects.none(),
        label=_("Areas that look for it together"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, areas: QuerySet[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["areas"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = areas


class CauseChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: object) -> str:
        assert isinstance(obj, CauseKind)
        return cause_name(obj)


class ConcludeForm(SeenForm):
    cause = CauseChoice(
        CauseKind.objects.filter(is_active=True),
        label=_("Cause of the catalogue"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the cause."), "invalid_choice": _("Choose the cause.")},
    )
    conclusion = Wanted(
        label=_("In one sentence: what part of the process allowed it"),
        help_text=_("With impersonal verbs: it got lost, nobody could see it, the list does not ask."),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 500}),
    )


class ReasonForm(SeenForm):
    reason = Wanted(label=_("Why"), widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}))


class LessonForm(Plain):
    """One line in the template's next draft; the place comes prefilled from where it got lost."""

    text = Wanted(
        label=_("The line that was missing"),
        widget=forms.TextInput(attrs={"maxlength": 200}),
    )
    where = forms.ChoiceField(label=_("Which list"), choices=Lesson.Where.choices)
    step = forms.ModelChoiceField(
        Step.objects.none(),
        label=_("Step"),
        empty_label=None,
        error_messages={"required": _("Choose the step."), "invalid_choice": _("Choose the step.")},
    )

    def __init__(self, *args: Any, steps: QuerySet[Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _rows(self, "step", steps)


# Actions --------------------------------------------------------------------------------------------------


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: object) -> str:
        assert isinstance(obj, Person)
        return obj.name


CHOOSE_PERSON = {"required": _("Choose a person."), "invalid_choice": _("Choose a person.")}


class ActionForm(Plain):
    text = Wanted(label=_("What changes"), widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}))
    kind = forms.ChoiceField(label=_("Kind"), widget=forms.RadioSelect)
    owner = PersonChoice(
        Person.objects.none(), label=_("Who does it"), empty_label=CHOOSE, error_messages=CHOOSE_PERSON
    )
    checker = PersonChoice(
        Person.objects.none(),
        label=_("Who else checks it"),
        empty_label=CHOOSE,
        help_text=_("Somebody other than whoever does it."),
        error_messages=CHOOSE_PERSON,
    )
    area = forms.ModelChoiceField(
        Area.objects.none(),
        label=_("In which area"),
        empty_label=CHOOSE,
        error_messages={"required": _("Choose an area."), "invalid_choice": _("Choose an area.")},
    )
    due_at = MomentField(label=_("Done by"), error_messages=NO_MOMENT)
    criterion = Wanted(
        label=_("It works if"),
        help_text=_("So that anybody can see it: no accepted handoff without the cap."),
        widget=forms.TextInput(attrs={"maxlength": 300}),
    )
    metric = forms.ChoiceField(label=_("What is counted"))
    allowed = forms.IntegerField(
        label=_("So many are still called working"), min_value=0, max_value=1000, error_messages=NO_NUMBER
    )
    window_days = forms.IntegerField(
        label=_("Watched for days"), min_value=1, max_value=2 * WHOLE_YEAR, error_messages=NO_NUMBER
    )
    window_exposures = forms.IntegerField(
        label=_("And at least so many times"),
        min_value=0,
        max_value=10_000,
        help_text=_("Times that it could have happened again. Whichever comes later ends the watch."),
        error_messages=NO_NUMBER,
    )

    def __init__(
        self,
        *args: Any,
        people: QuerySet[Person],
        areas: QuerySet[Area],
        kinds: Iterable[tuple[str, Any]],
        metrics: Iterable[tuple[str, Any]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in ("owner", "checker"):
            _rows(self, name, people)
        _rows(self, "area", areas)
        for name, choices in (("kind", kinds), ("metric", metrics)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = list(choices)


class ExtendForm(SeenForm):
    due_at = MomentField(label=_("New date"), error_messages=NO_MOMENT)
    reason = Wanted(
        label=_("Why it needs longer"), widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300})
    )


class FinishForm(SeenForm):
    how = Wanted(
        label=_("What was done"),
        help_text=_("Where it can be seen: the version of the list, the document, the date."),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}),
    )


class JudgeForm(SeenForm):
    works = forms.ChoiceField(
        label=_("Does it work?"),
        choices=[("yes", _("Yes: the criterion is met")), ("no", _("No: it goes back to be done"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether it works."), "invalid_choice": _("Say whether it works.")},
    )
    judgement = Wanted(
        label=_("What you looked at, and what you saw"),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}),
    )
    due_at = MomentField(
        label=_("Done differently by"),
        required=False,
        help_text=_("Only if it does not work."),
        error_messages=NO_MOMENT,
    )


# The catalogue --------------------------------------------------------------------------------------------


class CauseForm(Plain):
    name = Wanted(
        label=_("Name of the cause"),
        help_text=_("With an impersonal verb: “information got lost”, “nobody was told”."),
        widget=forms.TextInput(attrs={"maxlength": 120}),
    )


class RenameCauseForm(SeenForm):
    name = Wanted(label=_("Name of the cause"), widget=forms.TextInput(attrs={"maxlength": 120}))
