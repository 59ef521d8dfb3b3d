"""Whether a provisioning file that was just taken stays: what was well before it has to be well again. Pure.

Mews and the lock servers are compared, as the box's own page tells of them; the box itself and encoders are not.
A box that starts in an open trial gives the file one more whole trial; at the second such start the file before
comes back at once. So whatever the power does, one of the two is in use, and a third start changes nothing.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum

import msgspec

from agent.status.snapshot import reached
from agent.status.snapshot.snapshot import Hop
from provisioning.model import Provisioning

SECONDS = 120.0  # s; Mews has 15 s for a sign-in and 30 for the list, a lock server less
AGENT_SECONDS = 60.0  # s that the agent may take until those begin: it lets a running key finish, and loads
MOST_STARTS = 1  # of the box within one trial, after which the file is tried once more
_SERVER = "lock-server:"


class FileTrial(msgspec.Struct, frozen=True):
    """A trial, as it lies on the disk. Files are told by their SHA-256.

    `files` are those that may be on trial: the last one, and one whose place it may not have taken yet. `before`
    is the one to go back to, `well` the hops that were well with it. `starts` counts the starts of the box since
    the trial began. `reason` is why the file goes, "" until that is decided.
    """

    files: tuple[str, ...]
    before: str
    well: tuple[str, ...] = ()
    starts: int = 0
    reason: str = ""

    @property
    def is_lost(self) -> bool:
        """Whether it is decided, by a look at the page or by counting, that the file goes."""
        return bool(self.reason) or self.starts > MOST_STARTS


class Standing(StrEnum):
    """What a trial is, by the files that are there."""

    OPEN = "open"
    GONE_BACK = "gone back"  # the file before is in use: the last step was done, and perhaps not told
    VOID = "void"  # it speaks of other files


def standing(trial: FileTrial, active: str, previous: str | None) -> Standing:
    """Where a trial stands when these two files are there."""
    if active in trial.files and trial.before == previous:
        return Standing.OPEN
    return Standing.GONE_BACK if active == trial.before and trial.reason else Standing.VOID


def not_reached(trial: FileTrial, new: Provisioning, hops: Collection[Hop] | None) -> tuple[str, ...]:
    """The hops that were well, stand in the new file too, and are not well now; None: the page is silent."""
    return reached.missed(trial.well, new, hops)


def why_back(missed: Collection[str], texts: Mapping[str, str]) -> str:
    """The reason, a sentence a hop; `texts` is what the page says of each."""
    return " ".join(
        f"{_name(hop)} was reached with the file before and not with this one within two minutes: "
        f"{texts.get(hop) or 'the page says nothing of it.'}"
        for hop in missed
    )


def names(hops: Collection[str]) -> str:
    """Hops in words, for a line of progress."""
    return " and ".join(_name(hop).replace("The", "the") for hop in hops)


def _name(hop: str) -> str:
    return "Mews" if hop == reached.MEWS else f"The lock server {hop.removeprefix(_SERVER)}"
