"""What can be asked on the serial line, and the answers as text. Pure: the box is handed in. Changes nothing.

What a person types, or a terminal sends by itself, is a line with a meaning or is answered in one sentence.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from agent.console.terminal.page_status import Status, troubles_text
from provisioning.spelling import nearest


class AskedBox(Protocol):
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


def question(line: str) -> str:
    """What was typed, in single spaces and small letters."""
    return " ".join(line.split()).lower()


def answer(asked: str, box: AskedBox) -> str:
    """The answer to a `question`; empty to none."""
    if not asked:
        return ""
    verb = _VERBS.get(asked)
    return verb(box) if verb else _unknown(asked)


def _status(box: AskedBox) -> str:
    text = box.status_text()
    return _no_page(box) if text is None else text


def _network(box: AskedBox) -> str:
    return box.network_text()


def _faults(box: AskedBox) -> str:
    status = box.status()
    if status is None:
        return _no_page(box)
    if not status.troubles:
        return "There are no faults and no warnings." if status.is_agent else status.text
    return troubles_text(status)


def _provision_show(box: AskedBox) -> str:
    text = box.provision_text()
    return (
        "There is no provisioning file yet: put provisioning.toml on the boot partition, then start the box again."
        if text is None
        else text
    )


def _help(_box: AskedBox) -> str:
    return (
        "status           how the box, Mews, the lock server and the encoders are\n"
        "network          cable, addresses, gateway, DNS\n"
        "faults           what is wrong, and what to do about it\n"
        "provision show   what the provisioning file says, without its secrets\n"
        "help             this list\n"
        "Nothing can be changed here. Times are the hotel's, or say UTC."
    )


def _no_page(box: AskedBox) -> str:
    steps = box.last_steps()
    return "The box's page does not answer." + (f" The last steps were:\n{steps}" if steps else "")


def _unknown(asked: str) -> str:
    near = nearest(asked, _VERBS)
    short = asked if len(asked) <= 30 else f"{asked[:30]}..."
    return f"'{short}' is nothing that can be asked: " + (
        f"did you mean {near}?" if near else "type help for a list."
    )


_VERBS: Mapping[str, Callable[[AskedBox], str]] = {
    "status": _status,
    "network": _network,
    "faults": _faults,
    "provision show": _provision_show,
    "help": _help,
}
