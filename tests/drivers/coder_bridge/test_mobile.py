"""Mobile keys: the right call, the same promise as for a card, and not a trace of whom they went to."""

import traceback
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from agent.commands.driver import KeyJob
from agent.commands.model import Outcome, Verdict
from agent.drivers.coder_bridge.protocol.notes import KeyCode
from tests.drivers.coder_bridge.bridge_bench import BridgeBench, bridge_bench
from tests.drivers.coder_bridge.profile_bench import BUILT_IN, all_confirmed, changed, job

PHONE = "+43 660 1234567"
MAIL = "anna.muster@example.com"
MOBILE = {"encoder": "3", "reservation": "stay-7"}
BY_CONTACT = changed(BUILT_IN, mobile__user="contact")


def mobile(**changes: Any) -> KeyJob:
    return job(**MOBILE, **changes)


async def made(bench: BridgeBench, **changes: Any) -> tuple[Verdict, str]:
    ended = await bench.cut(**MOBILE, **changes)
    return ended.verdict, ended.code


async def test_the_lane_of_a_mobile_encoder_says_so() -> None:
    async with bridge_bench(mobile=("3",)) as bench:
        assert [lane.is_mobile for lane in bench.driver.lanes] == [False, False, True]


@pytest.mark.parametrize("contact", [PHONE, MAIL])
async def test_with_a_contact_the_key_is_pushed_to_it(autojump_clock: MockClock, contact: str) -> None:
    async with bridge_bench(mobile=("3",)) as bench:
        assert await made(bench, contact=contact, areas=("3",)) == (Verdict.DONE, "")
        [key] = bench.simulator.mobile_keys
        assert (key.slot, key.room, key.user, key.areas) == ("mobile_key_push", "101", "stay-7", "3")
        assert (key.end, key.push_address) == ("07/04/2026", contact)
        assert bench.simulator.cuts == ()


async def test_without_a_contact_the_key_is_made_for_the_user_alone(autojump_clock: MockClock) -> None:
    async with bridge_bench(mobile=("3",)) as bench:
        assert await made(bench) == (Verdict.DONE, "")
        assert [(key.slot, key.user) for key in bench.simulator.mobile_keys] == [("mobile_key", "stay-7")]


async def test_a_site_may_call_the_user_by_the_contact(autojump_clock: MockClock) -> None:
    async with bridge_bench(mobile=("3",), profile=BY_CONTACT) as bench:
        assert await made(bench, contact=MAIL) == (Verdict.DONE, "")
        assert [key.user for key in bench.simulator.mobile_keys] == [MAIL]


async def test_the_key_itself_that_the_bridge_answers_with_is_kept_nowhere(autojump_clock: MockClock) -> None:
    async with bridge_bench(mobile=("3",)) as bench:
        outcome = await bench.driver.carry_out(mobile())
        assert (outcome.verdict, outcome.key) == (Verdict.DONE, "")
        assert "mobile-key:" not in repr(outcome) + repr(bench.health.active())


@pytest.mark.parametrize(
    ("profile", "changes", "code"),
    [
        (BUILT_IN, {"reservation": ""}, KeyCode.NO_STAY),
        (BY_CONTACT, {}, KeyCode.NO_CONTACT),
        (BUILT_IN, {"copies": 2}, KeyCode.COPIES),
        (BUILT_IN, {"rooms": ()}, KeyCode.NO_ROOM),
    ],
)
async def test_what_no_mobile_key_can_be_made_of_is_refused_before_anything_is_sent(
    autojump_clock: MockClock, profile: Any, changes: dict[str, Any], code: KeyCode
) -> None:
    async with bridge_bench(mobile=("3",), profile=profile) as bench:
        ended = await bench.cut(**{**MOBILE, **changes})
        assert (ended.verdict, ended.code) == (Verdict.FAILED, code)
        assert ended.note.startswith("Mobile key not made: ")
        assert not bench.simulator.calls


async def test_without_proof_and_permission_nothing_is_sent(autojump_clock: MockClock) -> None:
    async with bridge_bench(mobile=("3",), allow_unconfirmed=False) as bench:
        assert await made(bench) == (Verdict.FAILED, KeyCode.UNCONFIRMED)
        assert not bench.simulator.calls
    async with bridge_bench(mobile=("3",), allow_unconfirmed=False, profile=all_confirmed()) as bench:
        assert await made(bench) == (Verdict.DONE, "")


