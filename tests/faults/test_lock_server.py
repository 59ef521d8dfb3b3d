"""Every way in which a Coder Bridge may disappoint, seen from the desk: state, note, cards, and the next key."""

import pytest
import trio

from agent.health.kind import Level
from agent.simulators.base.presence import Absence
from agent.simulators.mews.commands import State
from tests.faults.desk import assert_next_key_works, cards, ended, holds, note, order, wait_cuts
from tests.manner import WITHOUT_PUSH
from tests.whole_hotel import Hotel

pytestmark = pytest.mark.parametrize("manner", WITHOUT_PUSH)

SERVER = "lock-server:coder-bridge"
LOST = ("drop", "reset", "garbage", "truncated", "html-500", "html-200", "brace", "empty", "500", "503", "408")
SLOW = ("hang", "drip", "endless", "gzip-bomb")


@pytest.mark.parametrize("status", [200, 500])
async def test_result_0_is_a_cut_key_whatever_the_status(
    hotel: Hotel, autojump_clock: object, status: int
) -> None:
    hotel.bridge.switch(success_status=status)
    async with hotel.agent():
        command = await order(hotel)
        assert (command.state, cards(hotel)) == (State.PROCESSED, 1)
        await assert_next_key_works(hotel)


@pytest.mark.parametrize("status", [200, 400, 500])
async def test_a_refusal_reaches_staff_in_the_bridges_own_words(
    hotel: Hotel, autojump_clock: object, status: int
) -> None:
    hotel.bridge.switch(failure_status=status)
    hotel.bridge.fail("bad-request", "guest_key", message="Door 101 is locked out", calls=1)
    async with hotel.agent():
        command = await order(hotel)
        assert (command.state, cards(hotel)) == (State.ERROR, 0)
        assert "not cut: the lock system says “Door 101 is locked out”." in note(command)
        assert not holds(hotel, "E-ENCODER", "encoder:1")
        await assert_next_key_works(hotel)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("kind", [*LOST, *SLOW])
async def test_an_answer_that_is_lost_makes_a_perhaps_and_no_second_card(
    hotel: Hotel, autojump_clock: object, kind: str, when: str
) -> None:
    hotel.bridge.fail(kind, "guest_key", calls=1, when=when)
    async with hotel.agent():
        command = await order(hotel)
        # A drip of a key's whole answer comes within the 90 s that a card may take: that is an answer like any.
        if (kind, when) == ("drip", "after"):
            assert (command.state, cards(hotel)) == (State.PROCESSED, 1)
        else:
            assert (command.state, cards(hotel)) == (State.ERROR, 1 if when == "after" else 0)
            assert note(command).startswith("Key perhaps cut")
            assert "Look at the encoder Desk 1" in note(command)
        await assert_next_key_works(hotel)


@pytest.mark.parametrize("kind", ["400", "404", "429"])
async def test_a_request_that_is_not_accepted_is_surely_not_cut(
    hotel: Hotel, autojump_clock: object, kind: str
) -> None:
    hotel.bridge.fail(kind, "guest_key", calls=1)
    async with hotel.agent():
        command = await order(hotel)
        assert (command.state, cards(hotel)) == (State.ERROR, 0)
        assert "not cut: the lock server did not accept the request" in note(command)
        await assert_next_key_works(hotel)


