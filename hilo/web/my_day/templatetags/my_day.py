"""``{% load my_day %}``: the rows of Mi día."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from hilo.web.base.templatetags.hilo import here_of
from hilo.web.my_day.row_drawing import DayRows
from hilo.web.my_day.rows import Row

register = template.Library()
KEPT = "_hilo_day_rows"


@register.simple_tag(takes_context=True)
def day_rows(context: Context, rows: Iterable[Row]) -> SafeString:
    if KEPT not in context.render_context:
        context.render_context[KEPT] = DayRows.of(
            context["day"],
            here_of(context),
            sees_money=context["sees_money"],
            token=str(context["csrf_token"]),
            back=context["request"].get_full_path(),
        )
    return context.render_context[KEPT].drawn(rows)  # type: ignore[no-any-return]
