"""Fields of forms as HTML: without the dozen small templates that Django lays into each other for one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hilo.web.base.drawn import icon
from hilo.web.base.markup import escaped

type Widget = Mapping[str, Any]


class ControlRenderer(DjangoTemplates):
    """``FORM_RENDERER``: the same HTML as Django's; what ``DRAWN`` lacks still comes from its templates."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        widget: Widget = context.get("widget", {})
        draw = DRAWN.get(template_name)
        if draw is not None:
            return SafeString(draw(widget))
        if template_name in _OF_PARTS:
            parts = [self.render(part["template_name"], {"widget": part}) for part in widget["subwidgets"]]
            return SafeString("".join(parts))
        return super().render(template_name, context, request)


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

_OF_PARTS = frozenset(f"{_FOLDER}{name}.html" for name in ("multiwidget", "splitdatetime"))

DRAWN: dict[str, Callable[[Widget], str]] = {
    **{f"{_FOLDER}{name}.html": _input for name in _PLAIN},
    **{f"{_FOLDER}{name}.html": _option_input for name in _OPTIONS},
    f"{_FOLDER}textarea.html": _textarea,
    f"{_FOLDER}select.html": _select,
    f"{_FOLDER}select_option.html": _option,
}


# ---- a whole field --------------------------------------------------------------------------------------


def control(bound: BoundField, *, hint: str = "") -> SafeString:
    """The control alone, for a table or a label of one's own; its error is yours to show."""
    attrs: dict[str, str | bool] = {"class": _control_class(bound)}
    described = [f"{bound.auto_id}_helptext"] if hint or bound.help_text else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return bound.as_widget(attrs=attrs)


def _control_class(bound: BoundField) -> str:
    widget = bound.field.widget
    own = widget.attrs.get("class", "")
    kind = "form-control"
    if isinstance(widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        kind = "form-check-input"
    elif isinstance(widget, Select):
        kind = "form-select"
    return " ".join(filter(None, (kind, own, "is-invalid" if bound.errors else "")))


def field(bound: BoundField, *, hint: str = "", label: str = "", wide: bool = False) -> SafeString:
    """Label, control, hint and error side by side, joined by aria-describedby."""
    widget = bound.field.widget
    if bound.is_hidden:
        return bound.as_widget()
    said, help_text = _said(label or bound.label), hint or bound.help_text
    below = _hint(bound, help_text) + _errors(bound)
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return SafeString(_group_of_options(bound, said, help_text))
    if isinstance(widget, CheckboxInput):
        words = f'<span class="form-check-label">{said}</span>'
        ticked = f'<label class="form-check">{control(bound, hint=hint)}{words}</label>'
        return SafeString(f'<div class="h-field">{ticked}{below}</div>')
    css = "h-field h-composer__wide" if wide else "h-field"
    named = f'<label class="form-label" for="{escaped(bound.id_for_label)}">{said}{_optional(bound)}</label>'
    return SafeString(f'<div class="{css}">{named}{control(bound, hint=hint)}{below}</div>')


def _group_of_options(bound: BoundField, said: str, hint: str | Promise) -> str:
    """Its parts are drawn one by one and take their class from the widget."""
    bound.field.widget.attrs["class"] = "form-check-input"
    described = f' aria-describedby="{escaped(bound.auto_id)}_error"' if bound.errors else ""
    options = "".join(
        f'<label class="form-check" for="{escaped(option.id_for_label)}">{option.tag()}'
        f'<span class="form-check-label">{_said(option.choice_label)}</span></label>'
        for option in bound.subwidgets
    )
    legend = f"<legend>{said}{_optional(bound)}</legend>{_hint(bound, hint)}"
    return f'<fieldset class="h-field"{described}>{legend}{options}{_errors(bound)}</fieldset>'


def _optional(bound: BoundField) -> str:
    if bound.field.required:
        return ""
    return f' <span class="h-field__optional">{escaped(_("(optional)"))}</span>'


def _hint(bound: BoundField, hint: str | Promise) -> str:
    shown = f'<div class="form-hint" id="{escaped(bound.auto_id)}_helptext">{_said(hint)}</div>'
    return shown if hint else ""


def _errors(bound: BoundField) -> str:
    if not bound.errors:
        return ""
    sign = icon("alert-circle")
    said = "".join(f'<div class="h-error">{sign}<span>{_said(error)}</span></div>' for error in bound.errors)
    return f'<div id="{escaped(bound.auto_id)}_error">{said}</div>'
