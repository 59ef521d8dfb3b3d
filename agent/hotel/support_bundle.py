"""A support bundle of the running agent, and of a machine whose agent does not run: gathered here, packed by
`agent/status/bundle/`.

Changes nothing, asks for no key, and takes at most some seconds. Loaded when a bundle is asked for.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import trio

from agent.commands.probe import Mark
from agent.console.helper import Helper, SocketHelper
from agent.control.errands.hop_test import HopTestErrand
from agent.control.hotel import Hotel, Say
from agent.control.words.bundle import SupportBundle
from agent.control.words.requests import HopTest
from agent.control.words.sentences import line
from agent.control.words.told import Progress, StepTested
from agent.handover.helper import End, ReadLog
from agent.health.health import Fault
from agent.hotel import bundle_parts as parts
from agent.hotel.bundle_parts import Found
from agent.status.bundle.packing import LeftOut, pack
from agent.status.bundle.scrub import secrets_of
from agent.status.snapshot.snapshot import Snapshot
from board.base import Board
from provisioning.model import Provisioning

TEST_SECONDS = 10.0  # s for all hops together
LOG_SECONDS = 5.0  # s
LOG_LINES = 2000  # the most that the helper gives


class Facts(msgspec.Struct, frozen=True):
    """What the agent knows at this moment. `now` are the monotonic seconds of the faults."""

    snapshot: Snapshot
    faults: tuple[Fault, ...]
    now: float
    file: Provisioning | None
    refusal: str
    at: datetime


async def of_agent(
    facts: Facts, hotel: Hotel, board: Board, state: Path, journal: Path, lines: Sequence[str], say: Say
) -> SupportBundle:
    """The bundle of the running agent. `lines` are of its own log, for a machine whose journal cannot be asked."""
    say("The hops are tested, for 10 s at most.")
    tested, untested = await probed(hotel)
    say("The log is read.")
    log = await _log(SocketHelper(), lines)
    say("The bundle is packed.")

    def packed() -> SupportBundle:
        found = [
            parts.status(facts.snapshot),
            parts.faults(facts.faults, facts.now),
            *_of_machine(board, state, journal, facts.file, facts.refusal, tested, log),
            *parts.tests(untested),
        ]
        return _pack(facts.snapshot.box.name, facts.at, found, facts.file)

    return await trio.to_thread.run_sync(packed)


async def without_agent(
    name: str, file: Provisioning | None, refusal: str, board: Board, state: Path, journal: Path, at: datetime
) -> SupportBundle:
    """What the state directory and the machine tell of themselves."""
    log = await _log(SocketHelper(), ())
    tested = ["The hops were not tested: no agent runs."]
    missing = [
        LeftOut(each, "no agent runs here") for each in ("status.json", "faults.json", "the test of all hops")
    ]
    found = [*missing, *_of_machine(board, state, journal, file, refusal, tested, log)]
    return await trio.to_thread.run_sync(partial(_pack, name, at, found, file))


def in_zone(at: datetime, file: Provisioning | None) -> datetime:
    """That moment in the hotel's zone; in UTC where no file says which."""
    return at.astimezone(ZoneInfo(file.box.timezone) if file else UTC)


def _of_machine(
    board: Board,
    state: Path,
    journal: Path,
    file: Provisioning | None,
    refusal: str,
    tested: Sequence[str],
    log: Found,
) -> list[Found]:
    return [
        *parts.journal(journal),
        parts.file(file, refusal),
        parts.network(board, tested),
        parts.versions(board, state, version("nightporter")),
        parts.box_notices(),
        parts.boot_steps(),
        log,
    ]


def _pack(name: str, at: datetime, found: Sequence[Found], file: Provisioning | None) -> SupportBundle:
    there, missing = parts.sorted_out(found)
    secrets = tuple(secrets_of(file))
    return pack(name, version("nightporter"), at, there, missing, parts.NEVER, secrets)


async def probed(hotel: Hotel, seconds: float = TEST_SECONDS) -> tuple[list[str], dict[str, list[str]]]:
    """The test of all hops, a line a step, as far as it came in time; and the hops of which nothing was tested, by
    the reason."""
    lines: list[str] = []
    steps: dict[str, list[StepTested]] = {}

    def tell(told: Progress) -> None:
        lines.append(line(told))
        if isinstance(told, StepTested):
            steps.setdefault(told.hop, []).append(told)

    late = f"the tests were ended after {seconds:g} s"
    with trio.move_on_after(seconds) as patience:
        await HopTestErrand(HopTest(), hotel, tell).run()
    if patience.cancelled_caught:
        lines.append(f"The test was ended after {seconds:g} s; hops that are not named were not tested.")
    untested: dict[str, list[str]] = {}
    for hop in hotel.hops:
        if why := _why_untested(steps.get(hop, []), late if hop in hotel.probes else "it has no test"):
            untested.setdefault(why, []).append(hop)
    return lines, untested


def _why_untested(steps: Sequence[StepTested], missing: str) -> str:
    """Why nothing of a hop was tested, as the end of a sentence; "" where something was."""
    if not steps:
        return missing
    if any(step.mark is not Mark.OPEN for step in steps):
        return ""
    words = steps[0].text.partition(":")[0].rstrip(".")
    return f"{steps[0].step}, which fails" if steps[0].step.startswith("behind") else words[:1].lower() + words[1:]


async def _log(helper: Helper, own: Sequence[str]) -> Found:
    """The last lines of the system's journal, else our own."""
    lines: list[str] = []
    with trio.move_on_after(LOG_SECONDS):
        done = await helper.ask(ReadLog(LOG_LINES), lines.append)
        if done.end is End.DONE:
            return parts.log(lines)
    if lines or own:
        return parts.log(lines or own)
    return LeftOut("log.txt", "neither the box's helper nor the agent had a line of it")
