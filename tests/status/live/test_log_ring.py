"""The last lines of the log, as they are kept and waited for."""

from datetime import UTC, datetime

import pytest
import trio
from trio.testing import MockClock

from agent.status.log_ring import CHARACTERS, LINES, LogRing

AT = datetime(2026, 11, 27, 3, 4, 5, tzinfo=UTC)


def ring_of(*texts: str) -> LogRing:
    ring = LogRing()
    for text in texts:
        ring.put(AT, "INFO", "", text)
    return ring


def test_the_oldest_lines_make_room() -> None:
    ring = ring_of(*map(str, range(LINES + 10)))
    assert [line.text for line in ring.after(0)] == [str(number) for number in range(10, LINES + 10)]


def test_long_lines_are_cut_and_make_room_earlier() -> None:
    ring = ring_of(*["x" * 10_000] * LINES)
    assert sum(len(line.text) for line in ring.after(0)) <= CHARACTERS


@pytest.mark.parametrize(("number", "texts"), [(0, "abc"), (1, "bc"), (3, ""), (9, "")])
def test_a_reader_goes_on_where_it_was(number: int, texts: str) -> None:
    assert [line.text for line in ring_of(*"abc").after(number)] == list(texts)


async def test_a_line_wakes_all_who_wait(autojump_clock: MockClock) -> None:
    ring = ring_of("a")
    async with trio.open_nursery() as nursery:
        for _ in range(3):
            nursery.start_soon(ring.wait_after, 1)
        await trio.sleep(1)
        ring.put(AT, "INFO", "", "b")
    assert ring.last == 2
