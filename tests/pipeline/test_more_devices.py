"""Other lock systems and printers beside the Coder Bridge: the pass carries their jobs without knowing them."""

from base64 import b64encode
from pathlib import Path

import pytest
import trio

from agent.commands.model import Outcome, Verdict
from agent.pipeline.orders import DOCUMENT_BYTES
from agent.simulators.mews.commands import State
from agent.simulators.mews.switches import Dialect
from tests.fake_drivers import lock_system, printer, with_drivers
from tests.faults.desk import cards, ended, holds, note
from tests.whole_hotel import Hotel

VISIONLINE = """
[[visionline]]
server = "https://10.4.5.7"
username = "box"
password = "secret"
[[visionline.encoders]]
name = "Bar"
identifier = "BAR1"
key_cutters = ["bar"]
"""
PRINTER = """
[[printers]]
name = "Office"
uri = "ipp://10.4.5.30/ipp/print"
"""
MEGABYTE = 1024 * 1024


@pytest.fixture
def hotel(tmp_path: Path, dialect: Dialect) -> Hotel:
    hotel = Hotel(tmp_path, dialect=dialect)
    hotel.provision(more=VISIONLINE)
    return hotel


def document(megabytes: float) -> str:
    """Some PDF, in Base64."""
    return b64encode(b"%PDF-1.7 " + b"x" * int(megabytes * MEGABYTE)).decode()


async def test_two_lock_systems_cut_side_by_side(hotel: Hotel, autojump_clock: object) -> None:
    second = lock_system("BAR1", seconds=5.0)
    hotel.open_drivers = with_drivers(second)
    hotel.bridge.switch(card_seconds=5.0)
    async with hotel.agent():
        started = trio.current_time()
        ids = [
            hotel.mews.add_key(cutter, [room]) for cutter, room in [("1", "101"), ("bar", "102"), ("BAR", "103")]
        ]
        assert [(await ended(hotel, id)).state for id in ids] == [State.PROCESSED] * 3
        assert trio.current_time() - started < 13
    assert (second.rooms, [cut.room for cut in hotel.bridge.cuts]) == (["102", "103"], ["101"])


async def test_a_lock_system_that_hangs_delays_no_other(hotel: Hotel, autojump_clock: object) -> None:
    second = lock_system("BAR1")
    second.is_silent = True
    hotel.open_drivers = with_drivers(second)
    async with hotel.agent():
        hanging = hotel.mews.add_key("bar", ["102"])
        for number in range(10):
            assert (await ended(hotel, hotel.mews.add_key("1", [f"1{number:02}"]), 5)).state is State.PROCESSED
        assert hotel.mews.command(hanging).state is State.PROCESSING


async def test_a_stop_takes_a_second_systems_running_key_for_perhaps_cut(
    hotel: Hotel, autojump_clock: object
) -> None:
    second = lock_system("BAR1")
    second.is_silent = True
    hotel.open_drivers = with_drivers(second)
    async with hotel.agent():
        id = hotel.mews.add_key("bar", ["102"])
        await trio.sleep(5)
        assert second.busy == 1
    assert "may have been cut" in note(hotel.mews.command(id))
    assert not second.made


async def test_what_a_driver_objects_to_is_never_claimed(hotel: Hotel, autojump_clock: object) -> None:
    second = lock_system("BAR1")
    second.refuses = Outcome(Verdict.FAILED, "E-KEY-X", "Key not cut", "it cannot", "Order another.")
    hotel.open_drivers = with_drivers(second)
    async with hotel.agent():
        command = await ended(hotel, hotel.mews.add_key("bar", ["102"]))
    assert (command.state, command.notes) == (State.ERROR, "Key not cut: it cannot. Order another.")
    assert [step.state for step in command.history][-1] is State.ERROR
    assert State.PROCESSING not in [step.state for step in command.history]


