"""Whole lessons against a simulated site, in virtual time, with a person at its encoder and doors."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
import trio
from hypothesis import given, settings
from hypothesis import strategies as st
from trio.testing import MockClock

from agent.commands.driver import CardRead, KeyJob
from agent.commands.model import Verdict
from agent.drivers.coder_bridge.driver import CoderBridgeDriver
from agent.drivers.coder_bridge.learning import variants
from agent.drivers.coder_bridge.learning.entries import entries
from agent.drivers.coder_bridge.learning.lesson import QUESTIONS, Lesson, Place
from agent.drivers.coder_bridge.learning.looks import NOWHERE
from agent.drivers.coder_bridge.learning.more import learn_reading
from agent.drivers.coder_bridge.learning.names import KeySearch
from agent.drivers.coder_bridge.learning.paths import find_path
from agent.drivers.coder_bridge.learning.stay import telling
from agent.drivers.coder_bridge.learning.steps import Experiment, Heard, Proof, Question, Remark
from agent.drivers.coder_bridge.learning.walk import Ended, learn
from agent.drivers.coder_bridge.protocol.profile import unconfirmed
from agent.drivers.coder_bridge.protocol.verdicts import Ending
from agent.drivers.coder_bridge.protocol.words import Role
from agent.drivers.coder_bridge.protocol.words import Slot as ProfileSlot
from agent.drivers.lock_server.log_in import Credentials
from agent.foundation.errors import UserMistake
from agent.health.health import Health
from agent.simulators.coder_bridge.slots import Fields, Slot
from provisioning.secret import Secret
from tests.drivers.coder_bridge.bridge_bench import PASSWORD
from tests.drivers.coder_bridge.learning.site_bench import (
    NOW,
    VIENNA,
    Person,
    SiteBench,
    Ways,
    site_bench,
)
from tests.drivers.coder_bridge.profile_bench import BUILT_IN, all_confirmed

ODD = Ways(
    paths={
        Slot.GUEST_KEY: "/pms/guestkey",
        Slot.READ_CARD: "/pms/read",
        Slot.CONFIG_SPECIAL_AREAS: "/config/areas",
    },
    fields=Fields(encoder="enc", start="from", end="to", areas="areas"),
    pattern="dd.MM.yyyy HH:mm",
    zone=ZoneInfo("UTC"),
    separator=";",
    switches={"failure_status": 400, "token_calls": 1, "bad_token": "500-json"},
)


def random_ways(seed: int) -> Ways:
    """A site by chance, all of it within what the reference leaves open."""
    chance = random.Random(seed)
    role = {role: chance.choice(variants.FIELDS[role]).value for role in variants.FIELDS}
    slots = (ProfileSlot.GUEST_KEY, ProfileSlot.READ_CARD, ProfileSlot.CONFIG_SPECIAL_AREAS)
    return Ways(
        paths={Slot(slot.value): chance.choice(variants.PATHS[slot]).value for slot in slots},
        fields=Fields(
            encoder=role[Role.ENCODER], start=role[Role.START], end=role[Role.END], areas=role[Role.AREAS]
        ),
        pattern=chance.choice(variants.DATE_PATTERNS).value,
        zone=chance.choice((VIENNA, ZoneInfo("UTC"))),
        separator=chance.choice(variants.SEPARATORS).value,
        needs_start=chance.random() < 0.5,
        has_screen=chance.random() < 0.5,
        second_card_ends_first=chance.random() < 0.5,
        switches={
            "failure_status": chance.choice((200, 400, 500)),
            "success_status": chance.choice((200, 500)),
            "bad_token": chance.choice(("401-empty", "403-json", "500-json")),
            "token_calls": chance.choice((None, 1, 3)),
            "token_seconds": chance.choice((None, 30.0)),
            "name_case": chance.choice(("lower", "pascal", "upper")),
            "result_as": chance.choice(("number", "text", "float")),
            "ids_as_numbers": chance.random() < 0.5,
        },
    )


async def cut(bench: SiteBench) -> Verdict:
    """Have a key cut by the ordinary driver, by what the site's file says alone."""
    account = Credentials("night-porter", Secret(PASSWORD))
    health = Health(trio.current_time)
    driver = CoderBridgeDriver(bench.peer, bench.profile, account, VIENNA, health, {"1": "Empfang"})
    start = bench.simulator.clock.now()
    job = KeyJob("1", ("102",), (), start.replace(hour=0), start.replace(day=29, hour=10), 1, 1)
    return (await driver.carry_out(job)).verdict


