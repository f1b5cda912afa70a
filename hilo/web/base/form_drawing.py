"""The controls of forms, drawn without the dozen small templates that Django lays into each other for one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from hilo.web.base.markup import escaped

type Widget = Mapping[str, Any]


class ControlRenderer(DjangoTemplates):
    """``FORM_RENDERER``: the same HTML as Django's; what ``DRAWN`` lacks still comes from its templates."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        draw = DRAWN.get(template_name)
        if draw is None:
            return super().render(template_name, context, request)
        return SafeString(draw(context["widget"]))


def attributes(given: Mapping[str, Any]) -> str:
    """None and "" are values; only False leaves an attribute out, and True gives it none."""
    return "".join(
        f" {name}" if value is True else f' {name}="{escaped(value)}"'
        for name, value in given.items()
        if value is not False
    )


def _input(widget: Widget) -> str:
    name, value = escaped(widget["name"]), widget["value"]
    shown = "" if value is None else f' value="{escaped(value)}"'
    return f'<input type="{widget["type"]}" name="{name}"{shown}{attributes(widget["attrs"])}>'


def _option_input(widget: Widget) -> str:
    if not widget.get("wrap_label"):
        return _input(widget)
    pk = widget["attrs"].get("id")
    label = f'<label for="{escaped(pk)}">' if pk else "<label>"
    return f"{label}{_input(widget)} {_said(widget['label'])}</label>"


def _textarea(widget: Widget) -> str:
    """The line break is none of the text: a browser drops the first one."""
    name, value = escaped(widget["name"]), widget["value"]
    return (
        f'<textarea name="{name}"{attributes(widget["attrs"])}>\n{_said(value) if value else ""}</textarea>'
    )


def _select(widget: Widget) -> str:
    groups = "".join(_group(name, options) for name, options, _index in widget["optgroups"])
    return f'<select name="{escaped(widget["name"])}"{attributes(widget["attrs"])}>{groups}</select>'


def _group(name: Any, options: list[Widget]) -> str:
    shown = "".join(map(_option, options))
    return f'<optgroup label="{_said(name)}">{shown}</optgroup>' if name else shown


def _option(option: Widget) -> str:
    value, label = escaped(option["value"]), _said(option["label"])
    return f'<option value="{value}"{attributes(option["attrs"])}>{label}</option>'


def _said(value: Any) -> str:
    return escaped(value if isinstance(value, str | Promise) else localize(value))


_FOLDER = "django/forms/widgets/"
_PLAIN = ("text", "number", "email", "url", "password", "hidden", "date", "datetime", "time", "search", "tel",
          "color", "checkbox", "input")  # fmt: skip
_OPTIONS = ("input_option", "radio_option", "checkbox_option")

DRAWN: dict[str, Callable[[Widget], str]] = {
    **{f"{_FOLDER}{name}.html": _input for name in _PLAIN},
    **{f"{_FOLDER}{name}.html": _option_input for name in _OPTIONS},
    f"{_FOLDER}textarea.html": _textarea,
    f"{_FOLDER}select.html": _select,
    f"{_FOLDER}select_option.html": _option,
}