@pytest.mark.parametrize("kind", ["drop", "hang", "html-500", "empty", "redirect", "garbage"])
@pytest.mark.parametrize(("when", "keys"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize(("contact", "slot"), [(PHONE, "mobile_key_push"), ("", "mobile_key")])
async def test_without_a_readable_answer_it_was_perhaps_made_and_is_never_asked_for_again(
    autojump_clock: MockClock, kind: str, when: str, keys: int, contact: str, slot: str
) -> None:
    async with bridge_bench(mobile=("3",)) as bench:
        bench.simulator.fail(kind, slot, when=when, calls=1)
        ended = await bench.cut(**MOBILE, contact=contact)
        assert ended.verdict is Verdict.UNKNOWN
        assert ended.note.startswith("Mobile key perhaps made: ")
        assert "Bar" not in ended.note
        await trio.sleep(300)
        assert (bench.simulator.calls[slot], len(bench.simulator.mobile_keys)) == (1, keys)


async def test_a_token_that_ended_costs_a_log_in_and_no_key(autojump_clock: MockClock) -> None:
    async with bridge_bench(mobile=("3",)) as bench:
        await made(bench)
        bench.simulator.tokens.end_all()
        assert await made(bench) == (Verdict.DONE, "")
        assert len(bench.simulator.mobile_keys) == 2


async def test_no_fault_blames_an_encoder_for_a_mobile_key(autojump_clock: MockClock) -> None:
    async with bridge_bench(mobile=("3",)) as bench:
        bench.simulator.fail("hang", "mobile_key", calls=1)
        await made(bench)
        assert (bench.faults("encoder:3"), bench.faults()) == (set(), {"E-LOCK-KEY-ANSWER"})
        bench.simulator.fail("unknown-room", "mobile_key", calls=2)
        for room in ("7", "8"):
            await bench.cut(**MOBILE, rooms=(room,))
        assert (bench.faults("encoder:3"), bench.faults()) == (set(), set())


@pytest.mark.parametrize("contact", [PHONE, MAIL, "0043/660/1234567"])
@pytest.mark.parametrize("kind", ["unknown-room", "drop", "html-500", "401"])
async def test_the_contact_is_in_no_note_no_fault_and_no_repr(
    autojump_clock: MockClock, contact: str, kind: str
) -> None:
    async with bridge_bench(mobile=("3",), profile=BY_CONTACT) as bench:
        words = {"message": f"Empfänger {contact} / {contact.upper()} unbekannt"} if kind == "unknown-room" else {}
        bench.simulator.fail(kind, "mobile_key_push", **words)
        order = mobile(contact=contact)
        ended = await bench.driver.carry_out(order)
        shown = repr(ended) + ended.note + repr(bench.health.active()) + repr(order) + repr(bench.driver)
        assert "1234567" not in shown
        assert "muster" not in shown.casefold()


async def test_a_crash_in_the_middle_shows_no_contact(autojump_clock: MockClock) -> None:
    async with bridge_bench(mobile=("3",)) as bench:
        bench.simulator.fail("hang", "mobile_key_push")
        with pytest.raises(trio.TooSlowError) as caught, trio.fail_after(5):
            await bench.driver.carry_out(mobile(contact=MAIL))
        assert MAIL not in "".join(traceback.format_exception(caught.value))


async def test_a_stay_that_begins_later_gets_a_mobile_key_only_where_that_is_allowed(
    autojump_clock: MockClock,
) -> None:
    tomorrow = {"start": job().start.replace(day=2)}
    async with bridge_bench(mobile=("3",)) as bench:
        assert await made(bench, **tomorrow) == (Verdict.FAILED, KeyCode.EARLY)
    async with bridge_bench(mobile=("3",), allow_precheckin=True) as bench:
        assert await made(bench, **tomorrow) == (Verdict.DONE, "")


async def test_while_switched_off_the_words_are_those_of_a_mobile_key(autojump_clock: MockClock) -> None:
    async with bridge_bench(mobile=("3",), active=False) as bench:
        ended: Outcome = await bench.cut(**MOBILE)
        assert (ended.code, ended.head) == (KeyCode.INACTIVE, "Mobile key not made")
