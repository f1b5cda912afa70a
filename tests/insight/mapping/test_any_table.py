"""Whatever a table holds, it becomes a log or one sentence."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hilo.insight.encoding import encode
from hilo.insight.mapping import guess
from hilo.insight.notes import notes_of
from hilo.insight.raw import RawTable, Unreadable
from hilo.insight.speaking import speak
from tests.insight.mapping.support import raw_of

NAMES = (
    *("Pedido", "case", "Estado", "activity", "Fecha", "timestamp", "Inicio", "Vencimiento", "Técnico"),
    *("Departamento", "Delegación", "Cliente", "Importe", "Hora", "lifecycle:transition", "x", "y", "ID"),
)
TEXTS = ("A", "B", " A", "", "?", "NA", "start", "complete", "08:30", "Bilbao", "Ana Gil", "ñ\x00")
WORDS = st.sampled_from(TEXTS)
MOMENTS = st.datetimes() | st.sampled_from(
    [datetime(2024, 3, 31, 2, 30), datetime(1, 1, 1), datetime(2024, 5, 1)]  # noqa: DTZ001
)
VALUES = st.sampled_from([WORDS, MOMENTS, st.integers(-3, 3), st.floats(allow_infinity=False), st.booleans()])


@st.composite
def tables(draw: st.DrawFn) -> RawTable:
    rows = draw(st.integers(0, 12))
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=7, unique=True))
    columns = {}
    for name in names:
        value = draw(VALUES)
        columns[name] = draw(st.lists(st.none() | value, min_size=rows, max_size=rows))
    return raw_of(columns, zone=draw(st.sampled_from([None, "UTC"])))


@given(tables(), st.sampled_from([None, "Europe/Madrid"]))
@settings(max_examples=300)
def test_any_table_becomes_a_sound_log_or_a_sentence(raw: RawTable, zone: str | None) -> None:
    try:
        found = guess(raw)
        log = encode(found.raw, found.columns, zone=zone)
    except Unreadable as refused:
        assert speak(refused.said, "es")
        return
    assert len({one.column for one in found.columns.values()}) == len(found.columns)
    assert log.first[0] == 0 and log.first[-1] == len(log) > 0
    assert (np.diff(log.first) > 0).all()
    assert (np.repeat(np.arange(log.cases), np.diff(log.first)) == log.case).all()
    assert all((np.diff(log.time[a:b]) >= 0).all() for a, b in zip(log.first, log.first[1:], strict=False))
    assert len(log.case_names) == log.cases
    labels = (log.activity, log.person, log.area, log.site, log.customer, log.detail, *log.segments.values())
    for codes in labels:
        assert codes is None or (len(codes) == len(log) and codes.codes.max() < len(codes.names))
    for note in notes_of(found.raw, log, found.columns):
        assert speak(note, "en")
