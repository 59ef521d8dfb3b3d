"""The desk with a hotel of memory: what is told, what it ends with, what breaking off leaves behind."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import trio

from agent.commands.model import Outcome, WaitsFor
from agent.commands.probe import Finding, Mark
from agent.commands.record import Record
from agent.control.acts import Acts, By
from agent.control.desk import Desk, Doing
from agent.control.hub import Hub
from agent.control.words.events import ActBegan, ActEnded, Event, StepTaken
from agent.control.words.messages import Face
from agent.control.words.told import End, Happened, Line, Progress, Result, StepTested
from agent.foundation.errors import UserMistake
from tests.control.fake_hotel import (
    DONE,
    FAILED,
    GOOD,
    LEFT,
    NOW,
    UNKNOWN,
    FakeHotel,
    FakeOrder,
    FakeProbe,
    FakeRows,
)

BY = By("root", Face.COMMAND_LINE)


def no_order(_id: str) -> Record | None:
    return None


BAD = Finding(Mark.BAD, "It refused the connection.", "E-LOCK-UNREACHABLE")


class Bench:
    """A desk, and what it told of the one errand."""

    def __init__(self) -> None:
        self.hotel, self.rows, self.hub = FakeHotel(), FakeRows(), Hub()
        self.acts = Acts(self.rows, self.hub, lambda: 7)
        self.desk = Desk(self.hotel, self.hub, self.acts)
        self.told: list[Progress] = []
        self.doing = Doing()
        self.result: Result | None = None

    async def ask(self, *words: str) -> Result:
        asked = self.desk.read(words)
        doing, self.told = self.doing, []
        self.result = await self.desk.carry_out(asked, BY, doing, self.told.append)
        self.doing = Doing()
        return self.result

    @asynccontextmanager
    async def asking(self, *words: str) -> AsyncIterator[None]:
        """Something is done while the errand is under way."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.ask, *words)
            await trio.testing.wait_all_tasks_blocked()
            yield

    @property
    def order(self) -> FakeOrder:
        assert self.hotel.order is not None
        return self.hotel.order

    @property
    def lines(self) -> list[str]:
        return [told.text for told in self.told if isinstance(told, Line | StepTested)]


@pytest.fixture
def bench() -> Bench:
    return Bench()


# -- key ----------------------------------------------------------------------------------------------------------


async def test_a_key_is_waited_for_copy_by_copy_to_its_end(bench: Bench) -> None:
    bench.hotel.waiting = WaitsFor.TURN
    async with bench.asking("key", "1", "101", "--copies", "2", "--hours", "5"):
        bench.order.dispatch(1)
        bench.order.change(bench.order.record.make())
        bench.order.dispatch(2)
        bench.order.finish()
    assert bench.told == [
        Line("Waits for its turn.", of=2),
        Line("Present a card at Front desk left: key 1 of 2 for room 101.", 0, 2),
        Line("1 of 2 cut.", 1, 2),
        Line("Present a card at Front desk left: key 2 of 2 for room 101.", 1, 2),
    ]
    assert bench.result == Result(End.DONE, "2 keys were cut for room 101.")
    assert (bench.order.order.start, bench.order.order.end) == (NOW, NOW + timedelta(hours=5))
    assert bench.order.order.by == "root"


@pytest.mark.parametrize(
    ("outcome", "result"),
    [
        (DONE, Result(End.DONE, "1 key was cut for room 101.")),
        (FAILED, Result(End.FAILED, "Key not cut: no card was presented. Order the key again.")),
        (UNKNOWN, Result(End.PERHAPS, "Key perhaps cut: the answer was lost. Look at the encoder.")),
    ],
)
async def test_a_key_ends_with_the_note_of_its_order(bench: Bench, outcome: Outcome, result: Result) -> None:
    async with bench.asking("key", "1", "101"):
        bench.order.dispatch(1)
        bench.order.finish(outcome)
    assert bench.result == result
    assert (bench.rows.last.end, bench.rows.last.note) == (result.end, result.text)


