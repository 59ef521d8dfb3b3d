"""The demo's simulated lock servers: a Coder Bridge always, and a VisiOnline where its certificate can be made.

Must never serve VisiOnline without TLS: a provisioning file takes none. The program openssl makes the certificate,
which a bare machine may lack.
"""

from collections.abc import Iterator

import msgspec
import trio

from agent.foundation.errors import UserMistake
from agent.simulators.base.server import serve
from agent.simulators.base.trouble import FaultKind
from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from agent.simulators.coder_bridge.switches import CoderBridgeSwitches
from agent.simulators.visionline.simulator import VisionlineSimulator
from agent.simulators.visionline.switches import VisionlineSwitches

COMMON_DOORS = ("Pool=common", "Main entrance=entrance")
DORMITORY = "401"  # its beds are sold one by one, and have its door


class Account(msgspec.Struct, frozen=True):
    """What an order of Mews names: a VisiOnline server's address, user and password."""

    url: str
    username: str
    password: str


class LockSystems:
    """Both. `bridge` and `visionline` are there before they are served, to be made worse."""

    def __init__(self, card_seconds: float) -> None:
        rooms = (*sorted(mixed_rooms()), DORMITORY)
        self.bridge = CoderBridgeSimulator(CoderBridgeSwitches(card_seconds=card_seconds, rooms=rooms))
        self.visionline = VisionlineSimulator(
            VisionlineSwitches(card_seconds=card_seconds, doors=(*rooms, *COMMON_DOORS))
        )
        self.bridge_url = self.visionline_url = ""
        self.pin = ""

    async def serve(self, nursery: trio.Nursery) -> None:
        """Serve both on ports of the loopback, VisiOnline as far as that is possible."""
        self.bridge_url = f"http://127.0.0.1:{await nursery.start(serve, self.bridge)}"
        try:
            self.pin = self.visionline.certificates.sha256(self.visionline.switches.tls)
        except UserMistake:  # there is no openssl
            return
        self.visionline_url = f"https://127.0.0.1:{await nursery.start(serve, self.visionline)}"

    @property
    def account(self) -> Account | None:
        """What an order for a key cutter of VisiOnline names; None where that is not served."""
        if not self.visionline_url:
            return None
        switches = self.visionline.switches
        return Account(self.visionline_url, switches.username, switches.password)

    @property
    def written(self) -> dict[str, int]:
        """How many cards the encoders of each have written."""
        counts = {"Coder Bridge": self.bridge.encoders.count}
        return counts | {"VisiOnline": len(self.visionline.cards)} if self.visionline_url else counts

    def spoil(self, room: str, kind: str | FaultKind, *, at_visionline: bool, **details: object) -> None:
        """Have the next key of a room go wrong, at that lock system."""
        if at_visionline:
            self.visionline.fail(kind, "cards", match={"door": room}, calls=1, **details)
        else:
            self.bridge.fail(kind, "guest_key", match={"room": room}, calls=1, **details)


def mixed_rooms() -> Iterator[str]:
    """101 to 112, 201 to 212, 301 to 312, mixed as guests come."""
    numbers = [floor * 100 + number for number in range(1, 13) for floor in (1, 3, 2)]
    return (str(numbers[index * 5 % len(numbers)]) for index in range(len(numbers)))
