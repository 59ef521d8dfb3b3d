"""One round of the kill runs: an agent dies, the next one has to bring everything to an end, the ledger judges.

A kill is real: SIGKILL by the kernel at the n-th write or sync of the journal (strace tampers with that call), or
SIGKILL from outside at a random moment. The agent is the product's own command line in a process of its own.
"""

import random
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import trio

from agent.simulators.mews.commands import State
from agent.simulators.mews.operations import GET_ALL_ACTIVE
from agent.simulators.mews.switches import FinishedUpdate, MewsSwitches
from tests import books, paper_books, paper_ledger
from tests.e2e.processes import AgentProcess, RealHotel, real_hotel
from tests.ledger import Crime, Finding, findings, note_kind
from tests.manner import Manner
from tests.print_hotel import OFFICE
from tests.torture import scenario

ROUND_SECONDS = (
    90.0  # s; an undisturbed round takes six, and one that meets Mews' limit of calls half a minute more
)
SETTLE_SECONDS = 0.3  # s; the longest that a card may still take after its command has ended
CALLS = "pwrite64,fdatasync,ftruncate,unlink"  # how SQLite changes or syncs a file in WAL mode


class Round(msgspec.Struct, frozen=True):
    """What one round showed. `kills` hit while something was left to do; `point` names the write, `systems` is
    how many lock systems cut cards, `calls` the most that Mews had in any 30 s, `papers` how many documents came
    out of the printer, whole or not, `followed` how many of them a kill had left at the printer."""

    name: str
    manner: Manner
    calls: int
    kills: int
    point: str
    cuts: int
    systems: int
    commands: int
    documents: int
    papers: int
    followed: int
    notes: tuple[str, ...]
    findings: tuple[Finding, ...]


async def kill_at_write(folder: Path, number: int) -> Round:
    """Have the kernel kill the agent at its `number`-th write to the journal's files, then start another one."""
    return await _kill_at_call(folder, "pwrite64", number)


async def kill_at_sync(folder: Path, number: int) -> Round:
    """The same at its `number`-th sync of them: what was written then is there, and no one was told so."""
    return await _kill_at_call(folder, "fdatasync", number)


async def _kill_at_call(folder: Path, call: str, number: int) -> Round:
    trace = folder / "trace"
    async with _hotel(folder, number) as hotel:
        scenario.order(hotel)
        with trio.move_on_after(ROUND_SECONDS):
            async with hotel.agent(*_strace(hotel, trace, call, number)) as agent:
                is_hit = await _is_killed(agent, hotel)
            left = _at_the_printer(hotel)
            await _bring_to_an_end(hotel)
        point = _point(trace) if is_hit else ""
        return _judged(hotel, number, f"{call} {number}", int(is_hit), left, point)


async def kill_at_random(
    folder: Path, seed: int, *, main: Sequence[str] = (), patience: float = ROUND_SECONDS
) -> Round:
    """Kill one to three agents in a row at random moments; the last one is left alone for `patience` seconds."""
    dice = random.Random(seed)
    kills, left = 0, set[str]()
    async with _hotel(folder, seed, signs_in=dice.random() < 0.8) as hotel:
        scenario.order(hotel)
        with trio.move_on_after(patience):
            for _ in range(dice.randint(1, 3)):
                async with hotel.agent(main=main) as agent:
                    await _kill_after(agent, hotel, dice.uniform(0.0, 2.0))
                    kills += bool(hotel.mews.commands.open)
                left |= _at_the_printer(hotel)
            await _bring_to_an_end(hotel, main)
        return _judged(hotel, seed, f"seed {seed}", kills, left)


