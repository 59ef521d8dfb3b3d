"""The first steps to any server: name or address, the box's own network, the connection, TLS.

Every test of a hop that is another machine begins with them; what follows knows the vendor, and stands there.
"""

from collections.abc import Callable, Sequence

from agent.commands.probe import Finding, Mark, Step
from agent.foundation import reach
from agent.foundation.errors import CallFailed, CertificateRefused
from agent.foundation.reach import Server
from agent.foundation.reading.text import opened

SOON_DAYS = 21.0  # days; so long a hotel may need to have a certificate renewed

IsNear = Callable[[str], bool | None]  # whether an address is in the box's own network; None: it cannot be told


class ReachSteps:
    """The steps to one server. `unreachable` and `refused` are the codes of the faults that they find.

    `is_near` is asked where the server should be in the box's own network; None: it need not be.
    """

    def __init__(self, server: Server, unreachable: str, refused: str, is_near: IsNear | None = None) -> None:
        self._server, self._is_near = server, is_near
        self._unreachable, self._refused = unreachable, refused
        self._address = server.host

    def steps(self) -> Sequence[Step]:
        """Those that apply."""
        steps = [Step("name", self._look_up)]
        if self._is_near is not None:
            steps.append(Step("network", self._compare))
        steps.append(Step("connection", self._connect))
        return [*steps, Step("TLS", self._greet)] if self._server.is_tls else steps

    async def _look_up(self) -> Finding:
        if not self._server.is_named:
            return Finding(Mark.GOOD, f"It is given by its IP address, {self._server.host}.")
        try:
            self._address = await reach.look_up(self._server.host)
        except CallFailed as error:
            return self._bad(error)
        return Finding(Mark.GOOD, f"{self._server.host} is {self._address}.")

    async def _compare(self) -> Finding:
        is_near = self._is_near(self._address) if self._is_near else None
        if is_near is None:
            return Finding(Mark.OPEN, f"Whether {self._address} is in the box's own network cannot be told here.")
        if is_near:
            return Finding(Mark.GOOD, f"{self._address} is in the box's own network.")
        return Finding(
            Mark.DOUBT,
            f"{self._address} is not in the box's own network, where the lock server should be: a router between "
            "them is one more thing that can fail.",
        )

    async def _connect(self) -> Finding:
        try:
            await reach.connect(self._address, self._server.port)
        except CallFailed as error:
            return self._bad(error)
        return Finding(Mark.GOOD, f"It accepts connections at {self._address} port {self._server.port}.")

    async def _greet(self) -> Finding:
        try:
            days = await reach.days_of_certificate(self._server, self._address)
        except CallFailed as error:
            return self._bad(error)
        pinned = "the pinned one" if self._server.pin else "trusted"
        if days is None:
            return Finding(Mark.GOOD, f"Its certificate is {pinned}.")
        mark = Mark.DOUBT if days < SOON_DAYS and not self._server.pin else Mark.GOOD
        return Finding(mark, f"Its certificate is {pinned}; it is good for {_days(days)}.")

    def _bad(self, error: CallFailed) -> Finding:
        code = self._refused if isinstance(error, CertificateRefused) else self._unreachable
        return Finding(Mark.BAD, opened(error.reason), code)


def _days(days: float) -> str:
    return "no day more" if days < 1 else f"{days:.0f} more day{'s' if round(days) != 1 else ''}"
