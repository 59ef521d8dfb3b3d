"""Every list that an answer about the property can have, in both dialects: how it is read, a sound element."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from agent.mews.current import cards, rooms, stays
from agent.mews.current import property as current
from agent.mews.current.paging import page
from agent.mews.reading.items import Item
from agent.mews.v2016 import property as v2016
from tests.mews.current import examples
from tests.mews.v2016 import page as old_page

Found = tuple[Sequence[Any], int]


class List(msgspec.Struct, frozen=True):
    """`read` gives an answer's records, and how many could not be read; without a `needed` member it is none."""

    dialect: str
    name: str
    element: dict[str, Any]
    read: Callable[[bytes], Found]
    needed: tuple[str, ...] = ("Id",)
    id: str = "Id"

    def body(self, *elements: bytes) -> bytes:
        """An answer with these elements."""
        return b'{"%s":[%s],"Other":[{"Id":"x"}]}' % (self.name.encode(), b",".join(elements))

    def text(self, id: str, **members: Any) -> bytes:
        """A sound element with another id."""
        return json.dumps(self.element | {self.id: id} | members).encode()


def _paged(name: str, read: Callable[[Any], Any]) -> Callable[[bytes], Found]:
    def found(body: bytes) -> Found:
        read_page = page(body, name, read)
        return read_page.items, read_page.unreadable

    return found


def _spaces(body: bytes) -> Found:
    found = v2016.spaces(body)
    return found.spaces, found.unreadable


def _stays(body: bytes) -> Found:
    found = v2016.stays(body)
    return found.stays, found.unreadable


def _devices(body: bytes) -> Found:
    found = current.devices(body)
    return found.devices, found.unreadable


def _service(text: Any) -> Any:
    return rooms.service(text), Item(text, "it").id("Id")


LISTS = (
    List("2016", "Spaces", json.loads(old_page.SPACES)["Spaces"][0], _spaces, ("Id", "Number", "ParentSpaceId")),
    List(
        "2016",
        "Reservations",
        json.loads(old_page.RESERVATIONS)["Reservations"][0],
        _stays,
        ("Id", "StartUtc", "EndUtc", "AssignedSpaceId"),
    ),
    List(
        "current",
        "Resources",
        examples.RESOURCE,
        _paged("Resources", rooms.resource),
        ("Id", "Name", "ParentResourceId"),
    ),
    List("current", "ResourceCategories", examples.CATEGORY, _paged("ResourceCategories", rooms.category)),
    List(
        "current",
        "ResourceCategoryAssignments",
        examples.ASSIGNMENT,
        _paged("ResourceCategoryAssignments", rooms.assignment),
        ("ResourceId", "CategoryId"),
        id="ResourceId",
    ),
    List("current", "Services", examples.SERVICE, _paged("Services", _service)),
    List(
        "current",
        "Reservations",
        examples.RESERVATION,
        _paged("Reservations", stays.stay),
        ("Id", "AssignedResourceId"),
    ),
    List("current", "Devices", examples.DEVICE, _devices),
    List("current", "ResourceAccessTokens", examples.CARD, _paged("ResourceAccessTokens", cards.card)),
)
NAMES = [f"{each.dialect} {each.name}" for each in LISTS]
