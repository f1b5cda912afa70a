"""What stands under the map and beside its names never stands on something else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hilo.web.base.strand_map import BOLD_LETTER, LETTER
from hilo.web.map.axis import TimeAxis, ticks
from hilo.web.map.drawing import SMALL, WIDE, Layout, Picture, Row, draw

START = datetime(2026, 10, 29, tzinfo=UTC)
TODAY = len("today")


@pytest.mark.parametrize("layout", [WIDE, SMALL], ids=lambda layout: layout.name)
def test_no_day_is_written_where_today_is(layout: Layout) -> None:
    """On each of forty days: some fall on the line of a Monday, some right beside it."""
    for days in range(1, 40):
        chart = draw(picture(now=START + timedelta(days=days, hours=9)), layout, UTC, "es")
        assert chart.today_x is not None
        word = (chart.today_x + 5, chart.today_x + 5 + TODAY * BOLD_LETTER)
        texts = [(one.x + 4, one.x + 4 + len(one.text) * LETTER) for one in chart.ticks if one.text]
        assert texts and not [each for each in texts if each[0] < word[1] and each[1] > word[0]], days


def test_a_day_that_gives_way_keeps_its_line() -> None:
    axis = TimeAxis(START, START + timedelta(days=90), 0.0, 1000.0)
    free = ticks(axis, START, UTC, "es")
    beside = (free[2].x - 1, free[2].x + 40)
    kept = ticks(axis, START, UTC, "es", kept=beside)
    assert [one.x for one in kept] == [one.x for one in free]
    assert [one.text for one in kept] == [one.text if one != free[2] else "" for one in free]


def test_on_the_phone_a_long_name_leaves_room_for_what_stands_beside_it() -> None:
    late = Row(1, "Acordar con el cliente qué recibe y cuándo", "", "tarde desde el 20 nov")
    (drawn,) = draw(picture(now=START + timedelta(days=24), rows=[late]), SMALL, UTC, "es").rows
    ends = SMALL.left + len(drawn.name) * BOLD_LETTER
    assert drawn.name.endswith("…") and ends + 8 < drawn.label_x - len(drawn.label) * LETTER


def picture(*, now: datetime, rows: list[Row] | None = None) -> Picture:
    return Picture(rows=rows or [], marks=[], start=START, end=START + timedelta(days=92), now=now)
