"""Ids and versions beyond 999 stay ids and versions; what people type may be grouped."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation


class Amount(forms.Form):
    amount = forms.DecimalField(localize=True)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_template_writes_an_id_of_any_size_as_it_is(lang: str) -> None:
    with translation.override(lang):
        assert Template('value="{{ pk }}"').render(Context({"pk": 1234567})) == 'value="1234567"'


@pytest.mark.parametrize(("lang", "typed"), [("es", "12.345,50"), ("es", "12345,5"), ("en", "12,345.5")])
def test_people_may_group_what_they_type(lang: str, typed: str) -> None:
    with translation.override(lang):
        form = Amount({"amount": typed})
        assert form.is_valid() and form.cleaned_data["amount"] == Decimal("12345.5")


def test_spanish_thousands_are_not_read_as_a_decimal_point() -> None:
    with translation.override("es"):
        form = Amount({"amount": "12.345"})
        assert form.is_valid() and form.cleaned_data["amount"] == Decimal(12345)
