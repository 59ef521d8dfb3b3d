"""The helper of an agent that is no box: it may change its own provisioning file.

The file is judged whole, shown as a difference, and written at one moment; the one before stays beside it. It is
on trial for two minutes, as on a box: what was well with the file before has to be well then, or it goes back.
"""

from pathlib import Path

import trio

from agent.console.desk_link import DeskLink, NoAgent
from agent.console.helper import Hear
from agent.console.own_page import OwnPage
from agent.drivers.check import beside, judge
from agent.foundation import files
from agent.foundation.errors import NightPorterError, UserMistake, reason_of
from agent.handover.helper import ConfirmFile, Done, End, Request, RollBackFile, TakeFile
from agent.handover.site_facts import SiteFacts, facts_of
from agent.status.snapshot.reached import missed, well
from agent.status.snapshot.snapshot import Snapshot
from provisioning.check import summary
from provisioning.difference import difference
from provisioning.file import content
from provisioning.model import Provisioning
from provisioning.problems import render
from provisioning.read import read

TRIAL_SECONDS = 120.0  # s
LOOK_SECONDS = 2.0  # s between two looks at the page
_NO_BOX = "This machine is no Night Porter box: only its provisioning file can be changed here."


class OwnFile:
    """`config` is the agent's file; its desk takes it, its page says what is reached with it."""

    def __init__(self, config: Path, desk: DeskLink, page: OwnPage) -> None:
        self._config, self._desk, self._page = config, desk, page
        self._trial: trio.CancelScope | None = None
        self._begun = trio.Event()
        self._well: tuple[str, ...] = ()

    @property
    def before(self) -> Path:
        """The last good file."""
        return self._config.with_name(f"{self._config.name}.before")

    def facts(self) -> SiteFacts:
        """What the console may know of the file as it is now."""
        try:
            text = content(self._config)
        except OSError:
            return SiteFacts()
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
                    return Done(End.DONE, await self._go_back())
        except OSError as error:
            return Done(End.FAILED, f"The file cannot be written: {reason_of(error)}.")
        except NightPorterError as trouble:
            return Done(End.FAILED, str(trouble))
        return Done(End.REFUSED, _NO_BOX)

    async def watch_trials(self) -> None:
        """Look after each file on trial, until cancelled."""
        while True:
            await self._begun.wait()
            self._begun = trio.Event()
            with trio.CancelScope() as self._trial:
                await self._watch_one()
            self._trial = None

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
        self._well = well(snapshot.hops) if snapshot else ()
        if self._config.exists():
            files.write(self.before, self._config.read_bytes(), 0o600)
        files.write(self._config, request.text, 0o600)
        await self._reload()
        if old is None:
            return Done(End.DONE, "The box works with it now.")
        self._begun.set()
        return Done(End.DONE, "The box works with it now, on trial.", TRIAL_SECONDS)

    def _confirm(self) -> Done:
        if self._trial is None and not self._begun.is_set():
            return Done(End.REFUSED, "No file is on trial.")
        self._end_trial()
        return Done(End.DONE, "The file stays.")

    async def _go_back(self) -> str:
        if not self.before.exists():
            raise UserMistake("There is no file before this one.")
        self._end_trial()
        text, following = self.before.read_bytes(), self._config.read_bytes()
        files.write(self._config, text, 0o600)
        files.write(self.before, following, 0o600)
        await self._reload()
        return "The box works with the file before."

    def _end_trial(self) -> None:
        self._begun = trio.Event()
        if self._trial is not None:
            self._trial.cancel()

    async def _watch_one(self) -> None:
        snapshot: Snapshot | None = None
        with trio.move_on_after(TRIAL_SECONDS):
            while True:
                await trio.sleep(LOOK_SECONDS)
                snapshot = await self._page.snapshot()
                if snapshot is not None and not self._missed(snapshot):
                    return
        if snapshot is None or self._missed(snapshot):
            self._trial = None
            await self._go_back()

    def _missed(self, snapshot: Snapshot) -> tuple[str, ...]:
        provisioning = self._provisioning()
        return missed(self._well, provisioning, snapshot.hops) if provisioning else self._well

    def _provisioning(self) -> Provisioning | None:
        try:
            return read(content(self._config)).provisioning
        except OSError:
            return None

    async def _reload(self) -> None:
        """Have the agent read it; one that does not run reads it at its start."""
        try:
            result = await self._desk.carry_out(["reload"], lambda _: None, trio.Event())
        except NoAgent:
            return
        if result.text and result.end != "done":
            raise NightPorterError(result.text)
