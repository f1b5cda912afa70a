"""Where the boxes and arrows of a process map stand: layers in the order of the work (after Sugiyama).

What goes back against the order keeps its own line. Everything is settled by weights and names alone, so
that the same figures give the same picture.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from hilo.insight.records import record

START = ""  # the dot at which cases begin; no activity is called so on a map

type Link = tuple[str, str]


@record
class Arrow:
    source: str
    target: str
    weight: float


@record
class Place:
    """``along`` the work and ``across`` it, in layers and in units of one box with its gap."""

    layer: int
    across: float


@record
class Route:
    """The layers an arrow passes, first to last, and its place across in each. ``back``: against the work."""

    arrow: Arrow
    across: tuple[float, ...]
    first: int
    back: bool


@record
class Arranged:
    places: dict[str, Place]
    routes: tuple[Route, ...]
    layers: int
    breadth: float


def arrange(names: Sequence[str], arrows: Sequence[Arrow]) -> Arranged:
    order = in_order(names, arrows)
    rank = {name: place for place, name in enumerate(order)}
    forward = [arrow for arrow in arrows if rank[arrow.source] < rank[arrow.target]]
    layer_of = _layers(order, forward)
    chains = [_chain(arrow, layer_of) for arrow in arrows if arrow.source != arrow.target]
    columns = _columns(order, layer_of, chains)
    _untangle(columns, chains)
    across = _settle(columns, chains)
    routes = tuple(_route(chain, across) for chain in chains)
    places = {name: Place(layer_of[name], across[name]) for name in order}
    breadth = max(across.values(), default=0.0)
    return Arranged(places, routes, len(columns), breadth)


# The order of the work ---------------------------------------------------------------------------------


def in_order(names: Sequence[str], arrows: Sequence[Arrow]) -> list[str]:
    """The order in which as little as possible of the flow goes back."""
    weight: dict[Link, float] = {(arrow.source, arrow.target): arrow.weight for arrow in arrows}
    order = _first_guess(names, weight)
    for _round in range(12):
        moved = [_best_place(order, name, weight) for name in list(order)]
        if not any(moved):
            break
    return order


def _first_guess(names: Sequence[str], weight: dict[Link, float]) -> list[str]:
    left, head = list(names), list[str]()
    while left:
        chosen = max(left, key=lambda name: (name == START, _surplus(name, left, weight)))
        head.append(chosen)
        left.remove(chosen)
    return head


def _surplus(name: str, left: list[str], weight: dict[Link, float]) -> float:
    return sum(weight.get((name, other), 0) - weight.get((other, name), 0) for other in left)


def _best_place(order: list[str], name: str, weight: dict[Link, float]) -> bool:
    """Moves ``name`` to where least flow goes back; True when it moved."""
    if name == START:
        return False
    old = order.index(name)
    rest = [other for other in order if other != name]
    back = sum(weight.get((name, other), 0) for other in rest)  # in the last place, all it sends goes back
    costs = {len(rest): back}
    for place in range(len(rest) - 1, -1, -1):
        back += weight.get((rest[place], name), 0) - weight.get((name, rest[place]), 0)
        costs[place] = back
    least = 1 if rest and rest[0] == START else 0
    best = min((place for place in costs if place >= least), key=lambda place: (costs[place], place != old))
    order[:] = [*rest[:best], name, *rest[best:]]
    return best != old


# Layers ------------------------------------------------------------------------------------------------


def _layers(order: Sequence[str], forward: Iterable[Arrow]) -> dict[str, int]:
    coming: dict[str, list[str]] = defaultdict(list)
    going: dict[str, list[str]] = defaultdict(list)
    for arrow in forward:
        coming[arrow.target].append(arrow.source)
        going[arrow.source].append(arrow.target)
    layer: dict[str, int] = {}
    for name in order:
        layer[name] = max((layer[source] + 1 for source in coming[name]), default=0)
    for name in reversed(order):  # what nothing leads to stands just before what it leads to
        if not coming[name] and going[name]:
            layer[name] = min(layer[target] for target in going[name]) - 1
    return layer


@record
class _Chain:
    """An arrow cut at each layer it passes: ``stops`` from the lower layer to the higher."""

    arrow: Arrow
    stops: tuple[str, ...]
    first: int
    back: bool


def _chain(arrow: Arrow, layer_of: dict[str, int]) -> _Chain:
    low, high = sorted((arrow.source, arrow.target), key=lambda name: layer_of[name])
    first, last = layer_of[low], layer_of[high]
    between = [f"\x00{arrow.source}\x00{arrow.target}\x00{layer}" for layer in range(first + 1, last)]
    return _Chain(arrow, (low, *between, high), first, back=arrow.source != low)


def _columns(order: Sequence[str], layer_of: dict[str, int], chains: Iterable[_Chain]) -> list[list[str]]:
    columns: list[list[str]] = [[] for _layer in range(max(layer_of.values(), default=-1) + 1)]
    for name in order:
        columns[layer_of[name]].append(name)
    for chain in chains:
        for step, stop in enumerate(chain.stops[1:-1], start=1):
            columns[chain.first + step].append(stop)
    return columns


# Fewer crossings ---------------------------------------------------------------------------------------


def _untangle(columns: list[list[str]], chains: Sequence[_Chain]) -> None:
    """Each column in the order of its neighbours' middles, to and fro; the best order seen is kept."""
    near = _neighbours(chains)
    best, fewest = [list(column) for column in columns], _crossings(columns, chains)
    for sweep in range(24):
        sequence = range(len(columns)) if sweep % 2 == 0 else range(len(columns) - 1, -1, -1)
        for number in sequence:
            _by_neighbours(columns, number, near, before=sweep % 2 == 0)
        crossings = _crossings(columns, chains)
        if crossings < fewest:
            best, fewest = [list(column) for column in columns], crossings
    columns[:] = best


