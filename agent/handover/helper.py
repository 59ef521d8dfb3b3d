"""What the console asks of the box's root helper, and what it is told: one JSON object a line over a Unix socket.

One request a connection, `Said` lines as it goes on, one `Done` at the end. Closing the connection breaks off what
can be broken off. The list of requests is fixed: root does nothing else. Only root and the agent's own
user are let in (the socket's mode, and SO_PEERCRED).
"""

from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

import msgspec

SOCKET = Path("/run/nightporter/helper")
MOST_BYTES = 2 * 1024 * 1024  # of a request's line: a provisioning file has at most 1 MB, in Base64


class TakeFile(msgspec.Struct, frozen=True, tag_field="do", tag="take-file"):
    """Take this provisioning file. `is_trial_only`: say what would change and end, changing nothing.

    `profile` is the site's own profile where the file names one that the box does not have.
    """

    text: bytes
    profile: bytes | None = None
    is_trial_only: bool = False


class ConfirmFile(msgspec.Struct, frozen=True, tag_field="do", tag="confirm-file"):
    """Keep the file that is on trial, whatever it reaches."""


class RollBackFile(msgspec.Struct, frozen=True, tag_field="do", tag="roll-back-file"):
    """Go back to the file before: the trial is over, or a person wants the last good one."""


class SetNetwork(msgspec.Struct, frozen=True, tag_field="do", tag="set-network"):
    """Use these settings at once, and undo them after 120 s unless they are confirmed.

    `address` is "ADDRESS/PREFIX", None for DHCP, as in [network]. `is_as_in_file`: drop what was set on site.
    """

    address: str | None = None
    gateway: str | None = None
    dns: tuple[str, ...] = ()
    is_as_in_file: bool = False


class ConfirmNetwork(msgspec.Struct, frozen=True, tag_field="do", tag="confirm-network"):
    """Keep the network settings that are on trial."""


class UndoNetwork(msgspec.Struct, frozen=True, tag_field="do", tag="undo-network"):
    """Go back to the network settings before, now."""


class ReadLog(msgspec.Struct, frozen=True, tag_field="do", tag="read-log"):
    """The last `lines` of the log of the box's own units; go on with what comes if `follows`."""

    lines: int = 40
    follows: bool = False


class Update(msgspec.Struct, frozen=True, tag_field="do", tag="update"):
    """Update from a signed bundle at an address, or from the one that came through the page."""

    source: str


class Reboot(msgspec.Struct, frozen=True, tag_field="do", tag="reboot"):
    """Let a running key finish, and start the box again."""


class RestartAgent(msgspec.Struct, frozen=True, tag_field="do", tag="restart-agent"):
    """Let a running key finish, and start the agent again."""


class FactoryReset(msgspec.Struct, frozen=True, tag_field="do", tag="factory-reset"):
    """Forget file, journal and settings, and start again. `name` has to be the box's own."""

    name: str


class Ping(msgspec.Struct, frozen=True, tag_field="do", tag="ping"):
    """Send some echo requests to an address or a name."""

    host: str


Request: TypeAlias = (
    TakeFile
    | ConfirmFile
    | RollBackFile
    | SetNetwork
    | ConfirmNetwork
    | UndoNetwork
    | ReadLog
    | Update
    | Reboot
    | RestartAgent
    | FactoryReset
    | Ping
)


class Said(msgspec.Struct, frozen=True, tag_field="type", tag="said"):
    """One line of progress."""

    text: str


class End(StrEnum):
    """How a request ended."""

    DONE = "done"
    REFUSED = "refused"  # nothing was changed, and the words say what to write instead
    FAILED = "failed"  # it was begun, and the words say how things are now


class Done(msgspec.Struct, frozen=True, tag_field="type", tag="done"):
    """The last line: how it ended, in a sentence or two. `confirm_seconds`: a trial runs, and ends then."""

    end: End
    text: str
    confirm_seconds: float | None = None


Told: TypeAlias = Said | Done
