"""A plan whose dates move, as arithmetic alone: no step before what it waits for, whatever anybody moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hilo.businesstime import SpecialDay, weekly, working_time
from hilo.work.planning import (
    Edge,
    Move,
    Obstacle,
    Piece,
    Standing,
    Why,
    begins,
    dues,
    earliest_end,
    foreseen,
    obstacle,
    pushed,
)

pytestmark = pytest.mark.any_database

CLOSED = SpecialDay(date(2026, 12, 8), (), "Inmaculada", "official")
OFFICE = working_time(weekly("Europe/Madrid", ["08:00-13:00", "15:00-18:00"], special=[CLOSED]))
MORNINGS = working_time(weekly("Europe/Madrid", ["06:00-14:00"], days=6))
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)  # a Monday, 10:00 in Madrid
DAY = timedelta(hours=8)


def at(day: int, hour: int = 17, month: int = 12) -> datetime:
    """UTC: 17:00 is the close of business in Madrid in winter."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def a_piece(pk: int, due: datetime | None, *before: int, days: float = 1, **more: object) -> Piece:
    given: dict[str, object] = {"standing": Standing.PLANNED, "clock": OFFICE, "target": DAY * days, **more}
    return Piece(id=pk, due=due, before=before, **given)  # type: ignore[arg-type]


def a_line() -> list[Piece]:
    """Build until Friday 27, test three days, ship one, deliver one: each as soon as it can."""
    pieces = [
        a_piece(1, at(27, month=11), standing=Standing.RUNNING),
        a_piece(2, None, 1, days=3),
        a_piece(3, None, 2),
        a_piece(4, None, 3, delivers=True),
    ]
    return with_dates(pieces, pushed(pieces, now=NOW))


def with_dates(pieces: Sequence[Piece], dates: dict[int, datetime]) -> list[Piece]:
    return [replace(one, due=dates.get(one.id, one.due)) for one in pieces]


def test_a_plan_without_dates_gets_them_from_its_targets() -> None:
    assert dues(a_line()) == {1: at(27, month=11), 2: at(2), 3: at(3), 4: at(4)}


def test_a_later_end_moves_what_waits_for_it_over_the_weekend_and_the_holiday() -> None:
    outcome = foreseen(a_line(), Move(2, Edge.END, at(4)), now=NOW)
    assert outcome.moved == {2: (at(2), at(4)), 3: (at(3), at(7)), 4: (at(4), at(9))}


def test_the_reserve_is_used_by_what_the_finish_loses_in_working_time() -> None:
    outcome = foreseen(a_line(), Move(2, Edge.END, at(4)), now=NOW)
    assert (outcome.finish_before, outcome.finish_after) == (at(4), at(9))
    assert outcome.reserve_minutes == 2 * 8 * 60  # Monday and Wednesday: Tuesday is a holiday


def test_room_before_the_next_step_takes_a_delay_up() -> None:
    pieces = with_dates(a_line(), {4: at(11)})
    outcome = foreseen(pieces, Move(2, Edge.END, at(3)), now=NOW)
    assert set(outcome.moved) == {2, 3}
    assert outcome.reserve_minutes == 0


def test_pulling_a_step_in_moves_nothing_after_it() -> None:
    pieces = with_dates(a_line(), {3: at(10), 4: at(11)})
    assert foreseen(pieces, Move(3, Edge.END, at(9)), now=NOW).moved == {3: (at(10), at(9))}


def test_moving_the_start_keeps_the_working_time_of_the_step() -> None:
    outcome = foreseen(a_line(), Move(3, Edge.START, at(4, 7)), now=NOW)
    assert outcome.moved[3] == (at(3), at(4))


def test_a_promise_is_made_late_once_and_only_by_what_passes_it() -> None:
    outcome = foreseen(a_line(), Move(2, Edge.END, at(4)), now=NOW)
    assert outcome.makes_late(at(7))
    assert not outcome.makes_late(at(9))
    assert not outcome.makes_late(at(3)), "it was late before"


@pytest.mark.parametrize(
    ("move", "expected"),
    [
        (Move(2, Edge.END, at(20, month=11)), Obstacle(Why.PAST, NOW)),
        (Move(2, Edge.END, at(8, 10)), Obstacle(Why.CLOSED, at(9, 7))),
        (Move(2, Edge.END, at(5, 10)), Obstacle(Why.CLOSED, at(7, 7))),
        (Move(2, Edge.END, at(1)), Obstacle(Why.TOO_EARLY, at(2), 1)),
        (Move(2, Edge.START, at(26, 9, month=11)), Obstacle(Why.TOO_EARLY, at(30, 7, month=11), 1)),
        (Move(2, Edge.END, at(2)), Obstacle(Why.SAME)),
        (Move(1, Edge.START, at(26, 9, month=11)), Obstacle(Why.BEGUN)),
        (Move(2, Edge.END, at(3)), None),
    ],
)
def test_what_stands_in_the_way_of_a_date(move: Move, expected: Obstacle | None) -> None:
    assert obstacle(a_line(), move, now=NOW) == expected