def _manner(number: int) -> Manner:
    """Three rounds each, so that every other switch meets each of them."""
    return list(Manner)[number // 3 % len(Manner)]


@asynccontextmanager
async def _hotel(folder: Path, number: int, **values: Any) -> AsyncIterator[RealHotel]:
    async with (
        real_hotel(
            folder,
            has_push=_manner(number).has_push,
            mews=_switches(number),
            encoders=scenario.ENCODERS,
            visionline_encoders=scenario.VISIONLINE_ENCODERS,
            has_printers=True,
            **values,
        ) as hotel,
        trio.open_nursery() as nursery,
    ):
        nursery.start_soon(scenario.serve_printer, hotel.printer)
        yield hotel
        nursery.cancel_scope.cancel()


def _switches(number: int) -> MewsSwitches:
    """Every other round has a Mews that takes no update of a finished command; every third wants each step.

    Today's Mews counts calls, of all agents of a round together, and refuses those that are too many.
    """
    return MewsSwitches(
        dialect=_manner(number).dialect,
        call_limit_enforced=_manner(number) is not Manner.OF_2016,
        finished_update=FinishedUpdate.REFUSE if number % 2 else FinishedUpdate.IGNORE,
        direct_processing=bool(number % 3),
        early_end=bool(number % 3),
    )


def _strace(hotel: RealHotel, trace: Path, call: str, number: int) -> list[str]:
    """Words that have strace kill what follows; -D keeps the agent our own child."""
    journal = hotel.state / "journal.sqlite"
    paths = [word for tail in ("", "-wal", "-journal", "-shm") for word in ("-P", f"{journal}{tail}")]
    paths += ["-P", str(journal.with_suffix(".witness"))]
    inject = f"inject={call}:signal=SIGKILL:when={number}"
    return ["strace", "-D", "-f", "-qq", "-y", "-o", str(trace), *paths, "-e", f"trace={CALLS}", "-e", inject]


async def _is_killed(agent: AgentProcess, hotel: RealHotel) -> bool:
    """Whether the kernel killed it, be it in the clean stop once all is done, whose writes count too."""

    async def stop_when_done() -> None:
        await hotel.mews.wait_all_final()
        if agent.process.returncode is None:
            agent.send(signal.SIGTERM)

    async with trio.open_nursery() as nursery:
        nursery.start_soon(stop_when_done)
        code = await agent.wait_exit()
        nursery.cancel_scope.cancel()
    assert code in (0, -signal.SIGKILL), f"the agent ended with {code}:\n{agent.log}"
    return code == -signal.SIGKILL


async def _kill_after(agent: AgentProcess, hotel: RealHotel, seconds: float) -> None:
    """Kill it so long after its first word to Mews: before that it has nothing to lose."""
    polls = hotel.mews.calls[GET_ALL_ACTIVE]
    await agent.while_alive(hotel.mews.wait_calls, GET_ALL_ACTIVE, polls + 1)
    await trio.sleep(seconds)
    agent.send(signal.SIGKILL)
    await agent.wait_exit()


async def _bring_to_an_end(hotel: RealHotel, main: Sequence[str] = ()) -> None:
    """An agent that no one kills ends every command. It is given a moment in which it could cut one too many."""
    async with hotel.agent(main=main) as agent:
        await agent.while_alive(hotel.mews.wait_all_final)
        await trio.sleep(SETTLE_SECONDS)


def _at_the_printer(hotel: RealHotel) -> set[str]:
    """The names of the jobs that are under way there."""
    return {job.name for job in hotel.printer.jobs if not job.state.is_final}


def _judged(hotel: RealHotel, number: int, name: str, kills: int, left: set[str], point: str = "") -> Round:
    entries = books.entries(hotel.mews, hotel.bridge, hotel.visionline)
    documents = paper_books.documents(hotel.mews, [hotel.printer], known={OFFICE})
    notes = [entry.notes for entry in entries if entry.state == "Error"]
    notes += [document.notes for document in documents if document.state == "Error"]
    return Round(
        name,
        _manner(number),
        hotel.mews.window.most,
        kills,
        point,
        cuts=len(hotel.bridge.cuts) + len(hotel.visionline.cards),
        systems=sum(map(bool, (hotel.bridge.cuts, hotel.visionline.cards))),
        commands=len(entries),
        documents=len(documents),
        papers=len(hotel.printer.tray),
        followed=sum(hotel.mews.command(id).state is State.PROCESSED for id in left),
        notes=tuple(map(note_kind, notes)),
        findings=(*findings(entries), *paper_ledger.findings(documents)),
    )


def _point(trace: Path) -> str:
    """Which write it was that killed: its place among all of them, and what it would have written."""
    lines = [line for line in trace.read_text(errors="replace").splitlines() if "/journal." in line]
    call = lines[-1].partition(" ")[2].lstrip()
    file = call.partition("/journal.")[2].partition(">")[0]
    return f"{len(lines):4} {call.partition('(')[0]} journal.{file}"


def crimes(rounds: Sequence[Round]) -> dict[Crime, int]:
    """How often each kind of breach was found."""
    found = [finding.crime for round in rounds for finding in round.findings]
    return {crime: found.count(crime) for crime in Crime}
