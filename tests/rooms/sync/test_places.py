"""Which rooms of the room management a room or a bed of Mews stands for, and what a reservation says of them."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from agent.commands.routing import Door
from agent.mews.records import Guest, Space, SpaceKind, Stay, StayState
from agent.rooms.sync.plan.places import Place, Places, Sighting, completed, sightings
from tests.rooms.audit.house import room

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
DOORS = {
    "101": Door(("1-01",)),
    "Suite": Door(("201", "202")),
    "7A": Door(("7A",)),
    "8A": Door(("08A",)),
    "Pool": Door((), ("3",)),
}
RMS = {"201": "2", "202": "2", "08A": "8 left"}
SPACES = (
    *map(room, ("101", "102", "Suite", "7", "Pool", "", "8")),
    room("7A", bed_in="7"),
    room("7B", bed_in="7"),
    room("8A", bed_in="8"),
    room("9A", bed_in="8A"),
    room("9B", bed_in="9A"),
    room("9C", bed_in="9"),
    msgspec.structs.replace(room("10"), kind=SpaceKind.OTHER, category=""),
    room("10A", bed_in="10"),
    room("Garage", kind=SpaceKind.OTHER),
)
PLACES = Places(SPACES, DOORS, lambda name: RMS.get(name, name))


def stay(space: str = "101", state: StayState = StayState.STARTED, **changes: object) -> Stay:
    found = Stay("s", "1", state, AT, AT + timedelta(days=2), f"id-{space}" if space else "", updated=AT)
    return msgspec.structs.replace(found, **changes)


def seen(found: Stay) -> Sighting:
    (sighting,) = sightings([found], PLACES)
    return sighting


@pytest.mark.parametrize(
    ("number", "rooms"),
    [
        ("101", ("1-01",)),
        ("102", ("102",)),
        ("Suite", ("2",)),
        ("7A", ("7",)),
        ("7B", ("7",)),
        ("8A", ("8 left",)),
        ("9A", ("9A",)),
        ("9B", ("9B",)),
        ("Pool", ()),
    ],
)
def test_a_space_stands_for_rooms_by_the_file_and_a_bed_for_those_of_its_room(
    number: str, rooms: tuple[str, ...]
) -> None:
    assert PLACES.find(f"id-{number}") == Place(number, rooms)


def test_what_has_no_number_is_called_by_its_id_and_what_is_no_room_has_no_name() -> None:
    assert PLACES.find("id-") == Place("id-", ())
    assert PLACES.find("id-Garage") == Place("", ())
    assert PLACES.find("id-none") is None


@pytest.mark.parametrize("number", ["9C", "10", "10A"])
def test_a_space_without_a_category_and_a_bed_whose_room_is_not_known_are_not_known(number: str) -> None:
    assert PLACES.find(f"id-{number}") is None
    assert seen(stay(number)).is_new_space


def test_a_list_with_gaps_is_completed_by_the_one_before() -> None:
    unsure = msgspec.structs.replace(room("1"), kind=SpaceKind.OTHER, category="")
    renamed = msgspec.structs.replace(room("2"), number="22")
    assert completed([unsure, renamed], [room("1"), room("2"), room("3")]) == (room("1"), renamed, room("3"))
    assert completed([unsure], []) == (unsure,)


def test_only_a_stay_that_has_started_is_in_a_room() -> None:
    at = AT.timestamp()
    end = (AT + timedelta(days=2)).timestamp()
    assert seen(stay()) == Sighting("s", True, ("1-01",), at, end=end)
    for state in (StayState.OPEN, StayState.CONFIRMED, StayState.PROCESSED, StayState.CANCELED):
        assert seen(stay(state=state)) == Sighting("s", False, (), at)
    assert seen(stay(state=StayState.UNKNOWN)) == Sighting("s", None)
    assert seen(stay("")) == Sighting("s", True, (), at, end=end)


def test_where_mews_does_not_tell_a_change_counts_from_the_beginning_or_end_of_the_stay() -> None:
    assert seen(stay(updated=None)).moment == AT.timestamp()
    ended = stay(updated=None, state=StayState.PROCESSED)
    assert seen(ended).moment == (AT + timedelta(days=2)).timestamp()


def test_a_room_without_a_name_at_the_room_management_or_in_mews_list_is_said() -> None:
    assert seen(stay("Pool")).unmapped == "Pool"
    assert seen(stay("Garage")).unmapped == ""
    found = seen(stay("404"))
    assert (found.unmapped, found.is_new_space) == ("id-404", True)


def test_of_a_reservation_that_stands_there_twice_the_newest_comes_last() -> None:
    older = stay("102", updated=AT - timedelta(hours=1))
    oldest = stay("7", updated=None)
    assert [found.rooms for found in sightings([stay(), oldest, older], PLACES)] == [("7",), ("102",), ("1-01",)]


def test_nothing_of_a_guest_is_kept() -> None:
    guest = Guest("g", "Jane", "Smith", "jane@example.com", "+43 1")
    assert "Smith" not in repr(seen(stay(customer=guest, companions=(guest,))))


def test_a_space_that_is_its_own_parent_ends() -> None:
    odd = msgspec.structs.replace(room("5"), kind=SpaceKind.BED, parent="id-5")
    assert Places([odd], {}, str).find("id-5") == Place("5", ("5",))
    assert isinstance(odd, Space)
