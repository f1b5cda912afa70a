"""The thread line: what it shows at each instant, what it says, and that every drawing keeps to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from hilo.web.base import gallery, strand_map
from hilo.web.base.spans import Block, BorderSpan, DoneStep, Pause, PlannedStep, Silence, WorkSpan
from hilo.web.base.strand import PRECEDENCE, Line, kind_of, lay_out
from hilo.web.base.strand_drawing import miniature, readable, trail

START = datetime(2026, 11, 2, 8, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def border(
    opened: float, closed: float | None = None, ended_as: str = "accepted", to: str = "Producción"
) -> BorderSpan:
    ended = ended_as if closed is not None else ""
    return BorderSpan("Comercial", to, day(opened), None if closed is None else day(closed), ended, "3 días")  # type: ignore[arg-type]


def shown(line: Line) -> list[tuple[str, float, float]]:
    def days(moment: datetime) -> float:
        return (moment - START) / timedelta(days=1)

    return [(stretch.kind, days(stretch.start), days(stretch.end)) for stretch in line.stretches]


def test_it_waits_from_the_offer_until_the_answer_and_moves_before_and_after() -> None:
    line = lay_out(
        [WorkSpan("Comercial", day(0), day(2)), border(2, 5), WorkSpan("Producción", day(5))],
        opened_at=day(0),
        now=day(8),
    )
    assert shown(line) == [("moving", 0, 2), ("waiting", 2, 5), ("moving", 5, 8)]
    assert not line.is_frayed


def test_where_nothing_runs_it_does_not_move() -> None:
    line = lay_out(
        [WorkSpan("A", day(1), day(2)), WorkSpan("B", day(4), day(5))], opened_at=day(0), now=day(6)
    )
    assert shown(line) == [("idle", 0, 1), ("moving", 1, 2), ("idle", 2, 4), ("moving", 4, 5), ("idle", 5, 6)]


def test_parallel_branches_show_the_border_only_while_something_waits_there() -> None:
    line = lay_out(
        [
            WorkSpan("Compras", day(0), day(9)),
            WorkSpan("Producción", day(0), day(3)),
            border(3, 4),
            border(3.5, 5),
        ],
        opened_at=day(0),
        now=day(9),
    )
    assert shown(line) == [("moving", 0, 3), ("waiting", 3, 4), ("waiting", 4, 5), ("moving", 5, 9)]


def test_work_passing_from_hand_to_hand_is_one_solid_stretch() -> None:
    line = lay_out(
        [WorkSpan("A", day(0), day(2)), WorkSpan("B", day(2), day(4))], opened_at=day(0), now=day(4)
    )
    assert shown(line) == [("moving", 0, 4)]


def test_a_returned_offer_is_a_bounce_and_frays_until_it_is_offered_again() -> None:
    spans: list[BorderSpan | WorkSpan] = [border(1, 3, "returned"), WorkSpan("Comercial", day(3))]
    line = lay_out(spans, opened_at=day(0), now=day(5))
    assert [kind for kind, *_ in shown(line)] == ["idle", "bounced", "moving"]
    assert line.is_frayed
    again = lay_out([*spans, border(4, 4.5)], opened_at=day(0), now=day(5))
    assert not again.is_frayed


def test_silence_shows_over_work_but_not_over_a_border() -> None:
    line = lay_out(
        [WorkSpan("A", day(0), day(6)), border(6)],
        [Silence(day(4), None, "6 días")],
        opened_at=day(0),
        now=day(10),
    )
    assert shown(line) == [("moving", 0, 4), ("silent", 4, 6), ("waiting", 6, 10)]


def test_a_pause_rests_and_a_blocked_invoice_is_hatched_where_nothing_else_runs() -> None:
    line = lay_out(
        [WorkSpan("A", day(0), day(2))],
        pauses=[Pause(day(2), day(4))],
        blocks=[Block(day(3), None, "148.400 €")],
        opened_at=day(0),
        now=day(6),
    )
    assert shown(line) == [("moving", 0, 2), ("paused", 2, 4), ("blocked", 4, 6)]


def test_what_lies_outside_the_life_of_the_thread_is_cut_off() -> None:
    line = lay_out(
        [WorkSpan("A", day(-3), day(20))],
        opened_at=day(0),
        now=day(30),
        archived_at=day(5),
        planned=[PlannedStep("Never", day(9))],
    )
    assert shown(line) == [("moving", 0, 5)]
    assert line.planned == ()
    assert (line.label, line.is_frayed) == ("", False)


def test_a_thread_opened_this_instant_has_no_stretch_and_still_draws() -> None:
    line = lay_out([WorkSpan("A", day(0))], opened_at=day(0), now=day(0))
    assert line.stretches == ()
    assert miniature(line).past == ()
    assert strand_map.draw(line, MADRID, "es").height > 0
    assert trail(line, [day(0)]).below == ("h-strand",)


@pytest.mark.parametrize(
    ("language", "words", "label", "sentence"),
    [
        (
            "es",
            "Rebotó 1 vez entre Oficina técnica y Producción; espera en la frontera con Producción, "
            "3 días laborables; antes, 10 días sin noticias al cliente; quedan 3 pasos",
            "Espera a Producción, 3 días laborables",
            "Ahora: espera en la frontera con Producción, 3 días laborables",
        ),
        (
            "en",
            "It bounced 1 time between Oficina técnica and Producción; it waits at the border with "
            "Producción, 3 días laborables; earlier, 10 días without news to the customer; 3 steps ahead",
            "Waits for Producción, 3 días laborables",
            "Now: it waits at the border with Producción, 3 días laborables",
        ),
    ],
)
def test_it_says_in_words_what_the_picture_shows(
    language: str, words: str, label: str, sentence: str
) -> None:
    with translation.override(language):
        line = gallery.frayed_line()
        assert (line.words, line.label, line.sentence) == (words, label, sentence)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (gallery.silent_line, "Se mueve; 8 días sin noticias al cliente; queda 1 paso"),
        (gallery.bounced_line, "Se mueve; rebotó 2 veces entre Comercial y Oficina técnica; queda 1 paso"),
        (gallery.paused_line, "En pausa hasta el lunes 30; queda 1 paso"),
        (gallery.blocked_line, "Ahora no hay nada en marcha; factura bloqueada, 148.400 €"),
        (gallery.whole_line, "Se mueve; queda 1 paso"),
        (gallery.archived_line, "Archivado"),
    ],
)
def test_every_state_has_its_sentence(line: object, words: str) -> None:
    with translation.override("es"):
        assert line().words == words  # type: ignore[operator]


# ---- drawings -------------------------------------------------------------------------------------------


def test_the_miniature_ends_in_what_frays_today() -> None:
    mini = miniature(gallery.frayed_line())
    assert [part.strand for part in mini.past] == ["", "bounce", "", "silent", "", "wait"]
    assert mini.knot == "is-fray"
    assert not mini.past[-1].is_mended
    assert mini.future is not None
    assert sum(part.weight for part in mini.past) + mini.future.weight == pytest.approx(100, abs=4)


def test_an_archived_line_has_an_end_and_no_future() -> None:
    mini = miniature(gallery.archived_line())
    assert (mini.knot, mini.future) == ("is-end", None)
    assert [part.is_mended for part in mini.past] == [False, True, False]


def test_slivers_join_their_neighbours_but_an_open_wait_of_a_minute_stays() -> None:
    line = lay_out(
        [
            WorkSpan("A", day(0), day(50)),
            border(50, 50.01),
            WorkSpan("B", day(50.01), day(100)),
            border(100),
        ],
        opened_at=day(0),
        now=day(100.001),
    )
    assert [piece.kind for piece in readable(line.stretches)] == ["moving", "waiting"]


def test_a_line_of_thousands_of_stretches_is_drawn_at_once() -> None:
    spans = [s for n in range(4000) for s in (WorkSpan("A", day(n), day(n + 0.7)), border(n + 0.7, n + 1))]
    line = lay_out(spans, opened_at=day(0), now=day(4000))
    assert len(line.stretches) == 8000
    assert 1 <= len(miniature(line).past) <= 13


def test_the_timeline_frays_from_the_offer_up_to_today() -> None:
    line = gallery.frayed_line()
    beside = trail(line, gallery.entry_moments())
    assert beside.now == "h-strand h-strand--wait is-loose"
    assert beside.below == (
        "h-strand h-strand--wait",
        "h-strand h-strand--wait is-start",
        "h-strand",
        "h-strand h-strand--silent",
        "h-strand h-strand--bounce",
    )
    with translation.override("es"):
        assert trail(line, gallery.entry_moments()).gaps[3] == ("10 días sin noticias",)


def boxes(labels: list[strand_map.Label]) -> dict[int, list[tuple[float, float]]]:
    rows: dict[int, list[tuple[float, float]]] = {}
    for label in labels:
        wide = max(len(label.text) * strand_map.BOLD_LETTER, len(label.detail) * strand_map.LETTER)
        left = {"start": 0.0, "middle": wide / 2, "end": wide}[label.anchor]
        rows.setdefault(label.row, []).append((label.x - left, label.x - left + wide))
    return rows


@pytest.mark.parametrize("width", [1280, 860])
@pytest.mark.parametrize("line", [gallery.frayed_line, gallery.crowded_line, gallery.young_line])
def test_no_two_labels_of_the_map_touch(line: object, width: int) -> None:
    picture = strand_map.draw(line(), MADRID, "es", width=width)  # type: ignore[operator]
    for labels in (picture.above, picture.below):
        for row in boxes(labels).values():
            in_order = sorted(row)
            assert all(left >= 0 and right <= width for left, right in in_order)
            assert all(a[1] < b[0] for a, b in pairwise(in_order))


def test_the_map_keeps_time_in_order_and_the_promise_always_has_its_name() -> None:
    for make in (gallery.frayed_line, gallery.crowded_line):
        for width in (1280, 860):
            line = make()
            picture = strand_map.draw(line, MADRID, "es", width=width)
            assert "Entrega prometida" in [label.text for label in picture.above]
            scale = strand_map.Scale.of(line, width)
            places = [scale.x(line.opened_at + timedelta(hours=h)) for h in range(0, 3000, 7)]
            assert places == sorted(places)


def test_every_step_of_an_ordinary_thread_has_its_name_on_the_map() -> None:
    line = gallery.frayed_line()
    steps = [*(step.name for step in line.done), *(step.name for step in line.planned)]
    for width in (1280, 860):
        picture = strand_map.draw(line, MADRID, "es", width=width)
        named = [label.text.rstrip("…") for label in (*picture.above, *picture.below)]
        assert [name for name in steps if not any(name.startswith(text) for text in named)] == []


def test_an_overdue_step_stands_after_today() -> None:
    picture = strand_map.draw(gallery.crowded_line(), MADRID, "es")
    late = [knot for knot in picture.knots if knot.title.startswith("Revisión del albarán")]
    assert picture.today_x is not None
    assert late[0].x > picture.today_x
    assert late[0].css == "knot-fray"


def test_the_list_for_phones_tells_the_same_story() -> None:
    with translation.override("es"):
        told = [rung.name for rung in strand_map.rungs(gallery.frayed_line())]
    assert told == [
        "Pedido firmado",
        "Ingeniería",
        "Rebotó en Producción: faltaba el plano neumático · ofrecido otra vez",
        "10 días sin noticias",
        "Fabricación",
        "Ajuste",
        "Espera a Producción, 3 días laborables",
        "Prueba en fábrica",
        "Transporte",
        "Revisión con el cliente",
        "Montaje y prueba en planta",
        "Entrega prometida",
    ]


def bounces_below(*spans: BorderSpan, width: int = 1280) -> list[str]:
    work = [WorkSpan("Comercial", day(0), day(40))]
    with translation.override("es"):
        line = lay_out([*work, *spans], opened_at=day(0), now=day(40))
        below = strand_map.draw(line, MADRID, "es", width=width).below
    return [label.text for label in below if label.text.startswith("Rebotó")]


def returned(opened: float, reason: str = "") -> BorderSpan:
    start, end = day(opened), day(opened + 2)
    return BorderSpan("Comercial", "Compras", start, end, "returned", "2 días", reason)


def test_a_bounce_says_what_became_of_it() -> None:
    assert bounces_below(returned(3), border(10, to="Compras")) == ["Rebotó en Compras · ofrecido otra vez"]
    assert bounces_below(returned(3), border(30, 39.9, "withdrawn", to="Compras")) == [
        "Rebotó en Compras · sin resolver"
    ]
    assert bounces_below(returned(3), border(10, 12, to="Compras")) == ["Rebotó en Compras · resuelto"]
    assert bounces_below(returned(3), border(10, 12, to="Producción")) == ["Rebotó en Compras · sin resolver"]


def test_bounces_at_one_area_are_said_once_and_no_word_of_them_is_cut() -> None:
    why = "faltan los modelos y el de la bomba, sin los que el proveedor no reserva turno de fabricación"
    three = [returned(3, why), returned(9, why), returned(15, why)]
    for width in (1280, 860):
        assert bounces_below(*three, width=width) == ["Rebotó 3 veces en Compras · sin resolver"]
        mended = bounces_below(*three, border(20, 22, to="Compras"), width=width)
        assert mended == ["Rebotó 3 veces en Compras · resuelto"]
        (alone,) = bounces_below(returned(3, why), width=width)
        assert alone in (f"Rebotó en Compras: {why} · sin resolver", "Rebotó en Compras · sin resolver")


# ---- whatever the spans ---------------------------------------------------------------------------------

moments = st.integers(-2, 60)


@st.composite
def any_span(draw: st.DrawFn) -> BorderSpan | WorkSpan | Silence | Pause:
    opened = draw(moments)
    closed = draw(st.none() | st.integers(opened, 62))
    kind = draw(st.sampled_from(["border", "returned", "work", "silence", "pause"]))
    until = None if closed is None else day(closed)
    if kind in {"border", "returned"}:
        return border(opened, closed, "returned" if kind == "returned" else "accepted")
    if kind == "work":
        return WorkSpan("A", day(opened), until)
    return Silence(day(opened), until) if kind == "silence" else Pause(day(opened), until)


def brute_force(story: list[BorderSpan | WorkSpan | Silence | Pause], moment: datetime) -> str:
    """Slow and obvious: look at every span at one instant."""
    here = [
        kind_of(span)
        for span in story
        if span.opened_at <= moment and (span.closed_at is None or moment < span.closed_at)
    ]
    return min(here, key=PRECEDENCE.index, default="idle")


@given(st.lists(any_span(), max_size=12), st.integers(1, 60))
def test_the_line_equals_looking_at_every_instant(
    story: list[BorderSpan | WorkSpan | Silence | Pause], lived: int
) -> None:
    line = lay_out(
        [span for span in story if isinstance(span, BorderSpan | WorkSpan)],
        [span for span in story if isinstance(span, Silence)],
        [span for span in story if isinstance(span, Pause)],
        opened_at=day(0),
        now=day(lived),
    )
    assert line.stretches[0].start == day(0)
    assert line.stretches[-1].end == day(lived)
    assert all(a.end == b.start for a, b in pairwise(line.stretches))
    for half in range(2 * lived):
        moment = day(half / 2 + 0.25)
        [stretch] = [s for s in line.stretches if s.start <= moment < s.end]
        assert stretch.kind == brute_force(story, moment)
    assert all(stretch.label for stretch in line.frayed_stretches)


@given(st.lists(any_span(), max_size=12), st.integers(1, 60), st.lists(st.integers(-5, 90), max_size=9))
def test_every_drawing_stays_inside_its_frame(
    story: list[BorderSpan | WorkSpan | Silence | Pause], lived: int, dues: list[int]
) -> None:
    line = lay_out(
        [span for span in story if isinstance(span, BorderSpan | WorkSpan)],
        [span for span in story if isinstance(span, Silence)],
        [span for span in story if isinstance(span, Pause)],
        [PlannedStep(f"Paso {n}", day(due)) for n, due in enumerate(dues)],
        done=[DoneStep("Hecho", day(lived / 2))],
        opened_at=day(0),
        now=day(lived),
    )
    mini = miniature(line)
    assert all(1 <= part.weight <= 100 for part in mini.past)
    for width in (1280, 860):
        picture = strand_map.draw(line, MADRID, "en", width=width)
        assert all(0 <= knot.x <= width for knot in picture.knots)
        assert picture.today_x is not None
        assert 0 < picture.today_x < width
