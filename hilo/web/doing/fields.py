"""Form fields that screens share: the version seen, moments in the person's own hours, files."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

_LATEST = 9999  # what a browser's date field can send, and a clock can still add to


class SeenForm(forms.Form):
    """Carries the version of what the page showed: a stale request changes nothing."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, seen: int | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False  # the sentence is ours, in the person's language
        if seen is not None:
            self.initial.setdefault("seen", seen)


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    """A day and an hour as the person's clock shows them."""

    widget = MomentInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {})
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], **kwargs)

    def clean(self, value: Any) -> datetime | None:
        try:
            moment: datetime | None = super().clean(value)
        except OverflowError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        return _sane(moment)


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    widget = DayInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and not 1990 <= day.year < _LATEST:
            raise ValidationError(_("Check the year of that date."), code="year")
        return day


class DayOrMomentField(MomentField):
    """``2026-11-26`` is that whole day; ``2026-11-26T18:00`` that hour. Gives a date or a datetime."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and len(value.strip()) == 10:
            return DayField().clean(value.strip())
        return super().to_python(value)

    def clean(self, value: Any) -> Any:
        given = self.to_python(value)
        self.validate(given)
        self.run_validators(given)
        return _sane(given) if isinstance(given, datetime) else given


def _sane(moment: datetime | None) -> datetime | None:
    if moment is not None and not 1990 <= moment.year < _LATEST:
        raise ValidationError(_("Check the year of that date."), code="year")
    return moment


def at_hour(day: date, hour: int = 18) -> datetime:
    """That day at that hour of the person's clock, for prefilling."""
    return timezone.make_aware(datetime.combine(day, time(hour)))
