"""The helper of an agent that is no box: it may change its own provisioning file.

The file is judged whole, shown as a difference, and written at one moment; the one before stays beside it. It is
on trial for two minutes, as on a box: what was well with the file before has to be well then, or it goes back.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import trio

from agent.console.desk_link import NoAgent
from agent.console.helper import Hear
from agent.console.trial_mark import TrialMark
from agent.control.words.told import End as DeskEnd
from agent.control.words.told import Progress, Result
from agent.drivers.check import beside, judge
from agent.foundation import files
from agent.foundation.errors import NightPorterError, UserMistake, reason_of
from agent.handover.helper import ConfirmFile, Done, End, Request, RollBackFile, TakeFile
from agent.handover.site_facts import SiteFacts, facts_of
from agent.status.snapshot.reached import missed, well
from agent.status.snapshot.snapshot import Snapshot
from agent.status.snapshot.stations import HopKind, title
from provisioning.check import summary
from provisioning.difference import difference
from provisioning.file import content
from provisioning.model import Provisioning
from provisioning.problems import render
from provisioning.read import read

TRIAL_SECONDS = 120.0  # s
TAKE_SECONDS = 30.0  # s that the agent has to read a new file
LOOK_SECONDS = 2.0  # s between two looks at the page
_NO_BOX = "This machine is no Night Porter box: only its provisioning file can be changed here."
_ON_TRIAL_ELSEWHERE = (
    "Another file is on trial, given at the console or the page: nothing was changed. Keep that file or go back "
    f"from it there, or try again in {TRIAL_SECONDS:.0f} s."
)
_NOT_SAID = Done(End.FAILED, "The agent was asked to read the other file, and has not said yet that it did.")


class Reads(Protocol):
    """A desk of the agent, by whatever way."""

    async def carry_out(
        self, words: Sequence[str], tell: Callable[[Progress], None], broken_off: trio.Event, /
    ) -> Result:
        """Have it done. Raises `NoAgent`."""
        ...


class Looks(Protocol):
    """What the agent's page shows, by whatever way."""

    async def snapshot(self) -> Snapshot | None:
        """As it is now; None while there is none."""
        ...


