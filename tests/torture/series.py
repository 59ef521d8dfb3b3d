"""Many rounds side by side, each in a folder of its own, and the rounds with agents that are broken on purpose."""

import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

import trio

from tests.ledger import Crime
from tests.torture.broken_agent import Broken
from tests.torture.rounds import ROUND_SECONDS, Round, kill_at_random

BEYOND = 8  # rounds in a row that ended before their point: then there are no more points
BROKEN = {
    Broken.FORGETFUL: Crime.SILENT,
    Broken.REPEATING: Crime.DOUBLE,
    Broken.REPRINTING: Crime.DOUBLE,
    Broken.HASTY: Crime.UNTRUE,
}
PROOF_SEEDS = (1, 2, 3, 4, 5, 6)  # in some a kill comes before the trouble that it breaks at

Play = Callable[[Path, int], Awaitable[Round]]
Tell = Callable[[Round], None]


async def at_once(play: Play, numbers: Iterable[int], most: int, tell: Tell) -> list[Round]:
    """Play one round for each number, at most so many at a time; in the order of the numbers."""
    rounds: dict[int, Round] = {}
    waiting = iter(numbers)

    async def player() -> None:
        for number in waiting:
            rounds[number] = await _in_folder(play, number)
            tell(rounds[number])

    async with trio.open_nursery() as nursery:
        for _ in range(most):
            nursery.start_soon(player)
    return [rounds[number] for number in sorted(rounds)]


async def until_beyond(play: Play, last: int, most: int, tell: Tell) -> list[Round]:
    """Rounds 1, 2, 3 … until none is hit any more, or to number `last` if that is not 0."""
    rounds: list[Round] = []
    while not last or len(rounds) < last:
        first = len(rounds) + 1
        count = min(BEYOND, last - len(rounds)) if last else BEYOND
        rounds += await at_once(play, range(first, first + count), most, tell)
        if not any(round.kills for round in rounds[-count:]):
            break
    return rounds


async def proof(kind: Broken, crime: Crime) -> int:
    """How many breaches of that kind are found in a few rounds with an agent that commits it."""

    async def play(folder: Path, seed: int) -> Round:
        return await kill_at_random(
            folder, seed, main=broken(kind), patience=PROOF_SECONDS.get(kind, ROUND_SECONDS)
        )

    rounds = await at_once(play, PROOF_SEEDS, len(PROOF_SEEDS), lambda round: None)
    return sum(finding.crime is crime for round in rounds for finding in round.findings)


def broken(kind: Broken) -> tuple[str, ...]:
    """The first words of the command line of an agent that is broken on purpose."""
    return (sys.executable, "-m", "tests.torture.broken_agent", kind)


# s; the commands of the forgetful never end, and a sound agent needs six. Those of the others do end, so they get
# the time of any round, which a busy machine needs.
PROOF_SECONDS = {Broken.FORGETFUL: 15.0}


async def _in_folder(play: Play, number: int) -> Round:
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        return await play(Path(folder), number)
