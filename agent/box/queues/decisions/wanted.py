"""The queues that a provisioning file asks for, as the box is told them. No secret, no guest. No I/O.

`prepare` and the taking of a file write it (`/run/nightporter/queues.json`). Without such a printer there is
none of it, so CUPS is never started.
"""

import msgspec

from provisioning.model import Provisioning
from provisioning.rules.queues import queue_name


class Queue(msgspec.Struct, frozen=True):
    """`device` and `model` are as in the file."""

    name: str
    device: str
    model: str


def wanted(provisioning: Provisioning | None) -> tuple[Queue, ...]:
    """The queues that the box has to have for a file."""
    printers = provisioning.printers if provisioning else ()
    return tuple(
        Queue(queue_name(printer.uri) or "", printer.device, printer.model)
        for printer in printers
        if printer.device and printer.model
    )


def written(queues: tuple[Queue, ...]) -> str | None:
    """The text for them; None for none."""
    return msgspec.json.encode(queues).decode() + "\n" if queues else None


def read(text: bytes) -> tuple[Queue, ...]:
    """The queues of such a text; none for half of one, or for another."""
    try:
        return msgspec.json.decode(text, type=tuple[Queue, ...])
    except msgspec.MsgspecError:
        return ()