async def test_what_a_key_waits_for_is_told_when_it_changes(bench: Bench, autojump_clock: object) -> None:
    async with bench.asking("key", "1", "101"):
        for reason in (WaitsFor.TURN, WaitsFor.TURN, "", WaitsFor.RESUME):
            bench.hotel.waiting = reason
            await trio.sleep(1)
        bench.order.change(bench.order.record.withdraw(3))
    assert bench.lines == [f"Waits for {reason}." for reason in (WaitsFor.TURN, WaitsFor.RESUME)]


async def test_a_key_that_is_broken_off_while_it_waits_is_not_cut(bench: Bench) -> None:
    async with bench.asking("key", "1", "101"):
        bench.doing.break_off()
    assert bench.result is not None
    assert (bench.result.end, "no key was cut" in bench.result.text) == (End.FAILED, True)
    assert bench.hotel.left == [bench.order.record.id]


async def test_a_key_that_is_broken_off_in_the_middle_counts_as_perhaps_cut(bench: Bench) -> None:
    async with bench.asking("key", "1", "101"):
        bench.order.dispatch(1)
        bench.hotel.is_being_made = True
        bench.doing.break_off()
    assert bench.result is not None
    assert bench.result.end is End.PERHAPS
    assert bench.result.text.startswith("The key counts as perhaps cut: the encoder was asked already. Look at")
    assert bench.rows.last.end == "perhaps"


async def test_of_copies_that_are_broken_off_those_that_exist_are_told(bench: Bench) -> None:
    async with bench.asking("key", "1", "101", "--copies", "3"):
        bench.order.dispatch(1)
        bench.order.change(bench.order.record.make())
        bench.order.dispatch(2)
        bench.hotel.is_being_made = True
        bench.doing.break_off()
    assert bench.result is not None
    assert bench.result.text.startswith("1 of 3 keys cut, and the next counts as perhaps cut:")


async def test_a_key_that_ended_just_before_it_was_broken_off_says_its_end(bench: Bench) -> None:
    async with bench.asking("key", "1", "101"):
        bench.order.dispatch(1)
        bench.order.change(bench.order.record.end(DONE, 2))
        bench.doing.break_off()
    assert bench.result == Result(End.DONE, "1 key was cut for room 101.")
    assert bench.hotel.left == []


async def test_a_key_that_is_broken_off_before_it_was_ordered_is_never_ordered(bench: Bench) -> None:
    bench.doing.break_off()
    result = await bench.ask("key", "1", "101")
    assert (result.end, bench.hotel.order, bench.hotel.left) == (End.FAILED, None, [])


async def test_a_key_that_is_withdrawn_says_so(bench: Bench) -> None:
    async with bench.asking("key", "1", "101"):
        bench.order.change(bench.order.record.withdraw(3))
    assert bench.result is not None
    assert "taken back" in bench.result.text


async def test_an_encoder_that_a_new_file_took_away_gets_no_order(bench: Bench) -> None:
    asked = bench.desk.read(["key", "1", "101"])
    bench.hotel.lanes = ()
    result = await bench.desk.carry_out(asked, BY, bench.doing, bench.told.append)
    assert (result.end, bench.hotel.order) == (End.FAILED, None)


@pytest.mark.parametrize("words", ["pause 1", "resume 1"])
async def test_a_lane_that_a_new_file_took_away_is_neither_paused_nor_resumed(bench: Bench, words: str) -> None:
    asked = bench.desk.read(words.split())
    bench.hotel.lanes = ()
    assert (await bench.desk.carry_out(asked, BY, bench.doing, bench.told.append)).end is End.FAILED


async def test_an_act_knows_its_order_before_the_order_is_given(bench: Bench) -> None:
    async with bench.asking("key", "1", "101"):
        assert bench.rows.last.order_id == bench.order.record.id
        assert bench.rows.last.is_open
        bench.order.change(bench.order.record.withdraw(3))


