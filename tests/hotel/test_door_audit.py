"""The door audit over the whole agent: what Mews, the file and the lock systems say, and what becomes of it.

A finding is a fault as long as it is there, a line of the page, a row of the verb; what mends it ends it.
"""

import argparse
import json
from pathlib import Path

import msgspec
import pytest
import trio

from agent.control.command_line import act
from agent.control.words.told import End, Line, Result, Table
from agent.control.words.verbs import VERBS
from agent.hotel.door_audit import AGAIN_SECONDS, EVERY_SECONDS, REFUSED_SECONDS
from agent.simulators.base.presence import Absence
from agent.simulators.mews.switches import Dialect
from tests.control.test_command_line_face import FILE, OwnDesk
from tests.faults.desk import ended, holds
from tests.faults.test_desk_secrets import AtDesk
from tests.hotel.guests import add_rooms, house, renumber
from tests.whole_hotel import ENCODER, Hotel, visionline_text

ROOMS, DOORS, DEVICES = "E-AUDIT-ROOMS", "E-AUDIT-DOORS", "E-AUDIT-DEVICES"
LISTED = ("101", "102", "103")  # what the lock system lists


@pytest.fixture
def hotel(tmp_path: Path, dialect: Dialect) -> Hotel:
    """Mews has the rooms 101 and 102, and key cutters 1 to 3."""
    hotel = Hotel(tmp_path, dialect=dialect)
    hotel.bridge.switch(rooms=LISTED)
    hotel.provision(poll_seconds=60.0)
    return hotel


async def audited(hotel: Hotel) -> str:
    """The line of the page, once there was an audit: Mews is asked at the start."""
    await trio.sleep(5)
    return line(hotel)


def line(hotel: Hotel) -> str:
    """What the page says of the audit."""
    assert hotel.app is not None
    found = json.loads(msgspec.json.encode(hotel.app.snapshot()))["upkeep"]  # as status.json has it
    return next((each["text"] for each in found if each["id"] == "audit"), "none")


def rows(desk: AtDesk) -> list[tuple[str, str]]:
    """What was shown, by subject and name."""
    return [row[:2] for told in desk.shown if isinstance(told, Table) for row in told.rows]  # type: ignore[misc]


def lines(desk: AtDesk) -> list[str]:
    """What else was said."""
    return [told.text for told in desk.shown if isinstance(told, Line)]


