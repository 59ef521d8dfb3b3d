"""What the looking side of the page is given: functions that tell, and none that acts."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from agent.control.hub import Hub
from agent.status.log_ring import LogRing
from agent.status.snapshot.snapshot import Snapshot
from agent.status.telemetry.figures import Figures

if TYPE_CHECKING:
    from agent.control.words.verbs import Verb

GetSnapshot = Callable[[], Snapshot]
Panels = Callable[
    [Snapshot, str], Mapping[str, str]
]  # a moment and an edition (`Reader.edition`): each panel's id and its HTML


def english(_accept_language: str) -> str:
    """The language of a page that has one alone."""
    return "en"


def whole_status(snapshot: Snapshot, _edition: str) -> Mapping[str, str]:
    """The one panel of a page that is not drawn: the JSON of the contract."""
    return {"status": msgspec.json.encode(snapshot).decode()}


def unheard(_status: int) -> None:
    """Count no answers."""


class Looking(msgspec.Struct, frozen=True):
    """`names` are further host names by which the box may be asked, `language` chooses one by a reader's
    Accept-Language, and `build` is what a page must have been made by to go on: a page of another one loads itself
    again. Without a `hub` watchers hear of a change a few seconds later. `console` gives the console's own verbs.
    `figures` are what metrics tell beside the snapshot; `answered` hears of the status of each answer.
    """

    snapshot: GetSnapshot
    names: Callable[[], Collection[str]] = tuple
    hub: Hub | None = None
    log: LogRing | None = None
    panels: Panels = whole_status
    language: Callable[[str], str] = english
    build: Callable[[], str] = str
    console: Callable[[], Sequence["Verb"]] = tuple
    figures: Callable[[], Figures] = Figures
    answered: Callable[[int], None] = unheard
