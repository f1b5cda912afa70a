"""What each column of a log seems to be, for a person to correct: no Django, written beside the report."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hilo.insight.raw import Role, Unreadable
from hilo.insight.results import Diagnosis, Taken
from hilo.insight.speaking import LANGUAGES, speak

if TYPE_CHECKING:
    from hilo.insight.mapping import Question

ESSENTIAL = (Role.CASE, Role.ACTIVITY, Role.TIME)
SURE_ENOUGH = 0.5
AS_LIKELY = 0.95
LOOK = "look.json"
_HEAD, _SAMPLES, _LONGEST = 500, 3, 40


@dataclass(frozen=True, slots=True)
class Look:
    """``samples`` are a few values of a column as the file writes them."""

    columns: tuple[str, ...]
    taken: Mapping[Role, Taken]
    samples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Unsure(Exception):
    """A report on the guessed columns could be about something else: a person is asked first."""


def stop_if_unsure(question: Question) -> None:
    """The engine's question, answered by nobody: what is merely likely goes on, and the report says so. What
    a person said is never asked again."""
    best, *rest = [score for _column, score in question.candidates]
    if question.role in ESSENTIAL and (best < SURE_ENOUGH or (rest and rest[0] >= AS_LIKELY * best)):
        raise Unsure


def look_of(diagnosis: Diagnosis) -> Look:
    named = [name for one in diagnosis.mapping.values() for name in (one.column, *one.rivals)]
    return Look(diagnosis.log.columns or tuple(dict.fromkeys(named)), diagnosis.mapping)


def look_at(paths: Sequence[Path]) -> Look | None:
    """Read the files once more, only to see their columns; None when even that cannot be done."""
    from hilo.insight.mapping import guess
    from hilo.insight.reading import read

    try:
        raw = read(paths)
    except (Unreadable, MemoryError):
        return None
    try:
        taken: Mapping[Role, Taken] = guess(raw).columns
    except Unreadable:
        taken = {}
    head = raw.data.slice(0, _HEAD)
    samples = {name: _samples(head[name].to_pylist()) for name in head.column_names}
    return Look(tuple(raw.data.column_names), taken, samples)


def _samples(values: Iterable[object]) -> tuple[str, ...]:
    known = dict.fromkeys(str(value)[:_LONGEST] for value in values if value is not None and value != "")
    return tuple(known)[:_SAMPLES]


def write_look(folder: Path, look: Look | None) -> None:
    if look is None:
        return
    said: dict[str, Any] = {
        "columns": [{"name": name, "samples": look.samples.get(name, ())} for name in look.columns],
        "taken": {role.value: _said(one) for role, one in look.taken.items()},
    }
    (folder / LOOK).write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")


def _said(one: Taken) -> dict[str, Any]:
    return {
        "column": one.column,
        "certainty": round(one.certainty, 3),
        "why": {lang: speak(one.why, lang) for lang in LANGUAGES},
        "chosen": one.chosen,
    }
