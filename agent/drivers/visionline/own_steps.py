"""What can be tested of VisiOnline once a connection comes about: log-in, signature, doors. Asks for no card."""

from collections.abc import Awaitable, Callable, Sequence

from agent.commands.driver import LockDoor
from agent.commands.probe import Finding, Mark, Step
from agent.drivers.visionline.faults import DEFAULT_OPERATOR, NotClosed, SignatureRefused, VisionlineFaults
from agent.drivers.visionline.look import SessionLook
from agent.foundation.errors import CallFailed
from agent.foundation.reading.text import opened, sentence


class VisionlineSteps:
    """The steps at one server, in the name of `operator`; `doors` asks for its doors."""

    def __init__(
        self,
        look: SessionLook,
        faults: VisionlineFaults,
        operator: str,
        doors: Callable[[], Awaitable[Sequence[LockDoor]]],
    ) -> None:
        self._look, self._faults, self._operator, self._doors = look, faults, operator, doors
        self._found: CallFailed | None = None

    def steps(self) -> Sequence[Step]:
        """The steps in their order."""
        return [Step("log-in", self._log_in), Step("signature", self._sign), Step("doors", self._ask_doors)]

    async def _log_in(self) -> Finding:
        self._found = await self._look.ask()
        if self._found is not None and not isinstance(self._found, SignatureRefused | NotClosed):
            found = self._faults.trouble(self._found)
            return Finding(Mark.BAD, " ".join(filter(None, (found.text, found.hint))), found.kind.code)
        if self._operator.strip().casefold() == DEFAULT_OPERATOR:
            text = f"The box is logged in, as VisiOnline's default operator {DEFAULT_OPERATOR}: give it its own."
            return Finding(Mark.DOUBT, text, "E-LOCK-OPERATOR")
        return Finding(Mark.GOOD, "The box is logged in.")

    async def _sign(self) -> Finding:
        match self._found:
            case SignatureRefused():
                return Finding(Mark.BAD, opened(self._found.reason), "E-LOCK-SIGNATURE")
            case NotClosed():
                return Finding(Mark.DOUBT, opened(self._found.reason), "E-LOCK-SESSIONS")
        return Finding(Mark.GOOD, "It takes what the box signs.")

    async def _ask_doors(self) -> Finding:
        try:
            doors = await self._doors()
        except CallFailed as error:
            return Finding(Mark.DOUBT, sentence(f"It does not tell its doors: {error.reason}"))
        return Finding(Mark.GOOD, f"It knows {len(doors)} door{'' if len(doors) == 1 else 's'}.")
