"""Small logs with all that is awkward: equal times, missing units, one-event cases, starts after ends."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.insight.measures.logs import Row

HOUR = 3_600_000_000
AUTUMN = 1_792_800_000_000_000  # 2026-10-24: the clocks of Madrid go back in the night

units = st.sampled_from(["X", "Y", "Z", None])
times = st.integers(0, 40).map(lambda hours: AUTUMN + hours * HOUR) | st.integers(
    AUTUMN, AUTUMN + 400 * 24 * HOUR
)
midnights = st.integers(-3, 6).map(lambda day: AUTUMN - 2 * HOUR + day * 24 * HOUR)


def rows(
    *, with_starts: bool = False, dues: SearchStrategy[int | None] | None = None
) -> SearchStrategy[list[Row]]:
    """1 to 25 events of up to 8 cases."""
    event = st.builds(
        Row,
        case=st.sampled_from("abcdefgh"),
        activity=st.sampled_from(["Order", "Check", "Ship", "bill"]),
        time=times,
        start=st.none() | times if with_starts else st.none(),
        area=units,
        site=st.sampled_from(["Bilbao", "Vigo", None]),
        due=dues if dues is not None else st.none(),
    )
    return st.lists(event, min_size=1, max_size=25)


def many_cases() -> SearchStrategy[list[Row]]:
    """Enough cases for activities to close and groups to be compared: each of 1 to 3 events."""
    case = st.lists(
        st.tuples(st.sampled_from(["Order", "Ship", "bill"]), times, st.none() | times),
        min_size=1,
        max_size=3,
    )
    facts = st.tuples(case, st.sampled_from(["Bilbao", "Vigo", "Lugo"]), st.none() | midnights)
    return st.lists(facts, min_size=8, max_size=30).map(
        lambda found: [
            Row(f"{number}", activity, time, start, site=site, due=due)
            for number, (events, site, due) in enumerate(found)
            for activity, time, start in events
        ]
    )
