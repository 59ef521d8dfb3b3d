"""Today's lists of commands: getAllActive and getAllByIds, of which a long one comes in pages.

Must never order a list by what the docs do not say: which command comes first is a switch. Without Limitation the
cursor is there only while more is to come; with it, always (docs, "Commands", "Pagination").
"""

from collections.abc import Callable, Mapping, Sequence

from msgspec import UNSET, UnsetType

from agent.simulators.mews.commands import Command
from agent.simulators.mews.current.paging import Limitation, cut, optional_limitation
from agent.simulators.mews.refusal import invalid
from agent.simulators.mews.switches import Cursors, MewsSwitches

Page = tuple[Sequence[Command], str | UnsetType | None]


def active_page(
    listed: Sequence[Command],
    body: Mapping[str, object],
    switches: MewsSwitches,
    find: Callable[[str], Command | None],
) -> Page:
    """A page of active commands and its cursor; `find` knows also those that are not active any more."""
    sign = -1 if switches.newest_first else 1
    ordered = sorted(listed, key=lambda command: sign * command.number)
    return _page(ordered, body, switches, find, lambda command: sign * command.number)


def page_of_ids(found: Sequence[Command], body: Mapping[str, object], switches: MewsSwitches) -> Page:
    """A page of the commands that were asked for, in the order in which they were."""
    places = {command.id: place for place, command in enumerate(found)}
    known = {command.id: command for command in found}
    return _page(found, body, switches, known.get, lambda command: places[command.id])


def _page(
    ordered: Sequence[Command],
    body: Mapping[str, object],
    switches: MewsSwitches,
    find: Callable[[str], Command | None],
    place: Callable[[Command], int],
) -> Page:
    wish = optional_limitation(body)
    count, left = (wish or Limitation()).count, ordered
    if wish is not None and wish.cursor is not None:
        last = find(wish.cursor)
        if last is None:
            raise invalid("Cursor")
        left = [command for command in ordered if place(command) > place(last)]
    items = cut(left, ordered, count, switches)
    is_over = len(items) == len(left) and switches.cursors is Cursors.HONEST
    if wish is None and is_over:
        return items, UNSET
    return items, items[-1].id if items else None
