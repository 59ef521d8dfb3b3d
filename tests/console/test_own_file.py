"""A file that the console may change: judged, shown, taken at one moment, on trial, and taken back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
import trio

from agent.console.desk_link import DeskLink
from agent.console.own_file import TRIAL_SECONDS, OwnFile
from agent.handover.helper import ConfirmFile, Done, End, Reboot, Request, RollBackFile, TakeFile
from agent.health.kind import Level
from agent.status.snapshot.snapshot import Hop
from tests.console.bench import FakePage
from tests.status.samples import snapshot

OLD = """format = 1
[box]
name = "aurora-desk"
timezone = "Europe/Vienna"
[mews]
dialect = "2016"
platform = "https://demo.mews.li"
connector_token = "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D"
[console]
code = "k7mp-3xqd"
"""
NEW = OLD.replace("aurora-desk", "other-desk")
SECRET = "C66EF7B239D2"


class Place:
    """A folder with a file, and what was said."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "provisioning.toml"
        self.page = FakePage()
        self.file = OwnFile(self.config, DeskLink(folder), self.page)
        self.said: list[str] = []
        self.mews(Level.OK)

    def mews(self, level: Level) -> None:
        hop = Hop("mews", level, "Mews.", "")
        self.page.says = msgspec.structs.replace(snapshot(), hops=(hop,))

    async def ask(self, request: Request) -> Done:
        return await self.file.ask(request, self.said.append)

    async def take(self, text: str, *, is_trial_only: bool = False) -> Done:
        return await self.ask(TakeFile(text.encode(), is_trial_only=is_trial_only))

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.file.watch_trials)
            yield
            nursery.cancel_scope.cancel()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.config.write_text(OLD)
    return place


async def test_a_look_at_a_file_says_what_would_change_and_changes_nothing(place: Place) -> None:
    done = await place.take(NEW, is_trial_only=True)
    assert done == Done(End.DONE, "It is good.")
    assert any("other-desk" in line for line in place.said)
    assert place.config.read_text() == OLD
    assert SECRET not in " ".join(place.said)


async def test_a_file_that_cannot_be_used_is_refused_with_its_reasons(place: Place) -> None:
    done = await place.take(OLD.replace("Europe/Vienna", "Vienna"))
    assert done.end is End.REFUSED
    assert any("Europe/Vienna" in line for line in place.said)
    assert place.config.read_text() == OLD


async def test_the_same_file_changes_nothing(place: Place) -> None:
    done = await place.take(OLD + "# a remark\n")
    assert done.end is End.REFUSED
    assert place.config.read_text() == OLD


async def test_the_first_file_of_all_needs_no_trial(place: Place) -> None:
    place.config.unlink()
    assert not place.file.facts().is_provisioned
    done = await place.take(OLD)
    assert (done.end, done.confirm_seconds) == (End.DONE, None)
    assert place.config.read_text() == OLD
    facts = place.file.facts()
    assert facts.is_provisioned
    assert facts.code
    assert facts.code.fits("k7mp-3xqd")
    assert place.file.words()


async def test_a_file_that_loses_mews_is_taken_back(place: Place, autojump_clock: trio.testing.MockClock) -> None:
    async with place.watched():
        done = await place.take(NEW)
        assert done.confirm_seconds == TRIAL_SECONDS
        assert place.config.read_text() == NEW
        place.mews(Level.FAULT)
        await trio.sleep(TRIAL_SECONDS - 1)
        assert place.config.read_text() == NEW
        await trio.sleep(5)
        assert place.config.read_text() == OLD


async def test_a_file_that_reaches_all_stays(place: Place, autojump_clock: trio.testing.MockClock) -> None:
    async with place.watched():
        await place.take(NEW)
        await trio.sleep(TRIAL_SECONDS * 2)
        assert place.config.read_text() == NEW
        assert (await place.ask(ConfirmFile())).end is End.REFUSED


async def test_a_file_that_is_confirmed_stays_whatever_comes(
    place: Place, autojump_clock: trio.testing.MockClock
) -> None:
    async with place.watched():
        await place.take(NEW)
        place.mews(Level.FAULT)
        await trio.sleep(10)
        assert (await place.ask(ConfirmFile())).end is End.DONE
        await trio.sleep(TRIAL_SECONDS * 2)
        assert place.config.read_text() == NEW


async def test_the_file_before_can_be_had_again_and_the_newer_one_after_it(place: Place) -> None:
    await place.take(NEW)
    assert (await place.ask(RollBackFile())).end is End.DONE
    assert place.config.read_text() == OLD
    assert (await place.ask(RollBackFile())).end is End.DONE
    assert place.config.read_text() == NEW


async def test_without_a_file_before_there_is_nothing_to_go_back_to(place: Place) -> None:
    done = await place.ask(RollBackFile())
    assert done == Done(End.FAILED, "There is no file before this one.")


async def test_what_needs_a_box_is_refused_in_a_sentence(place: Place) -> None:
    assert (await place.ask(Reboot())).end is End.REFUSED


async def test_a_file_that_is_refused_by_this_version_leaves_the_line_locked(place: Place) -> None:
    place.config.write_text("format = 9")
    facts = place.file.facts()
    assert facts.is_provisioned
    assert facts.code is None
