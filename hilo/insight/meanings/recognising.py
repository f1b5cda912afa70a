"""Meanings of the activities of one log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from hilo.insight.log import Codes, Ints
from hilo.insight.mapping.asked import closest
from hilo.insight.meanings.sentences import RULES, Meaning, plain
from hilo.insight.raw import Unreadable
from hilo.insight.speaking import Listed, Said, _

_MOST_NAMES = 20_000
"""Of a log with more different activities the rest is not read: they are no words but numbers."""


@dataclass(frozen=True)
class Meanings:
    """``by_meaning`` has every meaning, some with no activity; ``said`` those that a file has settled."""

    by_meaning: Mapping[Meaning, frozenset[str]]
    said: frozenset[Meaning] = field(default=frozenset())

    def of(self, activity: str) -> frozenset[Meaning]:
        return frozenset(meaning for meaning, names in self.by_meaning.items() if activity in names)

    def codes(self, meaning: Meaning, activities: Codes) -> Ints:
        """The codes of the activities that mean it, for ``np.isin`` on ``activities.codes``."""
        wanted = self.by_meaning[meaning]
        return np.array([place for place, name in enumerate(activities.names) if name in wanted], np.int32)


def meanings(activities: Sequence[str], overrides: Path | None = None) -> Meanings:
    """``overrides`` is YAML, meaning by meaning: a list of activities, or none. A meaning in it has these
    activities and no others; an activity in it has no other meaning. Raises Unreadable for a file that says
    something else, with the closest names."""
    guessed = recognised(activities[:_MOST_NAMES])
    if overrides is None:
        return Meanings(guessed)
    said = _read(overrides, activities)
    settled = frozenset(name for names in said.values() for name in names)
    merged = {meaning: said.get(meaning, guessed[meaning] - settled) for meaning in Meaning}
    return Meanings(merged, frozenset(said))


def recognised(activities: Iterable[str]) -> dict[Meaning, frozenset[str]]:
    names = [(name, plain(name)) for name in activities]
    return {meaning: frozenset(name for name, text in names if _means(meaning, text)) for meaning in Meaning}


def _means(meaning: Meaning, text: str) -> bool:
    return any(rule.holds_for(text) for rule in RULES if rule.meaning is meaning)


# The file of a person who knows better -----------------------------------------------------------------


def _read(path: Path, activities: Sequence[str]) -> dict[Meaning, frozenset[str]]:
    content = _loaded(path)
    return {_meaning(key, path): _activities(names, activities, path) for key, names in content.items()}


def _loaded(path: Path) -> dict[object, object]:
    import yaml

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except OSError as wrong:
        raise _unreadable(path, _("it cannot be opened (%(why)s)", why=wrong.strerror or "?")) from wrong
    except (yaml.YAMLError, UnicodeDecodeError) as wrong:
        mark = getattr(wrong, "problem_mark", None)
        said = _("line %(line)s is no YAML", line=str(mark.line + 1)) if mark else _("it is no YAML")
        raise _unreadable(path, said) from wrong
    if not isinstance(content, dict):
        raise _unreadable(path, _("it has no meanings"))
    return content


def _meaning(key: object, path: Path) -> Meaning:
    try:
        return Meaning(str(key).strip())
    except ValueError:
        near = closest(str(key), [str(meaning) for meaning in Meaning], 3)
        said = _("“%(key)s” is no meaning; the closest are %(near)s", key=str(key), near=Listed(near))
        raise _unreadable(path, said) from None


def _activities(names: object, activities: Sequence[str], path: Path) -> frozenset[str]:
    listed = names if isinstance(names, list) else [] if names is None else [names]
    return frozenset(_activity(str(name), activities, path) for name in listed)


def _activity(name: str, activities: Sequence[str], path: Path) -> str:
    if name in activities:
        return name
    alike = [one for one in activities if plain(one) == plain(name)]
    if len(alike) == 1:
        return alike[0]
    said = _(
        "the log has no activity “%(name)s”; the closest are %(near)s",
        name=name,
        near=Listed(closest(name, activities)),
    )
    raise _unreadable(path, said)


def _unreadable(path: Path, why: Said) -> Unreadable:
    return Unreadable(
        _(
            "%(file)s cannot be used: %(why)s. It should say, for each meaning, a list of activities, such as"
            " “invoice: [Factura emitida]”.",
            file=path.name,
            why=why,
        )
    )
