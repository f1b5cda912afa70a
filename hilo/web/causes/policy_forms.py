"""The case policy as one form: a matrix of nine, times for each severity and tier, and a few numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.parties.models import Customer
from hilo.quality.commands.policies import Targets
from hilo.quality.models import Case, CasePolicy, LegalDeadline, Level, PolicyRule
from hilo.web.causes.forms import NO_NUMBER, Wanted
from hilo.web.causes.words import minutes_of, said_minutes
from hilo.web.doing.fields import SeenForm

SEVEREST_FIRST = (Level.HIGH, Level.MEDIUM, Level.LOW)

TIMES: dict[str, tuple[Any, Any]] = {
    "acknowledge_minutes": (
        gettext_lazy("Acknowledge"),
        gettext_lazy("Until the customer knows that we have it, and who sees to it."),
    ),
    "response_minutes": (gettext_lazy("Solution"), gettext_lazy("Until the customer has a solution.")),
    "news_minutes": (gettext_lazy("News"), gettext_lazy("At most so long without hearing from us.")),
    "head_after_minutes": (
        gettext_lazy("Area head"),
        gettext_lazy("So long after the time has run out, the area head is told."),
    ),
    "director_after_minutes": (
        gettext_lazy("Director"),
        gettext_lazy("So long after the time has run out, the director is told."),
    ),
}
NUMBERS: dict[str, tuple[Any, Any]] = {
    "second_failure_days": (
        gettext_lazy("Second failure: within days"),
        gettext_lazy(
            "Another failure on the same thread within so many days goes to the director by itself."
        ),
    ),
    "stuck_working_days": (
        gettext_lazy("Stuck after working days"),
        gettext_lazy("Whatever has not moved for so long is in the list of stuck topics."),
    ),
    "cause_working_days": (
        gettext_lazy("Cause found within working days"),
        gettext_lazy("A search for a cause stands in My day with this date."),
    ),
    "slow_factor": (
        gettext_lazy("Slow: times the time to answer"),
        gettext_lazy("A case that took so many times its time makes a search for its cause begin."),
    ),
}

FIRST_SEVERITY = (
    gettext_lazy("The customer saw it first: from severity"),
    gettext_lazy(
        "When the customer notices before us, a search for the cause begins by itself from here up."
    ),
)
BROKEN_PROMISE = (
    gettext_lazy("A broken promise opens a case"),
    gettext_lazy("By itself, with the search for its cause."),
)
ALL_NUMBERS = (*NUMBERS, "customer_first_severity", "case_on_broken_promise")


class LengthField(forms.CharField):
    """``4 h``, ``2 días``, ``90 min``: business time, as one says it. Gives minutes."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        minutes = minutes_of(text)
        if minutes is None:
            raise ValidationError(_("Write a time like 30 min, 4 h or 2 d."), code="length")
        return minutes

    def validate(self, value: Any) -> None:
        if value is None:
            raise ValidationError(_("Write a time like 30 min, 4 h or 2 d."), code="required")

    def run_validators(self, value: Any) -> None:
        return None


@dataclass(frozen=True, slots=True)
class MatrixRow:
    impact: Level
    cells: list[BoundField]


@dataclass(frozen=True, slots=True)
class TimesRow:
    severity: Level
    tier: str
    cells: list[tuple[Any, BoundField]]  # the column's own name, and its field


