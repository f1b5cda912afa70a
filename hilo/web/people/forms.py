"""Fields of people, their places, absences, areas and delegations. The commands check what is typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hilo.parties.actor import Actor
from hilo.parties.models import Area, Delegation, Person, WorkCalendar
from hilo.parties.queries.company import areas_visible_to, delegations_visible_to
from hilo.parties.queries.people import people_visible_to
from hilo.web.doing.fields import DayField, SeenForm

CHOOSE = _("Choose…")
CHOOSE_AREA = {"required": _("Choose an area."), "invalid_choice": _("Choose an area.")}
CHOOSE_PERSON = {"required": _("Choose a person."), "invalid_choice": _("Choose a person.")}
PERSON_FIELDS = ("name", "email", "position", "phone", "language", "zone")


class Plain(forms.Form):
    """For what does not exist yet, so that nobody can have changed it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.use_required_attribute = False


def _choices(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


def _places(form: forms.Form, actor: Actor) -> None:
    _choices(form, "area", areas_visible_to(actor).filter(ended_on__isnull=True))
    _choices(form, "delegation", delegations_visible_to(actor).filter(closed_on__isnull=True))


class _PersonFields(forms.Form):
    name = forms.CharField(label=_("Name and surname"), error_messages={"required": _("Write their name.")})
    email = forms.CharField(
        label=_("E-mail"),
        help_text=_("They sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write the e-mail address they sign in with.")},
    )
    position = forms.CharField(label=_("Position"), required=False)
    phone = forms.CharField(label=_("Telephone"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=Person.Language.choices)


class NewPerson(_PersonFields, Plain):
    area = forms.ModelChoiceField(
        Area.objects.none(), label=_("Area"), empty_label=CHOOSE, error_messages=CHOOSE_AREA
    )
    delegation = forms.ModelChoiceField(Delegation.objects.none(), label=_("Delegation"), empty_label=None)
    starts_on = DayField(label=_("From"), required=False, help_text=_("Empty: from today."))
    is_head = forms.BooleanField(label=_("Leads the area there"), required=False)
    invite = forms.BooleanField(label=_("Invite them now"), required=False, initial=True)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _places(self, actor)


class EditPerson(_PersonFields, SeenForm):
    zone = forms.CharField(label=_("Time zone"), help_text=_("Like Europe/Madrid."))


class NewPlace(SeenForm):
    area = forms.ModelChoiceField(
        Area.objects.none(), label=_("Area"), empty_label=CHOOSE, error_messages=CHOOSE_AREA
    )
    delegation = forms.ModelChoiceField(Delegation.objects.none(), label=_("Delegation"), empty_label=None)
    starts_on = DayField(label=_("From"), required=False, help_text=_("Empty: from today."))
    is_head = forms.BooleanField(label=_("Leads the area there"), required=False)
    primary = forms.BooleanField(
        label=_("It is their main area from now on"),
        required=False,
        help_text=_("The present one stays as a second one until you end it."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _places(self, actor)


class EndPlace(Plain):
    last_day = DayField(
        label=_("Last day"),
        error_messages={"required": _("Write the last day."), "invalid": _("Write a date.")},
    )


class Authority(SeenForm):
    administrator = forms.BooleanField(
        label=_("Administrator"),
        required=False,
        help_text=_("Areas, calendars, processes, the company's numbers, and who comes in."),
    )
    director = forms.BooleanField(
        label=_("Director"),
        required=False,
        help_text=_("Acts in every delegation, sees money, and may archive by force with a reason."),
    )
    auditor = forms.BooleanField(
        label=_("Auditor"), required=False, help_text=_("Reads everything and changes nothing.")
    )


class PlanAbsence(Plain):
    person = forms.ModelChoiceField(Person.objects.none(), label=_("Who is away"), empty_label=None)
    substitute = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Who stands in"),
        help_text=_("What needs an answer reaches them too. Nothing changes owner."),
        empty_label=CHOOSE,
        error_messages=CHOOSE_PERSON,
    )
    first_day = DayField(label=_("First day"), error_messages={"required": _("Write the first day.")})
    last_day = DayField(label=_("Last day"), error_messages={"required": _("Write the last day.")})

    def __init__(self, *args: Any, actor: Actor, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "person", people)
        _choices(self, "substitute", people_visible_to(actor).filter(is_active=True))
        if people.count() == 1:
            self.fields["person"].widget = forms.HiddenInput()


class Leaving(SeenForm):
    holds = forms.CharField(widget=forms.HiddenInput, required=False)


class NewArea(Plain):
    name = forms.CharField(label=_("Name"), error_messages={"required": _("Give the area a name.")})
    sees_money = forms.BooleanField(
        label=_("Its people see money"),
        required=False,
        help_text=_("Amounts of threads and orders. Heads and directors see them anyway."),
    )


class EditArea(SeenForm):
    name = forms.CharField(label=_("Name"), error_messages={"required": _("Give the area a name.")})
    sees_money = forms.BooleanField(
        label=_("Its people see money"),
        required=False,
        help_text=_("Amounts of threads and orders. Heads and directors see them anyway."),
    )


class _SiteFields(forms.Form):
    name = forms.CharField(label=_("Name"), error_messages={"required": _("Give the delegation a name.")})
    city = forms.CharField(label=_("Town"), required=False)
    country = forms.CharField(
        label=_("Country"), help_text=_("Its two letters, like ES or PT."), max_length=20
    )
    region = forms.CharField(
        label=_("Region"), required=False, help_text=_("Its code, like AR for Aragón or AN for Andalucía.")
    )
    zone = forms.CharField(label=_("Time zone"), help_text=_("Like Europe/Madrid."))
    calendar = forms.ModelChoiceField(
        WorkCalendar.objects.none(), label=_("Working calendar"), empty_label=None
    )


class NewSite(_SiteFields, Plain):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "calendar", WorkCalendar.objects.order_by("name"))


class EditSite(_SiteFields, SeenForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "calendar", WorkCalendar.objects.order_by("name"))


class NewManager(Plain):
    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Person"), empty_label=CHOOSE, error_messages=CHOOSE_PERSON
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "person", people_visible_to(actor).filter(is_active=True))


