"""Rooms and beds in today's dialect: a resource is what its category is (reference/mews.md section 14). No I/O.

Which category a resource has is a list of its own, and categories are those of the hotel's services. Mews' docs
(read on 2026-08-07): resources, resourceCategories, services.
"""

from collections.abc import Iterable

import msgspec

from agent.foundation.reading.json_text import Text
from agent.mews.reading.decoding import Unreadable
from agent.mews.reading.items import Item
from agent.mews.reading.states import space_state
from agent.mews.records import Category, Space, SpaceKind

# Of the 26 types of categories: where people sleep behind a door of their own, and places in such a room. What is
# something else (an office, a parking spot, a bicycle), or came later, is OTHER; its word is in the category.
KINDS = {
    "Room": SpaceKind.ROOM,
    "Apartment": SpaceKind.ROOM,
    "Suite": SpaceKind.ROOM,
    "Villa": SpaceKind.ROOM,
    "Dorm": SpaceKind.ROOM,
    "Bed": SpaceKind.BED,
}
_ADDITIONAL = "Additional"  # a service without rooms, as a restaurant
_RANKS = (SpaceKind.ROOM, SpaceKind.BED, SpaceKind.OTHER)  # of a resource with several categories the first counts


class Resource(msgspec.Struct, frozen=True):
    """A resource as it is listed, before its category is known."""

    id: str
    name: str
    state: str
    parent: str
    is_active: bool


class Assignment(msgspec.Struct, frozen=True):
    """That a resource belongs to a category, or no longer does."""

    resource: str
    category: str
    is_active: bool


def resource(text: Text) -> Resource:
    """An element of `Resources`. Raises `Unreadable`."""
    item = Item(text, "a resource")
    name = item.text("Name")
    if not name:
        raise Unreadable("a resource has no name")
    return Resource(
        item.id("Id"),
        name,
        item.text("State"),
        item.id_if_any("ParentResourceId"),
        item.flag("IsActive", True),
    )


def category(text: Text) -> Category:
    """An element of `ResourceCategories`. Raises `Unreadable`."""
    item = Item(text, "a category")
    names, short_names = item.part_if_any("Names"), item.part_if_any("ShortNames")
    return Category(item.id("Id"), _english(names), _english(short_names), item.text("Type"))


def assignment(text: Text) -> Assignment:
    """An element of `ResourceCategoryAssignments`. Raises `Unreadable`."""
    item = Item(text, "an assignment")
    return Assignment(item.id("ResourceId"), item.id("CategoryId"), item.flag("IsActive", True))


def service(text: Text) -> str:
    """The id of an element of `Services`, "" of one without rooms. Raises `Unreadable`."""
    item = Item(text, "a service")
    id = item.id("Id")
    return "" if item.part_if_any("Data").text("Discriminator") == _ADDITIONAL else id


def spaces(
    resources: Iterable[Resource], categories: Iterable[Category], assignments: Iterable[Assignment]
) -> tuple[Space, ...]:
    """The resources as what their categories say that they are."""
    known = {category.id: category for category in categories}
    chosen: dict[str, Category] = {}
    for assignment in assignments:
        found = known.get(assignment.category) if assignment.is_active else None
        if found is not None:
            chosen[assignment.resource] = min(chosen.get(assignment.resource, found), found, key=_rank)
    return tuple(_space(resource, chosen.get(resource.id)) for resource in resources)


def _space(resource: Resource, category: Category | None) -> Space:
    return Space(
        resource.id,
        resource.name,
        SpaceKind.OTHER if category is None else _kind(category),
        space_state(resource.state),
        "" if category is None else category.id,
        resource.parent,
        resource.is_active,
    )


def _kind(category: Category) -> SpaceKind:
    return KINDS.get(category.word, SpaceKind.OTHER)


def _rank(category: Category) -> int:
    return _RANKS.index(_kind(category))


def _english(translations: Item) -> str:
    """A text in English, else in the language that comes first."""
    names = sorted(translations.names, key=lambda name: not name.startswith("en"))
    return next(filter(None, map(translations.text, names)), "")