class CasePolicyForm(SeenForm):
    """``seen`` is the number of the version shown; the next one holds for cases opened from then on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for impact in Level:
            for urgency in Level:
                self.fields[f"severity_{impact}_{urgency}"] = forms.ChoiceField(
                    label=_("Impact %(impact)s, urgency %(urgency)s")
                    % {"impact": impact.label.lower(), "urgency": urgency.label.lower()},
                    choices=Level.choices,
                )
        for severity, tier in _pairs():
            for name, (label, _hint) in TIMES.items():
                self.fields[f"{name}_{severity}_{tier}"] = LengthField(
                    label=_("%(what)s, severity %(severity)s, tier %(tier)s")
                    % {"what": label, "severity": severity.label.lower(), "tier": tier},
                    widget=forms.TextInput(attrs={"maxlength": 12}),
                )
        for name, (label, hint) in NUMBERS.items():
            self.fields[name] = forms.IntegerField(
                label=label, help_text=hint, min_value=1, max_value=3660, error_messages=NO_NUMBER
            )
        label, hint = FIRST_SEVERITY
        self.fields["customer_first_severity"] = forms.ChoiceField(
            label=label, help_text=hint, choices=Level.choices
        )
        label, hint = BROKEN_PROMISE
        self.fields["case_on_broken_promise"] = forms.BooleanField(
            label=label, help_text=hint, required=False
        )

    @property
    def matrix(self) -> Iterator[MatrixRow]:
        for impact in SEVEREST_FIRST:
            yield MatrixRow(impact, [self[f"severity_{impact}_{urgency}"] for urgency in SEVEREST_FIRST])

    @property
    def times(self) -> Iterator[TimesRow]:
        for severity, tier in _pairs():
            cells = [(words[0], self[f"{name}_{severity}_{tier}"]) for name, words in TIMES.items()]
            yield TimesRow(severity, tier, cells)

    @property
    def numbers(self) -> list[BoundField]:
        return [self[name] for name in ALL_NUMBERS]

    def facts(self) -> dict[str, Any]:
        """What the command takes."""
        given = self.cleaned_data
        return {
            "severity": {f"{i}:{u}": given[f"severity_{i}_{u}"] for i in Level for u in Level},
            "rules": [
                Targets(
                    severity=severity,
                    tier=tier,
                    **{name: given[f"{name}_{severity}_{tier}"] for name in TIMES},
                )
                for severity, tier in _pairs()
            ],
            **{name: given[name] for name in ALL_NUMBERS},
            "seen_number": given["seen"],
        }


def _pairs() -> list[tuple[Level, str]]:
    return [(severity, str(tier)) for severity in SEVEREST_FIRST for tier in Customer.Tier.values]


def first_values(policy: CasePolicy) -> dict[str, object]:
    shown: dict[str, object] = {name: getattr(policy, name) for name in ALL_NUMBERS}
    for pair, severity in policy.severity.items():
        impact, _colon, urgency = pair.partition(":")
        shown[f"severity_{impact}_{urgency}"] = severity
    rules: list[PolicyRule] = list(policy.rules.all())
    for rule in rules:
        for name in TIMES:
            shown[f"{name}_{rule.severity}_{rule.tier}"] = said_minutes(getattr(rule, name))
    return shown


class DeadlineForm(SeenForm):
    """``seen`` is 0 for a new one."""

    customer_kind = forms.ChoiceField(label=gettext_lazy("For which customers"))
    case_kind = forms.ChoiceField(label=gettext_lazy("For which cases"), required=False)
    days = forms.IntegerField(
        label=gettext_lazy("Days to answer"), min_value=1, max_value=366, error_messages=NO_NUMBER
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("Counted in"), choices=LegalDeadline.Unit.choices, widget=forms.RadioSelect
    )
    source = Wanted(
        label=gettext_lazy("Which law or contract sets it"), widget=forms.TextInput(attrs={"maxlength": 200})
    )

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = self.fields["case_kind"], self.fields["customer_kind"]
        case_kind, customer_kind = kinds
        assert isinstance(case_kind, forms.ChoiceField)
        assert isinstance(customer_kind, forms.ChoiceField)
        case_kind.choices = [("", _("Every kind")), *Case.Kind.choices]
        customer_kind.choices = list(Customer.Kind.choices)
        if not is_new:  # for whom it holds is what it is; another one is a deadline of its own
            for field in kinds:
                field.widget = forms.HiddenInput()
