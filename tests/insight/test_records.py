"""A record is used as a dataclass is: values, copies with changes, sets of them."""

from __future__ import annotations

from copy import copy
from dataclasses import asdict, dataclass, field, fields, replace
from pickle import dumps, loads

import pytest

from hilo.insight.records import record


@record
class Place:
    name: str
    floor: int = 0


@record
class Route:
    """From place to place."""

    stops: tuple[Place, ...]
    notes: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.stops)


@dataclass(frozen=True, slots=True)
class Plain:
    name: str
    floor: int = 0


def test_records_are_equal_by_their_values_and_only_to_their_kind() -> None:
    assert Place("hall", 1) == Place("hall", floor=1) != Place("hall", 2)
    others: tuple[object, ...] = (Plain("hall"), "hall", None)
    assert all(Place("hall") != other and other != Place("hall") for other in others)
    assert {Place("hall"), Place("hall"), Place("yard")} == {Place("yard"), Place("hall")}


def test_records_are_shown_hashed_and_matched_as_dataclasses_are() -> None:
    assert repr(Place("hall", 1)) == repr(Plain("hall", 1)).replace("Plain", "Place")
    assert hash(Place("hall", 1)) == hash(Plain("hall", 1))
    match Place("hall", 3):
        case Place(name, floor):
            assert (name, floor) == ("hall", 3)


def test_records_are_copied_changed_and_taken_apart() -> None:
    route = Route((Place("hall"), Place("yard", 2)), {"by": "night"})
    assert replace(route, notes={}).stops == route.stops and len(route) == 2
    assert asdict(route)["stops"][1] == {"name": "yard", "floor": 2}
    assert [each.name for each in fields(Route)] == ["stops", "notes"]
    assert copy(route) == route == loads(dumps(route))
    assert Route(()).notes is not Route(()).notes


def test_a_record_has_room_for_its_fields_only() -> None:
    with pytest.raises(AttributeError):
        Place("hall").height = 3  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        Place()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unhashable"):
        hash(Route(()))
