"""What can be asked on the serial line, and the answers as text. Pure: the world is handed in. Changes nothing.

Whatever somebody types, or a terminal sends by itself, is a line with a meaning or is answered in one sentence.
"""

import re
from collections.abc import Callable, Mapping
from typing import Protocol

from agent.console.status import Status, troubles_text

LONGEST = 200  # characters of a line; no question has more than 20
_SEQUENCES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|[PX^_][^\x1b]*(\x1b\\)?|.)?")
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")


class World(Protocol):
    """What the answers are made of."""

    def status(self) -> Status | None:
        """What the box's page says now; None if it does not answer."""
        ...

    def status_text(self) -> str | None:
        """The whole status for a terminal; None if the page does not answer."""
        ...

    def network_text(self) -> str:
        """The network for a terminal."""
        ...

    def provision_text(self) -> str | None:
        """The active provisioning file in plain words; None without one."""
        ...

    def last_steps(self) -> str:
        """The last steps of this start."""
        ...


def question(line: bytes) -> str:
    """What was typed, without what a terminal sends by itself (an answer to ESC[6n, say), in single spaces."""
    typed = _SEQUENCES.sub("", line[: LONGEST * 8].decode("utf-8", "replace"))
    return " ".join(_UNPRINTABLE.sub(" ", typed).split())[:LONGEST].lower()


def answer(asked: str, world: World) -> str:
    """The answer to a `question`; empty to none."""
    if not asked:
        return ""
    verb = _VERBS.get(asked)
    return verb(world) if verb else _unknown(asked)


def _status(world: World) -> str:
    text = world.status_text()
    return _no_page(world) if text is None else text


def _network(world: World) -> str:
    return world.network_text()


def _faults(world: World) -> str:
    status = world.status()
    if status is None:
        return _no_page(world)
    if not status.troubles:
        return "There are no faults and no warnings." if status.is_agent else status.text
    return troubles_text(status.troubles)


def _provision_show(world: World) -> str:
    text = world.provision_text()
    return (
        "There is no provisioning file yet: put provisioning.toml on the boot partition, then start the box again."
        if text is None
        else text
    )


def _help(_world: World) -> str:
    return (
        "status           how the box, Mews, the lock server and the encoders are\n"
        "network          cable, addresses, gateway, DNS\n"
        "faults           what is wrong, and what to do about it\n"
        "provision show   what the provisioning file says, without its secrets\n"
        "help             this list\n"
        "Nothing can be changed here."
    )


def _no_page(world: World) -> str:
    steps = world.last_steps()
    return "The box's page does not answer." + (f" The last steps were:\n{steps}" if steps else "")


def _unknown(asked: str) -> str:
    from difflib import get_close_matches  # few people mistype

    near = (*get_close_matches(asked, _VERBS, n=1, cutoff=0.5), "help")[0]
    short = asked if len(asked) <= 30 else f"{asked[:30]}..."
    return f"'{short}' is nothing that can be asked: did you mean {near}?"


_VERBS: Mapping[str, Callable[[World], str]] = {
    "status": _status,
    "network": _network,
    "faults": _faults,
    "provision show": _provision_show,
    "help": _help,
}