class Successors(Plain):
    """The first half of a reorganisation: who follows, and who takes the open work."""

    successors = forms.ModelMultipleChoiceField(
        Area.objects.none(),
        label=_("Which areas follow it"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one area that goes on.")},
    )
    open_work_to = forms.ModelChoiceField(
        Area.objects.none(),
        label=_("Which of them takes the open work"),
        empty_label=CHOOSE,
        error_messages=CHOOSE_AREA,
    )
    on = DayField(label=_("From"), error_messages={"required": _("Write the day.")})

    def __init__(self, *args: Any, others: QuerySet[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "successors", others)
        _choices(self, "open_work_to", others)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        chosen, heir = given.get("successors"), given.get("open_work_to")
        if chosen is not None and heir is not None and heir not in chosen:
            self.add_error("open_work_to", _("Choose one of the areas that follow it."))
        return given


class Moves(Successors, SeenForm):
    """The second half: where each person goes. One field per person, ``person_<id>``."""

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        for name in ("successors", "open_work_to", "on"):
            self.fields[name].widget = _hidden(self.fields[name])
        for person in people:
            field = forms.ModelChoiceField(
                self._chosen(), label=person.name, empty_label=None, error_messages=CHOOSE_AREA
            )
            self.fields[f"person_{person.pk}"] = field

    def _chosen(self) -> QuerySet[Area]:
        others = self.fields["successors"]
        assert isinstance(others, forms.ModelMultipleChoiceField)
        given = self.data.getlist("successors") if hasattr(self.data, "getlist") else []
        numbers = [int(each) for each in given if each.isascii() and each.isdecimal() and len(each) < 19]
        assert others.queryset is not None
        return others.queryset.filter(pk__in=numbers)

    def moves(self) -> dict[Person, Area]:
        return {person: self.cleaned_data[f"person_{person.pk}"] for person in self.people}


def _hidden(field: forms.Field) -> forms.Widget:
    many = isinstance(field, forms.ModelMultipleChoiceField)
    return forms.MultipleHiddenInput() if many else forms.HiddenInput()