async def test_a_key_of_a_lock_server_that_is_another_one_is_surely_not_cut(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.visionline_line = hotel.bridge_line  # a Coder Bridge answers at VisiOnline's address
    async with hotel.agent():
        command = await ended(hotel, hotel.mews.add_key("bar", ["102"], ApiUrl=None))
        assert holds(hotel, "E-LOCK-ANSWER", "lock-server:10.4.5.7")
    assert note(command).startswith("Key not cut: the lock server did not answer the log-in properly")
    assert cards(hotel) == 0


async def test_a_document_of_five_megabytes_is_printed_beside_keys(hotel: Hotel, autojump_clock: object) -> None:
    office = printer("Office", seconds=30.0)
    hotel.open_drivers = with_drivers(office)
    async with hotel.agent() as app:
        paper = hotel.mews.add_print("OFFICE", document(5), 2)
        await trio.sleep(3)
        assert (await ended(hotel, hotel.mews.add_key("1", ["101"]), 5)).state is State.PROCESSED
        hops = {hop.id: hop.text for hop in app.snapshot().hops}
        assert hops["printer:Office"] == "Office: prints page 1 of 2."
        command = await ended(hotel, paper)
        lines = {line.id: line for line in app.snapshot().commands.recent}
    assert (command.state, command.notes, office.most_busy) == (State.PROCESSED, None, 1)
    assert [(job.name, job.copies, len(job.document)) for job in office.documents] == [
        (paper, 2, 5 * MEGABYTE + 9)
    ]
    assert (lines[paper].kind, lines[paper].target, lines[paper].cut) == ("print", "Office", 2)


async def test_documents_that_wait_fit_into_a_budget_and_the_others_stay_in_mews(
    hotel: Hotel, autojump_clock: object
) -> None:
    office = printer("Office", seconds=20.0)
    hotel.open_drivers = with_drivers(office)
    async with hotel.agent() as app:
        papers = [hotel.mews.add_print("Office", document(6)) for _ in range(5)]
        await trio.sleep(5)
        assert app.orders.documents <= DOCUMENT_BYTES
        pending = [id for id in papers if hotel.mews.command(id).state is State.PENDING]
        assert len(pending) == 3
        assert (await ended(hotel, hotel.mews.add_key("1", ["101"]), 5)).state is State.PROCESSED
        assert [(await ended(hotel, id)).state for id in papers] == [State.PROCESSED] * 5
        assert app.orders.documents == 0
    assert sorted(job.name for job in office.documents) == sorted(papers)


async def test_a_document_bigger_than_the_budget_is_printed_when_no_other_waits(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.open_drivers = with_drivers(printer("Office"))
    async with hotel.agent():
        assert (
            await ended(hotel, hotel.mews.add_print("Office", document(DOCUMENT_BYTES / MEGABYTE + 1)))
        ).state is State.PROCESSED


@pytest.mark.parametrize(
    ("base64", "words"),
    [
        ("....", "its document is damaged: not Base64"),
        ("AAA", "its document is damaged: not Base64"),
        ("", "its document is empty"),
    ],
)
async def test_a_document_that_cannot_be_read_is_not_printed_and_says_why(
    hotel: Hotel, autojump_clock: object, base64: str, words: str
) -> None:
    office = printer("Office")
    hotel.open_drivers = with_drivers(office)
    async with hotel.agent():
        command = await ended(hotel, hotel.mews.add_print("Office", base64))
    assert command.state is State.ERROR
    assert note(command).startswith(f"Not printed: the order from Mews cannot be read ({words}).")
    assert not office.made


async def test_an_unknown_printer_is_named_with_those_that_there_are(hotel: Hotel, autojump_clock: object) -> None:
    hotel.open_drivers = with_drivers(printer("Office"))
    async with hotel.agent():
        command = await ended(hotel, hotel.mews.add_print("Bar", document(0.01)))
    assert "the printer “Bar” is not set up on this box, which has “Office”" in note(command)


async def test_a_print_may_wait_longer_than_a_key(hotel: Hotel, autojump_clock: object) -> None:
    office = printer("Office", seconds=400.0)
    hotel.open_drivers = with_drivers(office)
    async with hotel.agent():
        first = hotel.mews.add_print("Office", document(0.01))
        await trio.sleep(5)
        second = hotel.mews.add_print("Office", document(0.01))
        assert (await ended(hotel, first, 500)).state is State.PROCESSED
        assert (await ended(hotel, second, 500)).state is State.PROCESSED  # a key would be stale after 180 s
    assert cards(hotel) == 0


async def test_no_document_reaches_page_journal_or_log(
    hotel: Hotel, autojump_clock: object, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    hotel.open_drivers = with_drivers(printer("Office"))
    secret = b64encode(b"%PDF Mr Smith of room 7").decode()
    async with hotel.agent() as app:
        await ended(hotel, hotel.mews.add_print("Office", secret))
        shown = str(app.snapshot())
    kept = b"".join(path.read_bytes() for path in hotel.state.iterdir() if path.is_file())
    for words in ("Smith", secret):
        assert words not in shown
        assert words.encode() not in kept
        assert words not in caplog.text
