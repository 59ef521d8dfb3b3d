"""The doors of the simulated hotel: their names and categories, and how the web API lists them.

Must never decide who may open one. Names of members and categories are confirmed (reference/visionline.md 5), the
values of all members but `doorName` and `doorCategory` are INVENTED.
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec


class Category(StrEnum):
    """What kind of door it is, in the lock system's words."""

    GUEST = "guest"
    COMMON = "common"
    COMMON_PMS = "common (PMS)"
    ENTRANCE = "entrance"
    ELEVATOR = "elevator reader"


class Door(msgspec.Struct, frozen=True):
    """A door by its name, which is what cards and calls know it by."""

    name: str
    category: Category = Category.GUEST


SAMPLE = (  # listed where no doors are named
    *(Door(str(number)) for number in (101, 102, 103)),
    Door("Pool", Category.COMMON),
    Door("Garage", Category.COMMON_PMS),
    Door("Main entrance", Category.ENTRANCE),
    Door("Lift", Category.ELEVATOR),
)


def doors_of(texts: Sequence[str]) -> tuple[Door, ...]:
    """The doors that a switch names, each `NAME` or `NAME=category`; without any the sample."""
    return tuple(_door(text) for text in texts) or SAMPLE


def category_of(name: str, doors: Sequence[Door]) -> Category:
    """A door's category; one that is not listed counts as a guest room."""
    return next((door.category for door in doors if door.name == name), Category.GUEST)


def listed(doors: Sequence[Door], *, details: bool) -> list[dict[str, object]]:
    """The answer to `GET doors`."""
    return [_row(number, door, details=details) for number, door in enumerate(doors, 1)]


def _door(text: str) -> Door:
    name, _, category = text.partition("=")
    return Door(name, Category(category or Category.GUEST))


def _row(number: int, door: Door, *, details: bool) -> dict[str, object]:
    row: dict[str, object] = {"doorID": number, "doorName": door.name}
    if not details:
        return row
    return {
        **row,
        "localName": door.name,
        "doorType": "Signature RFID",
        "doorCategory": door.category,
        "doorGroup": "Floor 1" if door.category is Category.GUEST else "Public",
        "online": door.category is not Category.GUEST,
        "openTime": 5,
        "allowOnOff": False,
        "autoLock": True,
    }