@pytest.mark.parametrize("seed", range(8))
async def test_a_site_of_any_ways_is_learned_so_far_that_the_driver_cuts_a_key(
    autojump_clock: MockClock, tmp_path: Path, seed: int
) -> None:
    async with site_bench(tmp_path, random_ways(seed)) as bench:
        ended = await bench.learn()
        assert ended.is_ready, ended.lines
        assert len(bench.person.asked) <= QUESTIONS
        assert unconfirmed(bench.profile, ProfileSlot.GUEST_KEY) == ()
        before = len(bench.simulator.cuts)
        bench.simulator.tokens.end_all()
        assert await cut(bench) is Verdict.DONE
        last = bench.simulator.cuts[-1]
        assert len(bench.simulator.cuts) == before + 1
        assert (last.room, last.encoder) == ("102", "1")
        until = bench.simulator.moment(last.end)
        assert until is not None
        assert bench.simulator.last_moment(until) >= NOW.replace(day=29, hour=10)
        assert bench.simulator.opens(last, bench.simulator.clock.now())


async def test_a_site_as_the_reference_guesses_costs_three_cards_for_a_plain_key(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    async with site_bench(tmp_path) as bench:
        bench.person.wrongly = stop_at("special areas")
        ended = await bench.learn()
        assert ended.is_ready
        assert len(bench.person.asked) == 11
        assert len(bench.simulator.cuts) == 3


async def test_all_that_a_site_has_is_proved_where_the_person_goes_on(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    async with site_bench(tmp_path, Ways(has_screen=False, needs_start=True)) as bench:
        ended = await bench.learn()
        for _ in range(2):
            ended = await bench.learn()
        profile = bench.profile
        for slot in (ProfileSlot.READ_CARD, ProfileSlot.ROOM_CHECKOUT, ProfileSlot.GUEST_KEY_PRECHECKIN):
            assert unconfirmed(profile, slot) == (), ended.lines
        assert unconfirmed(profile, ProfileSlot.GUEST_KEY, areas=True, copies=True) == ()
        assert not any(line.startswith("Not found") for line in ended.lines)


async def test_what_was_proved_is_not_tried_again(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path) as bench:
        for _ in range(3):
            await bench.learn()
        asked, cuts, content = len(bench.person.asked), len(bench.simulator.cuts), bench.file.read_bytes()
        await bench.learn()
        assert len(bench.person.asked) == asked
        assert len(bench.simulator.cuts) == cuts
        assert bench.file.read_bytes() == content


async def test_a_lesson_may_be_broken_off_at_each_question_and_is_continued(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    for at in range(1, 24):
        folder = tmp_path / str(at)
        folder.mkdir()
        async with site_bench(folder, ODD) as bench:
            with trio.CancelScope() as scope:
                bench.person.wrongly = break_off(scope, at)
                await bench.learn()
            agreed = bench.person.agreed
            bench.person = Person(bench.simulator)
            ended = await bench.learn()
            assert ended.is_ready, (at, ended.lines)
            assert len(bench.simulator.cuts) <= agreed + bench.person.agreed
            assert await cut(bench) is Verdict.DONE


async def test_a_lesson_that_is_broken_off_while_a_card_is_awaited_says_so(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    async with site_bench(tmp_path, Ways(switches={"card_seconds": 30.0})) as bench:
        learner = bench.learner()
        with trio.CancelScope() as scope:

            async def end_it() -> None:
                await bench.simulator.wait_calls(Slot.GUEST_KEY, 2)
                scope.cancel()

            async with trio.open_nursery() as nursery:
                nursery.start_soon(end_it)
                await learner.run()
        assert "there may be a card" in learner.left_behind()
        assert "Nothing was asked" in bench.learner().left_behind()


class Liar:
    """Answers of all kinds in the place of the true one."""

    def __init__(self, data: st.DataObject) -> None:
        self._data = data

    def __call__(self, question: Question, true: str) -> str | None:
        words = [choice.word for choice in question.choices] or ["101", "1", "/pms/key"]
        others = st.sampled_from([*words, *(word[:1] for word in words), "perhaps", "", "  ", "\x00\udc80", None])
        return self._data.draw(st.one_of(st.just(true), st.just(true), others))


@settings(max_examples=60)
@given(st.data())
def test_whatever_a_person_says_there_are_no_more_cards_than_yeses(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    async def lesson() -> None:
        ways = data.draw(st.sampled_from((Ways(), ODD, Ways(needs_start=True, has_screen=False))))
        async with site_bench(tmp_path_factory.mktemp("site"), ways) as bench:
            bench.person.wrongly = Liar(data)
            await bench.learn()
            asked_for = [call for call in bench.simulator.seen if call.operation in KEY_SLOTS and call.body]
            assert len(bench.simulator.cuts) <= len(asked_for) <= bench.person.agreed
            assert len(bench.person.asked) <= QUESTIONS

    trio.run(lesson, clock=MockClock(autojump_threshold=0))


KEY_SLOTS = (Slot.GUEST_KEY, Slot.GUEST_KEY_PRECHECKIN)


def stop_at(words: str) -> Callable[[Question, str], str | None]:
    """A person who has had enough at a question with these words."""
    return lambda question, true: "stop" if words in question.text else true


def break_off(scope: trio.CancelScope, at: int) -> Callable[[Question, str], str | None]:
    """A person who pulls the plug at a question, by its number."""
    left = iter(range(at, -1, -1))

    def answer(_question: Question, true: str) -> str | None:
        if next(left, 0) == 0:
            scope.cancel()
        return true

    return answer


def says(words: str, answer: str | None) -> Callable[[Question, str], str | None]:
    """A person who gives this answer to the questions with these words."""
    return lambda question, true: answer if words in question.text else true


SURPRISES: list[tuple[str, dict[str, Any], Callable[[Question, str], str | None], str]] = [
    ("a card after a refusal", {}, says("Refused", "card"), "refused it and cut a card all the same"),
    ("no card after a success", {}, says("says that the card was cut", "none"), "and there is none"),
    ("no card at the door", {}, says("to the door of 101", "none"), "and there is none"),
    ("a door that stays shut", {}, says("to the door of 101", "no"), "does not open 101"),
    ("another day on the screen", {}, says("own screen", "other"), "reads the end of the key otherwise"),
    ("a room that is none", {}, says("Test cards open", "999"), "no room of that name"),
    ("an encoder that is none", {}, says("Which encoder", "7"), "none of the encoders"),
    ("a person who left", {}, says("Which encoder", None), "No one answers"),
    ("words twice that are no choice", {}, says("Now a key", "perhaps"), "none of go, card, stop"),
    ("a wrong password", {"client_pw": "other"}, says("-", ""), "could not be asked"),
]


@pytest.mark.parametrize(
    ("switches", "wrongly", "words"), [row[1:] for row in SURPRISES], ids=[r[0] for r in SURPRISES]
)
async def test_the_first_surprise_ends_a_lesson(
    autojump_clock: MockClock,
    tmp_path: Path,
    switches: dict[str, Any],
    wrongly: Callable[[Question, str], str | None],
    words: str,
) -> None:
    async with site_bench(tmp_path, Ways(switches=switches)) as bench:
        bench.person.wrongly = wrongly
        ended = await bench.learn()
        assert not ended.is_ready
        assert words in " ".join(ended.lines)
        assert len(bench.simulator.cuts) <= bench.person.agreed


async def test_an_answer_that_never_comes_ends_it_after_a_look_at_the_encoder(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    async with site_bench(tmp_path) as bench:
        bench.simulator.fail("drop", Slot.GUEST_KEY, when="after", match={"room": "101"}, calls=1)
        ended = await bench.learn()
        assert "did not say how it ended" in ended.lines[0]
        assert "Did encoder 1 (Empfang links) cut a card?" in bench.person.asked[-1].text
        assert bench.person.said[-1] == "yes"
        assert "Collect the test cards: 1, for 101." in ended.lines


async def test_an_empty_request_that_is_taken_for_one_ends_it(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path, Ways(paths={Slot.ROOM_CHECKIN: "/pms/gkey"})) as bench:
        bench.simulator.fail("error-200", Slot.GUEST_KEY, calls=1)
        ended = await bench.learn()
        assert "gave no clear answer to one" in ended.lines[0]
        assert bench.simulator.cuts == ()


async def test_what_could_not_be_found_is_said_exactly(autojump_clock: MockClock, tmp_path: Path) -> None:
    ways = Ways(paths={Slot.GUEST_KEY: "/pms/somewhere", Slot.CONFIG_SPECIAL_AREAS: "/else"})
    async with site_bench(tmp_path, ways) as bench:
        ended = await bench.learn()
        assert "Not found: the address for a guest key: it is none of /pms/cikey, /pms/gkey" in " ".join(
            ended.lines
        )
        assert "the list of special areas: it is at none of /config/sa" in " ".join(ended.lines)
        assert bench.simulator.cuts == ()


async def test_an_address_of_the_vendors_papers_may_be_typed(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path, Ways(paths={Slot.GUEST_KEY: "/pms/somewhere"})) as bench:
        bench.person.wrongly = says("If the vendor's papers", "/pms/somewhere")
        assert (await bench.learn()).is_ready
        assert bench.profile.calls[ProfileSlot.GUEST_KEY].path.value == "/pms/somewhere"


@pytest.mark.parametrize(
    "typed", ["pms/x", "/pms//x", "/pms/../x", "/pms/cokey", "http://10.0.0.1/x", "/ü", "/x/"]
)
async def test_what_is_no_address_of_a_call_of_its_own_is_not_asked(
    autojump_clock: MockClock, tmp_path: Path, typed: str
) -> None:
    async with site_bench(tmp_path, Ways(paths={Slot.GUEST_KEY: "/pms/somewhere"})) as bench:
        bench.person.wrongly = says("If the vendor's papers", typed)
        ended = await bench.learn()
        assert not ended.is_ready
        assert not [call for call in bench.simulator.seen if call.request.path.endswith(typed)]


async def test_names_that_are_in_no_table_are_said_to_be_missing(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    async with site_bench(tmp_path, Ways(fields=Fields(encoder="kodierer"))) as bench:
        ended = await bench.learn()
        assert "enco or encoder or enc or encid for the encoder" in " ".join(ended.lines)
        assert bench.simulator.cuts == ()


async def test_a_file_that_a_person_wrote_is_continued_and_kept_beside(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    entry = b'key_seconds = { value = 60, confirmed = true, source = "us" }'
    own = b'base = "coder-bridge-v2"\n# by hand\n[limits]\n' + entry
    async with site_bench(tmp_path) as bench:
        bench.file.write_bytes(own)
        await bench.learn()
        assert bench.profile.limits.key_seconds.value == 60
        assert (tmp_path / "site.toml.before").read_bytes() == own


async def test_a_file_that_cannot_be_read_is_no_beginning(tmp_path: Path) -> None:
    async with site_bench(tmp_path) as bench:
        bench.file.write_text("base = 7")
        with pytest.raises(UserMistake, match=r"site\.toml cannot be continued: .*names no profile"):
            bench.learner()
        bench.file.unlink()
        bench.file.mkdir()
        with pytest.raises(UserMistake, match="cannot be read"):
            bench.learner()


async def test_a_folder_that_takes_no_file_is_a_mistake(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path / "none") as bench:
        with pytest.raises(UserMistake, match="cannot be written to"):
            await bench.learn()


@pytest.mark.parametrize("name", ["moveout", "checkout_date", "to", "end"])
@pytest.mark.parametrize("has_screen", [True, False])
async def test_where_a_key_needs_no_end_its_name_is_found_by_keys_that_are_over(
    autojump_clock: MockClock, tmp_path: Path, name: str, has_screen: bool
) -> None:
    ways = Ways(fields=Fields(end=name), needs_end=False, has_screen=has_screen, pattern="yyyy-MM-dd HH:mm")
    async with site_bench(tmp_path, ways) as bench:
        for _ in range(2):
            ended = await bench.learn()
        assert ended.is_ready, ended.lines
        assert bench.profile.calls[ProfileSlot.GUEST_KEY].name(Role.END) == name


async def test_an_end_that_nothing_names_is_said_to_be_missing(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path, Ways(fields=Fields(end="abreise"), needs_end=False)) as bench:
        ended = await bench.learn()
        assert not ended.is_ready
        assert "none of moveout, checkout_date, to, end ends a key" in " ".join(ended.lines)


async def test_an_encoder_that_may_be_another_one_is_not_proved(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path, Ways(fields=Fields(encoder="kodierer"), has_default_encoder=True)) as bench:
        ended = await bench.learn()
        assert not ended.is_ready
        assert "a card is cut without it, too" in " ".join(ended.lines)


async def test_the_only_encoder_may_be_the_bridges_own_choice(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path, Ways(fields=Fields(encoder="kodierer"), has_default_encoder=True)) as bench:
        bench.encoders = {"1": "Empfang"}
        assert (await bench.learn()).is_ready


async def test_without_an_encoder_for_cards_nothing_is_tried(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path) as bench:
        bench.encoders, bench.mobile = {"2": "Telefon"}, ("2",)
        ended = await bench.learn()
        assert "no encoder for cards" in ended.lines[0]
        assert bench.person.asked == []


async def test_mobile_keys_are_learned_where_there_are_such_encoders(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    async with site_bench(tmp_path, Ways(has_mobile=True)) as bench:
        for _ in range(2):
            ended = await bench.learn()
        for slot in (ProfileSlot.MOBILE_KEY, ProfileSlot.MOBILE_KEY_PUSH):
            assert unconfirmed(bench.profile, slot) == (), ended.lines
        kept = bench.file.read_text() + bench.learner().recording.read_text()
        assert "7654321" not in kept
        assert [key.push_address for key in bench.simulator.mobile_keys] == ["", "+43 664 7654321"]


@pytest.mark.parametrize(
    ("words", "answer", "missing"),
    [
        ("Did the key come", "no", "it was taken, and no key came"),
        ("Write your own telephone", "", "mobile_key: method"),
    ],
)
async def test_a_mobile_key_that_did_not_come_proves_nothing(
    autojump_clock: MockClock, tmp_path: Path, words: str, answer: str, missing: str
) -> None:
    async with site_bench(tmp_path, Ways(has_mobile=True)) as bench:
        for _ in range(2):
            bench.person.wrongly = says(words, answer)
            ended = await bench.learn()
        assert missing in " ".join(ended.lines)


async def test_a_mobile_key_that_is_refused_proves_nothing(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path, Ways(has_mobile=True, fields=Fields(user="gast"))) as bench:
        for _ in range(2):
            ended = await bench.learn()
        assert "how a mobile key is asked for: refused" in " ".join(ended.lines)


@pytest.mark.parametrize("shape", ["array", "wrapped", "enveloped", "names"])
async def test_lists_are_learned_in_whatever_shape_they_come(
    autojump_clock: MockClock, tmp_path: Path, shape: str
) -> None:
    switches = {"list_shape": shape, "list_fields": ("id=nr", "name=label", "time=cotime", "areas=liste")}
    async with site_bench(tmp_path, Ways(switches=switches)) as bench:
        await bench.learn()
        for slot in (ProfileSlot.CONFIG_CHECKOUT_TIMES, ProfileSlot.CONFIG_SPECIAL_AREAS):
            assert unconfirmed(bench.profile, slot) == ()
        account = Credentials("night-porter", Secret(PASSWORD))
        driver = CoderBridgeDriver(
            bench.peer, bench.profile, account, VIENNA, Health(trio.current_time), {"1": "E"}
        )
        assert [area.id for area in await driver.list_areas()] == ["1", "2", "3"]
        assert [time.time for time in await driver.list_times()] == ["11:00", "14:00"]


async def test_a_list_without_areas_proves_that_there_are_none(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path, Ways(switches={"special_areas": ()})) as bench:
        assert (await bench.learn()).is_ready
        assert bench.profile.areas.use.value is False
        assert bench.profile.areas.use.confirmed
        assert not any("special areas" in question.text for question in bench.person.asked)


async def test_lists_with_names_that_no_one_knows_are_not_proved(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    switches = {"list_fields": ("id=xx", "name=yy", "time=zz")}
    async with site_bench(tmp_path, Ways(switches=switches)) as bench:
        await bench.learn()
        names = list(unconfirmed(bench.profile, ProfileSlot.CONFIG_CHECKOUT_TIMES))
        assert names == [f"lists.checkout_times.{part}" for part in ("id", "name", "time")]


async def test_the_driver_reads_a_card_by_what_was_learned(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path, ODD) as bench:
        for _ in range(2):
            await bench.learn()
        account = Credentials("night-porter", Secret(PASSWORD))
        driver = CoderBridgeDriver(
            bench.peer, bench.profile, account, VIENNA, Health(trio.current_time), {"1": "E"}
        )
        assert await cut(bench) is Verdict.DONE
        card, last = await driver.read_card("1"), bench.simulator.cuts[-1]
        assert isinstance(card, CardRead)
        assert (card.rooms, card.end, card.key) == (("102",), last.end, last.tid)


async def test_one_area_does_not_tell_how_several_are_written(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path, Ways(switches={"special_areas": ("9=Dachterrasse",)})) as bench:
        ended = await bench.learn()
        assert "how several areas are written: the lock system has one" in " ".join(ended.lines)
        assert not bench.profile.areas.separator.confirmed


@pytest.mark.parametrize(
    ("ways", "wrongly", "missing"),
    [
        (Ways(separator="+"), says("-", ""), "no sign between them opened two"),
        (Ways(fields=Fields(areas="bereiche")), says("-", ""), "none of them opened Pool"),
        (Ways(), says("good from tomorrow", "yes"), "the card opens the door today"),
        (Ways(), says("as free", "no"), "101 is not shown as free"),
    ],
)
async def test_what_did_not_work_is_said(
    autojump_clock: MockClock,
    tmp_path: Path,
    ways: Ways,
    wrongly: Callable[[Question, str], str | None],
    missing: str,
) -> None:
    async with site_bench(tmp_path, ways) as bench:
        told = ""
        for _ in range(3):
            bench.person.wrongly = wrongly
            told += " ".join((await bench.learn()).lines)
        assert missing in told


@pytest.mark.parametrize(
    ("operation", "part", "missing"),
    [
        (Slot.READ_CARD, "encoder", "how a card is read"),
        (Slot.ROOM_CHECKOUT, "room", "how a room is checked out: refused"),
        (Slot.GUEST_KEY_PRECHECKIN, "room", "the fields of a key"),
    ],
)
async def test_a_call_that_refuses_whatever_is_tried_is_said(
    autojump_clock: MockClock, tmp_path: Path, operation: Slot, part: str, missing: str
) -> None:
    async with site_bench(tmp_path) as bench:
        bench.simulator.fail("database-down", operation, match={part: "1" if part == "encoder" else "101"})
        told = ""
        for _ in range(3):
            told += " ".join((await bench.learn()).lines)
        assert missing in told


async def test_a_second_card_that_is_refused_is_said(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path) as bench:

        def then_refuse(question: Question, true: str) -> str | None:
            if "Shall a second card" in question.text:
                bench.simulator.fail("encoder-busy", Slot.GUEST_KEY)
            return true

        bench.person.wrongly = then_refuse
        assert "how a second card is asked for: refused" in " ".join((await bench.learn()).lines)


@pytest.mark.parametrize("ends_first", [True, False])
async def test_a_second_card_is_repeated_or_refused_as_the_doors_say(
    autojump_clock: MockClock, tmp_path: Path, ends_first: bool
) -> None:
    async with site_bench(tmp_path, Ways(second_card_ends_first=ends_first)) as bench:
        for _ in range(2):
            await bench.learn()
        how = bench.profile.duplicates.how
        assert (how.value, how.confirmed) == ("refuse" if ends_first else "repeat", True)


async def test_parts_that_a_person_skips_stay_without_proof(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path) as bench:
        bench.person.skips = (
            "reading a card",
            "special areas",
            "second card",
            "begins later",
            "checking a room out",
        )
        bench.person.wrongly = says("be cancelled at", "no")
        ended = await bench.learn()
        assert ended.is_ready
        assert "read_card: method" in ended.lines[-2]
        assert not bench.simulator.calls[Slot.GUEST_KEY_CHECKOUT]


async def test_without_a_list_of_rooms_any_room_may_be_named(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path) as bench:
        bench.simulator.fail("404", Slot.CONFIG_ROOMS)
        assert (await bench.learn()).is_ready
        assert any("The list of rooms did not come" in line for line in bench.person.told)


async def test_an_address_that_is_closed_to_the_account_ends_it(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path) as bench:
        bench.simulator.fail("403", Slot.GUEST_KEY)
        assert "is not open to this account (HTTP 403)" in (await bench.learn()).lines[0]


async def test_a_call_that_takes_put_alone_is_found(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path) as bench:
        usual = bench.simulator._usual_addresses
        usual[Slot.GUEST_KEY] = msgspec.structs.replace(usual[Slot.GUEST_KEY], method="PUT")
        assert (await bench.learn()).is_ready
        assert bench.profile.calls[ProfileSlot.GUEST_KEY].method.value == "PUT"


async def test_a_key_that_opens_though_it_is_over_is_no_proof(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path, Ways(has_screen=False)) as bench:
        bench.person.wrongly = lambda question, true: (
            "yes" if "Try this card at the door of" in question.text else true
        )
        bench.simulator.accepts_over = True
        ended = await bench.learn()
        assert "a card whose end is over opens the door all the same" in " ".join(ended.lines)


async def test_near_utc_a_door_cannot_tell_the_zone(autojump_clock: MockClock, tmp_path: Path) -> None:
    ways = Ways(has_screen=False, pattern="yyyy-MM-dd HH:mm", zone=ZoneInfo("Europe/London"))
    async with site_bench(tmp_path, ways) as bench:
        bench.zone = ZoneInfo("Europe/London")
        ended = await bench.learn()
        assert "too near to UTC to tell" in " ".join(ended.lines)


async def test_a_zone_that_a_pattern_writes_itself_is_not_asked_for(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    entry = 'pattern = { value = "yyyy-MM-dd\'T\'HH:mm:ssXXX", confirmed = true, source = "the vendor" }'
    ways = Ways(has_screen=False, pattern="yyyy-MM-dd'T'HH:mm:ssXXX")
    async with site_bench(tmp_path, ways) as bench:
        precision = 'precision = { value = "minute", confirmed = true, source = "the vendor" }'
        bench.file.write_text(f'base = "coder-bridge-v2"\n[dates]\n{entry}\n{precision}\n')
        assert (await bench.learn()).is_ready
        assert bench.profile.dates.pattern.source == "the vendor"


async def test_too_few_questions_left_are_said(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path, random_ways(1)) as bench:
        assert "too few questions are left" in " ".join((await bench.learn()).lines)


async def test_a_lesson_asks_for_no_more_than_so_many_cards(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path) as bench:
        learner = bench.learner()
        learner._lesson.tries_left = 1
        ended = await learner.run()
        assert "cards were asked for" in ended.lines[0]
        assert len(bench.simulator.cuts) == 1


PROVED = """base = "coder-bridge-v2"
[calls.config_rooms]
answer = { value = "rooms", confirmed = false, source = "to be proved" }
[calls.config_checkout_times]
method = { value = "POST", confirmed = false, source = "odd" }
[calls.config_special_areas]
path = { value = "/config/sa", confirmed = true, source = "vendor" }
answer = { value = "list", confirmed = true, source = "vendor" }
[calls.guest_key]
method = { value = "POST", confirmed = true, source = "vendor" }
path = { value = "/pms/cikey", confirmed = true, source = "vendor" }
answer = { value = "result", confirmed = true, source = "vendor" }
[calls.guest_key.fields]
room = { value = "rm", confirmed = true, source = "vendor" }
encoder = { value = "enco", confirmed = true, source = "vendor" }
start = { value = "movein", confirmed = true, source = "vendor" }
end = { value = "moveout", confirmed = true, source = "vendor" }
[calls.guest_key_precheckin]
method = { value = "POST", confirmed = true, source = "vendor" }
path = { value = "/pms/precikey", confirmed = true, source = "vendor" }
[calls.read_card]
method = { value = "POST", confirmed = true, source = "vendor" }
path = { value = "/pms/readkey", confirmed = true, source = "vendor" }
answer = { value = "result", confirmed = true, source = "vendor" }
[areas]
when_none = { value = "empty_text", confirmed = true, source = "vendor" }
"""


async def test_what_the_vendors_papers_prove_is_taken_from_them(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path, Ways(pattern="dd.MM.yyyy")) as bench:
        bench.file.write_text(PROVED)
        for _ in range(2):
            ended = await bench.learn()
        assert ended.is_ready, ended.lines
        sources = {name: entry.source for name, entry in entries(bench.profile).items()}
        assert sources["calls.guest_key.fields.end"] == sources["calls.guest_key.path"] == "vendor"
        assert sources["calls.config_rooms.answer"].startswith("supervised test")
        assert bench.profile.dates.send_start.value is True
        assert unconfirmed(bench.profile, ProfileSlot.READ_CARD) == ()
        assert await cut(bench) is Verdict.DONE


async def test_dates_of_the_vendors_papers_are_not_asked_for(autojump_clock: MockClock, tmp_path: Path) -> None:
    dates = {"pattern": "MM/dd/yyyy", "zone": "hotel", "precision": "day"}
    lines = (f'{name} = {{ value = "{value}", confirmed = true, source = "v" }}' for name, value in dates.items())
    async with site_bench(tmp_path) as bench:
        bench.file.write_text('base = "coder-bridge-v2"\n[dates]\n' + "\n".join(lines))
        assert (await bench.learn()).is_ready
        assert not any("own screen" in question.text for question in bench.person.asked)


async def test_a_room_that_is_called_otherwise_is_found(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path, Ways(fields=Fields(room="room"))) as bench:
        assert (await bench.learn()).is_ready
        assert bench.profile.calls[ProfileSlot.GUEST_KEY].name(Role.ROOM) == "room"


async def test_what_was_told_by_refusals_has_to_be_cut(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path, Ways(fields=Fields(room="room"))) as bench:

        def then_refuse(question: Question, true: str) -> str | None:
            if "by what was found" in question.text:
                bench.simulator.fail("encoder-busy", Slot.GUEST_KEY)
            return true

        bench.person.wrongly = then_refuse
        ended = await bench.learn()
        assert "together were refused" in " ".join(ended.lines)


async def test_an_address_that_takes_no_such_method_is_passed_over(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    ways = Ways(paths={Slot.CONFIG_CHECKOUT_TIMES: "/pms/cikey", Slot.GUEST_KEY: "/pms/gkey"})
    async with site_bench(tmp_path, ways) as bench:
        assert (await bench.learn()).is_ready


async def test_where_all_is_proved_nothing_is_asked() -> None:
    place = Place({"1": "E"}, VIENNA, lambda: NOW)
    steps = learn(Lesson(all_confirmed(), place))
    asked: list[type] = []

    def run() -> None:
        step = next(steps)
        while True:
            asked.append(type(step))
            step = steps.send(answer(step) if isinstance(step, Experiment) else None)

    def answer(step: Experiment) -> Heard:
        is_there = step.profile.calls[step.slot].path.value != NOWHERE
        return Heard(Ending.DONE if is_there else Ending.NOT_ACCEPTED, status=200 if is_there else 404, body=b"[]")

    with pytest.raises(StopIteration) as over:
        run()
    assert set(asked) == {Experiment, Remark}
    assert over.value.value == Ended(True, ("Keys can be cut.",))


def test_of_a_proved_address_the_method_alone_is_sought() -> None:
    lesson = Lesson(all_confirmed(), Place({"1": "E"}, VIENNA, lambda: NOW))
    call = lesson.profile.calls[ProfileSlot.GUEST_KEY]
    unsure = msgspec.structs.replace(call, method=msgspec.structs.replace(call.method, confirmed=False))
    calls = {**lesson.profile.calls, ProfileSlot.GUEST_KEY: unsure}
    lesson.profile = msgspec.structs.replace(lesson.profile, calls=calls)
    lesson.encoder = "1"
    question = next(find_path(lesson, ProfileSlot.GUEST_KEY, "a guest key"))
    assert isinstance(question, Question)
    assert f"go to {call.path.value}, one after the other" in question.text


def test_a_card_that_says_otherwise_proves_no_name() -> None:
    lesson = Lesson(all_confirmed(), Place({"1": "E"}, VIENNA, lambda: NOW))
    lesson.profile = BUILT_IN
    lesson.encoder, lesson.room, lesson.last_sent = "1", "101", {"moveout": "12/13/2026"}
    steps = learn_reading(lesson, KeySearch(lesson, ProfileSlot.GUEST_KEY, telling(NOW, VIENNA)))
    assert isinstance(next(steps), Question)
    assert isinstance(steps.send("go"), Experiment)
    assert isinstance(steps.send(Heard(Ending.REFUSED, status=200)), Proof)
    assert isinstance(steps.send(None), Experiment)
    body = b'{"result":0,"data":{"rm":"101","moveout":"13.12.2026"}}'
    assert isinstance(steps.send(Heard(Ending.DONE, status=200, body=body)), Proof)
    assert unconfirmed(lesson.profile, ProfileSlot.READ_CARD) == ("card.end",)


async def test_without_a_screen_a_door_tells_the_zone(autojump_clock: MockClock, tmp_path: Path) -> None:
    ways = Ways(has_screen=False, pattern="yyyy-MM-dd HH:mm", zone=ZoneInfo("UTC"))
    async with site_bench(tmp_path, ways) as bench:
        assert (await bench.learn()).is_ready
        assert bench.profile.dates.zone.value == "utc"


async def test_an_end_that_is_not_needed_is_no_hint_while_other_names_are_found(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    ways = Ways(fields=Fields(encoder="enc", end="to"), needs_end=False)
    async with site_bench(tmp_path, ways) as bench:
        for _ in range(2):
            ended = await bench.learn()
        assert ended.is_ready, ended.lines
        assert bench.profile.calls[ProfileSlot.GUEST_KEY].name(Role.END) == "to"


async def test_a_card_that_names_no_room_proves_no_reading(autojump_clock: MockClock, tmp_path: Path) -> None:
    lesson = Lesson(BUILT_IN, Place({"1": "E"}, VIENNA, lambda: NOW))
    lesson.encoder, lesson.room = "1", "101"
    steps = learn_reading(lesson, KeySearch(lesson, ProfileSlot.GUEST_KEY, telling(NOW, VIENNA)))
    assert isinstance(next(steps), Question)
    assert isinstance(steps.send("go"), Experiment)
    assert isinstance(steps.send(Heard(Ending.REFUSED, status=200)), Proof)
    assert isinstance(steps.send(None), Experiment)
    with pytest.raises(StopIteration):
        steps.send(Heard(Ending.DONE, "OK", status=200, body=b'{"result":0}'))
    assert "does not name room 101" in lesson.missing[0]


async def test_an_area_that_is_refused_is_said(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path) as bench:

        def then_refuse(question: Question, true: str) -> str | None:
            if "Shall special areas" in question.text:
                bench.simulator.fail("database-down", Slot.GUEST_KEY, calls=3)
            return true

        bench.person.wrongly = then_refuse
        assert "none of them opened Pool" in " ".join((await bench.learn()).lines)
