"""The frame around every screen: what it offers, to whom, and that nothing in it is inline."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django import forms
from django.conf import LazySettings
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from hilo.web.base.navigation import Count, Menu, NavEntry, ShownEntry
from hilo.web.base.templatetags.hilo import off_phone, on_phone

pytestmark = pytest.mark.urls("tests.web.base.urls")
TEMPLATES = Path("hilo/web/base/templates")
BASE = Path(__file__).resolve().parents[3] / "hilo/web"


def page(query: str = "", language: str = "es") -> str:
    with translation.override(language):
        return Client(raise_request_exception=True).get(f"/componentes/{query}").content.decode()


@pytest.fixture(autouse=True)
def no_door(settings: LazySettings) -> None:
    """The frame is looked at from inside; who may come in is tested where the door is."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("hilo.")]


@pytest.fixture
def request_here() -> HttpRequest:
    return RequestFactory().get("/threads/?area=tecnica&page=2")


@pytest.mark.django_db
def test_the_page_of_components_renders_everything_in_spanish() -> None:
    html = page()
    assert '<html lang="es"' in html
    assert "Mi día" in html
    assert "Espera a Producción, 3 días laborables" in html
    assert "Lo tuyo sigue aquí" in html


@pytest.mark.django_db
def test_nothing_is_inline() -> None:
    html = page()
    assert not re.search(r"\sstyle=", html)
    assert not re.search(r"\son[a-z]+=", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
    assert "<style" not in html


@pytest.mark.django_db
def test_svg_numbers_are_never_localised() -> None:
    """A Spanish decimal comma inside a coordinate breaks the drawing without a word."""
    for attribute in re.findall(r'\s(?:x|y|dx|d|viewBox)="([^"]*)"', page()):
        assert not re.search(r"\d,\d", attribute), attribute


@pytest.mark.django_db
@pytest.mark.parametrize(("theme", "shown"), [("auto", "light"), ("light", "light"), ("dark", "dark")])
def test_the_theme_is_the_persons(theme: str, shown: str) -> None:
    html = page(f"?theme={theme}")
    assert f'data-theme="{theme}" data-bs-theme="{shown}"' in html


def test_an_entry_whose_page_does_not_exist_has_no_place(request_here: HttpRequest) -> None:
    menu = Menu()
    menu.add(NavEntry("web:threads", "Hilos", "needle-thread", 20))
    menu.add(NavEntry("web:radar", "Radar", "radar-2", 10))
    assert [entry.label for entry in menu.shown(request_here)] == ["Hilos"]


def test_an_entry_not_allowed_has_no_place(request_here: HttpRequest) -> None:
    menu = Menu()
    menu.add(NavEntry("web:threads", "Hilos", "needle-thread", allowed=lambda request: False))
    assert menu.shown(request_here) == []


def test_entries_stand_in_order_and_carry_their_count(request_here: HttpRequest) -> None:
    menu = Menu()
    menu.add(NavEntry("web:threads", "Hilos", "needle-thread", 20))
    menu.add(NavEntry("web:my_day", "Mi día", "sun", 10))
    menu.count("web:my_day", lambda request: Count(7, "cosas debidas hoy", is_hot=True))
    first, second = menu.shown(request_here)
    assert (first.url, first.count) == ("/my_day/", Count(7, "cosas debidas hoy", is_hot=True))
    assert (second.url, second.count) == ("/threads/", None)


def test_on_a_phone_every_entry_has_one_place_five_tabs_and_the_rest_in_the_menu() -> None:
    shown = [
        ShownEntry(
            url=f"/{n}/", label=f"Hilos {n}", icon="sun", is_current=False, count=None, on_phone=n != 2
        )
        for n in range(1, 8)
    ]
    assert [each.label for each in on_phone(shown)] == [f"Hilos {n}" for n in (1, 3, 4, 5, 6)]
    assert [each.label for each in off_phone(shown)] == ["Hilos 2", "Hilos 7"]


def test_a_visitor_who_has_not_signed_in_sees_no_menu(request_here: HttpRequest) -> None:
    html = render_to_string("base.html", {}, request=request_here)
    assert 'href="/my_day/"' not in html
    assert 'class="h-me"' not in html
    assert 'id="palette"' not in html


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "403_csrf.html"])
def test_error_pages_say_what_to_do_in_both_languages(name: str) -> None:
    told = {}
    for language in ("es", "en"):
        with translation.override(language):
            told[language] = render_to_string(name)
    assert told["es"] != told["en"]
    assert "Ir al inicio" in told["es"]
    assert "Go to the start" in told["en"]


