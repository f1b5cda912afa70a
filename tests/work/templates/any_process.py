"""Any process that the rules allow: random graphs, texts of every alphabet, every fact set or left alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from hilo.work.models import Step, Thread, Weight
from hilo.work.prefill import PREFILLS
from hilo.work.template_rules import MINUTES, StepText, TemplateText, _is_readable, one_line

AREAS = ("sales", "technical", "production", "logistics", "purchasing")
NAMES = {"sales": "Comercial", "technical": "Oficina técnica <Ñ> & «más»", "production": "logistics"}
CODES = {code: code for code in AREAS}

KEYS = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,39}", fullmatch=True)
ODD = st.sampled_from(
    ["&amp; <b>'\"", "]]>", "# no: 'comentario'", "- 1", "yes", "null", "2d", "🙂 é", "=1+1"]
)


def lines(most: int) -> st.SearchStrategy[str]:
    signs = st.characters(exclude_categories=("Cc", "Cs", "Cn"), exclude_characters="\u202d\u202e")
    plain = st.text(signs, min_size=1, max_size=most // 3).map(lambda text: one_line(text) or "x")
    return (plain | ODD).filter(lambda text: len(text) <= most and _is_readable(text))


def lists(most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(lines(60), max_size=most).map(tuple)


@st.composite
def needs(draw: Any) -> tuple[dict[str, str | bool], ...]:
    found = []
    for key in draw(st.lists(KEYS, max_size=3, unique=True)):
        need: dict[str, str | bool] = {"key": key, "text": draw(lines(60)), "required": draw(st.booleans())}
        if draw(st.booleans()):
            need["prefill"] = draw(st.sampled_from(sorted(PREFILLS)))
        found.append(need)
    return tuple(found)


@st.composite
def steps(draw: Any, key: str, name: str) -> StepText:
    areas = st.lists(st.sampled_from(AREAS), max_size=3, unique=True).map(tuple)
    return StepText(
        key=key,
        name=name,
        area=draw(st.sampled_from(AREAS)),
        target_minutes=draw(st.integers(1, 9_999)) * draw(st.sampled_from(sorted(MINUTES.values()))),
        answerable=draw(st.just("") | lines(60)),
        consulted=draw(areas),
        informed=draw(areas),
        entry=draw(lists()),
        exit=draw(lists()),
        needs=draw(needs()),
        advice_hints=draw(lists()),
        value=draw(st.sampled_from(Step.Value.values)),
        touches_customer=draw(st.booleans()),
        joint_look=draw(st.booleans()),
        delivers=draw(st.booleans()),
        weight=draw(st.sampled_from(Weight.values)),
        finishes=draw(st.sampled_from(Step.Finishes.values)),
    )


@st.composite
def processes(draw: Any, most: int = 8) -> TemplateText:
    keys = draw(st.lists(KEYS, min_size=1, max_size=most, unique=True))
    names = draw(st.lists(lines(60), min_size=len(keys), max_size=len(keys), unique_by=str.casefold))
    drawn = [draw(steps(key, name)) for key, name in zip(keys, names, strict=True)]
    order = draw(st.permutations(keys))  # a step may stand above one that it waits for
    place = {key: number for number, key in enumerate(keys)}
    linked = []
    for step in drawn:
        earlier = order[: order.index(step.key)]
        after = draw(st.lists(st.sampled_from(earlier), max_size=3, unique=True)) if earlier else []
        linked.append(replace(step, after=tuple(sorted(after, key=place.__getitem__))))
    return TemplateText(
        code=draw(KEYS),
        name=draw(lines(60)),
        kind=draw(st.sampled_from(Thread.Kind.values)),
        runs_per_order=draw(st.booleans()),
        steps=tuple(linked),
    )
