"""The desk without an agent, in virtual time, through the simulators: what is done, kept, and left as it was."""

import errno
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trio

from agent.commands.lifecycle import State
from agent.commands.model import Verdict
from agent.control.words.told import End, Line, Progress, Result
from agent.foundation.errors import UserMistake
from agent.hotel import own_desk
from agent.journal import state_folder
from agent.journal.file import Contents
from agent.journal.journal import Journal
from agent.journal.state_folder import VARIABLE
from agent.journal.work import Opening, RunSync, Work
from agent.simulators.base.trouble import FaultKind, When
from agent.simulators.mews.commands import State as MewsState
from tests.whole_hotel import Hotel, run_at_once

KEY = ["lock", "key", "--sure", "1", "101"]


class OwnDesk:
    """Verbs without an agent. `at` are acts by the line at whose showing they happen."""

    def __init__(self, hotel: Hotel) -> None:
        self._hotel = hotel
        self.run_sync: RunSync = run_at_once
        self.at: dict[str, Callable[[], object]] = {}
        self.lines: list[str] = []

    async def ask(self, *words: str, named: bool = True) -> Result:
        hotel = self._hotel
        with trio.fail_after(600):
            state = hotel.state if named else None
            return await own_desk.ask(hotel.config, state, list(words), self._show, hotel.wires, self.run_sync)

    async def journal(self) -> Contents:
        """What is in the journal now."""
        return await Journal(self._hotel.state / state_folder.JOURNAL, run_sync=run_at_once).open()

    def _show(self, told: Progress) -> bool:
        if not isinstance(told, Line):
            return True
        self.lines.append(told.text)
        return self.at.pop(told.text, lambda: None)() is not False


def ctrl_c() -> None:
    os.kill(os.getpid(), signal.SIGINT)


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    hotel = Hotel(tmp_path)
    hotel.provision()
    return hotel


@pytest.fixture
def desk(hotel: Hotel) -> OwnDesk:
    return OwnDesk(hotel)


async def test_a_key_is_cut_and_its_rows_are_those_of_an_agent(
    hotel: Hotel, desk: OwnDesk, autojump_clock: object
) -> None:
    result = await desk.ask(*KEY)
    tid = hotel.bridge.cuts[0].tid
    assert result == Result(End.DONE, f"1 key was cut for room 101. Key number {tid}.")
    kept = await desk.journal()
    assert [(record.state, record.verdict) for record in kept.records] == [(State.REPORTED, Verdict.DONE)]
    assert [(key.room_names, key.key) for key in kept.keys] == [(("101",), hotel.bridge.cuts[0].tid)]
    assert [(act.words, act.end) for act in kept.acts] == [("lock key --sure 1 101", End.DONE)]
    assert not hotel.mews.calls


async def test_a_later_verb_knows_the_keys_of_an_earlier_one(
    hotel: Hotel, desk: OwnDesk, autojump_clock: object
) -> None:
    await desk.ask(*KEY)
    assert (await desk.ask("lock", "cancel", "--sure", "101")).text == "1 key is cancelled for room 101."
    assert "has issued no key for room 101" in (await desk.ask("lock", "cancel", "--sure", "101")).text
    assert hotel.bridge.calls["guest_key_checkout"] == 1


