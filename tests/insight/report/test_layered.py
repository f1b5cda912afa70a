"""Boxes and arrows of the process map: the work runs forward, nothing stands on anything else."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hilo.insight.report.layered import START, Arrow, arrange, in_order
from hilo.insight.report.map_drawing import Box, Sketch, drawn

CHAIN = [Arrow(a, b, 100) for a, b in pairwise("abcdef")]


def test_a_chain_stands_in_one_row_in_its_order() -> None:
    arranged = arrange("abcdef", CHAIN)
    assert [arranged.places[name].layer for name in "abcdef"] == [0, 1, 2, 3, 4, 5]
    assert len({place.across for place in arranged.places.values()}) == 1


def test_the_lighter_way_is_the_one_that_goes_back() -> None:
    arrows = [*CHAIN, Arrow("d", "b", 30)]
    backs = [route.arrow for route in arrange("abcdef", arrows).routes if route.back]
    assert backs == [Arrow("d", "b", 30)]


def test_the_dot_at_which_cases_begin_is_first_of_all() -> None:
    arrows = [Arrow(START, "b", 5), Arrow("a", "b", 9), Arrow("b", "a", 10)]
    assert in_order(["a", "b", START], arrows)[0] == START


NAMES = st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=10, unique=True)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[str], list[Arrow]]:
    names = draw(NAMES)
    links = draw(st.sets(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=20))
    weights = draw(st.lists(st.integers(1, 10_000), min_size=len(links), max_size=len(links)))
    pairs = sorted(link for link in links if link[0] != link[1])
    return names, [Arrow(*link, float(weight)) for link, weight in zip(pairs, weights, strict=False)]


@given(graphs())
def test_every_arrow_runs_between_its_boxes_forward_or_back(graph: tuple[list[str], list[Arrow]]) -> None:
    names, arrows = graph
    arranged = arrange(names, arrows)
    assert set(arranged.places) == set(names)
    assert len(arranged.routes) == len(arrows)
    for route in arranged.routes:
        source, target = (arranged.places[end].layer for end in (route.arrow.source, route.arrow.target))
        assert (target < source) == route.back or target == source
        assert route.first == min(source, target)


@given(graphs())
def test_no_box_stands_on_another(graph: tuple[list[str], list[Arrow]]) -> None:
    arranged = arrange(*graph)
    for layer in range(arranged.layers):
        across = sorted(place.across for place in arranged.places.values() if place.layer == layer)
        assert all(after - before > 0.99 for before, after in pairwise(across))


@given(graphs(), st.sampled_from((1340, 960, 680)))
def test_a_map_never_is_wider_than_its_paper(graph: tuple[list[str], list[Arrow]], width: int) -> None:
    names, arrows = graph
    if not arrows:
        return
    arranged = arrange(names, arrows)
    labels = {(arrow.source, arrow.target): ("1.000", "2 h") for arrow in arrows}
    boxes = {name: Box((name,), "1 vez", name, "") for name in names}
    svg = drawn(Sketch(arranged, boxes, labels, "map"), width)
    assert float(svg.partition('width="')[2].partition('"')[0]) <= width + 1
    assert svg.count("<rect") == len(names)


@given(graphs())
def test_the_same_figures_give_the_same_picture(graph: tuple[list[str], list[Arrow]]) -> None:
    assert arrange(*graph) == arrange(*graph)
