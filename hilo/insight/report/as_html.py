"""The report as one HTML file that asks nobody for anything: it says so to the browser as well.

Its stylesheet and its script are in it; the policy names them by their hashes, so nothing else runs and
nothing is fetched, wherever the file is opened.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from hilo.insight.report.icons import brand, sprite
from hilo.insight.report.markup import Markup, join, tag
from hilo.insight.report.page import Page
from hilo.insight.report.sections import (
    borders,
    findings,
    groups,
    limits,
    method,
    opening,
    overtime,
    paths,
    process_map,
    promises,
    waiting,
)
from hilo.insight.report.voice import Voice
from hilo.insight.results import Diagnosis
from hilo.insight.speaking import Said, _

_FILES = Path(__file__).resolve().parent / "files"

_SECTIONS: tuple[Callable[[Page], Markup | None], ...] = (
    findings.section,
    process_map.section,
    borders.section,
    waiting.section,
    overtime.section,
    groups.section,
    promises.section,
    paths.section,
    limits.section,
    method.section,
)


def to_html(diagnosis: Diagnosis, lang: str) -> str:
    page = Page(diagnosis, Voice(lang))
    body = (
        sprite(),
        tag("a", page(_("Skip to the findings")), href="#findings", class_="skip"),
        _bar(page),
        tag("main", opening.section(page), (section(page) for section in _SECTIONS)),
        tag(
            "footer",
            page(_("Made by Hilo from your file, on your machine. It holds the names your file holds.")),
        ),
        tag("script", _inline("report.js")),
    )
    return f"<!doctype html>\n{tag('html', _head(page), tag('body', body), lang=lang)}\n"


def content_security_policy() -> str:
    """For whoever serves a report over HTTP; the file carries the same in its head."""
    return (
        "default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"font-src data:; style-src '{_digest(_stylesheet())}'; script-src '{_digest(_inline('report.js'))}'"
    )


def _head(page: Page) -> Markup:
    title = _("%(headline)s · Diagnosis by Hilo", headline=opening.headline(page))
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=content_security_policy()),
        tag("meta", name="viewport", content="width=device-width,initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", page.voice.plain(title)),
        tag("style", _stylesheet()),
    )


@cache
def _inline(name: str) -> Markup:
    return Markup((_FILES / name).read_text(encoding="utf-8"))


@cache
def _stylesheet() -> Markup:
    font = base64.b64encode((_FILES / "inter-latin.woff2").read_bytes()).decode()
    return Markup(_inline("report.css").replace("FONT", f"data:font/woff2;base64,{font}", 1))


def _digest(inline: Markup) -> str:
    digest = hashlib.sha256(inline.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _bar(page: Page) -> Markup:
    home = tag("span", brand(), "Hilo", class_="home")
    return tag("header", home, _contents(page), _theme(page), class_="top")


def _contents(page: Page) -> Markup:
    """To the parts that are there."""
    links: tuple[tuple[str, Said], ...] = (
        ("findings", _("Findings")),
        ("map", _("Map")),
        ("borders", _("Borders")),
        ("waiting", _("Waiting")),
        ("overtime", _("Time")),
        ("groups", _("Side by side")),
        ("promises", _("Due dates")),
        ("paths", _("Ways")),
        ("limits", _("What it cannot tell")),
        ("method", _("Method")),
    )
    shown = {section.__module__.rpartition(".")[2] for section in _SECTIONS if section(page)}
    modules = {"map": "process_map"}
    items = (
        tag("li", tag("a", page(said), href=f"#{key}"))
        for key, said in links
        if modules.get(key, key) in shown
    )
    return tag("nav", tag("ul", items), aria_label=page.voice.plain(_("Parts of the report")))


def _theme(page: Page) -> Markup:
    """Radio buttons and the stylesheet: the choice works with scripts switched off."""
    choices = (("auto", _("As the system"), True), ("light", _("Light"), False), ("dark", _("Dark"), False))
    return tag(
        "fieldset",
        tag("legend", page(_("Colours")), class_="unseen"),
        join(
            tag(
                "label",
                tag("input", type="radio", name="theme", id=f"theme-{key}", checked=on, class_="unseen"),
                tag("span", page(said)),
            )
            for key, said, on in choices
        ),
        class_="switch theme",
    )
