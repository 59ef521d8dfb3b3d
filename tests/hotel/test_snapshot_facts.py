"""What the page is told about the hops. Whole agent, virtual time."""

import logging
from pathlib import Path
from typing import cast

import pytest
import trio

from agent.commands.driver import Driver
from agent.health.box_kinds import ADDRESS, CABLE
from agent.health.catalogue import CATALOGUE
from agent.health.health import Health
from agent.health.lock_kinds import UNREACHABLE
from agent.hotel.app import App
from agent.hotel.machine_faults import LOOK_SECONDS
from agent.hotel.snapshot_facts import HotelFacts, snapshot_of
from agent.pipeline.orders import Orders
from agent.simulators.base.presence import Absence
from agent.simulators.mews.switches import Dialect
from agent.status.snapshot.facts import HopState
from agent.status.snapshot.snapshot import Hop
from board.base import Network, NetworkState
from provisioning.model import Support
from tests.whole_hotel import Hotel


def mews_text(app: App) -> str:
    """What the page says of Mews."""
    return next(hop.text for hop in app.snapshot().hops if hop.id == "mews")


async def test_mews_is_not_said_to_answer_before_it_did(tmp_path: Path, autojump_clock: object) -> None:
    hotel = Hotel(tmp_path)
    hotel.provision()
    hotel.mews.switch(latency_seconds=2.0)
    async with hotel.agent() as app:
        await trio.sleep(1)
        assert mews_text(app) == "Mews has not answered yet; asked every 1 s."
        await trio.sleep(5)
        assert mews_text(app) == "Mews answers; asked every 1 s."


class _Pushing:
    is_reached, hears_news = True, True
    reached_since, polls_every = 0.0, 27.0
    next_try: float | None = None
    late_since: float | None = None

    def __init__(self, last_answer: float) -> None:
        self.last_answer = last_answer


@pytest.mark.parametrize(("ago", "words"), [(20.0, ""), (40.0, ", last answer 40 s ago")])
def test_a_mews_that_says_its_news_is_asked_seldom_and_the_page_says_so(ago: float, words: str) -> None:
    place = HotelFacts("desk", mews=_Pushing(100.0 - ago))
    made = snapshot_of(place, Health(lambda: 100.0), Orders(), perhaps=0, started=0.0, now=100.0)
    assert made.hops[0].text == f"Mews answers and tells of news; asked every 27 s{words}."


async def test_it_is_said_how_often_mews_is_asked_while_it_tells_of_news_and_while_it_does_not(
    tmp_path: Path, autojump_clock: object
) -> None:
    hotel = Hotel(tmp_path, dialect=Dialect.CURRENT, has_push=True)
    hotel.provision()
    async with hotel.agent() as app:
        await trio.sleep(100)
        assert mews_text(app) == "Mews answers and tells of news; asked every 27 s."
        hotel.mews.switch(push=False)
        hotel.mews.push.drop()
        await trio.sleep(10)
        assert mews_text(app) == "Mews answers; asked every 1 s."


async def test_a_key_under_way_is_shown_at_its_encoder(tmp_path: Path, autojump_clock: object) -> None:
    hotel = Hotel(tmp_path)
    hotel.provision()
    hotel.bridge.switch(card_seconds=10.0)
    async with hotel.agent() as app:
        hotel.mews.add_key("2", ["202"])
        await hotel.bridge.wait_calls("guest_key", 1)
        texts = {hop.id: hop.text for hop in app.snapshot().hops}
    assert texts["encoder:2"] == "Desk 2: present a card, key 1 of 1 for 202."
    assert texts["encoder:1"] == "Desk 1: ready."


NO_CABLE = Network(NetworkState.NO_CABLE, "eth0")
NO_ADDRESS = Network(NetworkState.NO_ADDRESS, "eth0")
READY = Network(NetworkState.READY, "eth0", ("10.4.5.20",))
OUTAGE = 200.0  # s; Mews and the lock server are found to be away within that


def cut_off(hotel: Hotel, network: Network) -> None:
    """The box has no network, and what follows from that."""
    hotel.board.wire = network
    hotel.mews.presence.leave(Absence.REFUSE)
    hotel.bridge.presence.leave(Absence.REFUSE)


def codes(app: App) -> list[str]:
    """What the page lists, without the standing warning of the test's own profile."""
    return [fault.code for fault in app.snapshot().faults if fault.code != "E-LOCK-UNCONFIRMED"]


def hops(app: App) -> dict[str, Hop]:
    return {hop.id: hop for hop in app.snapshot().hops}