async def test_where_no_directory_keeps_them_keys_are_cancelled_by_the_numbers_that_were_told(
    hotel: Hotel, desk: OwnDesk, monkeypatch: pytest.MonkeyPatch, autojump_clock: object
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    cut = await desk.ask(*KEY, "--copies", "2", named=False)
    numbers = [card.tid for card in hotel.bridge.cuts]
    assert cut.text == f"2 keys were cut for room 101. Key numbers {', '.join(numbers)}."
    assert (await desk.ask("lock", "cancel", "--sure", "101", named=False)).end is End.FAILED
    for number in numbers:
        cancelled = await desk.ask("lock", "cancel", "--sure", "101", number, named=False)
        assert cancelled == Result(End.DONE, f"The key {number} of room 101 is cancelled.")


async def test_while_an_agent_holds_the_directory_nothing_is_asked(
    hotel: Hotel, desk: OwnDesk, autojump_clock: object
) -> None:
    async with hotel.agent():
        await trio.sleep(2)
        calls = hotel.bridge.calls["guest_key"]
        with pytest.raises(UserMistake, match="Another Night Porter runs with the state directory"):
            await desk.ask(*KEY)
        assert hotel.bridge.calls["guest_key"] == calls


async def ctrl_c_once_asked(hotel: Hotel) -> None:
    """Ctrl-C as soon as the encoder was asked."""
    await hotel.bridge.wait_calls("guest_key", 1)
    ctrl_c()


async def test_ctrl_c_waits_for_the_key_that_is_being_cut_and_tells_its_end(
    hotel: Hotel, desk: OwnDesk, autojump_clock: object
) -> None:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(ctrl_c_once_asked, hotel)
        result = await desk.ask(*KEY)
    assert (result.end, "counts as perhaps cut" in result.text) == (End.PERHAPS, True)
    told = f"It has ended since: 1 key was cut for room 101. Key number {hotel.bridge.cuts[0].tid}."
    assert desk.lines[-2:] == [own_desk._WAITS, told]
    kept = await desk.journal()
    assert [record.verdict for record in kept.records] == [Verdict.DONE]
    assert [key.room_names for key in kept.keys] == [("101",)]
    assert [act.end for act in kept.acts] == [End.PERHAPS]
    assert len(hotel.bridge.cuts) == 1


async def test_a_second_ctrl_c_ends_at_once_and_the_key_is_perhaps_cut(
    hotel: Hotel, desk: OwnDesk, autojump_clock: object
) -> None:
    hotel.bridge.switch(card_seconds=60.0)
    began = trio.current_time()
    desk.at = {own_desk._WAITS: ctrl_c}
    async with trio.open_nursery() as nursery:
        nursery.start_soon(ctrl_c_once_asked, hotel)
        result = await desk.ask(*KEY)
    assert (result.end, trio.current_time() - began < 10) == (End.PERHAPS, True)
    assert desk.lines[-1] == own_desk._WAITS
    kept = await desk.journal()
    assert [(record.verdict, record.is_loose) for record in kept.records] == [(Verdict.UNKNOWN, True)]
    assert kept.keys == ()


async def test_ctrl_c_before_the_encoder_is_asked_takes_the_order_back(
    hotel: Hotel, desk: OwnDesk, autojump_clock: object
) -> None:
    desk.at = {"Waits for its turn.": ctrl_c}
    result = await desk.ask(*KEY)
    assert (result.end, "no key was cut" in result.text) == (End.FAILED, True)
    assert not hotel.bridge.calls["guest_key"]


async def test_a_reader_that_went_away_breaks_off(hotel: Hotel, desk: OwnDesk, autojump_clock: object) -> None:
    desk.at = {"Waits for its turn.": lambda: False}
    assert (await desk.ask(*KEY)).end is End.FAILED
    assert not hotel.bridge.calls["guest_key"]


async def test_an_open_order_of_a_dead_agent_stays_open(
    hotel: Hotel, desk: OwnDesk, autojump_clock: object
) -> None:
    hotel.bridge.switch(card_seconds=30.0)
    async with hotel.agent(stops=False):
        id = hotel.mews.add_key("1", ["101"])
        with trio.fail_after(60):
            await hotel.bridge.wait_calls("guest_key", 1)
    hotel.bridge.switch(card_seconds=1.0)
    assert (await desk.ask("lock", "key", "--sure", "2", "102")).end is End.DONE
    states = {record.id: record.state for record in (await desk.journal()).records}
    assert states[id] is State.DISPATCHED
    async with hotel.agent():
        with trio.fail_after(60):
            command = await hotel.mews.wait_final(id)
    assert (command.state, "perhaps" in (command.notes or "") or "may have" in (command.notes or "")) == (
        MewsState.ERROR,
        True,
    )


async def test_a_key_that_was_perhaps_cut_is_settled_by_its_card(
    hotel: Hotel, desk: OwnDesk, autojump_clock: object
) -> None:
    hotel.bridge.fail(FaultKind.DROP, "guest_key", calls=1, when=When.AFTER)
    assert (await desk.ask(*KEY)).end is End.PERHAPS
    [record] = (await desk.journal()).records
    settled = await desk.ask("lock", "settle", "--sure", record.id)
    assert settled.end is End.DONE
    assert f"If the guest has it, write seen {record.id} as soon as the agent runs again." in settled.text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lock", "key", "9", "101"], "There is no encoder"),
        (["lock", "song"], "write lock"),
        ([], "A verb is missing"),
    ],
)
async def test_a_mistake_is_a_sentence_and_no_act(
    desk: OwnDesk, autojump_clock: object, words: list[str], said: str
) -> None:
    result = await desk.ask(*words)
    assert (result.end, said in result.text) == (End.MISTAKE, True)
    assert (await desk.journal()).acts == ()


@pytest.mark.parametrize("text", [None, "", "format = 1\n[box2]\n"], ids=["missing", "empty", "wrong"])
async def test_a_bad_file_is_a_mistake_and_the_directory_is_free_again(
    hotel: Hotel, desk: OwnDesk, autojump_clock: object, text: str | None
) -> None:
    hotel.config.unlink()
    if text is not None:
        hotel.config.write_text(text)
    with pytest.raises(UserMistake):
        await desk.ask("lock", "rooms")
    with state_folder.held(hotel.state):
        pass


async def test_without_a_journal_nothing_is_done(hotel: Hotel, desk: OwnDesk, autojump_clock: object) -> None:
    async def sick(work: Work) -> Any:
        if isinstance(work, Opening):
            raise OSError(errno.EIO, "sick")
        return await run_at_once(work)

    desk.run_sync = sick
    began = trio.current_time()
    result = await desk.ask(*KEY)
    assert (result.end, "nothing is done" in result.text) == (End.FAILED, True)
    assert (trio.current_time() - began < 1, hotel.bridge.calls["guest_key"]) == (True, 0)


async def test_the_environment_names_the_directory(
    hotel: Hotel, desk: OwnDesk, monkeypatch: pytest.MonkeyPatch, autojump_clock: object
) -> None:
    monkeypatch.setenv(VARIABLE, str(hotel.state))
    await desk.ask(*KEY, named=False)
    assert len((await desk.journal()).records) == 1


async def test_a_user_whom_the_system_has_no_name_for_is_a_number(
    desk: OwnDesk, monkeypatch: pytest.MonkeyPatch, autojump_clock: object
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000)
    await desk.ask(*KEY)
    assert [act.who for act in (await desk.journal()).acts] == ["user 4000000"]
