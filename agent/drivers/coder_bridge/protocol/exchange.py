"""One request to the Coder Bridge and its answer, as they were on the wire, for a listener. No I/O.

Never kept and never shown: fields and body are a site's own.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from agent.drivers.coder_bridge.protocol.words import Slot
from provisioning.secret import Secret


class Exchange(Struct, frozen=True):
    """A request, and its answer after so many `seconds`; `is_lost`: there was none."""

    slot: Slot
    method: str
    path: str
    fields: Mapping[str, str | Secret]
    seconds: float = 0.0
    status: int = 0
    content_type: str = ""
    body: bytes = b""
    is_lost: bool = False

    def answered(self, status: int, content_type: str, body: bytes, seconds: float) -> "Exchange":
        """The same with its answer."""
        return replace(self, status=status, content_type=content_type, body=body, seconds=seconds)

    def lost_after(self, seconds: float) -> "Exchange":
        """The same without one."""
        return replace(self, is_lost=True, seconds=seconds)

    def __repr__(self) -> str:
        return f"Exchange({self.slot}, {self.status})"


Overhear: TypeAlias = Callable[[Exchange], None]  # neither waits nor raises


def unheard(_exchange: Exchange) -> None:
    """What listens as a rule: nothing."""
