"""Notices, network, disk and clock on the page: a fault comes, says what is so, and goes. In virtual time."""

import logging
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import trio

from agent.handover import notices
from agent.handover.notices import Notice
from agent.health.box_kinds import ADDRESS, CABLE, CLOCK
from agent.health.catalogue import CATALOGUE
from agent.health.kind import Level
from agent.hotel.app import App
from agent.hotel.machine_faults import LOOK_SECONDS, OLDEST_YEAR
from agent.simulators.base.presence import Absence, SimulatedClock
from agent.simulators.mews.commands import State
from agent.status import as_text
from agent.status.page import page
from agent.status.snapshot.snapshot import FaultLine
from agent.status.telemetry import metrics
from board.base import Network, NetworkState, Storage
from board.conditions import Conditions
from board.wear import Card, Wear
from tests.faults.desk import assert_next_key_works, order
from tests.status.samples import without_own_scripts
from tests.whole_hotel import Hotel

LOOK = LOOK_SECONDS + 0.1  # s; the next look is over by then
HOUR = 3600.0
GB = 1_000_000_000
BOX_CODES = [code for code in CATALOGUE if code.startswith(("E-BOX-", "E-TAKE-", "E-UPDATE-"))]
NO_CABLE = Network(NetworkState.NO_CABLE, "eth0")
NO_ADDRESS = Network(NetworkState.NO_ADDRESS, "eth0")
READY = Network(NetworkState.READY, "eth0", ("10.4.5.20",))


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    hotel = Hotel(tmp_path)
    hotel.provision()
    return hotel


def faults(app: App) -> dict[str, FaultLine]:
    """What the page lists for the box, by code."""
    return {fault.code: fault for fault in app.snapshot().faults if fault.hop == "box"}


def box_text(app: App) -> str:
    """What the page says of the box in the way of a key."""
    return next(hop.text for hop in app.snapshot().hops if hop.id == "box")


def age(app: App, code: str) -> float:
    """Since how many seconds a fault holds."""
    return next(trio.current_time() - fault.since for fault in app.health.active() if fault.kind.code == code)


def put(hotel: Hotel, code: str, as_text: str, name: str = "fact") -> None:
    notices.put(name, code, as_text, folder=hotel.notices)


@pytest.mark.parametrize("code", BOX_CODES)
async def test_a_notice_is_a_fault_as_long_as_it_stands(hotel: Hotel, autojump_clock: object, code: str) -> None:
    async with hotel.agent() as app:
        put(hotel, code, "This is what happened.")
        await trio.sleep(LOOK)
        assert [fault.text for fault in faults(app).values()] == ["This is what happened."]
        notices.drop("fact", hotel.notices)
        await trio.sleep(LOOK)
        assert faults(app) == {}


async def test_a_notice_that_stood_before_the_start_is_shown_from_the_start(
    hotel: Hotel, autojump_clock: object
) -> None:
    put(hotel, "E-BOX-CRASHED", "The kernel crashed.")
    async with hotel.agent() as app:
        await trio.sleep(1)
        assert "E-BOX-CRASHED" in faults(app)


async def test_a_notice_is_as_old_as_it_says_and_not_as_the_agent(hotel: Hotel, autojump_clock: object) -> None:
    old = Notice("E-UPDATE-REVERTED", "No key could be cut.", 0.0, notices.boottime() - HOUR)
    hotel.notices.mkdir()
    (hotel.notices / "update.json").write_bytes(msgspec.json.encode(old))
    async with hotel.agent() as app:
        await trio.sleep(1)
        assert age(app, "E-UPDATE-REVERTED") == pytest.approx(HOUR, abs=5)


async def test_a_notice_without_its_boot_time_begins_when_it_is_seen(hotel: Hotel, autojump_clock: object) -> None:
    hotel.notices.mkdir()
    (hotel.notices / "update.json").write_bytes(msgspec.json.encode(Notice("E-UPDATE-REVERTED", "", 0.0)))
    async with hotel.agent() as app:
        await trio.sleep(1)
        assert age(app, "E-UPDATE-REVERTED") <= 1


