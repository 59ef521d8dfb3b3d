"""The console as a person has it: typed on a pty, read off a screen."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trio

from agent.console.login import FREE_TRIES
from agent.handover import steps
from agent.handover.helper import Done, End, FactoryReset, ReadLog, Reboot, SetNetwork
from agent.handover.site_facts import SiteFacts, code_check
from agent.health.catalogue import CATALOGUE
from tests.console.bench import Bench
from tests.status.samples import hostile, snapshot

CODE = "k7mp-3xqd"
LOCKED = SiteFacts(is_provisioned=True, code=code_check(CODE))
PROMPT = "nightporter>"


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path)
    async with bench.desk():
        yield bench


async def test_the_banner_says_what_this_is_and_what_to_do_first(bench: Bench) -> None:
    async with bench.person() as person:
        await person.sees("Night Porter 0.2.0: aurora-desk")
        await person.sees("This box has no provisioning file yet: type setup")


async def test_a_line_that_comes_late_sees_the_steps_of_the_start_once(tmp_path: Path) -> None:
    steps.say("storage: mounted", tmp_path / "steps")
    bench = Bench(tmp_path)
    async with bench.watched(), bench.person() as person:
        await person.sees("storage: mounted")
        steps.say("another step", tmp_path / "steps")
        await person.sees("another step")
        assert person.shown.count("storage: mounted") == 1


async def test_a_verb_of_the_desk_is_carried_out_by_the_agent_and_written_down_with_its_line(bench: Bench) -> None:
    async with bench.person() as person:
        await person.types("pause 1\r")
        await person.sees("nightporter> pause 1\n")
        await person.looks_until(lambda: bool(bench.hotel.paused), "a pause")
        await person.looks_until(lambda: person.last_line == PROMPT, "a prompt")
    assert bench.rows.last.face == "console"
    assert bench.rows.last.who.endswith(" at ttyX")


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("status", "Night Porter 0.1.0: aurora-desk"),
        ("hops", "Mews "),
        ("encoders", "encoder:"),
        ("journal", "101"),
        ("provision show", "There is no provisioning file yet"),
        ("network show", "page"),
        ("label", "Night Porter   aurora-desk"),
        ("time", "The box's clock says"),
        ("help", "At the desk:     test"),
        ("help all", "* acts, and asks for the console code"),
        ("help network", "network set ADDRESS/PREFIX|dhcp|file [GATEWAY] [DNS]"),
        ("help key", "--copies N"),
        ("identify", "The box's light flickers for 60 s."),
        ("dance", "There is no verb"),
        ("network dance", "network needs one word more"),
        ("key 1", "ROOM is missing: write key ENCODER ROOM"),
        ('key "1', "quot"),
        ("re", "re may be resume or reload or reboot"),
    ],
)
async def test_every_verb_answers_and_a_mistake_is_one_sentence(bench: Bench, typed: str, seen: str) -> None:
    async with bench.person(columns=120) as person:
        await person.types(typed + "\r")
        await person.sees(seen)
        await person.looks_until(lambda: person.last_line == PROMPT, "a prompt")


async def test_every_fault_of_the_catalogue_is_explained_in_the_pages_words(bench: Bench) -> None:
    async with bench.person(columns=200) as person:
        for kind in CATALOGUE.values():
            person.came.clear()
            await person.types(f"explain {kind.code.lower()}\r")
            await person.looks_until(lambda: person.came.count(PROMPT.encode()) == 1, "a prompt")
            said = " ".join(person.came.decode().split())
            for words in (f"{kind.code}: {kind.title}", kind.hint, kind.front_desk):
                assert " ".join(words.replace("“", '"').replace("”", '"').split()) in said


async def test_a_hostile_page_reaches_the_terminal_as_plain_text(bench: Bench) -> None:
    bench.page.says = hostile()
    async with bench.person(is_dumb=True) as person:
        for verb in ("status", "faults", "hops", "journal", "encoders"):
            person.came.clear()
            await person.types(f"{verb}\r")
            await person.looks_until(lambda: person.came.count(PROMPT.encode()) == 1, "a prompt")
            assert all(byte in b"\r\n\b" or 0x20 <= byte < 0x7F for byte in person.came)


async def test_what_is_typed_stands_once_more_below_an_event(bench: Bench) -> None:
    async with bench.watched(), bench.person() as person:
        await person.types("stat")
        await person.sees("nightporter> stat")
        steps.say("something happened", bench.folder / "steps")
        await person.sees("something happened")
        await person.looks_until(lambda: person.last_line == f"{PROMPT} stat", "what was typed")


async def test_tab_completes_verbs_and_what_the_desk_has(bench: Bench) -> None:
    async with bench.person() as person:
        await person.types("pau\tenc\t")
        await person.looks_until(lambda: person.last_line.startswith(f"{PROMPT} pause encoder:"), "a completion")


async def test_a_question_mark_says_what_may_follow(bench: Bench) -> None:
    async with bench.person() as person:
        await person.types("key ?")
        await person.sees("key ENCODER ROOM [--copies N] [--hours H]")
        await person.looks_until(lambda: person.last_line == f"{PROMPT} key", "what was typed")


async def test_ctrl_c_breaks_a_long_verb_off_and_the_line_goes_on(bench: Bench) -> None:
    async with bench.person() as person:
        await person.types("watch\r")
        with trio.fail_after(20):
            while not bench.hub._watches:
                await trio.testing.wait_all_tasks_blocked()
                await trio.sleep(0.01)
        await person.types(b"\x03")
        await person.looks_until(lambda: person.shown.count(PROMPT) == 2, "a prompt")
        await person.types("help key\r")
        await person.sees("--copies N")


async def test_ctrl_c_breaks_off_what_the_helper_does(bench: Bench) -> None:
    bench.helper.is_slow, bench.helper.lines = True, ("one line",)
    async with bench.person() as person:
        await person.types("log -f\r")
        await person.sees("one line")
        await person.types(b"\x03")
        await person.sees("Broken off.")
    assert bench.helper.asked == [ReadLog(40, follows=True)]


async def test_without_an_agent_the_desks_verbs_say_so_and_the_others_work(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.page.says = None
    async with bench.person() as person:
        await person.types("pause 1\r")
        await person.sees("The agent does not run just now")
        await person.types("status\r")
        await person.sees("The box's page does not answer.")
        await person.types("log\r")
        await person.sees("It is done.")


# -- log-in --------------------------------------------------------------------------------------------------


async def test_acting_asks_for_the_code_and_looking_does_not(bench: Bench) -> None:
    bench.facts = LOCKED
    async with bench.person(asks_for_code=True) as person:
        await person.types("hops\r")
        await person.sees("Mews ")
        await person.types("pause 1\r")
        await person.sees("Code:")
        await person.types("wrong-code\r")
        await person.sees("That is not the console code")
        await person.types(CODE + "\r")
        await person.looks_until(lambda: bool(bench.hotel.paused), "a pause")
        assert CODE not in person.shown
        await person.types("logout\r")
        await person.sees("Logged out")
        await person.types("resume 1\r")
        await person.looks_until(lambda: person.last_line == "Code:", "the question")
        await person.types(b"\x03")
        await person.sees("Broken off.")


async def test_wrong_codes_have_to_wait(bench: Bench) -> None:
    bench.facts = LOCKED
    async with bench.person(asks_for_code=True) as person:
        await person.types("pause 1\r")
        for count in range(FREE_TRIES):
            await person.sees_times("Code:", count + 1)
            await person.types("wrong-code\r")
        await person.sees("Too many wrong codes")
    assert not bench.hotel.paused


async def test_a_file_without_a_code_leaves_a_line_that_only_looks(bench: Bench) -> None:
    bench.facts = SiteFacts(is_provisioned=True)
    async with bench.person(asks_for_code=True) as person:
        await person.types("pause 1\r")
        await person.sees("This line only looks")
    assert not bench.hotel.paused


# -- what needs root -----------------------------------------------------------------------------------------


async def test_network_set_says_until_when_it_holds(bench: Bench) -> None:
    bench.helper.done = Done(End.DONE, "The box is at 10.4.5.20.", 120.0)
    async with bench.person() as person:
        await person.types("network set 10.4.5.20/24 10.4.5.1 10.4.5.1,9.9.9.9\r")
        await person.sees("This is undone in 120 s.")
        await person.types("net set dhcp\r")
        await person.looks_until(lambda: len(bench.helper.asked) == 2, "a request")
    assert bench.helper.asked == [SetNetwork("10.4.5.20/24", "10.4.5.1", ("10.4.5.1", "9.9.9.9")), SetNetwork()]


async def test_what_cannot_be_undone_is_asked_and_takes_the_boxs_name(bench: Bench) -> None:
    async with bench.person(columns=120) as person:
        await person.types("factory-reset other\r")
        await person.sees("type factory-reset aurora-desk")
        await person.types("factory-reset aurora-desk\ryes\r")  # an answer before the question is none
        await person.sees("(yes/no)")
        await person.types("perhaps\r")
        await person.sees("Type yes or no.")
        await person.types("yes\r")
        await person.sees("It is done.")
        await person.types("reboot\r")
        await person.sees("Start the box again?")
        await person.types("no\r")
    assert bench.helper.asked == [FactoryReset("aurora-desk")]
    assert Reboot() not in bench.helper.asked


async def test_a_long_question_is_read_whole_on_a_narrow_terminal(bench: Bench) -> None:
    async with bench.person(columns=40) as person:
        await person.types("factory-reset aurora-desk\r")
        await person.looks_until(lambda: person.last_line.endswith("(yes/no)"), "the question")
        assert "forgotten for good. Go on?" in " ".join(person.shown.split())
        await person.types("no\r")
    assert bench.helper.asked == []


async def test_a_line_that_is_pulled_out_ends_its_session_and_no_other(bench: Bench) -> None:
    async with bench.person() as one, bench.person() as other:
        await other.types("watch\r")
        one.unplug()
        await other.types(b"\x03")
        await other.types("help key\r")
        await other.sees("--copies N")


@pytest.mark.parametrize("columns", [20, 40, 80, 200])
async def test_no_line_is_wider_than_the_terminal(bench: Bench, columns: int) -> None:
    bench.page.says = snapshot()
    async with bench.person(columns=columns, is_dumb=True) as person:
        await person.types("help\r")
        await person.looks_until(lambda: person.came.count(b"nightpo") >= 2, "a prompt")
    for line in person.came.split(b"\r\n"):
        assert len(line.split(b"\r")[-1]) <= max(columns, 40)
