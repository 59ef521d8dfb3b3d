"""What the looking side of the page is given: functions that tell, and none that acts."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from agent.control.hub import Hub
from agent.status import drawn
from agent.status.log_ring import LogRing
from agent.status.snapshot.snapshot import Snapshot
from agent.status.telemetry.figures import Figures

if TYPE_CHECKING:
    from agent.control.words.verbs import Verb

GetSnapshot = Callable[[], Snapshot]
# Of a moment and an edition (`Reader.edition`): each panel's id and its HTML, in bits that take a moment each.
Panels = Callable[[Snapshot, str], Iterable[Mapping[str, str]]]


def english(_accept_language: str) -> str:
    """The language of a page that has one alone."""
    return "en"


def unheard(_status: int) -> None:
    """Count no answers."""


class Looking(msgspec.Struct, frozen=True):
    """`name` is the box's, `names` are further ones by which it may be asked, `language` chooses one by a reader's
    Accept-Language, and `build` is what a page must have been made by to go on: a page of another one loads itself
    again. Without a `hub` watchers hear of a change a few seconds later. `console` gives the console's own verbs.
    `figures` are what metrics tell beside the snapshot; `answered` hears of the status of each answer.
    `for_programs` is the snapshot for those that ask all day and have no eyes.
    """

    snapshot: GetSnapshot
    name: Callable[[], str]
    names: Callable[[], Collection[str]] = tuple
    hub: Hub | None = None
    log: LogRing | None = None
    panels: Panels = drawn.panels
    language: Callable[[str], str] = english
    build: Callable[[], str] = drawn.build
    console: Callable[[], Sequence["Verb"]] = tuple
    figures: Callable[[], Figures] = Figures
    answered: Callable[[int], None] = unheard
    for_programs: GetSnapshot | None = None