async def test_the_server_going_off_in_mid_card_is_a_perhaps(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        id = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(30):
            await hotel.bridge.wait_calls("guest_key", 1)
        hotel.bridge.presence.leave(Absence.REFUSE, 10)
        command = await ended(hotel, id)
        await wait_cuts(hotel, 1)
        assert (command.state, note(command)[:16]) == (State.ERROR, "Key perhaps cut:")
        await trio.sleep(10)
        await assert_next_key_works(hotel)
    assert cards(hotel) == 1


@pytest.mark.parametrize("denial", ["401-empty", "401-json", "403-empty", "403-json"])
async def test_a_token_that_ends_between_two_keys_is_renewed_unseen(
    hotel: Hotel, autojump_clock: object, denial: str
) -> None:
    hotel.bridge.switch(bad_token=denial)
    async with hotel.agent():
        await order(hotel)
        hotel.bridge.tokens.end_all()
        await assert_next_key_works(hotel)
    assert hotel.bridge.refused_tokens == 1


async def test_a_token_that_ends_in_words_only_costs_one_key_and_no_more(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.bridge.switch(bad_token="500-json")
    async with hotel.agent():
        await order(hotel)
        hotel.bridge.tokens.end_all()
        command = await order(hotel, "102")
        assert (command.state, cards(hotel, "102")) == (State.ERROR, 0)
        assert "Token missing or expired" in note(command)
        await assert_next_key_works(hotel)


@pytest.mark.parametrize(
    ("switches", "words"),
    [
        ({"encoders": ("9",)}, "The encoder is not known”. Try once more"),
        ({"rooms": ("9",)}, "The room is not known”. Try once more"),
    ],
)
async def test_what_the_lock_system_does_not_know_is_said(
    hotel: Hotel, autojump_clock: object, switches: dict[str, object], words: str
) -> None:
    hotel.bridge.switch(**switches)
    async with hotel.agent():
        command = await order(hotel)
        assert (command.state, cards(hotel)) == (State.ERROR, 0)
        assert words in note(command)
        hotel.bridge.switch(encoders=(), rooms=())
        await assert_next_key_works(hotel)


@pytest.mark.parametrize("denial", ["401-empty", "401-json", "403-empty", "403-json", "500-json"])
async def test_a_bad_log_in_is_called_so_and_ends_with_its_cause(
    hotel: Hotel, autojump_clock: object, denial: str
) -> None:
    hotel.bridge.switch(bad_credentials=denial, client_pw="another-one")
    async with hotel.agent():
        command = await order(hotel)
        assert (command.state, cards(hotel)) == (State.ERROR, 0)
        assert "refused the box's log-in" in note(command)
        assert holds(hotel, "E-LOCK-AUTH", SERVER)
        hotel.bridge.switch(client_pw="bridge-password")
        await assert_next_key_works(hotel)
        assert not holds(hotel, "E-LOCK-AUTH", SERVER)


@pytest.mark.parametrize(
    ("absence", "words", "code"),
    [
        (Absence.REFUSE, "cannot be reached (it refused the connection)", "E-LOCK-UNREACHABLE"),
        (Absence.DROP, "does not answer (it closed the connection without an HTTP answer)", "E-LOCK-SILENT"),
        (Absence.HANG, "does not answer (no whole answer within 10 s)", "E-LOCK-SILENT"),
    ],
)
async def test_a_server_that_is_off_is_said_and_comes_back(
    hotel: Hotel, autojump_clock: object, absence: Absence, words: str, code: str
) -> None:
    hotel.bridge.presence.leave(absence)
    async with hotel.agent():
        command = await order(hotel)
        assert (command.state, cards(hotel)) == (State.ERROR, 0)
        assert words in note(command)
        assert holds(hotel, code, SERVER)
        hotel.bridge.presence.come_back()
        await assert_next_key_works(hotel)
        assert not holds(hotel, code, SERVER)


async def test_a_silent_network_to_the_lock_server_is_surely_not_cut(hotel: Hotel, autojump_clock: object) -> None:
    hotel.bridge_line.is_silent = True
    async with hotel.agent():
        command = await order(hotel)
        assert (command.state, cards(hotel)) == (State.ERROR, 0)
        assert "did not accept a connection within 5 s" in note(command)
        hotel.bridge_line.is_silent = False
        await assert_next_key_works(hotel)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("encoder-busy", "The encoder is busy”. Try once more"),
        ("encoder-offline", "The encoder does not respond”. Try once more"),
        ("no-card", "No card was presented in time”. Try once more"),
        ("database-down", "The database cannot be reached”. Try once more"),
    ],
)
async def test_an_encoder_that_cannot_is_said_in_the_bridges_words(
    hotel: Hotel, autojump_clock: object, kind: str, words: str
) -> None:
    hotel.bridge.fail(kind, "guest_key", match={"encoder": "1"}, calls=1)
    async with hotel.agent():
        command = await order(hotel)
        assert (command.state, cards(hotel)) == (State.ERROR, 0)
        assert words in note(command)
        await assert_next_key_works(hotel)


async def test_one_key_answered_by_a_web_page_leaves_the_box_warned_and_not_at_fault(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.bridge.fail("html-500", "guest_key", calls=1)
    async with hotel.agent() as app:
        await order(hotel)
        await trio.sleep(600)  # no one orders, and nothing is known that was not known then
        assert app.snapshot().summary.level is Level.WARNING
        assert holds(hotel, "E-LOCK-KEY-ANSWER", SERVER)
        await assert_next_key_works(hotel)
        assert not holds(hotel, "E-LOCK-KEY-ANSWER", SERVER)


async def test_a_mistyped_room_leaves_its_encoder_as_it_was(hotel: Hotel, autojump_clock: object) -> None:
    hotel.bridge.switch(rooms=("101", "909"))
    async with hotel.agent() as app:
        command = await order(hotel, "1O1")
        assert "The room is not known”. Try once more" in note(command)
        [encoder] = [hop for hop in app.snapshot().hops if hop.id == "encoder:1"]
        assert encoder.level is Level.OK
        [last] = [line for line in app.snapshot().commands.recent if line.room == "1O1"]
        assert "The room is not known”. Try once more" in last.note
