"""A document on its way through the pass: one call for all copies, called off, found again after a restart."""

from pathlib import Path

import pytest
import trio

from agent.commands.model import Kind, Verdict
from agent.commands.notes import Code
from agent.commands.notes import ended as over
from agent.hotel.drivers import open_drivers
from agent.simulators.mews.commands import State
from agent.simulators.mews.operations import UPDATE
from agent.simulators.mews.switches import Dialect
from tests.fake_drivers import FakePrinter, printer, with_drivers
from tests.faults.desk import ended, note
from tests.pipeline.test_more_devices import PRINTER, document
from tests.whole_hotel import Hotel


@pytest.fixture
def office() -> FakePrinter:
    return printer("Office", seconds=300.0)


@pytest.fixture
def hotel(tmp_path: Path, dialect: Dialect, office: FakePrinter) -> Hotel:
    hotel = Hotel(tmp_path, dialect=dialect)
    hotel.provision(more=PRINTER)
    hotel.open_drivers = with_drivers(office)
    return hotel


async def under_way(hotel: Hotel, office: FakePrinter) -> str:
    """A document that the printer is at."""
    id = hotel.mews.add_print("Office", document(0.1))
    await office.begun.wait()
    return id


async def test_mews_hears_how_far_a_long_print_is(
    hotel: Hotel, office: FakePrinter, autojump_clock: object
) -> None:
    async with hotel.agent():
        id = await under_way(hotel, office)
        office.printed_share = 0.25
        await trio.sleep(15)
        assert hotel.mews.command(id).history[-1].progress == 0.25
        assert (await ended(hotel, id, 400)).state is State.PROCESSED


async def test_what_staff_cancels_is_called_off_at_the_printer(
    hotel: Hotel, office: FakePrinter, autojump_clock: object
) -> None:
    async with hotel.agent():
        id = await under_way(hotel, office)
        hotel.mews.cancel(id)
        await trio.sleep(20)
        assert (office.busy, office.made, hotel.mews.command(id).state) == (0, [], State.CANCELLED)
        other = hotel.mews.add_print("Office", document(0.1))
        assert (await ended(hotel, other, 400)).state is State.PROCESSED


async def test_a_mews_that_is_away_calls_nothing_off(
    hotel: Hotel, office: FakePrinter, autojump_clock: object
) -> None:
    async with hotel.agent():
        id = await under_way(hotel, office)
        hotel.mews.fail("500", UPDATE)
        await trio.sleep(200)
        assert office.busy
        hotel.mews.heal()
        assert (await ended(hotel, id, 400)).state is State.PROCESSED


@pytest.mark.parametrize("stops", [True, False])
@pytest.mark.parametrize("verdict", Verdict)
async def test_after_a_restart_the_printer_is_asked_and_sent_nothing(
    hotel: Hotel, office: FakePrinter, autojump_clock: object, stops: bool, verdict: Verdict
) -> None:
    async with hotel.agent(stops=stops):
        id = await under_way(hotel, office)
    code = {Verdict.FAILED: Code.RESTART, Verdict.UNKNOWN: Code.RESTART_CUTTING}.get(verdict)
    if code is not None:
        office.found = over(code, Kind.PRINT)
    async with hotel.agent():
        await trio.sleep(600)
        assert hotel.mews.command(id).state is State.PROCESSING  # it prints still, as far as anyone knows
        office.knows.set()
        command = await ended(hotel, id)
    assert (office.made, office.followed) == ([], [id])
    assert (command.state is State.PROCESSED) == (verdict is Verdict.DONE)
    assert note(command) == office.found.note


async def test_what_staff_cancels_after_a_restart_is_called_off_too(
    hotel: Hotel, office: FakePrinter, autojump_clock: object
) -> None:
    async with hotel.agent(stops=False):
        id = await under_way(hotel, office)
    async with hotel.agent():
        await trio.sleep(60)
        assert office.called_off == []
        hotel.mews.cancel(id)
        await trio.sleep(30)
    assert (office.called_off, office.followed) == ([id], [id])


async def test_a_printer_is_asked_again_after_each_restart_until_it_knows(
    hotel: Hotel, office: FakePrinter, autojump_clock: object
) -> None:
    async with hotel.agent(stops=False):
        id = await under_way(hotel, office)
    for stops in (True, False, True):
        async with hotel.agent(stops=stops):
            await trio.sleep(60)
    office.knows.set()
    async with hotel.agent():
        assert (await ended(hotel, id)).state is State.PROCESSED
    assert (office.made, office.followed) == ([], [id] * 4)


async def test_a_document_at_a_printer_that_the_file_lost_was_perhaps_printed(
    hotel: Hotel, office: FakePrinter, autojump_clock: object
) -> None:
    async with hotel.agent(stops=False):
        id = await under_way(hotel, office)
    hotel.open_drivers = open_drivers
    hotel.provision()
    async with hotel.agent():
        command = await ended(hotel, id)
    assert command.state is State.ERROR
    assert note(command).startswith("The document may have been printed: the box restarted")