type _Near = dict[str, list[tuple[str, float]]]


def _neighbours(chains: Sequence[_Chain]) -> tuple[_Near, _Near]:
    before: _Near = defaultdict(list)
    after: _Near = defaultdict(list)
    for chain in chains:
        for low, high in zip(chain.stops, chain.stops[1:], strict=False):
            before[high].append((low, chain.arrow.weight))
            after[low].append((high, chain.arrow.weight))
    return before, after


def _by_neighbours(columns: list[list[str]], number: int, near: tuple[_Near, _Near], *, before: bool) -> None:
    other = number - 1 if before else number + 1
    if not 0 <= other < len(columns):
        return
    at = {name: place for place, name in enumerate(columns[other])}
    links = near[0] if before else near[1]
    here = {name: place for place, name in enumerate(columns[number])}

    def middle(name: str) -> float:
        places = [(at[stop], weight) for stop, weight in links[name] if stop in at]
        if not places:
            return here[name] * len(columns[other]) / max(len(here), 1)
        return sum(place * weight for place, weight in places) / sum(weight for _place, weight in places)

    columns[number].sort(key=middle)


def _crossings(columns: Sequence[Sequence[str]], chains: Sequence[_Chain]) -> int:
    at = {name: place for column in columns for place, name in enumerate(column)}
    links: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for chain in chains:
        for step, (low, high) in enumerate(zip(chain.stops, chain.stops[1:], strict=False)):
            links[chain.first + step].append((at[low], at[high]))
    return sum(
        (a[0] - b[0]) * (a[1] - b[1]) < 0
        for pairs in links.values()
        for number, a in enumerate(pairs)
        for b in pairs[:number]
    )


# Places across -----------------------------------------------------------------------------------------

_LINE_ROOM = 0.42  # what a passing arrow needs beside a box's 1


def _settle(columns: list[list[str]], chains: Sequence[_Chain]) -> dict[str, float]:
    """Each stop near the middle of those it is joined to, with room between neighbours of a column."""
    links: _Near = defaultdict(list)
    for chain in chains:
        for low, high in zip(chain.stops, chain.stops[1:], strict=False):
            pull = 8.0 if low[:1] == "\x00" and high[:1] == "\x00" else 3.0 if "\x00" in low + high else 1.0
            pull *= 1 + chain.arrow.weight / max(other.arrow.weight for other in chains)
            links[low].append((high, pull))
            links[high].append((low, pull))
    across = {name: place for column in columns for name, place in _stacked(column).items()}
    for sweep in range(40):
        for column in columns if sweep % 2 == 0 else columns[::-1]:
            wanted = [_pulled(name, links[name], across) for name in column]
            across.update(zip(column, _apart(column, wanted), strict=True))
    least = min((across[name] - _half(name) for name in across), default=0.0)
    return {name: place - least - 0.5 for name, place in across.items()}


def _half(name: str) -> float:
    return _LINE_ROOM / 2 if name[:1] == "\x00" else 0.5


def _stacked(column: Sequence[str]) -> dict[str, float]:
    places, edge = dict[str, float](), 0.0
    for name in column:
        places[name] = edge + _half(name)
        edge += 2 * _half(name)
    return {name: place - edge / 2 for name, place in places.items()}


def _pulled(name: str, links: list[tuple[str, float]], across: dict[str, float]) -> float:
    total = sum(pull for _other, pull in links)
    if not total:
        return across[name]
    return sum(across[other] * pull for other, pull in links) / total


def _apart(column: Sequence[str], wanted: Sequence[float]) -> list[float]:
    """The nearest places to the wanted ones that keep the order and the room (pooled neighbours)."""
    offsets, edge = list[float](), 0.0
    for name in column:
        offsets.append(edge + _half(name))
        edge += 2 * _half(name)
    blocks: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        mean, count = want - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, others = blocks.pop()
            mean, count = (mean * count + other * others) / (count + others), count + others
        blocks.append((mean, count))
    levels = [mean for mean, count in blocks for _each in range(count)]
    return [level + offset for level, offset in zip(levels, offsets, strict=True)]


def _route(chain: _Chain, across: dict[str, float]) -> Route:
    return Route(chain.arrow, tuple(across[stop] for stop in chain.stops), chain.first, chain.back)