# -- test ---------------------------------------------------------------------------------------------------------


async def test_a_test_takes_each_step_and_says_how_long_it_took(bench: Bench, autojump_clock: object) -> None:
    bench.hotel.probes = {"mews": FakeProbe(GOOD, GOOD, seconds=0.5)}
    result = await bench.ask("test", "mews")
    assert bench.told == [
        StepTested("mews", "step 1", Mark.GOOD, "It is well.", 0.5),
        StepTested("mews", "step 2", Mark.GOOD, "It is well.", 0.5),
    ]
    assert result == Result(End.DONE, "2 steps went well.")


async def test_a_test_stops_where_it_fails_with_the_words_of_the_fault(bench: Bench) -> None:
    bench.hotel.probes = {LEFT.driver: FakeProbe(GOOD, BAD, GOOD)}
    result = await bench.ask("test", LEFT.driver)
    assert len(bench.told) == 2
    assert result.end is End.FAILED
    assert result.text.startswith(f"{LEFT.driver} fails at step 2: {BAD.text} E-LOCK-UNREACHABLE, ")


async def test_an_encoder_is_tested_behind_its_server_and_never_called_good(bench: Bench) -> None:
    result = await bench.ask("test", "1")
    assert bench.lines == ["It is well.", "It is well.", "Only a key shows that."]
    assert result == Result(End.DONE, "2 steps went well, 1 step could not be tested.")


async def test_what_lies_behind_a_hop_that_fails_is_not_tested(bench: Bench) -> None:
    bench.hotel.probes = {**bench.hotel.probes, LEFT.driver: FakeProbe(BAD)}
    result = await bench.ask("test", "encoder:1")
    assert bench.lines == ["It refused the connection.", "Not tested, because that fails."]
    assert result.end is End.FAILED


async def test_without_a_word_all_hops_are_tested_though_one_fails(bench: Bench) -> None:
    bench.hotel.probes = {**bench.hotel.probes, "mews": FakeProbe(Finding(Mark.BAD, "No."))}
    result = await bench.ask("test")
    assert [told.hop for told in bench.told if isinstance(told, StepTested)] == [
        "mews",
        LEFT.driver,
        LEFT.driver,
        LEFT.id,
    ]
    assert result == Result(End.FAILED, "mews fails at step 1: No.")


async def test_a_step_without_an_end_fails(bench: Bench, autojump_clock: object) -> None:
    bench.hotel.probes = {"mews": FakeProbe(GOOD, seconds=float("inf"))}
    assert (await bench.ask("test", "mews")).text == "mews fails at step 1: It did not end within 30 s."


async def test_a_test_that_is_broken_off_has_changed_nothing(bench: Bench) -> None:
    bench.hotel.probes = {"mews": FakeProbe(GOOD, seconds=float("inf"))}
    async with bench.asking("test", "mews"):
        bench.doing.break_off()
    assert bench.result == Result(End.FAILED, "The test was broken off after 0 steps; it has changed nothing.")


async def test_a_hop_that_a_new_file_took_away_is_not_tested(bench: Bench) -> None:
    asked = bench.desk.read(["test", "mews"])
    bench.hotel.probes = {}
    assert (await bench.desk.carry_out(asked, BY, bench.doing, bench.told.append)).end is End.FAILED


# -- the others ---------------------------------------------------------------------------------------------------


async def test_a_lane_is_paused_and_goes_on(bench: Bench) -> None:
    texts = [(await bench.ask(*words.split())).text for words in ("pause 1", "pause 1", "resume 1", "resume 1")]
    assert texts == [
        "encoder:1 begins nothing more until resume encoder:1.",
        "encoder:1 was paused already.",
        "encoder:1 goes on.",
        "encoder:1 was not paused.",
    ]


