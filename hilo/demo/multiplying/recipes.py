"""How one value of a copy comes from the original's: another id, another day, another name."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db import models

from hilo.demo.multiplying import anatomy
from hilo.demo.multiplying.originals import Row
from hilo.parties.search import tokens_of, words

type Ids = dict[str, dict[int, int]]
type Recipe = Callable[[Copy], object]
"""What the copy gets in place of the original value."""

_MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)"
_IN_KEY = re.compile(rf"(?P<moment>{_MOMENT})|(?P<type>[a-z_]+):(?P<id>\d+)(?![\d-])")


@dataclass(slots=True)
class Copy:
    """One copy of something: which ids stand for which, how much later it was, who is called what.

    ``ids`` and ``words`` of the people and customers that the copy is about are those of their own copies.
    """

    shift: timedelta
    ids: Ids = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    codes: dict[tuple[str, str], str] = field(default_factory=dict)

    def id(self, kind: str, number: int) -> int:
        """The copy's, or the same when there is but one of it."""
        return self.ids.get(kind, {}).get(number, number)

    @property
    def days(self) -> timedelta:
        return timedelta(days=round(self.shift / timedelta(days=1)))


class Renaming:
    """Finds the names of the originals in any text, the longest first."""

    def __init__(self, names: Iterable[str]) -> None:
        ordered = sorted({name for name in names if name}, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, ordered)) or r"(?!)")

    def names_in(self, text: str) -> list[str]:
        return self._pattern.findall(text)

    def recipe(self, text: str) -> Recipe | None:
        """None for a text that nobody is named in: most of them."""
        if self._pattern.search(text) is None:
            return None
        return lambda copy: self.renamed(text, copy.words)

    def renamed(self, text: str, new: Mapping[str, str]) -> str:
        return self._pattern.sub(lambda found: new.get(found[0], found[0]), text)


def recipes_of(row: Row, renaming: Renaming, text: str = "") -> list[tuple[int, Recipe]]:
    """Place in the row and how to fill it; the others stay. ``text`` is what else a thing is found by."""
    if row.type == "search_entry":
        return _recipes_of_entry(row, renaming, text)
    found = []
    for place, column in enumerate(anatomy.columns(row.model)):
        if (recipe := _recipe(row, column, renaming)) is not None:
            found.append((place, recipe))
    return found


def _recipe(row: Row, column: models.Field[object, object], renaming: Renaming) -> Recipe | None:
    name, value = f"{anatomy.label(row.model)}.{column.attname}", row.values[column.attname]
    if value is None or name in anatomy.SECRET:
        return None
    if name in anatomy.ONLY_ONCE:
        return lambda copy: False
    if column.primary_key:
        return another_id(row.type, _number(value))
    if isinstance(column, models.UUIDField):
        return lambda copy: _another_uuid(value, copy)
    if column.remote_field:
        target = column.remote_field.model
        is_copied = not isinstance(target, str) and target in anatomy.copied()
        return another_id(anatomy.type_of(target), _number(value)) if is_copied else None
    return _recipe_of_plain(name, value, row, renaming)


def _recipe_of_plain(name: str, value: object, row: Row, renaming: Renaming) -> Recipe | None:
    if name in anatomy.TYPED:
        return another_id(str(row.values[anatomy.TYPED[name]]), _number(value))
    if name in anatomy.NUMBERED:
        series = anatomy.NUMBERED[name][0]
        return lambda copy: copy.codes[series, str(value)]
    if isinstance(value, datetime):
        return lambda copy: value + copy.shift
    if isinstance(value, date):
        return lambda copy: value + copy.days
    if isinstance(value, str) and name in anatomy.KEYS:
        return lambda copy: key_of_copy(value, copy)
    if isinstance(value, str) and name in anatomy.PLANS:
        return lambda copy: _plan_of_copy(value, copy)
    return renaming.recipe(value) if isinstance(value, str) else None


def another_id(kind: str, number: int) -> Recipe:
    return lambda copy: copy.id(kind, number)


def key_of_copy(text: str, copy: Copy) -> str:
    def other(found: re.Match[str]) -> str:
        if found["moment"]:
            return moment_of_copy(found["moment"], copy)
        return f"{found['type']}:{copy.id(found['type'], int(found['id']))}"

    return _IN_KEY.sub(other, text)


def moment_of_copy(text: str, copy: Copy) -> str:
    """Written as it was: with a Z and six digits as events have it, or as Python says it."""
    moved = datetime.fromisoformat(text) + copy.shift
    if text.endswith("Z"):
        return moved.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return moved.isoformat()


def _plan_of_copy(text: str, copy: Copy) -> str:
    moved = [
        [copy.id("step_run", number), *(moment and moment_of_copy(moment, copy) for moment in moments)]
        for number, *moments in json.loads(text)
    ]
    return json.dumps(moved)


def _another_uuid(value: object, copy: Copy) -> object:
    """Told by the original's and by what it was copied with, so that a seed makes the same ones."""
    made = uuid.uuid5(
        uuid.NAMESPACE_OID, f"{value}:{copy.shift}:{sorted(copy.ids.get('thread', {}).values())}"
    )
    return made.hex if isinstance(value, str) else made


def _number(value: object) -> int:
    assert isinstance(value, int)
    return value


# What is found by its words ------------------------------------------------------------------------------


def _recipes_of_entry(row: Row, renaming: Renaming, text: str) -> list[tuple[int, Recipe]]:
    values = row.values
    kind, title, subtitle = (str(values[name]) for name in ("kind", "title", "subtitle"))
    thread = values["thread_id"]
    wanted: dict[str, Recipe] = {
        "id": another_id("search_entry", _number(values["id"])),
        "object_id": another_id(kind, _number(values["object_id"])),
        "thread_id": another_id("thread", thread) if isinstance(thread, int) else lambda copy: None,
        "title": lambda copy: renaming.renamed(title, copy.words),
        "subtitle": lambda copy: renaming.renamed(subtitle, copy.words),
        "title_key": lambda copy: " ".join(words(renaming.renamed(title, copy.words)))[:300],
        "tokens": _tokens_of_copy(str(values["tokens"]), f"{title} {subtitle} {text}", renaming),
    }
    names = [column.attname for column in anatomy.columns(row.model)]
    return [(names.index(name), recipe) for name, recipe in wanted.items()]


def _tokens_of_copy(tokens: str, said: str, renaming: Renaming) -> Recipe:
    names = renaming.names_in(said)
    old = tokens_of(" ".join(names))
    stay = set(tokens.split()) - (old - tokens_of(renaming.renamed(said, dict.fromkeys(names, ""))))

    def recipe(copy: Copy) -> str:
        return " ".join(sorted(stay | tokens_of(" ".join(copy.words.get(name, name) for name in names))))

    return recipe