async def test_a_notice_says_its_newest_words(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent() as app:
        put(hotel, "E-UPDATE-TRIAL", "Waits for the lock server.")
        await trio.sleep(LOOK)
        put(hotel, "E-UPDATE-TRIAL", "Waits for Mews.")
        await trio.sleep(LOOK)
        assert faults(app)["E-UPDATE-TRIAL"].text == "Waits for Mews."


async def test_two_notices_of_one_code_are_both_said(hotel: Hotel, autojump_clock: object) -> None:
    put(hotel, "E-BOX-STORAGE", "The boot partition cannot be read.", "a")
    put(hotel, "E-BOX-STORAGE", "The data partition was repaired.", "b")
    async with hotel.agent() as app:
        await trio.sleep(1)
        said = "The boot partition cannot be read.\nThe data partition was repaired."
        assert faults(app)["E-BOX-STORAGE"].text == said
        notices.drop("a", hotel.notices)
        await trio.sleep(LOOK)
        assert faults(app)["E-BOX-STORAGE"].text == "The data partition was repaired."


async def test_a_notice_of_a_newer_box_is_left_out_with_one_line_in_the_log(
    hotel: Hotel, autojump_clock: object, caplog: pytest.LogCaptureFixture
) -> None:
    put(hotel, "E-FROM-A\x1b[2J-NEWER-BOX", "?", "a")
    put(hotel, "E-BOX-AGENT", "It was killed.", "b")
    with caplog.at_level(logging.WARNING):
        async with hotel.agent() as app:
            await trio.sleep(10 * LOOK)
            assert list(faults(app)) == ["E-BOX-AGENT"]
    lines = [record.getMessage() for record in caplog.records if "does not know" in record.getMessage()]
    assert lines == ["the box has a notice that this version does not know: E-FROM-A [2J-NEWER-BOX"]


async def test_a_fault_of_many_lines_is_one_line_in_the_log(
    hotel: Hotel, autojump_clock: object, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        async with hotel.agent():
            put(hotel, "E-TAKE-REFUSED", "Refused:\nmews.platform: is missing.\nERROR forged line")
            await trio.sleep(LOOK)
    lines = [record.getMessage() for record in caplog.records if "E-TAKE-REFUSED" in record.getMessage()]
    assert lines == ["E-TAKE-REFUSED at box: Refused: mews.platform: is missing. ERROR forged line"]


async def test_a_box_without_a_provisioning_file_shows_them_too(tmp_path: Path, autojump_clock: object) -> None:
    hotel = Hotel(tmp_path)
    put(hotel, "E-TAKE-REFUSED", "box.timezone: is missing.")
    hotel.board.wire = NO_CABLE
    async with hotel.agent() as app:
        await trio.sleep(CABLE.patience + LOOK)
        assert set(faults(app)) == {"E-TAKE-REFUSED", "E-BOX-CABLE"}


async def test_a_new_provisioning_file_leaves_them_as_they_are(hotel: Hotel, autojump_clock: object) -> None:
    put(hotel, "E-BOX-AGENT", "It was killed.")
    async with hotel.agent() as app:
        await trio.sleep(1)
        app.reload()
        await trio.sleep(LOOK)
        assert list(faults(app)) == ["E-BOX-AGENT"]


async def test_a_long_refusal_full_of_tricks_is_shown_whole_and_harmless(
    hotel: Hotel, autojump_clock: object
) -> None:
    reasons = [
        f"doors.R{number}: <script>alert({number})</script>\x1b[31m\x00\u202e is wrong. " for number in range(40)
    ]
    put(
        hotel, "E-TAKE-REFUSED", "The file was refused.\r\n" + "\n\n".join(f"{each}{'w' * 30}" for each in reasons)
    )
    async with hotel.agent() as app:
        await trio.sleep(LOOK)
        snapshot = app.snapshot()
    html, sent, terminal = page.render(snapshot), msgspec.json.encode(snapshot).decode(), as_text.render(snapshot)
    lines = faults(app)["E-TAKE-REFUSED"].text.splitlines()
    assert lines[:2] == ["The file was refused.", "doors.R0: <script>alert(0)</script> [31m is wrong. " + "w" * 30]
    assert len(lines) == 41
    assert "<script" not in without_own_scripts(html)
    assert "doors.R39: &lt;script&gt;alert(39)" in html
    assert "doors.R39: <script>" in sent
    assert "doors.R39" in terminal
    assert not [mark for mark in "\x1b\x00\u202e\r" if mark in html + sent + terminal]
    assert max(map(len, terminal.splitlines())) <= as_text.COLUMNS
    assert 'fault_active{code="E-TAKE-REFUSED",hop="box"} 1' in metrics.render(snapshot)
    assert snapshot.summary.level is Level.FAULT


async def test_a_cable_that_is_out_is_said_after_some_seconds_and_is_over_with_the_cable(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent() as app:
        hotel.board.wire = NO_CABLE
        await trio.sleep(LOOK)
        assert (faults(app), box_text(app)) == ({}, "The box works; eth0 has no link yet.")
        await trio.sleep(CABLE.patience)
        assert faults(app)["E-BOX-CABLE"].text == "The box's socket eth0 has no link."
        hotel.board.wire = READY
        await trio.sleep(LOOK)
        assert (faults(app), box_text(app)) == ({}, "The box works; its address is 10.4.5.20 (eth0).")


async def test_a_cable_that_is_pushed_in_anew_at_once_is_no_fault(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent() as app:
        for _ in range(5):
            hotel.board.wire = NO_CABLE
            await trio.sleep(LOOK)
            assert faults(app) == {}
            hotel.board.wire = READY
            await trio.sleep(LOOK)


@pytest.mark.parametrize(
    ("addresses", "said"),
    [
        ((), "The cable is in, but eth0 has no address: nothing in this network gives it one."),
        (
            ("169.254.7.1",),
            "The cable is in, but eth0 has no address (only 169.254.7.1): nothing in this network gives it one.",
        ),
    ],
)
async def test_a_dhcp_server_that_is_silent_is_said_when_it_had_its_time(
    hotel: Hotel, autojump_clock: object, addresses: tuple[str, ...], said: str
) -> None:
    async with hotel.agent() as app:
        hotel.board.wire = NO_ADDRESS._replace(addresses=addresses)
        await trio.sleep(ADDRESS.patience - LOOK)
        assert (faults(app), box_text(app)) == ({}, "The box works; eth0 has no address yet.")
        await trio.sleep(2 * LOOK)
        assert faults(app)["E-BOX-ADDRESS"].text == said
        hotel.board.wire = READY
        await trio.sleep(LOOK)
        assert faults(app) == {}


async def test_a_cable_that_is_pulled_after_dhcp_was_silent_is_said_alone(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent() as app:
        hotel.board.wire = NO_ADDRESS
        await trio.sleep(ADDRESS.patience + LOOK)
        hotel.board.wire = NO_CABLE
        await trio.sleep(CABLE.patience + LOOK)
        assert list(faults(app)) == ["E-BOX-CABLE"]


async def test_a_machine_that_does_not_know_its_network_or_its_disk_raises_nothing(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent() as app:
        await trio.sleep(HOUR)
        assert (faults(app), box_text(app)) == ({}, "The box works.")


async def test_two_addresses_are_both_shown(hotel: Hotel, autojump_clock: object) -> None:
    hotel.board.wire = READY._replace(addresses=("10.4.5.20", "fd00::2"))
    async with hotel.agent() as app:
        await trio.sleep(1)
        assert box_text(app) == "The box works; its address is 10.4.5.20 and fd00::2 (eth0)."


async def test_a_network_without_a_known_address_is_no_more_than_a_box_that_works(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.board.wire = Network(NetworkState.READY, "eth0")
    async with hotel.agent() as app:
        await trio.sleep(1)
        assert box_text(app) == "The box works."


async def test_a_disk_that_is_read_only_is_said_until_it_can_be_written(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent() as app:
        hotel.board.disk = Storage(8 * GB, 7 * GB, is_read_only=True)
        await trio.sleep(LOOK)
        said = f"The file system of {hotel.state} is read-only: the journal cannot be written."
        assert {code: fault.text for code, fault in faults(app).items()} == {"E-BOX-STORAGE": said}
        hotel.board.disk = Storage(8 * GB, 7 * GB)
        await trio.sleep(LOOK)
        assert faults(app) == {}


@pytest.mark.parametrize(
    ("disk", "said"),
    [
        (Storage(8 * GB, 299 * 1024 * 1024), "Less than 320 of 8000 MB are free."),
        (Storage(8 * GB, 301 * 1024 * 1024), None),
        (Storage(GB, 99_000_000), "Less than 100 of 1000 MB are free."),
        (Storage(GB, 101_000_000), None),
        (Storage(GB, 0), "Less than 10 of 1000 MB are free."),
        (Storage(0, 0), None),  # a file system that has no size
    ],
)
async def test_a_disk_is_nearly_full_below_a_tenth_and_what_an_update_takes(
    hotel: Hotel, autojump_clock: object, disk: Storage, said: str | None
) -> None:
    async with hotel.agent() as app:
        hotel.board.disk = disk
        await trio.sleep(LOOK)
        assert {code: fault.text for code, fault in faults(app).items()} == ({"E-BOX-FULL": said} if said else {})


async def test_a_disk_has_room_again_only_when_more_than_a_little_is_free(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent() as app:
        for free, is_full in ((101, False), (99, True), (101, True), (124, True), (126, False), (101, False)):
            hotel.board.disk = Storage(GB, free * 1_000_000)
            await trio.sleep(LOOK)
            assert ("E-BOX-FULL" in faults(app)) is is_full


@pytest.mark.parametrize(
    ("shift", "by"),
    [(3 * HOUR + 120, "3 h 2 min ahead of"), (-400 * 24 * HOUR, "400 days behind"), (365, "6 min ahead of")],
)
async def test_a_clock_that_is_wrong_is_said_by_how_much_and_keys_are_cut_all_the_same(
    hotel: Hotel, autojump_clock: object, shift: float, by: str
) -> None:
    async with hotel.agent() as app:
        hotel.wall.shift(shift)
        await assert_next_key_works(hotel)
        assert "E-BOX-CLOCK" not in faults(app)
        await trio.sleep(CLOCK.patience + LOOK)
        assert faults(app)["E-BOX-CLOCK"].text.startswith(f"The box's clock is {by} Mews'. Keys are cut in time")
        assert (await order(hotel, "102")).state is State.PROCESSED
        hotel.wall.shift(-shift)
        await trio.sleep(LOOK)
        assert faults(app) == {}


@pytest.mark.parametrize("shift", [290.0, -290.0])
async def test_a_clock_that_is_a_little_wrong_is_no_fault(
    hotel: Hotel, autojump_clock: object, shift: float
) -> None:
    async with hotel.agent() as app:
        hotel.wall.shift(shift)
        await trio.sleep(HOUR)
        assert faults(app) == {}


async def test_a_clock_that_is_set_soon_was_never_wrong(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent() as app:
        hotel.wall.shift(-HOUR)
        await trio.sleep(CLOCK.patience - 2 * LOOK)
        hotel.wall.shift(HOUR)
        await trio.sleep(CLOCK.patience)
        assert faults(app) == {}


async def test_a_clock_in_1970_is_said_even_while_mews_is_away(hotel: Hotel, autojump_clock: object) -> None:
    hotel.wall = SimulatedClock(datetime(1970, 1, 1, 0, 2, tzinfo=UTC))
    hotel.mews.presence.leave(Absence.REFUSE)
    async with hotel.agent() as app:
        await trio.sleep(LOOK)
        said = faults(app)["E-BOX-CLOCK"].text
        assert said.startswith("The box's clock says 1970-01-01, and Mews has not been reached yet")
        hotel.wall.shift((datetime.now(UTC) - hotel.wall.now()).total_seconds())
        await trio.sleep(LOOK)
        assert faults(app) == {}


async def test_a_clock_in_1970_is_measured_against_mews_once_it_answers(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.wall = SimulatedClock(datetime(1970, 1, 1, tzinfo=UTC))
    async with hotel.agent() as app:
        await assert_next_key_works(hotel)
        await trio.sleep(CLOCK.patience + LOOK)
        assert re.search(r"2\d{4} days .*behind Mews'", faults(app)["E-BOX-CLOCK"].text)


async def test_a_clock_is_plausible_from_the_year_of_the_first_box_on(
    hotel: Hotel, autojump_clock: object
) -> None:
    new_year = datetime(OLDEST_YEAR, 1, 1, tzinfo=UTC)
    hotel.wall = SimulatedClock(new_year - timedelta(seconds=10))
    hotel.mews.presence.leave(Absence.REFUSE)
    async with hotel.agent() as app:
        await trio.sleep(LOOK)
        assert "E-BOX-CLOCK" in faults(app)
        await trio.sleep(10)
        assert faults(app) == {}


async def test_without_mews_nobody_knows_the_time_better(hotel: Hotel, autojump_clock: object) -> None:
    hotel.wall.shift(1000 * 24 * HOUR)
    hotel.mews.presence.leave(Absence.REFUSE)
    async with hotel.agent() as app:
        await trio.sleep(HOUR)
        assert faults(app) == {}


async def test_a_clock_goes_on_being_wrong_while_mews_is_away(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent() as app:
        hotel.wall.shift(HOUR)
        await trio.sleep(CLOCK.patience + LOOK)
        hotel.mews.presence.leave(Absence.HANG)
        await trio.sleep(HOUR)
        assert "1 h ahead" in faults(app)["E-BOX-CLOCK"].text


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        (Conditions(79.9, is_power_weak=False, was_power_weak=True), {}),
        (Conditions(), {}),
        (Conditions(80.0), {"E-BOX-HOT": "Its processor is at 80 °C or more."}),
        (Conditions(93.7), {"E-BOX-HOT": "Its processor is at 90 °C or more."}),
        (Conditions(None, is_power_weak=True), {"E-BOX-POWER": "The voltage is too low right now."}),
        (
            Conditions(81.0, is_power_weak=True),
            {
                "E-BOX-HOT": "Its processor is at 80 °C or more.",
                "E-BOX-POWER": "The voltage is too low right now.",
            },
        ),
    ],
)
async def test_heat_and_a_weak_supply_are_warnings_and_stop_no_key(
    hotel: Hotel, autojump_clock: object, conditions: Conditions, said: dict[str, str]
) -> None:
    async with hotel.agent() as app:
        hotel.board.state_of_parts = conditions
        await trio.sleep(LOOK)
        assert {code: fault.text for code, fault in faults(app).items()} == said
        assert all(fault.level is Level.WARNING for fault in faults(app).values())
        await assert_next_key_works(hotel)
        hotel.board.state_of_parts = Conditions()
        await trio.sleep(LOOK)
        assert faults(app) == {}


async def test_a_hot_box_has_cooled_down_only_some_degrees_below(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent() as app:
        for degrees, is_hot in (
            (79.0, False),
            (80.0, True),
            (76.0, True),
            (75.0, True),
            (74.9, False),
            (79.0, False),
        ):
            hotel.board.state_of_parts = Conditions(degrees)
            await trio.sleep(LOOK)
            assert ("E-BOX-HOT" in faults(app)) is is_hot


@pytest.mark.parametrize(
    ("card", "text"),
    [
        (Card("MMC", "DG4008", life_steps=8, spare_state=1), None),
        (Card("SD", "SC32G"), None),
        (Card("MMC", "DG4008", life_steps=9), "The memory DG4008 has used up 80 to 90 % of its life."),
        (Card("MMC", "", life_steps=11), "The built-in memory is beyond the life that it was made for."),
        (
            Card("MMC", "DG4008", life_steps=1, spare_state=2),
            "The memory DG4008 has used up most of its spare blocks.",
        ),
        (
            Card("MMC", "DG4008", life_steps=10, spare_state=3),
            "The memory DG4008 has used up 90 to 100 % of its life.\n"
            "The memory DG4008 has used up most of its spare blocks.",
        ),
    ],
)
async def test_a_worn_memory_is_a_warning(
    hotel: Hotel, autojump_clock: object, card: Card, text: str | None
) -> None:
    async with hotel.agent() as app:
        hotel.board.worn = Wear((card,))
        await trio.sleep(LOOK)
        assert {code: fault.text for code, fault in faults(app).items()} == ({"E-BOX-WEAR": text} if text else {})
