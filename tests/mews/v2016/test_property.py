"""Rooms, reservations and balances of 2016 that are not as the page shows them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from agent.mews.reading.decoding import Unreadable
from agent.mews.records import OwnerKind, SpaceKind, SpaceState, StayState
from agent.mews.v2016 import property
from tests.mews.v2016 import page

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
SPACE: dict[str, Any] = json.loads(page.SPACES)["Spaces"][0]
RESERVATION: dict[str, Any] = json.loads(page.RESERVATIONS)["Reservations"][0]


def spaces(*elements: Any, **lists: Any) -> Any:
    return property.spaces(json.dumps({"Spaces": elements, **lists}).encode())


def stays(*elements: Any, **lists: Any) -> Any:
    return property.stays(json.dumps({"Reservations": elements, **lists}).encode())


def test_what_came_after_2016_is_told_as_not_known() -> None:
    [dorm, bed] = spaces(
        SPACE | {"Type": "Dorm", "State": "OnFire", "New": [1]},
        SPACE | {"Id": "b1", "Type": "Bed", "ParentSpaceId": SPACE["Id"], "Number": 7},
    ).spaces
    assert (dorm.kind, dorm.state) == (SpaceKind.OTHER, SpaceState.UNKNOWN)
    assert (bed.kind, bed.parent, bed.number) == (SpaceKind.BED, SPACE["Id"], "7")
    [stay] = stays(RESERVATION | {"State": "Postponed"}).stays
    assert stay.state is StayState.UNKNOWN


def test_a_room_without_a_number_is_none() -> None:
    found = spaces(SPACE, SPACE | {"Id": "s2", "Number": ""}, SPACE | {"Id": "s3", "Number": None})
    assert (len(found.spaces), found.unreadable) == (1, 2)


def test_without_categories_and_groups_rooms_and_reservations_are_still_there() -> None:
    assert (len(spaces(SPACE).spaces), spaces(SPACE).categories) == (1, ())
    assert (len(stays(RESERVATION).stays), stays(RESERVATION, ReservationGroups=None).groups) == (1, ())
    assert spaces(SPACE, SpaceCategories=[{}, {"Id": "c"}, 7]).categories[0].id == "c"


@pytest.mark.parametrize("customer", [None, {}, 7, {"Id": ""}, {"LastName": "Smith"}])
def test_a_reservation_whose_owner_cannot_be_read_has_none(customer: Any) -> None:
    [stay] = stays(RESERVATION | {"Customer": customer}).stays
    assert (stay.customer, stay.owner, stay.owner_kind) == (None, "", OwnerKind.UNKNOWN)
    assert len(stay.companions) == 2


def test_a_companion_who_cannot_be_read_is_left_out() -> None:
    [stay] = stays(RESERVATION | {"Companions": [{}, {"Id": "u9"}, None]}).stays
    assert [guest.id for guest in stay.companions] == ["u9"]


def test_a_reservation_without_a_room_has_none_and_one_with_a_bad_room_is_none() -> None:
    found = stays(RESERVATION | {"AssignedSpaceId": None}, RESERVATION | {"AssignedSpaceId": ["101"]})
    assert ([stay.space for stay in found.stays], found.unreadable) == ([""], 1)


@pytest.mark.parametrize(
    "answer",
    [
        *("", "{}", "[]", "<html>", '{"Currency":"EUR"}', '{"Value":1}', '{"Currency":"EUR","Value":"1"}'),
        *(
            '{"Currency":"EUR","Value":1,"Value":2}',
            '{"Currency":"eur","Value":1}',
            '{"Currency":"EUR","Value":NaN}',
        ),
    ],
)
def test_a_balance_that_cannot_be_read_is_none(answer: str) -> None:
    with pytest.raises(Unreadable):
        property.balance(answer.encode())


@pytest.mark.parametrize("answer", ["", "{}", '{"Enterprise":null}', '{"Enterprise":{"Name":"Test Hotel"}}'])
def test_a_sign_in_may_say_nothing_of_the_hotel(answer: str) -> None:
    assert property.hotel(answer.encode()) is None
