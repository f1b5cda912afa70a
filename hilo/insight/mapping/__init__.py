"""Which column is what: guessed from names, types and behaviour, said aloud, and overruled by whoever knows.

found = guess(raw, {Role.AREA: "org:group"})
log = encode(found.raw, found.columns)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hilo.insight.mapping import asked, hours, refusing, wide
from hilo.insight.mapping.guessing import Guessing, Question
from hilo.insight.raw import RawTable, Role
from hilo.insight.results import Taken

__all__ = ["Guess", "Question", "guess"]


@dataclass(frozen=True, slots=True)
class Guess:
    """``raw`` is the table that ``columns`` are columns of: the one read, or, when that had one row per case
    and a date per column, the long one made of it (its remarks say so). ``asks`` is what is worth asking
    when somebody is there to answer; their answers come back as ``given``."""

    raw: RawTable
    columns: dict[Role, Taken]
    asks: tuple[Question, ...] = ()


def guess(raw: RawTable, given: Mapping[Role, str] | None = None) -> Guess:
    """Raises Unreadable for what is no log, and for a given column that is not there. A role given "" or "-"
    has no column. No column has two roles unless given for both."""
    refusing.unless_it_may_be_a_log(raw)
    raw = hours.joined(raw)
    guessing = Guessing(raw, asked.columns_of(given or {}, raw.data.column_names))
    guessing.take_given()
    if not guessing.moments:
        raise refusing.without_times(raw)
    return _of_many_rows(guessing) or _of_one_row(guessing)


def _of_many_rows(guessing: Guessing) -> Guess | None:
    """A log proper: each row something that happened."""
    raw = guessing.raw
    guessing.find_case_of_many_rows()
    if Role.CASE not in guessing.taken:
        return None
    guessing.find_activity()
    if not guessing.has_activity and not wide.is_wide(guessing):
        guessing.find_activity_by_behaviour()
    if not guessing.has_activity or wide.is_wide(guessing):
        return None
    guessing.find_moments()
    guessing.find_the_rest()
    return Guess(raw, guessing.taken, tuple(guessing.asks))


def _of_one_row(guessing: Guessing) -> Guess:
    """A table of cases: its dates become what happened."""
    again = Guessing(guessing.raw, guessing.given)
    again.take_given()
    again.find_case_of_one_row()
    if Role.CASE not in again.taken:
        raise refusing.without_case(again.raw)
    if wide.is_wide(again):
        return Guess(*wide.made_long(again))
    again.find_activity_of_single_rows()
    if not again.has_activity:
        raise refusing.without_activity(again.raw, again.taken[Role.CASE].column, again.moments[0])
    again.find_moments()
    again.find_the_rest()
    return Guess(again.raw, again.taken, tuple(again.asks))
