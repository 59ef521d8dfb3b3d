"""A support bundle of a real agent after a busy time: made by each face, read again, and over a real line at its
own pace; with a journal of 500 orders, of which some are damaged.
"""

import os
import random
import re
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from subprocess import DEVNULL

import trio

from agent.status.bundle.opening import Opened, opened
from agent.status.bundle.packing import MOST_BYTES
from provisioning.transfer.outcome import Failure, Received
from provisioning.transfer.printed import put_together
from tests.console.person import Person
from tests.e2e.processes import PATIENCE, RealHotel, real_hotel, running

ORDERS = 500
BAUD, BITS = 115_200, 10  # a second; on the wire for a byte
CODE, PROMPT = "k7mp-3xqd", "nightporter>"
PACE = 1.25  # times the line's own time for the text of a bundle, with what the console says around it
PAGE = 512  # bytes, as the journal has them
NIGHTPORTER = (sys.executable, "-m", "agent")


async def said(*words: str, code: int = 0) -> str:
    """What a command says."""
    done = await trio.run_process(
        [*NIGHTPORTER, *words], capture_stdout=True, capture_stderr=True, check=False, stdin=DEVNULL
    )
    assert done.returncode == code, done.stderr.decode()
    return (done.stdout + done.stderr).decode()


def damage(journal: Path, *numbers: int) -> None:
    """Spoil some orders, as a failing card would."""
    with closing(sqlite3.connect(journal, timeout=10)) as file, file:
        for number in numbers:
            file.execute("UPDATE command SET state = x'00ff', copies = 'x' WHERE rowid = ?", (number,))


async def busy(hotel: RealHotel) -> None:
    """All the orders, to their ends; one in ten is refused by the lock system."""
    hotel.bridge.fail("database-down", "guest_key", match={"room": "666"}, message="The database is down.")
    for number in range(ORDERS):
        hotel.mews.add_key(str(1 + number % 8), ["666" if number % 10 == 0 else str(101 + number % 90)])
    with trio.fail_after(4 * PATIENCE):
        await hotel.mews.wait_all_final()


def gone(bundle: Opened) -> dict[str, str]:
    """What its manifest says is not in it, with the reason."""
    return {each.what: each.why for each in bundle.manifest.left_out}


async def over_the_line(person: Person) -> tuple[bytes, float]:
    """What came behind `bundle` at the pace of the line, and how many seconds its frames took."""
    await person.types("login\r")
    await person.looks_until(lambda: person.last_line == "Code:", "the question for the code")
    await person.types(f"{CODE}\r")
    await person.looks_until(lambda: person.last_line == PROMPT, "a prompt")
    await person.types("bundle\r")
    begun = None
    came, wire = bytearray(), trio.current_time()
    with trio.fail_after(10 * PATIENCE):
        while b"all of it." not in came[-400:]:
            await trio.lowlevel.wait_readable(person._terminal)
            piece = os.read(person._terminal, 512)
            came += piece
            if begun is None and b"~" in piece and b"receive-bundle" in came:
                begun = trio.current_time()
            wire = max(wire, trio.current_time()) + len(piece) * BITS / BAUD
            await trio.sleep_until(wire)
    assert begun is not None
    return bytes(came), trio.current_time() - begun