@pytest.mark.parametrize(("standing", "why"), [(Standing.OVER, Why.OVER), (Standing.OFFERED, Why.OFFERED)])
def test_what_is_over_or_offered_is_not_moved(standing: Standing, why: Why) -> None:
    pieces = [a_piece(1, at(2), standing=standing)]
    assert obstacle(pieces, Move(1, Edge.END, at(4)), now=NOW) == Obstacle(why)


def test_a_planned_step_begins_its_working_time_before_its_date_but_not_before_what_it_waits_for() -> None:
    pieces = a_line()
    dates = dues(pieces)
    assert begins(pieces[1], dates, now=NOW) == at(30, 7, month=11)
    later = with_dates(pieces, {2: at(11)})
    assert begins(later[1], dues(later), now=NOW) == at(9, 7)


# ---- whatever the plan ----------------------------------------------------------------------------------


@st.composite
def plans(draw: st.DrawFn) -> list[Piece]:
    """Up to eight steps, each waiting for some of those before; settled, as every saved plan is."""
    pieces: list[Piece] = []
    for pk in range(1, draw(st.integers(1, 8)) + 1):
        before = draw(st.sets(st.integers(1, pk - 1), max_size=3)) if pk > 1 else set()
        standing = draw(st.sampled_from(list(Standing)))
        due = draw(st.none() | st.integers(1, 400).map(lambda hours: NOW + timedelta(hours=hours)))
        target = draw(st.none() | st.integers(1, 2000).map(lambda minutes: timedelta(minutes=minutes)))
        clock = draw(st.sampled_from([OFFICE, MORNINGS]))
        pieces.append(Piece(pk, standing, due, target, clock, tuple(sorted(before)), draw(st.booleans())))
    return with_dates(pieces, pushed(pieces, now=NOW))


ANY_DAY = st.integers(1, 1000).map(lambda hours: NOW + timedelta(hours=hours))
ANY_EDGE = st.sampled_from(list(Edge))


def a_possible_move(pieces: list[Piece], data: st.DataObject) -> Move:
    """Anywhere, or where the refusal says that it could be."""
    movable = [one.id for one in pieces if one.standing in (Standing.PLANNED, Standing.RUNNING)]
    assume(movable)
    wanted = Move(data.draw(st.sampled_from(movable)), data.draw(ANY_EDGE), data.draw(ANY_DAY))
    return made_possible(pieces, wanted)


def made_possible(pieces: list[Piece], move: Move) -> Move:
    for _attempt in range(3):
        refused = obstacle(pieces, move, now=NOW)
        if refused is None or refused.possible is None:
            break
        move = replace(move, to=refused.possible)
    assume(obstacle(pieces, move, now=NOW) is None)
    return move


@given(plans())
def test_a_settled_plan_has_nothing_left_to_push(pieces: list[Piece]) -> None:
    assert pushed(pieces, now=NOW) == {}


@given(plans(), st.data())
def test_no_step_ever_ends_before_what_it_waits_for_and_its_own_time(
    pieces: list[Piece], data: st.DataObject
) -> None:
    outcome = foreseen(pieces, a_possible_move(pieces, data), now=NOW)
    for piece in pieces:
        due = outcome.after[piece.id]
        if piece.standing == Standing.PLANNED:
            assert due is not None and due >= earliest_end(piece, outcome.after, now=NOW)
            begun = begins(piece, outcome.after, now=NOW)
            assert begun is not None and begun <= due


@given(plans(), st.data())
def test_moving_to_where_it_is_now_changes_nothing_more(pieces: list[Piece], data: st.DataObject) -> None:
    outcome = foreseen(pieces, a_possible_move(pieces, data), now=NOW)
    after = with_dates(pieces, {pk: due for pk, due in outcome.after.items() if due is not None})
    assert pushed(after, now=NOW) == {}


@given(plans(), st.data())
def test_only_planned_steps_after_it_move_along_and_only_to_later(
    pieces: list[Piece], data: st.DataObject
) -> None:
    move = a_possible_move(pieces, data)
    by_id = {piece.id: piece for piece in pieces}
    for pk, (old, new) in foreseen(pieces, move, now=NOW).moved.items():
        if pk != move.piece:
            assert by_id[pk].standing == Standing.PLANNED
            assert old is None or new > old


@given(plans(), st.data())
def test_a_later_date_makes_no_other_date_earlier(pieces: list[Piece], data: st.DataObject) -> None:
    move = a_possible_move(pieces, data)
    hours = data.draw(st.integers(1, 300))
    further = made_possible(pieces, replace(move, to=move.to + timedelta(hours=hours)))
    near, far = foreseen(pieces, move, now=NOW), foreseen(pieces, further, now=NOW)
    for piece in pieces:
        one, other = near.after[piece.id], far.after[piece.id]
        assert one is None or (other is not None and other >= one)
    assert far.finish_after is None or near.finish_after is None or far.finish_after >= near.finish_after
