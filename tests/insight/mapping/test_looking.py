from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hilo.insight.mapping import looking


def test_a_long_column_is_put_into_a_dictionary_once_and_another_one_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(looking, "LONG", 3)
    made: list[int] = []
    plainly = looking._dictionary
    monkeypatch.setattr(looking, "_dictionary", lambda column: made.append(1) or plainly(column))
    first, second = (pa.chunked_array([[*names]]) for names in ("abab", "cdcd"))
    table = pa.table({"case": first})
    for column in (first, table["case"], second, first):
        codes, names = looking.dictionary(column)
        assert codes.tolist() == [0, 1, 0, 1] and names.to_pylist() == sorted(set(column.to_pylist()))
    assert len(made) == 3
    assert looking.dictionary(first.slice(1))[0].tolist() == [0, 1, 0]


def test_codes_of_a_reader_are_numbered_anew_by_their_first_appearance() -> None:
    names = pa.array(["never", "second", "first", "third"])
    chunks = [
        pa.DictionaryArray.from_arrays(pa.array(places, pa.int32()), names)
        for places in ([2, None, 1], [], [3, 2])
    ]
    codes, used = looking.dictionary(pa.chunked_array(chunks))
    assert codes.tolist() == [0, -1, 1, 2, 0]
    assert used.to_pylist() == ["first", "second", "third"]


def test_chunks_of_different_dictionaries_share_one() -> None:
    column = pa.chunked_array([pa.array(["b", "a"]).dictionary_encode(), pa.array(["a"]).dictionary_encode()])
    codes, names = looking.dictionary(column)
    assert [names[int(code)].as_py() for code in codes] == ["b", "a", "a"]


@given(st.lists(st.integers(-1, 4), min_size=1, max_size=40), st.integers(1, 6), st.booleans())
def test_codes_are_kept_as_they_are_only_where_they_appear_in_order(
    drawn: list[int], extra: int, renumber: bool
) -> None:
    seen = [code for code in dict.fromkeys(drawn) if code >= 0]
    codes = [seen.index(code) if code >= 0 else -1 for code in drawn] if renumber else drawn
    used = [code for code in dict.fromkeys(codes) if code >= 0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(looking, "LONG", 7)
        for names in (len(used), len(used) + extra):
            found = looking._appear_in_order(np.array(codes, np.int32), names)
            assert found == (used == list(range(names)))