@pytest.mark.parametrize(("network", "code"), [(NO_CABLE, CABLE.code), (NO_ADDRESS, ADDRESS.code)])
async def test_without_a_network_the_page_shows_that_alone(
    tmp_path: Path, autojump_clock: object, network: Network, code: str
) -> None:
    hotel = Hotel(tmp_path)
    hotel.provision()
    async with hotel.agent() as app:
        await trio.sleep(5)
        cut_off(hotel, network)
        await trio.sleep(OUTAGE)
        assert codes(app) == [code]
        assert app.snapshot().summary.text.startswith(f"{CATALOGUE[code].title}: no keys can be cut")
        mews, encoder = hops(app)["mews"], hops(app)["encoder:1"]
        assert (mews.state, mews.text) == (HopState.BEHIND, "Mews cannot be told before this box is well again.")
        assert (encoder.state, encoder.text) == (
            HopState.BEHIND,
            "Desk 1: cannot be told before the lock server answers.",
        )


class AnsweringDriver:
    """A lock server that has answered."""

    hop = "lock-server:a"
    lanes = ()
    last_answer = 1.0


@pytest.mark.parametrize(
    ("holds", "state", "words"),
    [
        (False, HopState.SEEN, "The lock server answers."),
        (True, HopState.BEHIND, "The lock server cannot be told before this box is well again."),
    ],
)
def test_a_lock_server_is_out_of_sight_only_when_something_before_it_explains_its_fault(
    holds: bool, state: HopState, words: str
) -> None:
    health = Health(lambda: 60.0)
    health.raise_fault(CABLE, "box")
    if holds:
        health.raise_fault(UNREACHABLE, AnsweringDriver.hop)
    place = HotelFacts("desk", servers=[cast("Driver", AnsweringDriver())])
    made = snapshot_of(place, health, Orders(), perhaps=0, started=0.0, now=60.0)
    server = next(hop for hop in made.hops if hop.id == AnsweringDriver.hop)
    assert (server.state, server.text) == (state, words)


async def test_what_still_holds_when_the_network_is_back_is_shown_then(
    tmp_path: Path, autojump_clock: object
) -> None:
    hotel = Hotel(tmp_path)
    hotel.provision()
    async with hotel.agent() as app:
        await trio.sleep(5)
        cut_off(hotel, NO_CABLE)
        await trio.sleep(OUTAGE)
        hotel.board.wire = READY
        hotel.bridge.presence.come_back()
        await trio.sleep(OUTAGE)
        assert codes(app) == ["E-MEWS-UNREACHABLE"]
        hotel.mews.presence.come_back()
        await trio.sleep(OUTAGE)
        assert codes(app) == []
        assert {hop.state for hop in hops(app).values()} == {HopState.SEEN}


async def test_the_log_says_once_what_the_page_shows(
    tmp_path: Path, autojump_clock: object, caplog: pytest.LogCaptureFixture
) -> None:
    hotel = Hotel(tmp_path)
    hotel.provision()
    with caplog.at_level(logging.INFO):
        async with hotel.agent():
            await trio.sleep(5)
            hotel.board.wire = NO_CABLE
            await trio.sleep(LOOK_SECONDS)
            cut_off(hotel, NO_CABLE)
            await trio.sleep(OUTAGE)
            hotel.mews.presence.come_back()
            hotel.bridge.presence.come_back()
            await trio.sleep(OUTAGE)
            hotel.board.wire = READY
            await trio.sleep(2 * LOOK_SECONDS)
    said = [record.getMessage() for record in caplog.records if " at " in record.getMessage()]
    assert [line for line in said if "UNCONFIRMED" not in line] == [
        "E-BOX-CABLE at box: The box's socket eth0 has no link.",
        "E-BOX-CABLE at box is over",
    ]


async def test_an_encoder_is_not_blamed_for_a_lock_server_that_is_away(
    tmp_path: Path, autojump_clock: object
) -> None:
    hotel = Hotel(tmp_path)
    hotel.provision()
    hotel.bridge.fail("hang", "guest_key", calls=1)
    async with hotel.agent() as app:
        hotel.mews.add_key("1", ["101"])
        await trio.sleep(OUTAGE)
        assert codes(app) == ["E-ENCODER", "E-KEY-PERHAPS"]
        hotel.bridge.presence.leave(Absence.REFUSE)
        await trio.sleep(OUTAGE)
        assert codes(app) == ["E-LOCK-UNREACHABLE", "E-KEY-PERHAPS"]
        shown = {hop.id: hop for hop in app.snapshot().hops}
        assert shown["encoder:2"].text == "Desk 2: cannot be told before the lock server answers."
        assert shown["encoder:2"].since == shown["lock-server:coder-bridge"].since  # not of the start
        hotel.bridge.presence.come_back()
        await trio.sleep(OUTAGE)
        assert codes(app) == ["E-ENCODER", "E-KEY-PERHAPS"]


async def test_whom_to_call_comes_from_the_file(tmp_path: Path, autojump_clock: object) -> None:
    hotel = Hotel(tmp_path)
    hotel.provision(more='[support]\nname = "Lock service Tyrol"\nphone = "+43 512 000000"')
    async with hotel.agent() as app:
        await trio.sleep(1)
        assert app.snapshot().support == Support("Lock service Tyrol", "+43 512 000000")
