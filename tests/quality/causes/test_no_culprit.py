"""No path shows or stores a culprit (SPEC 7.5): models, events, forms, templates, words, queries, exports."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.pofile import read_po
from django import forms
from django.apps import apps

import hilo.quality
import hilo.web
from hilo.ledger.record import Event
from hilo.ledger.registry import EVENT_KINDS
from hilo.parties.models import Contact, Person
from tests.conftest import PROJECT

PERSON_FIELDS = {"owner", "author", "checker"}
ALSO = {("Praised", "person")}  # whom the customer's thanks reached
# Who leads, does or checks something, before and after; whom thanks or a director's notice reached.
PEOPLE_IN_EVENTS = {
    "owner",
    "checker",
    "old_owner",
    "new_owner",
    "old",
    "new",
    "people",
    "directors",
    "heads",
}
# What a person field might be called, and no event, form or column of quality may be.
BLAMING = re.compile(
    r"(?<!nadie busca )(?<!no busca )culpa(?:ble|bles|do|da)?\b|\bblam(?:e|ed|ing)\b|\bguilty\b|\bculprit"
    r"|responsables? de(?:l| la) (?:error|fallo|causa|problema)|qui[eé]n (?:lo hizo|fall[oó]|se equivoc[oó])"
    r"|who (?:did it|failed|was wrong|is to blame)|caus(?:ed|ado) by (?:whom|person)|\boffender",
    re.IGNORECASE,
)
BLAMING_NAME = re.compile(r"culprit|guilty|blame|culpable|offender|responsible|who_did|caused_by|made_by")
PERSON_WORDS = ("owner", "author", "checker", "person", "holder", "giver", "said_by", "promised_by")
# Packages whose screens and exports speak of causes.
SCREENS = [name for name in ("causes", "cases", "week") if (PROJECT / "hilo" / "web" / name).is_dir()]


def modules_of(package: ModuleType, *, only: tuple[str, ...] = ()) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        part = found.name.removeprefix(f"{package.__name__}.").split(".")[0]
        if (not only or part in only) and ".migrations" not in found.name:
            yield importlib.import_module(found.name)


def sources() -> list[Path]:
    folders = [PROJECT / "hilo" / "quality", *(PROJECT / "hilo" / "web" / name for name in SCREENS)]
    return [
        path for folder in folders for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts
    ]


# Stored


def test_the_person_fields_of_quality_are_those_allowed() -> None:
    found = {
        (model.__name__, field.name)
        for model in apps.get_app_config("quality").get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model is Person
    }
    assert {each for each in found if each[1] not in PERSON_FIELDS} == ALSO
    assert {("Analysis", "owner"), ("CorrectiveAction", "checker"), ("Case", "owner")} <= found


def test_a_cause_its_place_and_its_kind_hold_no_person_at_all() -> None:
    for name in ("CauseKind", "AnalysedCase", "AnalysisArea"):
        model = apps.get_model("quality", name)
        related = {field.related_model for field in model._meta.get_fields() if field.concrete}
        assert not related & {Person, Contact}, name


def test_no_column_of_quality_is_called_after_a_culprit() -> None:
    columns = [
        f"{model.__name__}.{field.name} {getattr(field, 'verbose_name', '')}"
        for model in apps.get_app_config("quality").get_models()
        for field in model._meta.get_fields()
    ]
    assert [each for each in columns if BLAMING_NAME.search(each) or BLAMING.search(each)] == []


def test_no_event_of_a_cause_carries_a_person_but_who_leads_does_or_checks() -> None:
    common = {each.name for each in fields(Event)}
    for kind, event in EVENT_KINDS.items():
        if not event.__module__.startswith("hilo.quality"):
            continue
        own = {each.name for each in fields(event)} - common
        assert not any(BLAMING_NAME.search(name) for name in own), kind
        if kind.startswith(("analysis.", "why.", "cause.", "action.", "lesson.")):
            people = {name for name in own if any(word in name for word in PERSON_WORDS)}
            assert people <= PEOPLE_IN_EVENTS, kind


# Asked and shown


def forms_of_screens() -> Iterator[type[forms.BaseForm]]:
    for module in modules_of(hilo.web, only=tuple(SCREENS)):
        for _name, found in inspect.getmembers(module, inspect.isclass):
            if issubclass(found, forms.BaseForm) and found.__module__ == module.__name__:
                yield found


def test_no_form_asks_for_a_person_but_owner_and_checker() -> None:
    seen = list(forms_of_screens())
    assert seen, "the screens of causes have forms"
    for form in seen:
        declared: dict[str, forms.Field] = getattr(form, "base_fields", {})
        for name, field in declared.items():
            where = f"{form.__module__}.{form.__name__}.{name}"
            queryset = getattr(field, "queryset", None)
            if queryset is not None and queryset.model is Person:
                assert name in PERSON_FIELDS | {"holder", "to_person"}, where
            said = f"{field.label or ''} {field.help_text or ''}"
            assert not BLAMING.search(said) and not BLAMING_NAME.search(name), f"{where}: {said}"


def templates() -> list[Path]:
    folders = [PROJECT / "hilo" / "web" / name / "templates" for name in SCREENS]
    return [path for folder in folders for path in sorted(folder.rglob("*.html"))]


@pytest.mark.parametrize("path", templates(), ids=lambda path: path.name)
def test_no_template_speaks_of_a_culprit(path: Path) -> None:
    assert BLAMING.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", ["quality", *(f"web/{each}" for each in SCREENS)])
def test_no_sentence_in_either_language_speaks_of_a_culprit(name: str) -> None:
    path = PROJECT / "hilo" / name / "locale" / "es" / "LC_MESSAGES" / "django.po"
    if not path.exists():
        pytest.skip(f"{name} has no sentences of its own yet")
    with path.open("rb") as file:
        catalogue = read_po(file, locale="es")
    said = [str(text) for message in catalogue for text in (message.id, message.string) if message.id]
    assert [text for text in said if BLAMING.search(text)] == []


def test_the_words_that_are_looked_for_would_be_found() -> None:
    for text in (
        "el culpable",
        "por culpa de Ana",
        "responsable del error",
        "Who did it?",
        "who is to blame",
    ):
        assert BLAMING.search(text), text
    for text in ("Nadie busca culpables.", "blameless", "Responsable de área", "Quien responde de ello"):
        assert not BLAMING.search(text), text


# Counted and exported


def chains(tree: ast.AST) -> Iterator[tuple[str, list[str]]]:
    """Each call of ``.values(...)`` on which something is aggregated, with the columns it groups by."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr not in ("annotate", "aggregate", "distinct"):
            continue
        inner = node.func.value
        while isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
            if inner.func.attr in ("values", "values_list"):
                columns = [each.value for each in inner.args if isinstance(each, ast.Constant)]
                yield ast.unparse(node), [str(column) for column in columns]
            inner = inner.func.value


