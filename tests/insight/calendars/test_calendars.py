from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from hilo.businesstime import working_time
from hilo.insight.calendars import read_calendar
from hilo.insight.raw import Unreadable

SPLIT = """
zone: Europe/Madrid
hours: ["09:00-14:00", "16:00-19:00"]
saturday: ["09:00-13:00"]
holidays: ES-AR
closed: [2026-12-24]
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "horario.yml"
    file.write_text(text, encoding="utf-8")
    return file


def test_split_shifts_saturdays_holidays_and_own_days_off_count(tmp_path: Path) -> None:
    rules = read_calendar(written(tmp_path, SPLIT), [2026])
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    assert working_time(rules).between(monday, monday + timedelta(days=7)) == timedelta(hours=5 * 8 + 4)
    assert not rules.is_working_day(date(2026, 12, 24)) and not rules.is_working_day(date(2026, 12, 8))
    assert rules.is_working_day(date(2026, 12, 5)) and not rules.is_working_day(date(2026, 12, 13))


@pytest.mark.parametrize(
    ("text", "saying"),
    [
        ("zone: Europe/Madrid", "gives no hours"),
        ("hours: 9-14", "no calendar we understand"),
        ('hours: ["14:00-09:00"]', "no calendar we understand"),
        ('hours: ["09:00-14:00"]\nzone: Mars/Olympus', "no calendar we understand"),
        ('hours: ["09:00-14:00"]\nholidays: XX', "no calendar we understand"),
        ('hours: ["09:00-14:00"]\nclosed: [mañana]', "no calendar we understand"),
        ('hours: ["09:00-14:00"]\nmartes: []', "«martes» that means nothing"),
        ("hours: [", "not YAML"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused_in_a_sentence(
    tmp_path: Path, text: str, saying: str
) -> None:
    with pytest.raises(Unreadable, match=saying):
        read_calendar(written(tmp_path, text), [2026])


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"nothing\.yml"):
        read_calendar(tmp_path / "nothing.yml", [2026])
