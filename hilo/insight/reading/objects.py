"""Object-centric logs laid flat: one kind of object becomes the case, and it is said which and what else."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hilo.insight.raw import Role, Unreadable
from hilo.insight.reading.piece import Piece
from hilo.insight.reading.stated import Growing
from hilo.insight.reading.told import Told
from hilo.insight.reading.unpacking import Source
from hilo.insight.reading.xes import OF_CASE
from hilo.insight.records import record
from hilo.insight.speaking import Listed, _, ngettext

type Ints = NDArray[np.int64]

CASE, ACTIVITY, TIME, ID = "case:concept:name", "concept:name", "time:timestamp", "ocel:eid"
TOGETHER = "; "
MOST_RELATED = 5
"""Objects of another kind that are named in one cell."""


@dataclass(slots=True)
class ObjectLog:
    """What the four formats have in common, filled while reading. Attributes come as text with their type."""

    ids: list[str] = field(default_factory=list)
    activities: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    attributes: dict[str, Growing] = field(default_factory=lambda: defaultdict(Growing))
    types: list[str] = field(default_factory=list)
    objects: dict[str, int] = field(default_factory=dict)
    object_types: list[str] = field(default_factory=list)
    object_attributes: dict[str, dict[int, list[tuple[str, str, str]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    _event_of_link: array[int] = field(default_factory=lambda: array("q"))
    _object_of_link: array[int] = field(default_factory=lambda: array("q"))
    unknown_links: int = 0

    def add_event(self, identity: str, activity: str, time: str) -> int:
        self.ids.append(identity)
        self.activities.append(activity)
        self.times.append(time)
        return len(self.ids) - 1

    def add_object(self, identity: str, kind: str) -> int:
        number = self.objects.setdefault(identity, len(self.objects))
        if number == len(self.object_types):
            self.object_types.append(kind)
        return number

    def say_of_object(self, number: int, name: str, time: str, value: str, kind: str) -> None:
        self.object_attributes[name][number].append((time, value, kind))

    def link(self, event: int, identity: str) -> None:
        number = self.objects.get(identity)
        if number is None:
            self.unknown_links += 1
            return
        self._event_of_link.append(event)
        self._object_of_link.append(number)

    def links(self) -> tuple[Ints, Ints]:
        """Event and object of every link, each pair once (an event may name one twice, in two roles)."""
        if not self._event_of_link:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        pairs = np.stack(
            [np.frombuffer(self._event_of_link, np.int64), np.frombuffer(self._object_of_link, np.int64)]
        )
        pairs = np.unique(pairs, axis=1)
        return pairs[0], pairs[1]


@record
class _Fit:
    """How well a kind of object serves as the case."""

    kind: str
    events: int
    cases: int
    rows: int
    score: float


def flattened(log: ObjectLog, format: str, object_type: str | None, source: Source, told: Told) -> Piece:
    if not log.ids:
        raise Unreadable(_("%(file)s has no events in it: export it again.", file=source.name))
    event, thing = log.links()
    fits = _fits(log, event, thing)
    if not fits:
        raise Unreadable(
            _(
                "No event of %(file)s names an object, so nothing can be a case: export it again.",
                file=source.name,
            )
        )
    chosen = _chosen(fits, object_type, source)
    linked = len(np.unique(event))
    _say_unlinked(len(log.ids) - linked, source, told)
    _say_choice(chosen, fits, linked, object_type, source, told)
    columns = _columns(log, event, thing, chosen.kind)
    taken = {Role.CASE: CASE, Role.ACTIVITY: ACTIVITY, Role.TIME: TIME}
    return Piece(source.name, format, columns, chosen.rows, states_types=True, dates=_dates(log), taken=taken)


# Which kind of object ------------------------------------------------------------------------------------


def _fits(log: ObjectLog, event: Ints, thing: Ints) -> list[_Fit]:
    """Kinds by how many events they hold together, how much of the process each of their objects runs
    through, and how little events have to be repeated for it."""
    kinds = np.array(log.object_types)[thing] if len(thing) else np.zeros(0, np.str_)
    _names, activity = np.unique(np.array(log.activities), return_inverse=True)
    fits = []
    for kind in sorted(set(kinds.tolist())):
        mine = kinds == kind
        events, things = event[mine], thing[mine]
        cases = len(np.unique(things))
        steps = len(np.unique(np.stack([things, activity[events]]), axis=1).T) / cases
        covered = len(np.unique(events))
        # A resource (a truck, a clerk) sees thousands of events; a case sees its process about once.
        length = len(events) / cases
        once = steps / length
        score = covered / len(log.ids) * (steps / (activity.max() + 1)) * once * covered / len(events)
        fits.append(_Fit(str(kind), covered, cases, len(events), float(score)))
    return sorted(fits, key=lambda fit: -fit.score)


def _chosen(fits: Sequence[_Fit], object_type: str | None, source: Source) -> _Fit:
    if object_type is None:
        return fits[0]
    for fit in fits:
        if fit.kind == object_type:
            return fit
    raise Unreadable(
        _(
            "%(file)s has no events of “%(type)s”; it has %(types)s: choose one of these.",
            file=source.name,
            type=object_type,
            types=Listed(tuple(fit.kind for fit in fits), 20),
        )
    )


def _say_unlinked(events: int, source: Source, told: Told) -> None:
    if events:
        told.say(
            ngettext(
                "%(n)s event of %(file)s names no object that the file describes, and was left out.",
                "%(n)s events of %(file)s name no object that the file describes, and were left out.",
                n=events,
                file=source.name,
            )
        )


def _say_choice(
    chosen: _Fit, fits: Sequence[_Fit], events: int, object_type: str | None, source: Source, told: Told
) -> None:
    others = tuple(fit.kind for fit in fits if fit is not chosen)
    if others and object_type is None:
        told.say(
            _(
                "%(file)s follows several kinds of objects; each “%(type)s” was taken for a case. Others "
                "could be: %(others)s.",
                file=source.name,
                type=chosen.kind,
                others=Listed(others, 20),
            )
        )
    if events > chosen.events:
        told.say(
            ngettext(
                "%(n)s event of %(file)s concerns no “%(type)s” and was left out.",
                "%(n)s events of %(file)s concern no “%(type)s” and were left out.",
                n=events - chosen.events,
                file=source.name,
                type=chosen.kind,
            )
        )
    if chosen.rows > chosen.events:
        told.say(
            ngettext(
                "%(n)s line more than events: an event that concerns several “%(type)s” counts for each.",
                "%(n)s lines more than events: an event that concerns several “%(type)s” counts for each.",
                n=chosen.rows - chosen.events,
                type=chosen.kind,
            )
        )


# Columns -------------------------------------------------------------------------------------------------


def _columns(log: ObjectLog, event: Ints, thing: Ints, kind: str) -> dict[str, pa.ChunkedArray]:
    of_kind = np.array(log.object_types) == kind
    mine = of_kind[thing]
    row_event, row_thing = event[mine], thing[mine]
    names = list(log.objects)
    columns = {
        CASE: _plain(names, row_thing, "string"),
        ACTIVITY: _plain(log.activities, row_event, "string"),
        TIME: _plain(log.times, row_event, "date"),
        ID: _plain(log.ids, row_event, "string"),
    }
    for name, values in log.attributes.items():
        columns[_free(name, columns)] = values.column(len(log.ids), row_event)
    for name, column in _of_cases(log, of_kind, row_event, row_thing).items():
        columns[_free(OF_CASE + name, columns)] = column
    for name, column in _related(log, event, thing, kind, row_event):
        columns[_free(name, columns)] = column
    return columns


def _dates(log: ObjectLog) -> frozenset[str]:
    of_events = {name for name, values in log.attributes.items() if values.is_date}
    of_cases = {
        OF_CASE + name
        for name, by_object in log.object_attributes.items()
        if {kind for said in by_object.values() for _time, _value, kind in said} == {"date"}
    }
    return frozenset({TIME} | of_events | of_cases)


def _plain(values: Sequence[str], places: Ints, kind: str) -> pa.ChunkedArray:
    growing = Growing()
    for owner, value in enumerate(values):
        if value:
            growing.put(owner, value, kind)
    return growing.column(len(values), places)


def _free(name: str, taken: Mapping[str, object]) -> str:
    number, free = 2, name
    while free in taken:
        free, number = f"{name} {number}", number + 1
    return free


def _of_cases(
    log: ObjectLog, of_kind: NDArray[np.bool_], row_event: Ints, row_thing: Ints
) -> dict[str, pa.ChunkedArray]:
    """Attributes of the case as they were when the event happened; the last ones would tell the future."""
    times = _micros(log.times)
    columns = {}
    for name, by_object in log.object_attributes.items():
        growing = Growing()
        stated = {number: _in_order(said) for number, said in by_object.items() if of_kind[number]}
        if not stated:
            continue
        for row, (number, at) in enumerate(zip(row_thing.tolist(), times[row_event].tolist(), strict=True)):
            said = stated.get(number)
            if said is None:
                continue
            known = [entry for entry in said if entry[0] <= at] or ([] if said[0][0] > _NEVER else said[:1])
            if known:
                growing.put(row, known[-1][1], known[-1][2])
        columns[name] = growing.column(len(row_event))
    return columns


_NEVER = np.iinfo(np.int64).min


def _in_order(said: Iterable[tuple[str, str, str]]) -> list[tuple[int, str, str]]:
    entries = list(said)
    times = _micros([time for time, _value, _kind in entries]).tolist()
    together = [(time, value, kind) for time, (_time, value, kind) in zip(times, entries, strict=True)]
    return sorted(together, key=lambda entry: entry[0])


def _micros(times: Sequence[str]) -> Ints:
    """Unread ones are earlier than everything: an attribute without a time always held."""
    from hilo.insight.reading.moments import State, read_moments

    given = [time or "-" for time in times]
    read = read_moments(pa.array(given, pa.string()))
    return np.where(read.state >= State.FAR, _NEVER, read.micros)


def _related(
    log: ObjectLog, event: Ints, thing: Ints, kind: str, row_event: Ints
) -> Iterable[tuple[str, pa.ChunkedArray]]:
    """For each other kind, the objects of it that the event names: people and places hide among them."""
    names = list(log.objects)
    types = np.array(log.object_types)
    for other in sorted(Counter(log.object_types)):
        mine = types[thing] == other
        if other == kind or not mine.any():
            continue
        together: dict[int, list[str]] = defaultdict(list)
        for at, what in zip(event[mine].tolist(), thing[mine].tolist(), strict=True):
            together[at].append(names[what])
        growing = Growing()
        for at, whats in together.items():
            more = [f"+{len(whats) - MOST_RELATED}"] if len(whats) > MOST_RELATED else []
            growing.put(at, TOGETHER.join(whats[:MOST_RELATED] + more), "string")
        yield other, growing.column(len(log.ids), row_event)
