"""What Hilo draws in Python is what Django's own tags and templates draw."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template import Context, Template
from django.urls import NoReverseMatch
from django.utils.safestring import mark_safe
from django.utils.translation import override

from hilo.web.base.drawn import strand
from hilo.web.base.form_drawing import DRAWN, ControlRenderer
from hilo.web.base.kept_words import gettext, ngettext
from hilo.web.base.markup import address, markup
from hilo.web.base.spans import BorderSpan
from hilo.web.base.strand import lay_out

MEAN = '<b>"Quesos & Cía"</b>'
CHOICES = [("", "—"), ("1", MEAN), ("Más", [("2", "dos"), (3, 1234)])]


class Everything(forms.Form):
    text = forms.CharField(initial=MEAN, max_length=40, help_text="x")
    long = forms.CharField(initial=f"\n{MEAN}", widget=forms.Textarea(attrs={"rows": 2, "data-x": False}))
    number = forms.IntegerField(initial=4)
    ticked = forms.BooleanField(initial=True)
    bare = forms.BooleanField(required=False)
    chosen = forms.ChoiceField(choices=CHOICES, initial="2")
    several = forms.MultipleChoiceField(choices=CHOICES, initial=["1", "2"])
    ways = forms.MultipleChoiceField(choices=CHOICES[:2], widget=forms.CheckboxSelectMultiple)
    way = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect, initial="1")
    hidden = forms.CharField(initial=mark_safe("<safe>"), widget=forms.HiddenInput)
    at = forms.SplitDateTimeField(required=False)
    file = forms.FileField(required=False)


def squeezed(html: str) -> str:
    return re.sub(r">\s+", ">", re.sub(r"\s+<", "<", html))


def drawn(renderer: DjangoTemplates, data: dict[str, Any] | None) -> list[str]:
    form = Everything(data, renderer=renderer)
    parts = [squeezed(str(bound)) for bound in form]
    return parts + [squeezed(part.tag()) for name in ("ways", "way") for part in form[name].subwidgets]


@pytest.mark.parametrize("data", [None, {"text": MEAN, "chosen": "1", "way": "3"}])
@pytest.mark.parametrize("language", ["es", "en"])
def test_every_control_is_what_django_draws(language: str, data: dict[str, Any] | None) -> None:
    with override(language):
        assert drawn(ControlRenderer(), data) == drawn(DjangoTemplates(), data)


def test_what_is_not_drawn_here_comes_from_django() -> None:
    assert "django/forms/widgets/clearable_file_input.html" not in DRAWN
    assert 'type="file"' in str(Everything(renderer=ControlRenderer())["file"])


def test_every_part_of_markup_is_escaped_unless_it_is_safe() -> None:
    assert markup("<i>{}</i>{}", MEAN, markup("<hr>")) == (
        "<i>&lt;b&gt;&quot;Quesos &amp; Cía&quot;&lt;/b&gt;</i><hr>"
    )


def test_a_kept_translation_follows_the_language() -> None:
    page = Template('{% load i18n hilo %}{% translate "Close" %}{% translate "Close" as shut %}|{{ shut }}')
    said = []
    for language in ("es", "en", "es"):
        with override(language):
            said.append(page.render(Context()))
    assert said == ["Cerrar|Cerrar", "Close|Close", "Cerrar|Cerrar"]


def test_an_icon_of_literals_is_escaped_once_and_one_of_the_page_each_time() -> None:
    page = Template('{% load hilo %}{% for sign in signs %}{% icon "bell" %}{% icon sign %}{% endfor %}')
    html = page.render(Context({"signs": ["flag", "pin"]}))
    assert html.count("#i-bell") == 2 and html.count("#i-flag") == 1 and html.count("#i-pin") == 1
    assert "&lt;" not in html


def test_an_address_is_that_of_its_arguments() -> None:
    assert address("web:thread", "2026-0001") != address("web:thread", "2026-0002")
    assert address("web:thread", "2026-0001").endswith("/2026-0001/")
    with pytest.raises(NoReverseMatch):
        address("web:thread")
    empty = Template("{% load hilo %}{% url 'web:nowhere' as there %}[{{ there }}]").render(Context())
    assert empty == "[]"


def test_kept_words_are_those_of_the_language_and_the_number() -> None:
    with override("es"):
        spanish = [ngettext("%(count)d step ahead", "%(count)d steps ahead", n) for n in (1, 2)]
        closed = gettext("Close")
    with override("en"):
        assert [ngettext("%(count)d step ahead", "%(count)d steps ahead", n) for n in (1, 2)] != spanish
        assert (gettext("Close"), closed) == ("Close", "Cerrar")
    assert spanish == ["queda %(count)d paso", "quedan %(count)d pasos"]


def test_a_duration_is_worked_out_only_when_it_is_read() -> None:
    asked: list[str] = []

    def duration() -> str:
        asked.append("now")
        return "3 h"

    began = datetime(2026, 11, 20, 9, tzinfo=UTC)
    ended = BorderSpan("Comercial", "Técnica", began, began + timedelta(hours=3), "accepted", duration)
    line = lay_out([ended], opened_at=began, now=began + timedelta(days=1))
    drawn_line = strand(line)
    assert "h-mini" in drawn_line and not asked
    assert line.stretches[0].label.endswith("3 h") and asked