class OwnFile:
    """`config` is the agent's file; its desk takes it, its page says what is reached with it.

    `announce` hears what becomes of a trial by itself; then the desk is reached `by_itself`, where that differs.
    """

    def __init__(self, config: Path, desk: Reads, page: Looks, *, by_itself: Reads | None = None) -> None:
        self._config, self._desk, self._page = config, desk, page
        self._by_itself = by_itself or desk
        self.announce: Callable[[str], None] = lambda _: None
        self._is_on_trial = False
        self._mark = TrialMark(config)
        self._trial: trio.CancelScope | None = None
        self._begun = trio.Event()
        self._well: tuple[str, ...] = ()

    @property
    def before(self) -> Path:
        """The last good file."""
        return self._config.with_name(f"{self._config.name}.before")

    @property
    def given_back(self) -> Path:
        """The last one that was given up on trial."""
        return self._config.with_name(f"{self._config.name}.given-back")

    def facts(self) -> SiteFacts:
        """What the console may know of the file as it is now."""
        try:
            text = content(self._config)
        except FileNotFoundError:
            return SiteFacts()
        except OSError:  # it is there, and what it says of the code is not known: nothing is let
            return SiteFacts(is_provisioned=True)
        provisioning = read(text).provisioning
        return facts_of(provisioning) if provisioning else SiteFacts(is_provisioned=True)

    def words(self) -> str:
        """The file in plain words."""
        provisioning = self._provisioning()
        return "\n".join(summary(provisioning)) if provisioning else ""

    async def ask(self, request: Request, hear: Hear) -> Done:
        """Have it done, if it is about the file."""
        try:
            match request:
                case TakeFile():
                    return await self._take(request, hear)
                case ConfirmFile():
                    return self._confirm()
                case RollBackFile():
                    with trio.CancelScope(shield=True, deadline=trio.current_time() + TAKE_SECONDS):
                        return Done(End.DONE, await self._go_back(self._desk))
                    return _NOT_SAID
        except OSError as error:
            return Done(End.FAILED, f"The file cannot be written: {reason_of(error)}.")
        except NightPorterError as trouble:
            return Done(End.FAILED, str(trouble))
        return Done(End.REFUSED, _NO_BOX)

    async def watch_trials(self) -> None:
        """Look after each file on trial, until cancelled."""
        while True:
            while not self._is_on_trial:
                self._begun = trio.Event()
                await self._begun.wait()
            with trio.CancelScope() as self._trial:
                missed_hops = await self._watch_one()
            scope, self._trial = self._trial, None
            if not scope.cancelled_caught:
                await self._judge(missed_hops)

    async def _take(self, request: TakeFile, hear: Hear) -> Done:
        judgement = judge(request.text, beside(self._config))
        for line in render(judgement.problems).splitlines():
            hear(line)
        if judgement.provisioning is None:
            return Done(End.REFUSED, "This file cannot be used: nothing was changed.")
        old = self._provisioning()
        changes = difference(old, judgement.provisioning)
        for change in changes:
            hear(change.sentence)
        if not changes:
            return Done(End.REFUSED, "It says what the present file says: nothing was changed.")
        if request.is_trial_only:
            return Done(End.DONE, "It is good.")
        snapshot = await self._page.snapshot()
        if not self._mark.take():
            return Done(End.REFUSED, _ON_TRIAL_ELSEWHERE)
        try:
            return await self._put_and_load_unbroken(request.text, has_old=old is not None, snapshot=snapshot)
        finally:
            if not self._is_on_trial:
                self._mark.drop()

    async def _put_and_load_unbroken(self, text: bytes, *, has_old: bool, snapshot: Snapshot | None) -> Done:
        with trio.CancelScope(shield=True, deadline=trio.current_time() + TAKE_SECONDS):
            return await self._put_and_load(text, has_old=has_old, snapshot=snapshot)
        return _NOT_SAID

    async def _put_and_load(self, text: bytes, *, has_old: bool, snapshot: Snapshot | None) -> Done:
        """Not to be broken off between the two. A file on trial never counts as the last good one."""
        present = self._config.read_bytes() if self._config.exists() else None
        if not self._is_on_trial:
            self._well = well(snapshot.hops) if snapshot else ()
            if present is not None:
                files.write(self.before, present, 0o600)
        files.write(self._config, text, 0o600)
        try:
            await self._reload(self._desk)
        except NightPorterError as trouble:
            self._put_back(present)
            return Done(End.REFUSED, f"The agent does not take it, and keeps the one it has: {trouble}")
        if not has_old:
            return Done(End.DONE, "The box works with it now.")
        self._begin_trial()
        return Done(End.DONE, "The box works with it now, on trial.", TRIAL_SECONDS)

    def _put_back(self, present: bytes | None) -> None:
        if present is None:
            self._config.unlink(missing_ok=True)
        else:
            files.write(self._config, present, 0o600)

    def _confirm(self) -> Done:
        if not self._is_on_trial:
            return Done(End.REFUSED, "No file is on trial here.")
        self._end_trial()
        return Done(End.DONE, "The file stays.")

    async def _go_back(self, desk: Reads) -> str:
        """The file on trial is set aside; where none is, the two change places."""
        if not self._mark.take():
            raise UserMistake(_ON_TRIAL_ELSEWHERE)
        try:
            return await self._put_before(desk)
        finally:
            if not self._is_on_trial:
                self._mark.drop()

    async def _put_before(self, desk: Reads) -> str:
        if not self.before.exists():
            raise UserMistake("There is no file before this one.")
        text = self.before.read_bytes()
        aside = self.given_back if self._is_on_trial else self.before
        if self._config.exists():
            files.write(aside, self._config.read_bytes(), 0o600)
        files.write(self._config, text, 0o600)
        self._end_trial()
        await self._reload(desk)
        return "The box works with the file before."

    def _begin_trial(self) -> None:
        self._stop_watching()
        self._is_on_trial = True
        self._begun.set()

    def _end_trial(self) -> None:
        self._stop_watching()
        self._mark.drop()

    def _stop_watching(self) -> None:
        self._is_on_trial = False
        if self._trial is not None:
            self._trial.cancel()

    async def _watch_one(self) -> tuple[str, ...]:
        """What is missed at the end."""
        missed_hops = self._well or (HopKind.BOX.value[0],)
        with trio.move_on_after(TRIAL_SECONDS):
            while True:
                await trio.sleep(LOOK_SECONDS)
                snapshot = await self._page.snapshot()
                if snapshot is not None and not (missed_hops := self._missed(snapshot)):
                    break
        return missed_hops

    async def _judge(self, missed_hops: tuple[str, ...]) -> None:
        if not missed_hops:
            self._is_on_trial = False
            self._mark.drop()
            return
        names = ", ".join(map(title, missed_hops))
        is_told = False
        while self._is_on_trial:
            try:
                self.announce(f"With the new file {names} was not reached. {await self._go_back(self._by_itself)}")
            except (OSError, NightPorterError) as trouble:
                if not is_told:
                    words = f"With the new file {names} was not reached, and the one before does not come back"
                    self.announce(f"{words}: {reason_of(trouble)}")
                is_told = True
                await trio.sleep(LOOK_SECONDS)

    def _missed(self, snapshot: Snapshot) -> tuple[str, ...]:
        provisioning = self._provisioning()
        return missed(self._well, provisioning, snapshot.hops) if provisioning else self._well

    def _provisioning(self) -> Provisioning | None:
        try:
            return read(content(self._config)).provisioning
        except OSError:
            return None

    async def _reload(self, desk: Reads) -> None:
        """Have the agent read it; one that does not run reads it at its start."""
        try:
            result = await desk.carry_out(["reload"], lambda _: None, trio.Event())
        except NoAgent:
            return
        if result.end is not DeskEnd.DONE:
            raise NightPorterError(result.text)
