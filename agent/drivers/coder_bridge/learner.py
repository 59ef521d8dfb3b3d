"""Learns what one site's Coder Bridge is like, with a person at the encoder: drives a lesson, keeps its proofs.

Never makes a request that the lesson did not yield, none twice, and none but through `Bridge`, which bounds it and
repeats only what was refused for its token. Writes the site's profile after each proof, whole or not at all, so
that a lesson can be broken off at any moment and continued; beside it a recording without any value of the site.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

import trio

from agent.drivers.coder_bridge import profile_file
from agent.drivers.coder_bridge.bridge import Bridge
from agent.drivers.coder_bridge.learning import recording, shapes
from agent.drivers.coder_bridge.learning.entries import is_ours, site_file
from agent.drivers.coder_bridge.learning.lesson import Lesson, Place
from agent.drivers.coder_bridge.learning.steps import Experiment, Heard, Proof, Question, Remark, Reply, Step
from agent.drivers.coder_bridge.learning.walk import Ended, learn
from agent.drivers.coder_bridge.protocol import verdicts, wire
from agent.drivers.coder_bridge.protocol.exchange import Exchange
from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.drivers.coder_bridge.protocol.profile_rules import broken_rules
from agent.drivers.coder_bridge.protocol.words import Method
from agent.drivers.lock_server.log_in import Credentials
from agent.foundation import files
from agent.foundation.errors import CallFailed, NoAnswer, UserMistake, reason_of
from agent.foundation.http import Peer

Ask: TypeAlias = Callable[[Question], Awaitable[str | None]]  # None: no one answers
Tell: TypeAlias = Callable[[str], None]  # neither waits nor raises
RunSync: TypeAlias = Callable[[Callable[[], None]], Awaitable[None]]


class Learner:
    """One lesson at one site.

    `base` is the profile that ships with the box, `site` the file in which the proofs are kept (it is read first,
    and continued); `ask` and `tell` are the face that hosts it. `run_sync` carries out what waits for a disk.
    """

    def __init__(
        self,
        peer: Peer,
        credentials: Credentials,
        base: Profile,
        place: Place,
        site: Path,
        ask: Ask,
        tell: Tell,
        *,
        clock: Callable[[], float] = trio.current_time,
        run_sync: RunSync = trio.to_thread.run_sync,
    ) -> None:
        self._base, self._place, self._site = base, place, site
        self._ask, self._tell, self._run_sync = ask, tell, run_sync
        self._lesson = Lesson(self._begun(), place)
        self._credentials = credentials
        self._host = urlsplit(peer.base)
        self._bridge = Bridge(peer, self._lesson.profile, credentials, clock, self._overhear)
        self._lines: list[bytes] = []
        self._is_acting = False

    @property
    def recording(self) -> Path:
        """The recording's place."""
        return self._site.with_name(f"{self._site.stem}.recording.jsonl")

    async def run(self) -> Ended:
        """Take the lesson. Raises `UserMistake` where the site's file cannot be written."""
        lesson = learn(self._lesson)
        reply: Reply = None
        try:
            while True:
                step = lesson.send(reply)
                reply = await self._carry_out(step)
                await self._keep_recording()
        except StopIteration as over:
            ended: Ended = over.value
            return ended
        finally:
            lesson.close()

    def left_behind(self) -> str:
        """What there is when `run` was broken off, in a sentence."""
        kept = f"What was proved is in {self._site.name}."
        if self._is_acting:
            return (
                f"The lock system had been asked for something: look at the encoder, there may be a card. {kept}"
            )
        return f"Nothing was asked of the lock system just then. {kept}"

    async def _carry_out(self, step: Step) -> Reply:
        match step:
            case Question():
                return await self._ask(step)
            case Experiment():
                return await self._experiment(step)
            case Proof():
                await self._keep(step.profile)
                self._tell(step.text)
            case Remark():
                self._tell(step.text)
        return None

    async def _experiment(self, step: Experiment) -> Heard:
        limits = step.profile.limits
        deadline = (limits.key_seconds if step.waits_for_card else limits.short_seconds).value
        is_list = step.profile.calls[step.slot].method.value is Method.GET
        self._bridge.take(step.profile)
        self._is_acting = step.may_act
        try:
            said = await self._bridge.ask(
                step.slot, step.fields, deadline=deadline, cap=wire.ROOMS_CAP if is_list else wire.KEY_ANSWER_CAP
            )
        except NoAnswer as error:
            self._is_acting = False
            return Heard(words=error.reason, is_lost=True)
        except CallFailed as error:
            self._is_acting = False
            return Heard(words=error.reason, is_unsent=True)
        self._is_acting = False
        self._bridge.drop(said.kept)  # people take their time: a token that is old by then would be a refusal
        return Heard(
            ending=verdicts.ending(said.status, said.reading, said.moved),
            words=self._bridge.clean(verdicts.reason(said.status, said.reading, said.moved)),
            status=said.status,
            body=said.body,
            code=said.reading.code,
            tid=said.reading.tid,
        )

    def _begun(self) -> Profile:
        """The profile of an earlier lesson, else the one to begin with."""
        try:
            content = self._site.read_bytes()
        except FileNotFoundError:
            return self._base
        except OSError as error:
            raise UserMistake(f"{self._site} cannot be read: {reason_of(error)}") from None
        found = profile_file.read(self._site.name, content)
        if not isinstance(found, Profile):
            raise UserMistake(f"{self._site} cannot be continued: {found[0].line}")
        return found

    async def _keep(self, profile: Profile) -> None:
        broken = next(broken_rules(profile), None)
        if broken is not None:
            raise AssertionError(f"a profile was learned that cannot be read: {broken}")
        content = site_file(profile, self._base)
        await self._write(lambda: _put(self._site, content))

    async def _keep_recording(self) -> None:
        lines, self._lines = b"".join(self._lines), []
        if lines:
            await self._write(lambda: _append(self.recording, lines))

    async def _write(self, write: Callable[[], None]) -> None:
        try:
            await self._run_sync(write)
        except OSError as error:
            raise UserMistake(f"{self._site.parent} cannot be written to: {reason_of(error)}") from None

    def _overhear(self, exchange: Exchange) -> None:
        self._lines.append(recording.line(exchange, self._lesson.profile.answers, self._known()))

    def _known(self) -> shapes.Known:
        """The site's values, as far as they are known by now."""
        lesson, encoders = self._lesson, self._place.encoders
        return shapes.known(
            {
                "address": (self._host.netloc, self._host.hostname or ""),
                "area": (text for area in lesson.areas for text in area),
                "encoder": (*encoders, *encoders.values()),
                "room": (*lesson.rooms, lesson.room),
                "username": (self._credentials.username,),
                "secret": (self._credentials.password.reveal(),),
            }
        )


def _put(path: Path, content: bytes) -> None:
    """The file in place of an older one; one that a person wrote is kept beside it."""
    if path.exists() and not is_ours(path.read_bytes()):
        files.write(path.with_name(f"{path.name}.before"), path.read_bytes())
    files.write(path, content)


def _append(path: Path, lines: bytes) -> None:
    is_new = not path.exists()
    with path.open("ab") as file:
        file.write((recording.head() if is_new else b"") + lines)
