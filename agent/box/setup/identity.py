"""What makes this box this one: 16 hex digits, made on the first start and never again; and its maker's words."""

import os
import re

from agent.box.tools.paths import Paths
from agent.foundation import files
from agent.foundation.errors import reason_of
from agent.handover import steps
from agent.handover.identity import BoxIdentity, write
from board.identity import Identity

_BYTES = 8
_BOX_ID = re.compile(r"[0-9a-f]{16}")


def ensure(paths: Paths) -> None:
    """Make the box's id where there is none. A disk that does not take it is said, not raised."""
    try:
        if read(paths) is None:
            files.write(paths.box_id, f"{os.urandom(_BYTES).hex()}\n".encode())
            steps.say("identity: The box has got an id of its own.", paths.steps)
    except OSError as error:  # also one that is there and cannot be read: it may come back
        steps.say(f"identity: The box has no id, it cannot be read or kept ({reason_of(error)}).", paths.steps)


def tell(paths: Paths, maker: Identity) -> None:
    """Hand serial number and model to those who may not read them, for this start. Raises `OSError`."""
    write(BoxIdentity(maker.serial, maker.model), paths.who)


def read(paths: Paths) -> str | None:
    """The box's id, None where there is none. Raises `OSError`."""
    try:
        with paths.box_id.open("rb") as file:
            text = file.read(64).decode("ascii", "replace").strip()
    except FileNotFoundError:
        return None
    return text if _BOX_ID.fullmatch(text) else None
