"""[telemetry] in a whole agent: a new file adds, changes and takes away who is told, and leaves nothing behind;
what only rises never falls while the process lives.
"""

import random
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
import trio
from trio.testing import MockClock

from agent.control.words.events import StepTaken
from agent.foundation.http import Peer
from agent.status.telemetry.write_request import STALE, value
from tests.faults.desk import ended
from tests.status.telling.receiver import Receiver, Samples
from tests.whole_hotel import Hotel

WRITE, OTHER_WRITE = "https://metrics.example.com/api/v1/write", "https://other.example.com/push"
HOOK, OTHER_HOOK = "https://hooks.example.com/red", "https://pager.example.com/red"
ANSWERS: tuple[int | Exception, ...] = (204, 204, 400, 401, 429, 503, httpx.ConnectError("refused"))
_RISING = ("_total", "_bucket", "_sum", "_count")


class Line(Receiver):
    """A receiver that knows whether it was let go."""

    is_closed = False

    async def aclose(self) -> None:
        self.is_closed = True


class World:
    """A hotel whose lines to others are kept, in the order in which they were opened."""

    def __init__(self, folder: Path) -> None:
        self.hotel = Hotel(folder)
        self.hotel.open_told = self._open
        self.lines: list[tuple[str, Line]] = []
        self.answer: int | Exception = 204

    def _open(self, base: str) -> Peer:
        line = Line(self.answer)
        self.lines.append((base, line))
        return Peer(base, connections=1, transport=line)

    def provision(self, write: str = "", hook: str = "") -> None:
        settings = {"remote_write": write, "webhook": hook}
        lines = [f'{name} = "{address}"' for name, address in settings.items() if address]
        self.hotel.provision(more="\n".join(("[telemetry]", *lines)) if lines else "")

    async def reload(self, write: str = "", hook: str = "") -> None:
        self.provision(write, hook)
        assert self.hotel.app is not None
        assert await self.hotel.app.reload_and_tell() == ""

    def taken(self) -> list[tuple[int, Samples]]:
        """What was told to those who take it: to others a row may have had another time."""
        return self.told([line for _, line in self.lines if line.answers == [204]])

    def requests(self, base: str) -> int:
        """How many came to that host."""
        return sum(len(line.requests) for to, line in self.lines if to in base)

    @property
    def open(self) -> list[str]:
        """Where lines lead that are not closed."""
        return sorted(base for base, line in self.lines if not line.is_closed)

    def told(self, lines: Sequence[Line] | None = None) -> list[tuple[int, Samples]]:
        """What each request for figures told (on these lines, or all), with the time of its newest sample."""
        found = []
        for line in [line for _, line in self.lines] if lines is None else lines:
            for request, samples in zip(line.requests, _figures(line), strict=True):
                if request.headers.get("content-encoding") == "snappy":
                    found.append((max(at for points in samples.values() for at, _ in points), samples))
        return found


def _figures(line: Line) -> Iterator[Samples]:
    """What came in snappy; nothing for a message in JSON."""
    written = Receiver()
    for request, body in zip(line.requests, line.bodies, strict=True):
        written.bodies = [body] if request.headers.get("content-encoding") == "snappy" else []
        yield written.samples[0] if written.bodies else {}


def tasks(words: tuple[str, ...] = ("RemoteWrite", "Webhook", "TellingOthers")) -> list[str]:
    """The tasks of this run that tell others."""
    root = trio.lowlevel.current_root_task()
    assert root is not None
    found, waiting = [], [root]
    while waiting:
        task = waiting.pop()
        found.append(task.name)
        waiting += [child for nursery in task.child_nurseries for child in nursery.child_tasks]
    return [name for name in found if any(word in name for word in words)]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def test_a_new_file_adds_changes_and_takes_away_who_is_told_and_leaves_neither_task_nor_line(
    world: World, autojump_clock: MockClock
) -> None:
    world.provision()
    async with world.hotel.agent() as app:
        await trio.sleep(300)
        assert (world.lines, tasks(), app._telling.lines()) == ([], [], ())
        await world.reload(WRITE, HOOK)
        await trio.sleep(300)
        assert world.requests(WRITE) >= 4
        assert world.requests(HOOK) == 1
        assert len(world.open) == 2
        await world.reload(OTHER_WRITE, OTHER_HOOK)
        before = world.requests(WRITE), world.requests(HOOK)
        await trio.sleep(300)
        assert (world.requests(WRITE), world.requests(HOOK)) == before
        assert world.requests(OTHER_WRITE) >= 4
        assert world.requests(OTHER_HOOK) == 1
        assert world.open == ["https://other.example.com", "https://pager.example.com"]
        await world.reload(OTHER_WRITE)
        await trio.sleep(300)
        assert world.open == ["https://other.example.com"]
        assert {name.split(".")[-2] for name in tasks()} == {"TellingOthers", "RemoteWrite"}
        await world.reload()
        told = len(world.told())
        await trio.sleep(3600)
        assert (world.open, tasks(), len(world.told())) == ([], [], told)
        assert not any(fault.code.startswith("E-TELEMETRY") for fault in app.snapshot().faults)


