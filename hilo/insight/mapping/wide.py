"""Tables with a row for each case and a column for each date: every date becomes a step.

Dates that were only promised, planned or estimated are no steps: the surest becomes the due date.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hilo.insight.lean import arrow
from hilo.insight.log import NO_TIME, Micros
from hilo.insight.mapping import words
from hilo.insight.mapping.guessing import Guessing, Question
from hilo.insight.mapping.looking import Kind, dictionary, micros
from hilo.insight.mapping.names import folded
from hilo.insight.raw import RawTable, Role
from hilo.insight.results import Taken
from hilo.insight.speaking import Listed, Said, _, ngettext

_SURE_ACTIVITY = 0.55
_ONE_ROW = 1.15  # rows per case, up to which it is a row for each
_CONSTANT = 0.05
_FEW_VALUES = 50
_DUE_FROM = 0.4
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[^\w\s]+", re.UNICODE)


def is_wide(guessing: Guessing) -> bool:
    """Two dates or more to a row that are no estimates, and no column that surely says what was done."""
    if {Role.ACTIVITY, Role.TIME}.intersection(guessing.given) or len(steps(guessing)) < 2:
        return False
    if guessing.cases.rows_per_case < _ONE_ROW:
        return True
    activity = guessing.taken.get(Role.ACTIVITY)
    if activity and words.evidence(Role.ACTIVITY, activity.column) >= _SURE_ACTIVITY:
        return False
    if activity is None:
        return not any(words.evidence(Role.START, one) >= _SURE_ACTIVITY for one in steps(guessing))
    constant = all(guessing.cases.changing(one) < _CONSTANT for one in steps(guessing))
    return constant or _has_a_number_for_each_row(guessing)


def _has_a_number_for_each_row(guessing: Guessing) -> bool:
    fits = [guessing.scorer.case_of_one_row(column) for column in guessing.labels]
    return any(fit.name >= 0.6 and fit.shape > 0.99 for fit in fits)


def steps(guessing: Guessing) -> list[str]:
    """The dates at which something happened."""
    return [one for one in guessing.open(guessing.moments) if guessing.dueness(one) < _DUE_FROM]


def made_long(guessing: Guessing) -> tuple[RawTable, dict[Role, Taken], tuple[Question, ...]]:
    done = steps(guessing)
    for role in (Role.ACTIVITY, Role.START, Role.LIFECYCLE):
        guessing.taken.pop(role, None)
    guessing.asks = [ask for ask in guessing.asks if ask.role is not Role.ACTIVITY]
    guessing.find_due(guessing.moments)
    guessing.find_the_rest()
    guessing.taken.pop(Role.LIFECYCLE, None)
    raw, activity, time = _melted(guessing, done)
    said = _(
        "each row is one case, and each of its dates a step: %(columns)s", columns=Listed(tuple(done), 8)
    )
    guessing.taken[Role.ACTIVITY] = Taken(activity, 0.8, said)
    guessing.taken[Role.TIME] = Taken(time, 0.8, said)
    return raw, guessing.taken, tuple(guessing.asks)


def readable(column: str) -> str:
    """ "order_approved_at" is the step "Order approved", "Fecha de entrega" is "Entrega"."""
    parts = _WORD.findall(column.replace("_", " "))
    while len(parts) > 1 and folded(parts[-1]) in words.DATE_WORDS:
        parts.pop()
    while len(parts) > 1 and (
        folded(parts[0]) in words.DATE_WORDS or folded(parts[0]) in ("de", "del", "of")
    ):
        parts.pop(0)
    text = " ".join(parts)
    return text[:1].upper() + text[1:]


def _melted(guessing: Guessing, done: list[str]) -> tuple[RawTable, str, str]:
    raw = guessing.raw
    times = np.column_stack([micros(raw.data[column]) for column in done])
    has_case = dictionary(raw.data[guessing.taken[Role.CASE].column])[0] >= 0
    rows, places = np.nonzero((times != NO_TIME) & has_case[:, None])
    keep = _first_of_each(guessing, rows, places, times[rows, places])
    rows, places = rows[keep], places[keep]
    kept = _kept(guessing)
    table = raw.data.select(kept).take(arrow(rows))
    activity, time = _unused("activity", kept), _unused("time", kept)
    names = pa.array([readable(column) for column in done], pa.string())
    table = table.append_column(
        activity, pa.DictionaryArray.from_arrays(places.astype(np.int32), names).cast(pa.string())
    )
    kind = raw.data[done[0]].type
    moments = arrow(times[rows, places]).cast(pa.timestamp("us", kind.tz))
    table = table.append_column(time, moments)
    return _retold(guessing, table, rows, done, int((~has_case).sum())), activity, time


def _kept(guessing: Guessing) -> list[str]:
    """What still means something when a row has become several: roles, and columns of few values."""
    roles = {taken.column for taken in guessing.taken.values()}
    few = {
        column
        for column in guessing.look.of_kind(Kind.LABEL)
        if 2 <= guessing.look.distinct(column) <= _FEW_VALUES
    }
    return [column for column in guessing.raw.data.column_names if column in roles | few]


def _unused(name: str, names: list[str]) -> str:
    while name in names:
        name += "_"
    return name


def _first_of_each(
    guessing: Guessing, rows: NDArray[np.intp], places: NDArray[np.intp], times: Micros
) -> NDArray[np.intp]:
    """Lines of one order repeat the order's dates: those count once."""
    if guessing.cases.rows_per_case == 1:
        return np.arange(len(rows))
    case = dictionary(guessing.raw.data[guessing.taken[Role.CASE].column])[0][rows]
    order = np.lexsort((np.arange(len(rows)), times, places, case))
    a, b, c = case[order], places[order], times[order]
    new = np.r_[True, (a[1:] != a[:-1]) | (b[1:] != b[:-1]) | (c[1:] != c[:-1])] if len(order) else order == 0
    return np.sort(order[new])


def _retold(
    guessing: Guessing, table: pa.Table, rows: NDArray[np.intp], done: list[str], lost: int
) -> RawTable:
    files, first = [], 0
    for file in guessing.raw.files:
        count = int(((rows >= file.first) & (rows < file.first + file.rows)).sum())
        files.append(replace(file, rows=count, first=first))
        first += count
    remarks = (*guessing.raw.remarks, *_remarks(guessing, done, lost))
    return RawTable(table, tuple(files), remarks=remarks)


def _remarks(guessing: Guessing, done: list[str], lost: int) -> list[Said]:
    due = guessing.taken.get(Role.DUE)
    said = [
        _(
            "The table has one row for each %(case)s: each of its dates became a step (%(steps)s).",
            case=guessing.taken[Role.CASE].column,
            steps=Listed(tuple(readable(column) for column in done), 8),
        )
    ]
    if due:
        said.append(
            _(
                "“%(column)s” was only a promise or an estimate: it is the due date, no step.",
                column=due.column,
            )
        )
    others = tuple(one for one in guessing.open(guessing.moments) if one not in done)
    if others:
        said.append(_("Also estimates, and not used: %(columns)s.", columns=Listed(others, 8)))
    if lost:
        said.append(
            ngettext(
                "%(n)s row without a case is left out.", "%(n)s rows without a case are left out.", n=lost
            )
        )
    return said
