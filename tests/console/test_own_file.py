"""An agent's own file, taken over its console: whole, on trial, and back when what was well is not reached."""

from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest
import trio

from agent.console.desk_link import DeskLink, NoAgent
from agent.console.own_file import TRIAL_SECONDS, OwnFile
from agent.control.words.told import End as DeskEnd
from agent.control.words.told import Progress, Result
from agent.handover.helper import ConfirmFile, Done, End, Reboot, RollBackFile, TakeFile
from agent.handover.site_facts import SiteFacts
from tests.console.bench import FakePage
from tests.provisioning.text import MINIMAL, minimal
from tests.status.samples import fault, snapshot

OLD = MINIMAL.encode()
NEW = minimal("aurora-desk", "aurora-bar").encode()
THIRD = minimal("aurora-desk", "aurora-spa").encode()
WELL, MEWS_AWAY = snapshot(), snapshot(fault("E-MEWS-UNREACHABLE", "mews"))

STAYS = "With the new file Mews was not reached, and the one before does not come back:"


class FakeDesk(DeskLink):
    """Reads the file when it is told to; `results` are what it says, the last one again and again."""

    def __init__(self, config: Path) -> None:
        super().__init__(config.parent)
        self.config, self.read = config, [config.read_bytes() if config.exists() else b""]
        self.results: list[Result | None] = [Result(DeskEnd.DONE, "")]
        self.seconds = 0.0

    async def carry_out(
        self, words: Sequence[str], tell: Callable[[Progress], None], broken_off: trio.Event
    ) -> Result:
        assert list(words) == ["reload"]
        await trio.sleep(self.seconds)
        result = self.results.pop(0) if len(self.results) > 1 else self.results[0]
        if result is None:
            raise NoAgent("no agent")
        if result.end is DeskEnd.DONE:
            self.read.append(self.config.read_bytes())
        return result


