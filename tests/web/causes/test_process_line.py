"""The line with its three marks: told apart by shape, and never losing a name without keeping its knot."""

from __future__ import annotations

import pytest

from hilo.web.causes.process_line import MIDDLE, WIDE, Mark, Place, ProcessLine, draw, wrapped

pytestmark = pytest.mark.any_database

STEPS = ("Requisito", "Consejo", "Pedido", "Diseño", "Prueba en taller", "Montaje")


def marked(**marks: int) -> ProcessLine:
    at = {place: kind for kind, place in marks.items()}
    return ProcessLine(
        tuple(
            Place(name, (Mark(at[place], f"{at[place]} aquí"),) if place in at else ())  # type: ignore[arg-type]
            for place, name in enumerate(STEPS)
        )
    )


def test_each_mark_has_a_shape_of_its_own() -> None:
    line = marked(lost=3, visible=4, seen=5)
    shapes = {rung.css: rung.shape for rung in line.rungs}
    assert len({"q-lost", "q-visible", "q-seen"} & set(shapes)) == 3
    assert len({shapes["q-lost"], shapes["q-visible"], shapes["q-seen"]}) == 3


def test_the_line_frays_from_where_it_got_lost() -> None:
    line = marked(lost=3, seen=5)
    assert [rung.is_frayed for rung in line.rungs] == [False, False, False, True, True, True]
    assert [one.css for one in draw(line, WIDE).stretches] == ["q-ok", "q-fray"]


def test_without_a_mark_nothing_frays() -> None:
    line = marked()
    assert line.frays_from is None
    assert [one.css for one in draw(line, WIDE).stretches] == ["q-ok"]
    assert line.words == ", ".join(STEPS)


def test_it_is_said_in_one_sentence() -> None:
    assert marked(lost=3, seen=5).words == "lost aquí: Diseño; seen aquí: Montaje"


@pytest.mark.parametrize("width", [WIDE, MIDDLE])
@pytest.mark.parametrize("steps", [1, 6, 14, 40])
def test_nothing_leaves_the_drawing_and_every_place_keeps_its_knot(steps: int, width: int) -> None:
    places = tuple(Place(f"Paso número {n} con su nombre largo") for n in range(steps))
    places = (*places[:-1], Place("El último", (Mark("lost", "Aquí se perdió · 16 mar"),)))
    drawing = draw(ProcessLine(places), width)
    assert len(drawing.knots) == steps
    assert all(0 <= knot.x <= width for knot in drawing.knots)
    assert all(text.y < drawing.height for text in drawing.texts)
    assert any("Aquí" in text.said for text in drawing.texts)


def test_a_long_name_is_cut_with_an_ellipsis_after_three_lines() -> None:
    lines = wrapped("Comprobación de la documentación técnica completa en casa del cliente final", 90)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert wrapped("Pedido", 90) == ["Pedido"]
    assert wrapped("X" * 200, 90)[0].endswith("…")


def test_a_process_without_steps_draws_nothing() -> None:
    drawing = draw(ProcessLine(()), WIDE)
    assert (drawing.knots, drawing.texts, drawing.stretches) == ((), (), ())