async def test_a_bad_new_file_changes_nothing_of_it(world: World, autojump_clock: MockClock) -> None:
    world.provision(WRITE)
    async with world.hotel.agent() as app:
        await trio.sleep(120)
        world.hotel.config.write_text('[telemetry]\nremote_write = "http://'.rstrip())
        assert await app.reload_and_tell() != ""
        before = world.requests(WRITE)
        await trio.sleep(300)
        assert world.requests(WRITE) >= before + 4


async def test_what_waits_is_told_to_the_next_address_and_what_is_refused_stays_counted(
    world: World, autojump_clock: MockClock
) -> None:
    world.provision(WRITE)
    world.answer = httpx.ConnectError("refused")
    said: list[str] = []
    async with world.hotel.agent() as app:
        app.hub.listen(lambda event: said.append(event.text) if isinstance(event, StepTaken) else None)
        await trio.sleep(3600)
        assert world.told()
        world.answer = 400
        await world.reload(OTHER_WRITE)
        await trio.sleep(20)
        lost = app.figures().counters.samples_dropped
        assert lost > 1000
        world.answer = 204
        await world.reload(WRITE)
        await trio.sleep(120)
        assert app.figures().counters.samples_dropped >= lost
    assert world.open == []
    [line] = [text for text in said if text.startswith("remote_write: figures from")]
    assert f"were refused and are lost ({lost})" in line


@pytest.mark.parametrize("seed", range(4))
async def test_what_only_rises_never_falls_whatever_files_come(
    world: World, autojump_clock: MockClock, seed: int
) -> None:
    chance = random.Random(seed)
    world.provision(WRITE)
    async with world.hotel.agent() as app:
        await trio.sleep(5)
        orders = []
        for number in range(25):
            world.answer = chance.choice(ANSWERS)
            match chance.randrange(4):
                case 0:
                    orders.append(world.hotel.mews.add_key("1", [f"{100 + number}"]))
                case 1 | 2:
                    await world.reload(chance.choice([WRITE, OTHER_WRITE, ""]), chance.choice([HOOK, ""]))
                case 3:
                    world.hotel.config.write_text("nonsense")
                    assert await app.reload_and_tell() != ""
            await trio.sleep(chance.choice([0.0, 1.0, 40.0, 200.0]))
        for id in orders:
            await ended(world.hotel, id)
        world.answer = 204
        await world.reload(WRITE)
        await trio.sleep(900)
        assert app.figures().counters.polls > 0
    assert _falls(world.taken()) == []


async def test_a_restart_is_a_reset_of_all_counters_at_once(world: World, autojump_clock: MockClock) -> None:
    world.provision(WRITE)
    for _ in range(2):
        async with world.hotel.agent():
            id = world.hotel.mews.add_key("1", ["101"])
            await ended(world.hotel, id)
            await trio.sleep(200)
    cards = _values(world.told(), "nightporter_cards_cut_total")
    assert cards[-1] == 1.0
    assert [before for before, after in pairwise(cards) if after < before] == [1.0]
    uptime = _values(world.told(), "nightporter_uptime_seconds")
    assert sum(after < before for before, after in pairwise(uptime)) == 1


def _values(told: list[tuple[int, Samples]], name: str) -> list[float]:
    """The values of a series, in the order of their times."""
    points = {
        at: number
        for _, samples in told
        for labels, each in samples.items()
        if dict(labels)["__name__"] == name
        for at, number in each
    }
    return [points[at] for at in sorted(points)]


def _falls(told: list[tuple[int, Samples]]) -> list[str]:
    """Where a series that only rises has fallen, over all addresses together."""
    series: dict[tuple[tuple[str, str], ...], dict[int, float]] = {}
    for _, samples in told:
        for labels, points in samples.items():
            if dict(labels)["__name__"].endswith(_RISING):
                series.setdefault(labels, {}).update(
                    {at: number for at, number in points if value(number) != STALE}
                )
    return [
        f"{dict(labels)}: {points[before]} at {before}, {points[after]} at {after}"
        for labels, points in series.items()
        for before, after in pairwise(sorted(points))
        if points[after] < points[before]
    ]