async def test_a_bundle_of_500_orders_comes_whole_by_command_and_over_the_line_and_names_what_is_not_in_it(
    tmp_path: Path,
) -> None:
    async with real_hotel(tmp_path) as hotel:
        hotel.provision(encoders=8, more=f'[console]\ncode = "{CODE}"\n')
        hotel.bridge.switch(card_seconds=0.0)
        ours, theirs = os.openpty()
        person = Person(ours)
        async with running([*hotel.command(), "--console", os.ttyname(theirs)]) as agent:
            await person.looks_until(lambda: person.last_line == PROMPT, "a prompt")
            await busy(hotel)
            damage(hotel.state / "journal.sqlite", 3, ORDERS // 4, ORDERS // 2)
            state = ("--state", str(hotel.state))
            told = await said("bundle", *state, "--out", str(tmp_path))
            path = Path(next(line for line in told.splitlines() if ".tar.gz: " in line).partition(": ")[0])
            assert re.fullmatch(r"aurora-desk-\d{8}-\d{4}\.nightporter\.tar\.gz", path.name)
            bundle = opened(await trio.Path(path).read_bytes())
            assert bundle.texts["journal.json"].count('"E-KEY-') == ORDERS // 10
            assert gone(bundle)["a part of journal.json"].startswith("damaged rows of orders: 3,")
            [encoders] = [what for what, why in gone(bundle).items() if "only be tested with a key" in why]
            assert encoders.startswith("the test of encoder:1, encoder:2, ")
            shown = await said("bundle", "--show", str(path))
            assert "not in it: the test of encoder:1" in shown
            assert "The last lines of the log:" in shown
            came, seconds = await over_the_line(person)
            received = put_together(came)
            assert isinstance(received, Received)
            text = sum(len(line) + 2 for line in came.splitlines() if line.startswith(b"~"))
            assert seconds < PACE * text * BITS / BAUD + 0.5
            assert text < 2.2 * len(received.content)
            print(f"{len(received.content)} bytes, {text} on the line, {seconds:.1f} s")
            await _joined_from_damaged_logs(came, received, tmp_path)
            agent.send(signal.SIGTERM)
            assert await agent.wait_exit() == 0
        os.close(theirs)
        person.unplug()


async def _joined_from_damaged_logs(came: bytes, whole: Received, folder: Path) -> None:
    """Blocks that are doubled or in another order cost nothing; those that are missing are counted."""
    lines = came.splitlines(keepends=True)
    frames = [at for at, line in enumerate(lines) if line.startswith(b"~")]
    shuffled = [lines[at] for at in frames] * 2
    random.Random(1).shuffle(shuffled)
    log = folder / "session.log"
    log.write_bytes(b"".join(shuffled))
    out = folder / "joined.tar.gz"
    await said("provision", "receive-bundle", "--from", str(log), "--out", str(out))
    assert out.read_bytes() == whole.content
    missing = {frames[5], frames[7], frames[9]}
    log.write_bytes(b"".join(line for at, line in enumerate(lines) if at not in missing))
    refused = await said("provision", "receive-bundle", "--from", str(log), "--out", str(folder), code=1)
    assert "3 of " in refused
    assert "have it printed once more" in refused
    assert isinstance(put_together(log.read_bytes()), Failure)


async def test_of_a_journal_with_a_torn_page_a_bundle_without_an_agent_has_what_can_be_read(
    tmp_path: Path,
) -> None:
    async with real_hotel(tmp_path) as hotel:
        hotel.bridge.switch(card_seconds=0.0)
        async with hotel.agent() as agent:
            ids = [hotel.mews.add_key("1", [str(101 + number)]) for number in range(40)]
            with trio.fail_after(2 * PATIENCE):
                await hotel.mews.wait_all_final()
            agent.send(signal.SIGTERM)
            assert await agent.wait_exit() == 0
        journal = hotel.state / "journal.sqlite"
        with closing(sqlite3.connect(journal)) as file:
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        content = bytearray(journal.read_bytes())
        at = content.rindex(ids[20].encode()) // PAGE * PAGE
        journal.write_bytes(content[:at] + b"\xff" * PAGE + content[at + PAGE :])
        out = tmp_path / "b"
        told = await said("bundle", "--state", str(hotel.state), "--config", str(hotel.config), "--out", str(out))
        bundle = opened(out.read_bytes())
        assert "the file cannot be read behind the first" in gone(bundle)["a part of journal.json"]
        assert gone(bundle)["the test of all hops"] == "no agent runs here"
        assert "the test of all hops: no agent runs here." in told
        assert ids[0] in bundle.texts["journal.json"]
        assert len(out.read_bytes()) <= MOST_BYTES
