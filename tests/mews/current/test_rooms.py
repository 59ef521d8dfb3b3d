"""A resource is what its category is."""

import json
from typing import Any

from agent.mews.current.rooms import assignment, category, resource, service, spaces
from agent.mews.records import Category, SpaceKind
from tests.mews.current.examples import ASSIGNMENT, CATEGORY, RESOURCE, RESTAURANT, SERVICE


def text(element: dict[str, Any], **members: Any) -> bytes:
    return json.dumps(element | members).encode()


def kinds(*words: str, actives: bool = True) -> list[SpaceKind]:
    """What resources are that have one category each."""
    numbers = range(len(words))
    return [
        space.kind
        for space in spaces(
            [resource(text(RESOURCE, Id=f"r{number}")) for number in numbers],
            [Category(f"c{number}", "", "", word) for number, word in enumerate(words)],
            [
                assignment(text(ASSIGNMENT, ResourceId=f"r{number}", CategoryId=f"c{number}", IsActive=actives))
                for number in numbers
            ],
        )
    ]


def test_where_people_sleep_behind_their_own_door_is_a_room() -> None:
    assert set(kinds("Room", "Apartment", "Suite", "Villa", "Dorm")) == {SpaceKind.ROOM}
    assert kinds("Bed", "Office", "Treehouse", "") == [SpaceKind.BED, *[SpaceKind.OTHER] * 3]


def test_a_category_that_a_resource_no_longer_has_does_not_count() -> None:
    assert kinds("Room", actives=False) == [SpaceKind.OTHER]


def test_of_several_categories_the_one_of_a_room_counts_and_one_that_is_not_listed_never() -> None:
    known = [
        Category("office", "", "", "Office"),
        Category("bed", "", "", "Bed"),
        Category("room", "", "", "Room"),
    ]
    for order in (["office", "bed", "room", "gone"], ["gone", "room", "bed", "office"]):
        [space] = spaces(
            [resource(text(RESOURCE))],
            known,
            [assignment(text(ASSIGNMENT, CategoryId=category)) for category in order],
        )
        assert (space.category, space.kind) == ("room", SpaceKind.ROOM)


def test_a_bed_stands_in_its_room() -> None:
    [bed] = spaces([resource(text(RESOURCE, ParentResourceId="r101", IsActive=False))], [], [])
    assert (bed.parent, bed.is_active) == ("r101", False)


def test_a_name_is_in_english_else_in_the_first_language_that_has_one() -> None:
    names = [
        category(text(CATEGORY, Names=names)).name
        for names in ({"cs-CZ": "Pokoj", "en-GB": "Room"}, {"cs-CZ": "", "de-DE": "Zimmer"}, {}, None, "Room")
    ]
    assert names == ["Room", "Zimmer", "", "", ""]


def test_a_service_that_is_not_booked_has_no_rooms_and_one_of_a_new_kind_may_have() -> None:
    found = [
        service(text(element))
        for element in (
            SERVICE,
            RESTAURANT,
            SERVICE | {"Data": {"Discriminator": "New"}},
            SERVICE | {"Data": None},
        )
    ]
    assert found == ["s1", "", "s1", "s1"]