async def test_who_pauses_a_lane_is_told_to_it(bench: Bench) -> None:
    await bench.ask("pause", "office")
    assert bench.hotel.paused == {"printer:Office": "root"}


@pytest.mark.parametrize(("has_token", "end"), [(True, End.DONE), (False, End.FAILED)])
async def test_mews_is_taken_over_where_there_is_a_token_to_sign_in_with(
    bench: Bench, has_token: bool, end: End
) -> None:
    bench.hotel.has_token = has_token
    assert (await bench.ask("takeover")).end is end


async def test_a_card_that_was_looked_after_is_off_the_page(bench: Bench) -> None:
    assert (await bench.ask("seen", "0d6f2f0a")).end is End.DONE
    refused = await bench.ask("seen", "other")
    assert (refused.end, "those that have one: 0d6f2f0a" in refused.text) == (End.FAILED, True)
    bench.hotel.cards = ()
    assert "no order has one" in (await bench.ask("seen", "other")).text


@pytest.mark.parametrize(("refusal", "end"), [("", End.DONE), ("Line 3: no such name.", End.FAILED)])
async def test_a_file_is_read_again_and_its_refusal_is_told(bench: Bench, refusal: str, end: End) -> None:
    bench.hotel.refusal = refusal
    result = await bench.ask("reload")
    assert (result.end, result.text if refusal else "") == (end, refusal)


async def test_what_is_a_part_of_an_act_is_no_second_act(bench: Bench) -> None:
    async def work() -> Result:
        return await bench.desk.carry_out_within(bench.desk.read(["reload"]), BY, Doing(), bench.told.append)

    assert (await bench.desk.write_down("new provisioning file", BY, work)).end is End.DONE
    assert [act.words for act in bench.acts.recent()] == ["new provisioning file"]


async def test_a_reload_that_nobody_waits_for_goes_on(bench: Bench) -> None:
    bench.hotel.reading = trio.Event()
    async with bench.asking("reload"):
        bench.doing.break_off()
    assert bench.result is not None
    assert bench.result.end is End.PERHAPS


async def test_what_is_broken_off_before_it_began_has_changed_nothing(bench: Bench) -> None:
    bench.doing.break_off()
    assert await bench.ask("pause", "1") == Result(End.FAILED, "Nothing was changed.")
    assert bench.hotel.paused == {}


async def test_a_watch_passes_on_what_happens_until_it_is_broken_off(bench: Bench) -> None:
    async with bench.asking("watch"):
        bench.hub.publish(StepTaken("one"))
        await trio.testing.wait_all_tasks_blocked()
        bench.doing.break_off()
    assert bench.told == [Happened(StepTaken("one"))]
    assert bench.result == Result(End.DONE, "")
    assert bench.rows.acts == {}


async def test_a_watch_ends_with_the_box(bench: Bench) -> None:
    async with bench.asking("watch"):
        bench.hub.close()
    assert bench.result == Result(End.DONE, "The box ends.")


async def test_a_watch_that_does_not_keep_up_says_so(bench: Bench) -> None:
    async with bench.asking("watch"):
        for number in range(300):
            bench.hub.publish(StepTaken(str(number)))
    assert bench.result is not None
    assert (bench.result.end, len(bench.told)) == (End.FAILED, 257)  # one went straight to who waited for it


async def test_a_mistake_begins_nothing(bench: Bench) -> None:
    with pytest.raises(UserMistake):
        await bench.ask("key", "9", "101")
    assert bench.rows.acts == {}


# -- acts ---------------------------------------------------------------------------------------------------------