class Site:
    """A file, a desk and a page."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "provisioning.toml"
        self.config.write_bytes(OLD)
        self.desk, self.page = FakeDesk(self.config), FakePage()
        self.page.says = WELL
        self.own = OwnFile(self.config, self.desk, self.page)
        self.said: list[str] = []
        self.own.announce = self.said.append
        self.heard: list[str] = []

    async def takes(self, text: bytes) -> Done:
        return await self.own.ask(TakeFile(text), self.heard.append)

    async def ask(self, request: ConfirmFile | RollBackFile) -> Done:
        return await self.own.ask(request, self.heard.append)

    @property
    def has(self) -> bytes:
        return self.config.read_bytes()


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    site = Site(tmp_path)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(site.own.watch_trials)
        yield site
        nursery.cancel_scope.cancel()


async def test_a_file_that_reaches_what_was_well_stays(site: Site, autojump_clock: object) -> None:
    assert (await site.takes(NEW)).confirm_seconds == TRIAL_SECONDS
    await trio.sleep(TRIAL_SECONDS * 2)
    assert (site.has, site.own.before.read_bytes(), site.desk.read) == (NEW, OLD, [OLD, NEW])
    assert (await site.ask(ConfirmFile())).end is End.REFUSED
    assert site.said == []


async def test_a_file_that_does_not_reach_it_goes_back_after_two_minutes_and_that_is_said(
    site: Site, autojump_clock: object
) -> None:
    await site.takes(NEW)
    site.page.says = MEWS_AWAY
    await trio.sleep(TRIAL_SECONDS - 5)
    assert site.has == NEW
    await trio.sleep(10)
    assert (site.has, site.own.given_back.read_bytes(), site.desk.read) == (OLD, NEW, [OLD, NEW, OLD])
    assert site.said == ["With the new file Mews was not reached. The box works with the file before."]


async def test_what_it_does_by_itself_goes_by_a_desk_of_its_own(site: Site, autojump_clock: object) -> None:
    by_itself = FakeDesk(site.config)
    own = OwnFile(site.config, site.desk, site.page, by_itself=by_itself)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(own.watch_trials)
        await own.ask(TakeFile(NEW), site.heard.append)
        site.page.says = MEWS_AWAY
        await trio.sleep(TRIAL_SECONDS + 5)
        nursery.cancel_scope.cancel()
    assert (site.desk.read, by_itself.read) == ([OLD, NEW], [OLD, OLD])


async def test_a_silent_page_gives_the_file_back(site: Site, autojump_clock: object) -> None:
    await site.takes(NEW)
    site.page.says = None
    await trio.sleep(TRIAL_SECONDS + 5)
    assert site.has == OLD


async def test_a_trial_is_watched_also_after_a_rollback_without_one(site: Site, autojump_clock: object) -> None:
    await site.takes(NEW)
    await trio.sleep(10)
    assert (await site.ask(RollBackFile())).end is End.DONE
    assert (site.has, site.own.before.read_bytes()) == (OLD, NEW)
    await site.takes(THIRD)
    site.page.says = MEWS_AWAY
    await trio.sleep(TRIAL_SECONDS + 5)
    assert site.has == OLD


async def test_a_second_file_on_trial_goes_back_to_the_last_good_one_after_two_minutes_of_its_own(
    site: Site,
    autojump_clock: object,
) -> None:
    await site.takes(NEW)
    site.page.says = MEWS_AWAY
    await trio.sleep(TRIAL_SECONDS - 20)
    assert (await site.takes(THIRD)).end is End.DONE
    await trio.sleep(TRIAL_SECONDS - 10)
    assert (site.has, site.own.before.read_bytes()) == (THIRD, OLD)
    await trio.sleep(20)
    assert site.has == OLD


async def test_confirmed_it_stays_whatever_it_reaches(site: Site, autojump_clock: object) -> None:
    await site.takes(NEW)
    site.page.says = MEWS_AWAY
    assert (await site.ask(ConfirmFile())).end is End.DONE
    await trio.sleep(TRIAL_SECONDS * 2)
    assert site.has == NEW


async def test_confirmed_or_given_up_in_the_moment_of_its_taking_it_is_not_on_trial(
    site: Site, autojump_clock: object
) -> None:
    for request, stays in ((ConfirmFile(), NEW), (RollBackFile(), NEW)):
        await site.takes(NEW if site.has == OLD else THIRD)
        assert (await site.ask(request)).end is End.DONE
        site.page.says = MEWS_AWAY
        await trio.sleep(TRIAL_SECONDS * 2)
        assert site.has == stays
        assert (await site.ask(ConfirmFile())).end is End.REFUSED
        site.page.says = WELL


async def test_a_rollback_right_behind_the_one_by_itself_does_not_bring_the_bad_file_back(
    site: Site, autojump_clock: object
) -> None:
    await site.takes(NEW)
    site.page.says = MEWS_AWAY
    await trio.sleep(TRIAL_SECONDS + 1)
    assert (await site.ask(RollBackFile())).end is End.DONE
    assert site.has == OLD


async def test_a_file_that_the_agent_does_not_take_is_not_left_on_the_disk(
    site: Site, autojump_clock: object
) -> None:
    site.desk.results = [Result(DeskEnd.FAILED, "The port of the page is taken.")]
    done = await site.takes(NEW)
    assert (done.end, site.has) == (End.REFUSED, OLD)
    assert done.text == "The agent does not take it, and keeps the one it has: The port of the page is taken."
    assert (await site.ask(ConfirmFile())).end is End.REFUSED
    site.config.unlink()
    await site.takes(NEW)
    assert not site.config.exists()


async def test_breaking_off_while_the_agent_reads_it_leaves_no_file_that_is_not_on_trial(
    site: Site, autojump_clock: object
) -> None:
    site.desk.seconds = 5.0
    with trio.move_on_after(1):
        await site.takes(NEW)
    assert (site.has, site.desk.read) == (NEW, [OLD, NEW])
    assert (await site.ask(ConfirmFile())).end is End.DONE


async def test_an_agent_that_never_says_that_it_read_the_file_is_not_waited_for_for_ever(
    site: Site, autojump_clock: object
) -> None:
    site.desk.seconds = 1000.0
    assert (await site.takes(NEW)).end is End.FAILED
    assert (await site.ask(RollBackFile())).end is End.FAILED


async def test_without_an_agent_the_file_is_there_for_its_start(site: Site, autojump_clock: object) -> None:
    site.desk.results = [None]
    assert (await site.takes(NEW)).end is End.DONE
    assert site.has == NEW


async def test_a_file_before_that_vanished_ends_nothing_and_is_said_once(
    site: Site, autojump_clock: object
) -> None:
    await site.takes(NEW)
    site.own.before.unlink()
    site.page.says = MEWS_AWAY
    await trio.sleep(TRIAL_SECONDS * 3)
    assert site.has == NEW
    assert site.said == [f"{STAYS} There is no file before this one."]
    site.own.before.write_bytes(OLD)
    await trio.sleep(5)
    assert site.has == OLD


async def test_an_agent_that_does_not_read_the_file_before_ends_nothing(
    site: Site, autojump_clock: object
) -> None:
    await site.takes(NEW)
    site.page.says = MEWS_AWAY
    site.desk.results = [Result(DeskEnd.FAILED, "It is busy.")]
    await trio.sleep(TRIAL_SECONDS + 5)
    assert site.has == OLD
    assert site.said == [f"{STAYS} It is busy."]


async def test_the_present_file_that_vanished_can_be_given_up_for_the_one_before(
    site: Site, autojump_clock: object
) -> None:
    await site.takes(NEW)
    await trio.sleep(10)
    site.config.unlink()
    assert site.own.facts() == SiteFacts()
    assert (await site.ask(RollBackFile())).end is End.DONE
    assert site.has == OLD


async def test_a_file_that_cannot_be_read_lets_no_one_act(site: Site, autojump_clock: object) -> None:
    site.config.unlink()
    site.config.mkdir()
    assert site.own.facts() == SiteFacts(is_provisioned=True)


async def test_a_wrong_file_and_the_present_one_change_nothing(site: Site, autojump_clock: object) -> None:
    for text in (NEW[:200], OLD, b"\xff" * 100):
        assert (await site.takes(text)).end is End.REFUSED
        assert (site.has, site.own.before.exists(), site.desk.read) == (OLD, False, [OLD])


async def test_what_needs_a_box_is_refused(site: Site, autojump_clock: object) -> None:
    assert (await site.own.ask(Reboot(), site.heard.append)).end is End.REFUSED


async def test_a_second_face_is_told_that_a_file_is_on_trial_and_may_act_once_it_is_kept(site: Site) -> None:
    other = OwnFile(site.config, site.desk, site.page)
    assert (await site.takes(NEW)).end is End.DONE
    refused = await other.ask(TakeFile(THIRD), site.heard.append)
    assert refused.end is End.REFUSED
    assert "Another file is on trial" in refused.text
    assert "Another file is on trial" in (await other.ask(RollBackFile(), site.heard.append)).text
    assert site.has == NEW
    await site.ask(ConfirmFile())
    assert (await other.ask(RollBackFile(), site.heard.append)).end is End.DONE
    assert site.has == OLD
    assert not site.config.with_name("provisioning.toml.trial").exists()
