"""The log's lines in the ring that the page shows: all of ours, whoever says them, and nothing of a library."""

import logging

import trio

from agent.control.words.events import FaultChanged, StepTaken
from agent.health.kind import Level
from agent.hotel import log
from agent.status.log_ring import LogRing


def lines(ring: LogRing) -> list[tuple[str, str, str]]:
    return [(line.level, line.hop, line.text) for line in ring.after(0)]


async def test_what_the_hub_tells_and_what_a_part_says_by_itself_are_kept_alike() -> None:
    ring = LogRing()
    with log.kept_in(ring):
        log.heard(FaultChanged("E-MEWS-DOWN", "mews", Level.FAULT, "No answer.", is_over=False))
        log.heard(StepTaken("a step"))
        log.log.warning("the box has a notice: %s", "full")
        logging.getLogger("library").warning("what a library has to say")
    log.log.warning("after the end")
    assert [(level, hop) for level, hop, _ in lines(ring)] == [("WARNING", "mews"), ("INFO", ""), ("WARNING", "")]
    assert lines(ring)[2] == ("WARNING", "", "the box has a notice: full")


async def test_the_level_is_as_it_was_afterwards() -> None:
    before = log.log.level
    with log.kept_in(LogRing()):
        assert log.log.isEnabledFor(logging.INFO)
    assert log.log.level == before


async def test_a_line_of_another_thread_wakes_a_reader_of_the_ring() -> None:
    ring = LogRing()
    with log.kept_in(ring), trio.fail_after(5):
        await trio.to_thread.run_sync(log.log.warning, "from a thread")
        await ring.wait_after(0)
    assert lines(ring) == [("WARNING", "", "from a thread")]
