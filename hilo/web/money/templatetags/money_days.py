"""Days of invoices: they have no hour, and belong to no zone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from hilo.web.base import saying

register = template.Library()


@register.simple_tag(takes_context=True)
def said_day(context: dict[str, Any], day: date) -> str:
    now = context.get("now")
    today = timezone.localtime(now if isinstance(now, datetime) else timezone.now()).date()
    return saying.said_date(day, today, saying.language(get_language()))
