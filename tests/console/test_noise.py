"""A line full of noise: nothing ends, nothing hangs, and nothing is carried out that was not typed."""

import random
from pathlib import Path

import pytest
import trio

from tests.console.bench import Bench
from tests.console.person import Person

MEGABYTE = 1_000_000
LIMIT = 1.0  # s
# Every control character, every two-letter escape, control sequences of each final byte, strings of all kinds.
SEQUENCES = [
    *(bytes([byte]) for byte in range(32) if byte not in b"\r\n\x04"),
    *(bytes([0x1B, byte]) for byte in range(0x20, 0x7F)),
    *(
        b"\x1b[" + parameters + bytes([final])
        for final in range(0x40, 0x7F)
        for parameters in (b"", b"1;5", b"?9999")
    ),
    *(
        b"\x1b" + begin + b"x" * 50 + end
        for begin in (b"]", b"P", b"X", b"^", b"_")
        for end in (b"\x07", b"\x1b\\")
    ),
    *(bytes([byte]) for byte in range(0x80, 0x100)),
    b"\x1b",
    b"\x1b[",
    b"\x1b[" + b"9" * 5000,
    b"\x1bO",
    b"\xff\xfe\xfd" * 20,
]


async def prompt_is_back(person: Person) -> float:
    """Seconds from Ctrl-C and Enter until a verb answers, the drawing of what came before it included."""
    begun = trio.current_time()
    await person.types(b"\x1b\\\x07\x03\x03\r")
    await person.types("help key\r")
    await person.sees("--copies N")
    return trio.current_time() - begun


@pytest.mark.parametrize("is_dumb", [False, True])
async def test_a_million_random_bytes_do_nothing_and_the_prompt_is_back_within_a_second(
    tmp_path: Path, is_dumb: bool
) -> None:
    bench = Bench(tmp_path)
    noise = random.Random(1).randbytes(MEGABYTE).replace(b"\x04", b"")  # Ctrl-D goes, which is what it is for
    async with bench.desk(), bench.person(is_dumb=is_dumb) as person:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_skim, person)
            await person.types(noise)
            await trio.testing.wait_all_tasks_blocked(0.5)
            nursery.cancel_scope.cancel()
        person.screen.reset()
        assert await prompt_is_back(person) < LIMIT
        person.came.clear()
        await person.types("hops\r")
        await person.sees("Mews ")
        assert all(byte in b"\r\n\b\x07" or 0x20 <= byte < 0x7F or not is_dumb for byte in person.came)
    assert bench.helper.asked == []
    assert bench.rows.acts == {}


async def test_every_control_sequence_is_borne(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    async with bench.desk(), bench.person() as person:
        for sequence in SEQUENCES:
            person.screen.reset()
            await person.types(sequence)
            await person.types(b"\x1b\\\x07\x03")
            await person.looks_until(lambda: person.last_line == "nightporter>", repr(sequence))
        assert await prompt_is_back(person) < LIMIT
    assert bench.helper.asked == []
    assert bench.rows.acts == {}


async def test_a_megabyte_without_an_end_is_no_line(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    async with bench.person() as person:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_skim, person)
            await person.types(b"x" * MEGABYTE)
            await trio.testing.wait_all_tasks_blocked(0.5)
            nursery.cancel_scope.cancel()
        assert await prompt_is_back(person) < LIMIT


async def test_a_line_that_is_held_holds_up_no_other(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    async with bench.person() as held, bench.person() as other:
        await held.types(b"\x13")
        await held.types("\x13help all\r\x13")
        await other.types("help key\r")
        await other.sees("--copies N")
        await held.types("\x11")
        await held.types("help key\r")
        await held.sees("--copies N")


async def _skim(person: Person) -> None:
    """Take in what comes; drawn it would take longer than the noise itself."""
    while True:
        await person.skims()
