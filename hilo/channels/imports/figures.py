"""Figures as people read them: 63.229 in Spanish, 63,229 in English. Templates write numbers as they are."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_decimal
from django.utils.translation import get_language


def grouped(value: int | Decimal, places: int = 0) -> str:
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return format_decimal(value, format=pattern, locale=(get_language() or "es")[:2])
