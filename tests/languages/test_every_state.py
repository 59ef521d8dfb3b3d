"""A whole hotel in German, in virtual time: what its page shows in each state, and what Mews is told."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import trio

from agent.languages.phrasebook import phrasebook
from agent.simulators.base.trouble import FaultKind
from agent.simulators.mews.commands import State
from agent.status.snapshot.snapshot import Snapshot
from tests.hotel.test_every_state import FROM_THE_START, SETTLED, Trouble, order
from tests.whole_hotel import Hotel, visionline_text

GERMAN = phrasebook("de")
# Names of the hotel's things, and what servers and printers said of themselves.
NAMES = re.compile(
    r"(Desk|Bar) \d|BAR\d|aurora-desk|coder-bridge|HTTP \d+|\[+[a-z_]+\]+|\d+ (min|h|s)\b|(?<=without proof: ).*"
    r"|Something went wrong \(invented\)"
)


def texts(snapshot: Snapshot) -> Iterator[str]:
    """Every text of a snapshot that the page says in the reader's language."""
    yield snapshot.summary.text
    yield from (hop.text for hop in snapshot.hops)
    for fault in snapshot.faults:
        yield from (fault.title, fault.text, fault.hint, fault.front_desk)
    for line in snapshot.upkeep:
        yield from (line.title, line.text)
    for age in snapshot.ages:
        yield from (age.what, age.text)
    for recent in snapshot.commands.recent:
        yield from (recent.note, recent.state, recent.kind)
    for work in snapshot.under_way:
        yield from (work.state, work.kind, f"Waits for {work.waits_for}." if work.waits_for else "")
    for device in snapshot.devices:
        yield from (device.kind, device.last_error)


def english(snapshot: Snapshot) -> list[str]:
    """What of that stays English, though it is no name."""
    return [text for text in texts(snapshot) if GERMAN.strange(text) and GERMAN.strange(NAMES.sub("7", text))]


@pytest.mark.parametrize("trouble", FROM_THE_START, ids=lambda value: value.name)
async def test_what_the_page_says_is_german_to_the_last_word(
    tmp_path: Path, autojump_clock: object, trouble: Trouble
) -> None:
    hotel = Hotel(tmp_path)
    hotel.provision(poll_seconds=5.0, more=visionline_text(hotel.visionline))
    left: list[str] = []
    async with hotel.agent() as app:
        assert await order(hotel, "100", trouble)
        trouble.begin(hotel)
        await trio.sleep(SETTLED)
        left += english(app.snapshot())
        await order(hotel, "101", trouble)
        await trio.sleep(3.0)
        left += english(app.snapshot())
        for simulator in (hotel.mews, hotel.bridge, hotel.visionline):
            simulator.heal()
        for line in (hotel.mews_line, hotel.bridge_line, hotel.visionline_line):
            line.is_silent = False
    assert sorted(set(left)) == []


async def test_mews_is_told_in_the_language_of_the_file_and_the_journal_in_english(
    tmp_path: Path, autojump_clock: object
) -> None:
    hotel = Hotel(tmp_path)
    hotel.provision(poll_seconds=1.0)
    file = hotel.config.read_text()
    hotel.config.write_text(file.replace("[box]\n", '[box]\nlanguage = "de"\n', 1))
    hotel.bridge.fail(FaultKind.S500, "guest_key", seconds=20.0)
    async with hotel.agent() as app:
        command = await hotel.mews.wait_final(hotel.mews.add_key("1", ["101"]))
        assert command.state is State.ERROR
        note = app.snapshot().commands.recent[0].note
    assert command.notes == GERMAN.say(note) != note
    assert GERMAN.strange(note) == 0
