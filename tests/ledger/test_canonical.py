import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hilo.ledger.canonical import (
    NotForTheLedger,
    Payload,
    Sealed,
    Sheet,
    as_json,
    encode,
    encode_payload,
    event_hash,
    instant,
    sealed_ids_of,
)

pytestmark = pytest.mark.any_database

zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
# A day away from either end of the calendar, where another zone would leave it.
moments = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=zones)  # noqa: DTZ001
codes = st.text("abcxyz_.:/-ñé0123456789", max_size=64)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    codes,
    st.dates(),
    moments,
    st.decimals(allow_nan=False, allow_infinity=False, places=4),
    st.builds(Sealed, st.integers(1, 2**63 - 1), st.text("0123456789abcdef", min_size=64, max_size=64)),
)
payloads = st.dictionaries(
    st.text("abcdef_", min_size=1), st.one_of(scalars, st.lists(scalars, max_size=4).map(tuple)), max_size=6
)


@given(payloads)
def test_a_payload_read_back_and_written_again_is_the_same_text(payload: dict[str, Payload]) -> None:
    text = encode_payload(payload)

    assert as_json(json.loads(text)) == text
    assert encode_payload(dict(reversed(payload.items()))) == text


@given(payloads)
def test_sealed_texts_are_found_again_by_field(payload: dict[str, Payload]) -> None:
    expected: dict[str, int] = {}
    for name, value in payload.items():
        if isinstance(value, Sealed):
            expected[name] = value.text_id
        if isinstance(value, tuple):
            expected |= {f"{name}.{n}": v.text_id for n, v in enumerate(value) if isinstance(v, Sealed)}

    assert sealed_ids_of(encode_payload(payload)) == expected


@given(moments, zones)
def test_one_moment_has_one_text_in_every_zone(moment: datetime, zone: timezone) -> None:
    assert instant(moment.astimezone(zone)) == instant(moment)
    assert datetime.fromisoformat(instant(moment)) == moment


@given(st.integers(1, 9), codes, codes, codes)
def test_text_moved_from_one_column_to_the_next_changes_the_hash(
    number: int, one: str, two: str, more: str
) -> None:
    def hashed(kind: str, door: str) -> str:
        sheet = Sheet(
            1, "c:1", 1, kind, MOMENT, MOMENT, "person", 1, door, "c", 1, None, None, None, None, "{}", ""
        )
        return event_hash(sheet, [(one, number, two)])

    assert (hashed(one, more + two) == hashed(one + more, two)) == (more == "")


MOMENT = datetime(2026, 11, 21, tzinfo=UTC)


class Outcome(StrEnum):
    OURS = "ours"


class OldOutcome(str, Enum):  # noqa: UP042
    OURS = "ours"


def test_values_are_written_as_people_would_read_them() -> None:
    values: dict[str, Payload] = {
        "a": Decimal("1E+2"),
        "b": Decimal("1.50"),
        "c": date(2026, 1, 2),
        "d": datetime(2026, 1, 2, 1, tzinfo=timezone(timedelta(hours=1))),
        "e": (Outcome.OURS, OldOutcome.OURS),
        "f": True,
        "g": "año",
    }

    assert encode_payload(values) == (
        '{"a":"100","b":"1.50","c":"2026-01-02","d":"2026-01-02T00:00:00.000000Z",'
        '"e":["ours","ours"],"f":true,"g":"año"}'
    )


@pytest.mark.parametrize(
    "value",
    [
        "The customer called and was upset",
        "x" * 65,
        "ana@example.com",
        "two\nlines",
        "a\0b",
        "\ud800",
        2**63,
        Decimal("NaN"),
        Decimal("Infinity"),
        datetime(2026, 1, 1),  # noqa: DTZ001
    ],
    ids=repr,
)
def test_prose_addresses_and_what_cannot_be_kept_are_refused(value: Payload) -> None:
    with pytest.raises(NotForTheLedger):
        encode(value)


@pytest.mark.parametrize(
    "value", [1.5, [1], {"a": 1}, b"x", object()], ids=lambda value: type(value).__name__
)
def test_a_value_of_another_type_is_refused(value: object) -> None:
    with pytest.raises(NotForTheLedger):
        encode(value)  # type: ignore[arg-type]
