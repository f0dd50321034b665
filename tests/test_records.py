"""`index.records`: what a record can do that a dataclass can."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Mapping
from typing import Any

import pytest

from index.records import record


@record(frozen=True, slots=True)
class Place:
    """A place."""

    name: str
    floor: int = 0
    tags: Mapping[str, str] = dataclasses.field(default_factory=dict)
    seen: int = dataclasses.field(default=0, compare=False)


@record(frozen=True, slots=True)
class Room:
    """The same fields in another class."""

    name: str
    floor: int = 0


@record(slots=True, kw_only=True)
class Counter:
    """One that changes."""

    count: int
    start: int = 3

    def __post_init__(self) -> None:
        self.count += self.start


@dataclasses.dataclass(frozen=True, slots=True)
class Dated:
    """What a record is compared with."""

    name: str
    floor: int = 0


@pytest.mark.parametrize("before", [0, 100])
def test_records_are_made_as_dataclasses_are(before: int) -> None:
    for _ in range(before):  # later ones are made in another way than the first
        assert (Place("hall").name, Room("hall", 1).floor, Counter(count=1).start) == ("hall", 1, 3)
    place = Place("hall", tags={"a": "b"})
    assert (place.name, place.floor, place.tags, place.seen) == ("hall", 0, {"a": "b"}, 0)
    assert Place("hall").tags is not Place("hall").tags
    assert Counter(count=1).count == 4
    make: Any = Room
    for places, names in (((), {}), (("a", 1, 2), {}), (("a",), {"depth": 1}), (("a",), {"name": "b"})):
        with pytest.raises(TypeError):
            make(*places, **names)
    make = Counter
    with pytest.raises(TypeError):
        make(1)


def test_records_are_equal_by_class_and_by_what_is_compared() -> None:
    assert Place("hall", seen=1) == Place("hall", seen=2) != Place("hall", 1)
    other: object = Place("hall")
    assert Room("hall") != other
    assert {Room("hall"): 1}[Room("hall")] == 1
    with pytest.raises(TypeError):
        hash(Counter(count=1))


def test_frozen_records_cannot_be_changed() -> None:
    room = Room("hall")
    for name in ("floor", "new"):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(room, name, 2)
    with pytest.raises(dataclasses.FrozenInstanceError):
        del room.floor
    counter = Counter(count=1)
    counter.count = 7
    assert counter.count == 7
    assert not hasattr(room, "__dict__")


def test_records_print_pickle_copy_and_match() -> None:
    room = Room("hall", 2)
    assert repr(room) == "Room(name='hall', floor=2)" == repr(Dated("hall", 2)).replace("Dated", "Room")
    assert pickle.loads(pickle.dumps(room)) == copy.copy(room) == copy.deepcopy(room) == room
    match room:
        case Room(name, floor):
            assert (name, floor) == ("hall", 2)
        case _:
            pytest.fail("no match")


def test_dataclasses_takes_records_for_its_own() -> None:
    room = Room("hall", 2)
    assert dataclasses.replace(room, floor=3) == Room("hall", 3)
    assert dataclasses.asdict(Place("hall")) == {"name": "hall", "floor": 0, "tags": {}, "seen": 0}
    assert [field.name for field in dataclasses.fields(Place)] == ["name", "floor", "tags", "seen"]
