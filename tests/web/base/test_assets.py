"""What is vendored is what the lock says, the sprite holds every icon used, and the CSS keeps its rules."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from hilo.web.base.icons import ICONS

PROJECT = Path(__file__).resolve().parents[3]
STATIC = PROJECT / "hilo/web/base/static"
CSS = STATIC / "hilo/hilo.css"


def tool(name: str) -> ModuleType:
    spec = spec_from_file_location(name, PROJECT / f"tools/{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    import sys

    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def test_vendored_files_are_those_of_the_lock() -> None:
    assert tool("vendor").differences() == []


def test_the_sprite_has_exactly_the_listed_icons() -> None:
    sprite = (STATIC / "hilo/icons.svg").read_text("utf-8")
    assert re.findall(r'<symbol id="i-([^"]+)"', sprite) == sorted(ICONS)
    assert len(ICONS) == len(set(ICONS))


@pytest.mark.parametrize("folder", ["hilo/web", "hilo/portal"])
def test_every_icon_named_in_a_template_is_in_the_sprite(folder: str) -> None:
    named = {
        (name, template.name)
        for template in (PROJECT / folder).rglob("*.html")
        for name in re.findall(r"""\{% icon ["']([^"']+)["']""", template.read_text("utf-8"))
    }
    assert [(name, where) for name, where in sorted(named) if name not in ICONS] == []


def test_the_tiles_are_those_the_tool_draws() -> None:
    css = CSS.read_text("utf-8")
    assert tool("tiles").with_tiles(css) == css


def test_no_vendored_file_asks_another_machine_for_anything() -> None:
    for file in (*STATIC.rglob("*.css"), *STATIC.rglob("*.js")):
        text = file.read_text("utf-8")
        assert "sourceMappingURL" not in text, file
        assert not re.search(r"url\([\"']?(https?:)?//", text), file
        assert "@import" not in text, file


def test_colours_are_written_once_as_tokens() -> None:
    """After the tokens, hilo.css names none; the exceptions are paper and the shade behind a dialog."""
    rules = CSS.read_text("utf-8").split("/* ---- 2. Base ---- */")[1].split("@media print")[0]
    rules = re.sub(r'url\("data:[^"]*"\)', "", rules)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", rules) == []


def test_every_custom_property_used_is_defined() -> None:
    css = CSS.read_text("utf-8")
    used = set(re.findall(r"var\((--h-[a-z0-9-]+)", css))
    assert used - set(re.findall(r"(--h-[a-z0-9-]+):", css)) == set()


@pytest.mark.parametrize("template", sorted((PROJECT / "hilo/web").rglob("*.html")), ids=lambda p: p.name)
def test_no_template_has_anything_inline(template: Path) -> None:
    source = template.read_text("utf-8")
    assert not re.search(r"\sstyle=|\son(click|change|submit|input|load)=|<style", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)
    assert not re.search(r"#[0-9a-fA-F]{6}\b", source)
