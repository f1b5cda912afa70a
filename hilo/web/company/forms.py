"""Fields of calendars, numbers, processes and one's own settings."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hilo.parties.actor import Actor
from hilo.parties.commands.company import POLICY_LIMITS
from hilo.parties.models import Area, CompanyPolicy, Delegation, Person, WorkCalendar
from hilo.parties.queries.company import areas_visible_to, delegations_visible_to
from hilo.web.accounts.regions import COUNTRIES, REGIONS
from hilo.web.base import saying
from hilo.web.doing.fields import DayField, SeenForm
from hilo.web.people.forms import Plain

HOURS_HINT = _("Like 09:00-14:00, 16:00-19:00. Empty: closed.")
NO_REGION = [("", _("None, or another country"))]
WEEKDAYS = tuple(f"day_{place}" for place in range(7))


class NewCalendar(Plain):
    name = forms.CharField(label=_("Name"), error_messages={"required": _("Give the calendar a name.")})
    hours = forms.CharField(
        label=_("Hours from Monday to Friday"), help_text=HOURS_HINT, initial="09:00-14:00, 16:00-19:00"
    )
    zone = forms.CharField(label=_("Time zone"), initial="Europe/Madrid")
    country = forms.ChoiceField(label=_("Holidays of"), choices=COUNTRIES)
    region = forms.ChoiceField(label=_("Region"), required=False, choices=[*NO_REGION, *REGIONS])


class SeasonForm(SeenForm):
    """The whole year's has no beginning and end to choose."""

    name = forms.CharField(
        label=_("Name"), max_length=60, error_messages={"required": _("Give it a name, like Summer.")}
    )
    first = forms.CharField(label=_("First day"), help_text=_("Day and month, like 15/06."))
    last = forms.CharField(label=_("Last day"), help_text=_("It comes back every year."))

    def __init__(self, *args: Any, is_whole_year: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, name in enumerate(WEEKDAYS):
            label = saying.WEEKDAYS[saying.language(get_language())][place].capitalize()
            self.fields[name] = forms.CharField(label=label, required=False, max_length=200)
        if is_whole_year:
            for name in ("first", "last"):
                del self.fields[name]
            self.fields["name"].required = False


class SpecialDayForm(SeenForm):
    date = DayField(label=_("Day"), error_messages={"required": _("Write the day.")})
    name = forms.CharField(
        label=_("What it is"),
        max_length=120,
        error_messages={"required": _("Write what it is, like San Valero.")},
    )
    hours = forms.CharField(
        label=_("Hours"),
        required=False,
        max_length=200,
        help_text=_("Empty for a holiday. For a half day its hours, like 09:00-14:00."),
    )


class HolidaysForm(SeenForm):
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES)
    region = forms.ChoiceField(label=_("Region"), required=False, choices=[*NO_REGION, *REGIONS])
    year = forms.IntegerField(
        label=_("Year"),
        min_value=2000,
        max_value=2100,
        help_text=_("What you wrote yourself stays as it is."),
        error_messages={"required": _("Write the year.")},
    )


class AssignForm(SeenForm):
    area = forms.ModelChoiceField(Area.objects.none(), label=_("Area"), empty_label=None)
    delegation = forms.ModelChoiceField(Delegation.objects.none(), label=_("Delegation"), empty_label=None)
    calendar = forms.ModelChoiceField(
        WorkCalendar.objects.order_by("name"),
        label=_("Keeps the hours of"),
        required=False,
        empty_label=_("the delegation's calendar"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = {
            "area": areas_visible_to(actor).filter(ended_on__isnull=True),
            "delegation": delegations_visible_to(actor).filter(closed_on__isnull=True),
        }
        for name, choices in rows.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = choices


class RemoveSeason(SeenForm):
    index = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class RemoveDay(SeenForm):
    date = DayField(widget=forms.HiddenInput)


# The company's numbers -----------------------------------------------------------------------------------

POLICY_WORDS: dict[str, tuple[Any, Any]] = {
    "light_response_minutes": (
        _("Light handoff: minutes to answer"),
        _("Working minutes of the receiving area until silence reaches both heads."),
    ),
    "full_response_minutes": (
        _("Full handoff: minutes to answer"),
        _("The same for a handoff with everything the receiver needs."),
    ),
    "news_working_days": (
        _("Working days between two pieces of news"),
        _("At most so long without the customer hearing from us."),
    ),
    "urgent_news_working_days": (
        _("The same for what is urgent"),
        _("Threads that are urgent or stopped."),
    ),
    "tacit_acceptance_working_days": (
        _("Working days until a delivery counts as accepted"),
        _("When the customer was told of it and says nothing. It counts as tacit, never as said."),
    ),
    "survey_quiet_days": (
        _("Days between two closing questions to one person"),
        _("Nobody is asked twice within so many days."),
    ),
    "interruptions_per_day": (
        _("Interruptions a day, at most"),
        _("What comes after them waits in My day."),
    ),
    "invitation_hours": (_("Hours that an invitation opens"), _("Afterwards a new one is needed.")),
    "session_idle_days": (
        _("Days until an unused device is signed out"),
        _("Who uses a device stays signed in on it, if they asked for it when they came in."),
    ),
    "default_reserve_share": (
        _("Reserve of a new plan, in %"),
        _("Share of the planned time that is kept for what nobody foresees."),
    ),
}


class PolicyForm(SeenForm):
    name = forms.CharField(label=_("Company"), error_messages={"required": _("Write the company's name.")})
    currency = forms.CharField(label=_("Currency of reports"), help_text=_("Its three letters, like EUR."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, explanation) in POLICY_WORDS.items():
            least, most = POLICY_LIMITS[name]
            self.fields[name] = forms.IntegerField(
                label=label,
                min_value=least,
                max_value=most,
                help_text=format_lazy("{} {}", explanation, said_default(name)),
                error_messages={
                    "required": _("Write a number."),
                    "invalid": _("Write a whole number."),
                    "min_value": _("At least %(limit_value)s."),
                    "max_value": _("At most %(limit_value)s."),
                },
            )


def said_default(name: str) -> Any:
    return format_lazy("{} {}.", _("By default:"), str(default_of(name)))


def default_of(name: str) -> int:
    default: int = getattr(CompanyPolicy(), name)
    return default


# Oneself -------------------------------------------------------------------------------------------------


def _zones() -> list[tuple[str, str]]:
    places = ("Europe/", "America/", "Atlantic/", "Africa/", "Asia/", "Australia/", "Pacific/", "Indian/")
    return [
        (name, name.replace("_", " ")) for name in sorted(available_timezones()) if name.startswith(places)
    ]


class OwnSettings(Plain):
    language = forms.ChoiceField(label=_("Language"), choices=Person.Language.choices)
    zone = forms.ChoiceField(label=_("Time zone"), help_text=_("All hours are shown in it."))
    theme = forms.ChoiceField(label=_("Theme"), choices=Person.Theme.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = self.fields["zone"]
        assert isinstance(zone, forms.ChoiceField)
        known = _zones()
        zone.choices = known if person.zone in dict(known) else [(person.zone, person.zone), *known]