async def test_an_act_is_written_down_before_and_after(bench: Bench) -> None:
    events: list[Event] = []
    bench.hub.listen(events.append)
    await bench.ask("pause", "1")
    began, ended = events
    assert isinstance(began, ActBegan)
    assert isinstance(ended, ActEnded)
    act = began.act
    assert (act.who, act.face, act.verb, act.words, act.begun, act.is_open) == (
        *("root", "command line", "pause", "pause 1", 7),
        True,
    )
    assert (ended.act.id, ended.act.ended, ended.act.end) == (act.id, 7, "done")
    assert bench.acts.recent() == (ended.act,) == tuple(bench.rows.acts.values())


async def test_the_last_twenty_acts_are_at_hand_the_newest_first(bench: Bench) -> None:
    for number in range(25):
        await bench.ask("resume" if number % 2 else "pause", "1")
    assert len(bench.acts.recent()) == 20
    assert [act.verb for act in bench.acts.recent(3)] == ["pause", "resume", "pause"]


async def open_act(*words: str) -> tuple[Bench, str]:
    """A bench that was cut off in the middle of an errand; the id of the order that it gave."""
    bench = Bench()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(bench.ask, *words)
        await trio.testing.wait_all_tasks_blocked()
        nursery.cancel_scope.cancel()
    assert bench.rows.last.is_open
    return bench, bench.rows.last.order_id


@pytest.mark.parametrize(
    ("outcome", "end", "note"),
    [
        (DONE, "done", "1 key was cut for room 101."),
        (UNKNOWN, "perhaps", "Key perhaps cut: the answer was lost. Look at the encoder."),
        (None, "failed", "before its order was begun: nothing was made"),
    ],
)
async def test_after_a_restart_the_end_of_the_order_is_the_end_of_the_act(
    outcome: Outcome | None, end: str, note: str
) -> None:
    before, id = await open_act("key", "1", "101")
    record = before.order.record
    orders = {id: record.claim(1).dispatch(1).end(outcome, 2)} if outcome else {}
    bench = Bench()
    bench.acts.remember(before.rows.acts.values(), orders.get)
    act = bench.rows.last
    assert (act.order_id, act.end, note in act.note) == (id, end, True)


async def test_after_a_restart_another_act_says_that_its_end_is_not_known() -> None:
    before = Bench()
    before.hotel.reading = trio.Event()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(before.ask, "reload")
        await trio.testing.wait_all_tasks_blocked()
        nursery.cancel_scope.cancel()
    bench = Bench()
    bench.acts.remember(before.rows.acts.values(), no_order)
    assert (bench.rows.last.end, bench.rows.last.note) == (
        "perhaps",
        "The box restarted before it was written down what came of it.",
    )


async def test_what_ended_before_a_restart_stays_as_it_was(bench: Bench) -> None:
    await bench.ask("pause", "1")
    after = Bench()
    after.acts.remember(bench.rows.acts.values(), no_order)
    assert (after.acts.recent(), after.rows.acts) == (bench.acts.recent(), {})


async def test_a_desk_that_closes_breaks_off_what_is_left_and_hears_its_end(bench: Bench) -> None:
    async with bench.asking("key", "1", "101"):
        await bench.desk.close()
        assert bench.rows.last.end == "failed"
    late = await bench.ask("watch")
    assert late == Result(End.DONE, "")


async def test_an_act_that_is_broken_off_before_its_row_is_kept_has_an_end(bench: Bench) -> None:
    bench.rows.can_keep = trio.Event()
    async with bench.asking("key", "1", "101"):
        bench.doing.break_off()
    assert bench.result is not None
    assert (bench.result.end, bench.hotel.order) == (End.FAILED, None)
    assert [act.is_open for act in bench.acts.recent()] == [False]
    assert not bench.rows.last.is_open


async def test_a_new_file_in_the_middle_of_a_test_ends_neither_the_test_nor_the_box(bench: Bench) -> None:
    bench.hotel.probes = {"mews": FakeProbe(GOOD, seconds=0.01), "box": FakeProbe(GOOD)}
    async with bench.asking("test"):
        bench.hotel.probes = {}
    assert bench.result == Result(End.DONE, "2 steps went well.")