async def test_what_agrees_is_no_fault_and_what_is_idle_is_one_line(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent() as app:
        assert (await audited(hotel)).startswith("1 to look at: nightporter audit tells them.")
        assert not [fault for fault in app.health.active() if fault.kind.code.startswith("E-AUDIT")]
        desk = AtDesk(hotel)
        assert await desk.ask("audit") == Result(End.DONE, "1 to look at.")
        assert rows(desk) == [("door that no room uses", "103")]


async def test_a_room_without_a_door_is_a_fault_until_the_lock_system_has_it(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent():
        add_rooms(hotel, "104")
        assert "of which 1 would end orders in Error" in await audited(hotel)
        assert holds(hotel, ROOMS, "box")
        hotel.bridge.switch(rooms=(*LISTED, "104"))
        assert (await AtDesk(hotel).ask("audit")).end is End.DONE
        assert not holds(hotel, ROOMS, "box")
        renumber(hotel, "104", "105")
        assert (await AtDesk(hotel).ask("audit")).end is End.FAILED
        assert holds(hotel, ROOMS, "box")
        house(hotel).rooms.pop("id-104")
        assert (await AtDesk(hotel).ask("audit")).end is End.DONE
        assert not holds(hotel, ROOMS, "box")


async def test_a_door_of_the_file_that_opens_nothing_is_a_fault_until_a_new_file(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.provision(poll_seconds=60.0, more='[doors]\n"101" = { room = "1-0-1" }\n"GYM" = { room = "99" }\n')
    async with hotel.agent() as app:
        await audited(hotel)
        assert (holds(hotel, ROOMS, "box"), holds(hotel, DOORS, "box")) == (True, True)
        hotel.provision(poll_seconds=60.0)
        assert await app.reload_and_tell() == ""
        assert (await audited(hotel)).startswith("1 to look at")
        await trio.sleep(60)
        assert (holds(hotel, ROOMS, "box"), holds(hotel, DOORS, "box")) == (False, False)


async def test_a_proposed_line_pasted_into_the_file_is_taken_and_makes_the_finding_go(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent() as app:
        add_rooms(hotel, "Zimmer 103", "Room  0104")
        hotel.bridge.switch(rooms=(*LISTED, "104"))
        await audited(hotel)
        desk = AtDesk(hotel)
        result = await desk.ask("audit")
        assert (rows(desk)[:2], result) == (
            [("room without a key", "Room 0104"), ("room without a key", "Zimmer 103")],
            Result(End.FAILED, "2 of these would end orders in Error."),
        )
        said = lines(desk)
        at = said.index("In the provisioning file, under [doors]:")
        proposed = [each.strip() for each in said[at + 1 :]]
        assert proposed == ['"Room 0104" = { room = "104" }', '"Zimmer 103" = { room = "103" }']
        hotel.provision(poll_seconds=60.0, more="\n".join(["[doors]", *proposed, ""]))
        assert await app.reload_and_tell() == ""
        await audited(hotel)
        again = AtDesk(hotel)
        assert await again.ask("audit") == Result(End.DONE, "All that was compared agrees.")
        assert not holds(hotel, ROOMS, "box")
        cut = await ended(hotel, hotel.mews.add_key("1", ["Zimmer 103"]))
        assert (cut.notes, hotel.bridge.cuts[-1].room) == (None, "103")


async def test_a_key_cutter_that_the_file_lacks_and_the_line_that_mends_it(
    tmp_path: Path, autojump_clock: object
) -> None:
    hotel = Hotel(tmp_path, dialect=Dialect.CURRENT)
    hotel.bridge.switch(rooms=LISTED)
    unserved = ENCODER.format(number=3).replace('key_cutters = ["3"]', 'key_cutters = ["77"]')
    hotel.provision(poll_seconds=60.0, encoders=2, more=unserved)
    async with hotel.agent() as app:
        await audited(hotel)
        assert holds(hotel, DEVICES, "box")
        desk = AtDesk(hotel)
        assert (await desk.ask("audit")).end is End.FAILED
        assert rows(desk)[0] == ("key cutter of Mews alone", "Key cutter 3")
        said = lines(desk)
        at = said.index("In the provisioning file, at the encoder “Desk 3”, in place of key_cutters:")
        mended = unserved.replace('key_cutters = ["77"]', said[at + 1].strip())
        hotel.provision(poll_seconds=60.0, encoders=2, more=mended)
        assert await app.reload_and_tell() == ""
        await audited(hotel)
        again = AtDesk(hotel)
        await again.ask("audit")
        assert rows(again) == [("door that no room uses", "103")]
        assert not holds(hotel, DEVICES, "box")


async def test_an_encoder_whose_key_cutter_mews_does_not_have_is_told_and_no_fault(
    tmp_path: Path, autojump_clock: object
) -> None:
    hotel = Hotel(tmp_path, dialect=Dialect.CURRENT)
    hotel.bridge.switch(rooms=LISTED)
    hotel.provision(poll_seconds=60.0, encoders=4)
    async with hotel.agent():
        await audited(hotel)
        desk = AtDesk(hotel)
        assert (await desk.ask("audit")).end is End.DONE
        assert ("encoder of the file alone", "Desk 4") in rows(desk)
        assert not holds(hotel, DEVICES, "box")


async def test_the_dialect_of_2016_says_that_it_tells_no_devices(tmp_path: Path, autojump_clock: object) -> None:
    hotel = Hotel(tmp_path, dialect=Dialect.V2016)
    hotel.bridge.switch(rooms=LISTED)
    hotel.provision(poll_seconds=60.0, encoders=4)
    async with hotel.agent():
        assert "Mews does not tell its devices, so they were not compared." in await audited(hotel)
        assert not holds(hotel, DEVICES, "box")


async def test_a_lock_server_that_does_not_tell_its_doors_is_named_and_nothing_is_concluded(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.bridge.fail("500", "config_rooms")
    async with hotel.agent():
        add_rooms(hotel, "104")
        text = await audited(hotel)
        assert "lock-server:coder-bridge was not compared: it does not tell its doors" in text
        assert not holds(hotel, ROOMS, "box")
        hotel.bridge.heal()
        assert (await AtDesk(hotel).ask("audit")).end is End.FAILED
        assert holds(hotel, ROOMS, "box")
        hotel.bridge.presence.leave(Absence.REFUSE)
        assert (await AtDesk(hotel).ask("audit")).end is End.DONE
        assert "it does not tell its doors" in line(hotel)


async def test_a_printer_is_no_lock_system_without_a_list_of_doors(tmp_path: Path, autojump_clock: object) -> None:
    hotel = Hotel(tmp_path)
    hotel.bridge.switch(rooms=LISTED)
    hotel.provision(poll_seconds=60.0, more='[[printers]]\nname = "Office"\nuri = "ipp://10.4.5.30/ipp/print"')
    async with hotel.agent():
        assert "printer:" not in await audited(hotel)


async def test_a_room_that_the_other_lock_system_has_is_no_finding(hotel: Hotel, autojump_clock: object) -> None:
    hotel.visionline.switch(doors=("104",))
    hotel.provision(poll_seconds=60.0, more=visionline_text(hotel.visionline))
    async with hotel.agent():
        add_rooms(hotel, "104")
        assert "orders in Error" not in await audited(hotel)
        assert not holds(hotel, ROOMS, "box")


async def test_a_mews_that_is_away_keeps_what_was_found_and_is_asked_again(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent():
        add_rooms(hotel, "104")
        await audited(hotel)
        house(hotel).rooms.pop("id-104")
        hotel.mews.presence.leave(Absence.REFUSE)
        await trio.sleep(EVERY_SECONDS)
        result = await AtDesk(hotel).ask("audit")
        assert (result.end, holds(hotel, ROOMS, "box")) == (End.FAILED, True)
        hotel.mews.presence.come_back()
        await trio.sleep(AGAIN_SECONDS + 120)
        assert not holds(hotel, ROOMS, "box")


async def test_the_verb_is_json_with_a_row_for_each_finding(
    hotel: Hotel, autojump_clock: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with hotel.agent():
        add_rooms(hotel, "Zimmer 103")
        await audited(hotel)
        desk = AtDesk(hotel)
        result = await desk.ask("audit")
    told = tuple(each for each in desk.shown if not isinstance(each, Result))
    options = argparse.Namespace(state=tmp_path / "none", config=FILE, json=True)
    assert act(VERBS["audit"], options, {}, OwnDesk(result, told=told)) == 1
    shown = capsys.readouterr()
    [row] = json.loads(shown.out)["rows"]
    assert (row["what"], row["name"]) == ("room without a key", "Zimmer 103")
    assert '"Zimmer 103" = { room = "103" }' in shown.err


@pytest.mark.parametrize("failure", ["403", "404"])
async def test_a_list_that_mews_refuses_is_said_and_the_rest_is_compared(
    tmp_path: Path, autojump_clock: object, failure: str
) -> None:
    hotel = Hotel(tmp_path, dialect=Dialect.CURRENT)
    hotel.bridge.switch(rooms=LISTED)
    unserved = ENCODER.format(number=3).replace('key_cutters = ["3"]', 'key_cutters = ["77"]')
    hotel.provision(poll_seconds=60.0, encoders=2, more=unserved)
    hotel.mews.fail(failure, "services/getAll")
    async with hotel.agent():
        text = await audited(hotel)
        assert "Mews does not tell its rooms (" in text
        assert holds(hotel, DEVICES, "box")
        hotel.mews.heal()
        await trio.sleep(REFUSED_SECONDS + 10)
        assert "Mews does not tell its rooms" not in line(hotel)


async def test_a_refused_list_ends_no_fault_that_an_earlier_one_has_shown(
    tmp_path: Path, autojump_clock: object
) -> None:
    hotel = Hotel(tmp_path, dialect=Dialect.CURRENT)
    hotel.bridge.switch(rooms=LISTED)
    hotel.provision(poll_seconds=60.0)
    async with hotel.agent():
        add_rooms(hotel, "104")
        await audited(hotel)
        assert holds(hotel, ROOMS, "box")
        hotel.mews.fail("403", "services/getAll")
        assert (await AtDesk(hotel).ask("audit")).end is End.DONE
        assert holds(hotel, ROOMS, "box")
        house(hotel).rooms.pop("id-104")
        hotel.mews.heal()
        await AtDesk(hotel).ask("audit")
        assert not holds(hotel, ROOMS, "box")
