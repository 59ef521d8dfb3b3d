"""Orders without a hotel: what tests of one file of the pass are made of."""

from datetime import UTC, datetime, timedelta

from agent.commands.driver import KeyJob
from agent.commands.model import Ack, Ending, Kind, Reply, Verdict, WaitsFor
from agent.commands.record import Record
from agent.pipeline.orders import Order

START = datetime(2026, 5, 4, 12, tzinfo=UTC)
JOB = KeyJob("1", ("101",), (), START, START + timedelta(days=1), 1, 1)
YES, REFUSED = Reply(Ack.YES), Reply(Ack.REFUSED, "no")
LOST, NOT_SENT = Reply(Ack.UNANSWERED, "lost"), Reply(Ack.UNANSWERED, "away", is_sent=False)


class ScriptedOrigin:
    """Answers as it is told, `YES` when there is nothing more, and keeps what it heard."""

    def __init__(
        self,
        *answers: Reply,
        obstacle: WaitsFor | None = None,
        endings: tuple[Ending | None, ...] = (Ending.NOT_TOLD,),
    ) -> None:
        self.answers, self.endings = list(answers), list(endings)
        self.heard: list[tuple[object, ...]] = []
        self.obstacle = obstacle

    async def wait_reached(self) -> None:
        """It is reached, whatever its obstacle."""

    async def receive(self, command_id: str) -> Reply:
        return self._heard("receive", command_id)

    async def claim(self, command_id: str, *, is_received: bool, is_in_doubt: bool = False) -> Reply:
        return self._heard("claim", command_id, is_received)

    async def progress(self, command_id: str, share: float) -> Reply:
        return self._heard("progress", command_id, share)

    async def ending(self, command_id: str, verdict: Verdict) -> Ending | None:
        self.heard.append(("ending", command_id, verdict))
        return self.endings.pop(0)

    async def report(self, command_id: str, verdict: Verdict, note: str, *, is_claimed: bool) -> Reply:
        return self._heard("report", command_id, verdict, note, is_claimed)

    def _heard(self, *words: object) -> Reply:
        self.heard.append(words)
        return self.answers.pop(0) if self.answers else YES


def order(id: str = "a", origin: ScriptedOrigin | None = None, *, copies: int = 1) -> Order:
    """One that waits."""
    record = Record(id, "Desk", Kind.KEY, "encoder:1", "101", copies)
    return Order(record, origin or ScriptedOrigin(), created=START, job=JOB)