def by_person(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    grouped = [
        said
        for said, columns in chains(tree)
        if any(part in PERSON_WORDS for column in columns for part in column.split("__"))
    ]
    for node in ast.walk(tree):
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if is_call and node.func.id in ("groupby", "Counter"):  # type: ignore[attr-defined]
            said = ast.unparse(node)
            grouped += [said] if re.search(rf"\b({'|'.join(PERSON_WORDS)})(_id)?\b", said) else []
    return grouped


@pytest.mark.parametrize("path", sources(), ids=lambda path: "/".join(path.parts[-3:]))
def test_no_query_list_or_export_groups_causes_by_person(path: Path) -> None:
    assert by_person(path) == []


def test_a_grouping_by_person_would_be_found(tmp_path: Path) -> None:
    path = tmp_path / "ranking.py"
    for guilty in (
        "Analysis.objects.values('owner').annotate(n=Count('pk'))",
        "rows.values_list('case__owner__name').filter(x=1).annotate(Count('pk'))",
        "Counter(action.owner_id for action in actions)",
        "groupby(rows, key=lambda why: why.author)",
    ):
        path.write_text(guilty, encoding="utf-8")
        assert by_person(path), guilty
    path.write_text("Analysis.objects.values('cause').annotate(n=Count('pk'))", encoding="utf-8")
    assert by_person(path) == []


def test_what_counts_causes_takes_and_gives_no_person() -> None:
    """Every public function of quality's figures: no parameter and no answer that names one of our people."""
    for name in ("recurrence", "eight_d"):
        module = importlib.import_module(f"hilo.quality.queries.{name}")
        for _name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ != module.__name__:
                continue
            hints = " ".join(str(each) for each in inspect.get_annotations(function).values())
            assert "Person" not in hints, f"{name}.{function.__name__}"
    assert [module for module in modules_of(hilo.quality) if hasattr(module, "by_person")] == []