def test_the_page_for_our_own_failure_needs_nothing_of_ours() -> None:
    source = (BASE / "base/templates/500.html").read_text("utf-8")
    assert "{%" not in source
    assert "{{" not in source
    assert "Ir al inicio" in source
    assert 'lang="en"' in source


# ---- tags -----------------------------------------------------------------------------------------------


def draw(source: str, **context: object) -> str:
    return Template("{% load hilo %}" + source).render(Context(context))


def test_a_name_with_markup_is_text() -> None:
    wild = '<b onclick="x">Ana</b> =1+1'
    for source in (
        "{% person_chip name %}",
        "{% area_chip name %}",
        '{% turn_chip "mine" name %}',
        '{% status name "lock" %}',
        '{% empty name name url="/" action=name %}',
        "{% alert name %}",
        '{% confirm name url="/" question=name action=name %}',
    ):
        html = draw(source, name=wild)
        assert "<b " not in html
        assert "&lt;b onclick=" in html


def test_an_icon_that_is_not_in_the_sprite_is_refused() -> None:
    with pytest.raises(ValueError, match="unicorn"):
        draw('{% icon "unicorn" %}')


def test_a_turn_that_is_late_keeps_the_hand_whatever_the_area() -> None:
    assert "#i-hand-stop" in draw('{% turn_chip "late" "Producción" "truck" %}')
    assert "#i-truck" in draw('{% turn_chip "area" "Logística" "truck" %}')


def test_nothing_is_drawn_for_what_is_not_known() -> None:
    assert draw("{% due None %}{% moment None %}{% money None %}{% ago None %}") == ""
    assert "0\N{NO-BREAK SPACE}€" in draw("{% money 0 %}")


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Lucía Herrera", "LH"),
        ("Ana de la Fuente", "AF"),
        ("teresa", "T"),
        ("😀 Óscar", "Ó"),
        ("", ""),
        ("شركة المياه", "شا"),
    ],
)
def test_initials_come_from_names_of_every_kind(name: str, letters: str) -> None:
    assert draw("{{ name|initials }}", name=name) == letters


class Asked(forms.Form):
    text = forms.CharField(label="Qué", help_text="En una frase.")
    how = forms.ChoiceField(label="Cómo", widget=forms.RadioSelect, choices=[("a", "A")], required=False)


def test_a_field_is_joined_to_its_hint_and_its_error() -> None:
    with translation.override("es"):
        html = draw("{% field form.text %}", form=Asked({"text": ""}))
    assert 'aria-describedby="id_text_helptext id_text_error"' in html
    assert 'id="id_text_helptext"' in html
    assert 'id="id_text_error"' in html
    assert 'aria-invalid="true"' in html
    assert "Hace falta este dato." in html


def test_a_refused_form_leads_to_each_field() -> None:
    html = draw("{% form_errors form %}", form=Asked({"text": ""}))
    assert '<a href="#id_text">Qué</a>' in html
    assert 'role="alert"' in html
    assert draw("{% form_errors form %}", form=Asked()).strip() == ""


def test_pages_keep_the_filter(request_here: HttpRequest) -> None:
    with translation.override("es"):
        html = draw("{% pagination page %}", page=Paginator(range(64), 12).page(2), request=request_here)
    assert 'href="?area=tecnica&amp;page=3"' in html
    assert "13 a 24 de 64" in html
    nothing: list[int] = []
    alone = Paginator(nothing, 12).page(1)
    assert draw("{% pagination page %}", page=alone, request=request_here).strip() == ""
