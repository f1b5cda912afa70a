"""What ``make check`` says about catalogues, on a small package made for the purpose."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import messages

VIEWS = """\
from django.utils.translation import gettext as _, ngettext as several, pgettext
_("Archive")
_("Offered to %(area)s by %(person)s")
several("%(count)d thread", "%(count)d threads", 2)
pgettext("verb", "Open")
"""
PAGE = """\
{% load i18n %}
   {% if x %}
<p>{% translate "What hangs" %}</p>
     {% endif %}
{% blocktranslate trimmed with name=person.name %}
  Good day,
  {{ name }}
{% endblocktranslate %}
<p title="it's {% translate 'Close' context "door" %}"></p>
"""
SPANISH = {
    "Archive": "Archivar",
    "Offered to %(area)s by %(person)s": "%(person)s lo ofrece a %(area)s",
    "Open": "Abrir",
    "What hangs": "Lo que queda por cerrar",
    "Good day, %(name)s": "Hola, %(name)s",
    "Close": "Cerrar",
}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "hilo" / "work"
    (folder / "templates" / "work").mkdir(parents=True)
    (folder / "apps.py").touch()
    (folder / "views.py").write_text(VIEWS)
    (folder / "templates" / "work" / "page.html").write_text(PAGE)
    monkeypatch.setattr(messages, "PROJECT", tmp_path)
    monkeypatch.setattr(messages, "PACKAGE", tmp_path / "hilo")
    return folder


def faults() -> list[str]:
    return messages.faults({folder: messages.template_of(folder) for folder in messages.owners()})


def update(folder: Path) -> None:
    messages.update(folder, messages.template_of(folder), keep_unused=True)


def translate(folder: Path, **changes: str) -> None:
    """Writes the Spanish by hand, as somebody would, and ``changes`` over it."""
    update(folder)
    catalogue = messages.read(folder)
    for (name, _context), message in messages.messages_of(catalogue).items():
        plural = ("%(count)d hilo", "%(count)d hilos")
        message.string = changes.get(name, SPANISH[name]) if isinstance(message.id, str) else plural
    messages.path_of(folder).write_text(messages.HEADER + messages.written(catalogue), encoding="utf-8")


def test_every_string_of_code_and_templates_is_found_and_a_whole_catalogue_has_no_fault(
    package: Path,
) -> None:
    found = messages.messages_of(messages.template_of(package))
    assert set(found) == {
        ("Archive", None),
        ("Offered to %(area)s by %(person)s", None),
        ("%(count)d thread", None),
        ("Open", "verb"),
        ("What hangs", None),
        ("Good day, %(name)s", None),
        ("Close", "door"),
    }
    translate(package)
    assert faults() == []


def test_a_string_without_spanish_is_named(package: Path) -> None:
    assert "hilo/work/locale/es/LC_MESSAGES/django.po: missing: 'Archive'" in faults()
    translate(package, Archive="")
    assert faults() == ["hilo/work/locale/es/LC_MESSAGES/django.po: without Spanish: 'Archive'"]


def test_the_spanish_must_be_spanish_unless_it_is_on_the_list(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    translate(package, Archive="Archive")
    assert len(faults()) == 1 and "the Spanish is the English" in faults()[0]
    allowed = tmp_path / "allowed.txt"
    allowed.write_text("# why\nArchive\n")
    monkeypatch.setattr(messages, "SAME_IN_SPANISH", allowed)
    assert faults() == []


def test_a_lost_or_invented_placeholder_is_named(package: Path) -> None:
    translate(package, **{"Offered to %(area)s by %(person)s": "Lo ofrece a %(area)s"})
    assert "other placeholders" in faults()[0]
    translate(package, Archive="Archivar %(all)s")
    assert "other placeholders" in faults()[0]


def test_an_update_loses_no_spanish_and_takes_up_what_is_new(package: Path) -> None:
    translate(package)
    with (package / "views.py").open("a") as file:
        file.write('_("Reopen")\n')
    update(package)
    assert faults() == ["hilo/work/locale/es/LC_MESSAGES/django.po: without Spanish: 'Reopen'"]
    assert messages.messages_of(messages.read(package))["Archive", None].string == "Archivar"


def test_what_no_code_says_any_more_is_named_but_kept_until_tidied(package: Path) -> None:
    translate(package)
    (package / "views.py").write_text(VIEWS.replace('_("Archive")\n', ""))
    assert faults() == ["hilo/work/locale/es/LC_MESSAGES/django.po: no code says it any more: 'Archive'"]
    update(package)
    assert faults() == ["hilo/work/locale/es/LC_MESSAGES/django.po: obsolete: 'Archive'"]
    messages.update(package, messages.template_of(package), keep_unused=False)
    assert faults() == []


def test_a_fuzzy_translation_is_a_fault(package: Path) -> None:
    translate(package)
    path = messages.path_of(package)
    path.write_text(path.read_text().replace('msgid "Archive"', '#, fuzzy\nmsgid "Archive"'))
    assert faults() == ["hilo/work/locale/es/LC_MESSAGES/django.po: fuzzy: 'Archive'"]


def test_two_packages_may_not_say_one_string_in_two_ways(package: Path) -> None:
    translate(package)
    other = package.parent / "parties"
    other.mkdir()
    (other / "apps.py").touch()
    (other / "people.py").write_text("from django.utils.translation import gettext as _\n_('Archive')\n")
    update(other)
    assert messages.messages_of(messages.read(other))["Archive", None].string == "Archivar"
    assert faults() == []
    path = messages.path_of(other)
    path.write_text(path.read_text().replace("Archivar", "Guardar"))
    assert len(faults()) == 1 and "'Archive' is said in two ways" in faults()[0]


def test_a_string_that_belongs_to_no_package_is_named(package: Path) -> None:
    translate(package)
    (package.parent / "loose.py").write_text("from django.utils.translation import gettext as _\n_('x')\n")
    assert faults() == ["hilo/loose.py: its strings belong to no package with a catalogue"]
