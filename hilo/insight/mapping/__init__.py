"""Which column is what: guessed from names, types and behaviour, said aloud, and overruled by whoever knows.

found = guess(raw, {Role.AREA: "org:group"})
log = encode(found.raw, found.columns)
"""

from __future__ import annotations

from collections.abc import Mapping

from hilo.insight.mapping import asked, hours, refusing, wide
from hilo.insight.mapping.guessing import Guessing, Question
from hilo.insight.raw import RawTable, Role
from hilo.insight.records import record
from hilo.insight.results import Taken

__all__ = ["Guess", "Question", "guess"]


@record
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
    columns = asked.columns_of(given or {}, raw.data.column_names)
    for way in (_of_many_rows, _of_one_row, _of_columns_that_say_nothing):
        guessing = Guessing(raw, columns)
        guessing.take_given()
        if not guessing.moments:
            raise refusing.without_times(raw)
        if found := way(guessing):
            return found
    raise refusing.without_case(raw)


def _of_many_rows(guessing: Guessing) -> Guess | None:
    """A log proper, each row something that happened; by the names of its columns."""
    guessing.find_case_of_many_rows()
    if Role.CASE not in guessing.taken:
        return None
    guessing.find_activity()
    if wide.is_wide(guessing):
        return None if guessing.has_case_of_one_row() else Guess(*wide.made_long(guessing))
    if not guessing.has_activity:
        guessing.find_activity_by_behaviour()
    return _completed(guessing) if guessing.has_activity else None


def _of_one_row(guessing: Guessing) -> Guess | None:
    """A table of cases, whose dates become what happened; or cases to which one thing happened each."""
    guessing.find_case_of_one_row()
    if Role.CASE not in guessing.taken:
        return None
    if wide.is_wide(guessing):
        return Guess(*wide.made_long(guessing))
    guessing.find_activity_of_single_rows()
    if not guessing.has_activity:
        raise refusing.without_activity(guessing.raw, guessing.taken[Role.CASE].column, guessing.moments[0])
    return _completed(guessing)


def _of_columns_that_say_nothing(guessing: Guessing) -> Guess | None:
    guessing.find_case_by_behaviour()
    if Role.CASE not in guessing.taken:
        return None
    guessing.find_activity()
    if not guessing.has_activity:
        guessing.find_activity_by_behaviour()
    return _completed(guessing) if guessing.has_activity else None


def _completed(guessing: Guessing) -> Guess:
    guessing.find_moments()
    guessing.find_the_rest()
    return Guess(guessing.raw, guessing.taken, tuple(guessing.asks))
