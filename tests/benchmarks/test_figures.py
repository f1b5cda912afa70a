"""The arithmetic and the table of the measurements, without measuring anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.figures import Figure, Run, compared, load, middle, percentile, save, table

pytestmark = pytest.mark.any_database


def a_run(*figures: Figure, commit: str = "abc1234") -> Run:
    return Run("sqlite", "medium", commit, "a machine", 0.5, "2026-11-22T10:00:00+00:00", figures)


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(number) for number in range(1, 101)]
    assert percentile(values, 0.95) == 95
    assert percentile([3.0], 0.95) == 3
    assert percentile([2.0, 1.0], 0.5) == 1


def test_of_nothing_there_is_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.95)


def test_one_slow_repeat_does_not_move_the_middle() -> None:
    assert middle([10.0, 11.0, 400.0]) == 11


def test_a_target_is_a_most_or_a_least() -> None:
    assert Figure("page", 20.0, "ms", 20).is_met is True
    assert Figure("page", 20.1, "ms", 20).is_met is False
    assert Figure("import", 399.0, "/s", 400, more_is_better=True).is_met is False
    assert Figure("import", 401.0, "/s", 400, more_is_better=True).is_met is True
    assert Figure("floor", 5.0, "ms").is_met is None


def test_the_table_says_what_was_missed_and_how_far_from_the_floor() -> None:
    lines = table(
        a_run(Figure("page", 60.0, "ms", 20, floor=10.0), Figure("weight", 12.0, "KB", 25))
    ).splitlines()
    assert lines[2].split() == ["page", "60", "ms", "≤", "20", "6.0", "MISSED"]
    assert lines[3].split() == ["weight", "12", "KB", "≤", "25", "met"]


def test_releases_are_compared_figure_by_figure() -> None:
    old = a_run(
        Figure("page", 20.0, "ms"), Figure("import", 400.0, "/s", more_is_better=True), Figure("gone", 1, "")
    )
    new = a_run(
        Figure("page", 30.0, "ms"),
        Figure("import", 200.0, "/s", more_is_better=True),
        Figure("added", 1, ""),
        commit="def5678",
    )
    said = compared(old, new).splitlines()
    assert said[0] == "sqlite: abc1234 against def5678"
    assert [line.endswith("SLOWER") for line in said[1:]] == [True, True]
    assert "1.50 x" in said[1] and "0.50 x" in said[2]


def test_a_little_slower_is_not_called_slower() -> None:
    assert "SLOWER" not in compared(a_run(Figure("page", 20.0, "ms")), a_run(Figure("page", 24.0, "ms")))


def test_what_was_kept_is_read_back_the_same(tmp_path: Path) -> None:
    runs = [a_run(Figure("page", 20.25, "ms", 20, floor=6.5))]
    save(runs, tmp_path / "new" / "web.json")
    assert load(tmp_path / "new" / "web.json") == runs
