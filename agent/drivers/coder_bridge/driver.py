"""The key driver for Messerschmitt's Coder Bridge: has guest keys cut by its encoders, one request a card.

Never asks twice for one card, never says "not cut" unless that is sure, puts no secret into a note or a fault.
Facts: reference/coder-bridge.md; the vendor's own text ("coderBridge API") names the requests, not their paths.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo

import trio

from agent.commands.driver import Job, KeyJob, Lane
from agent.commands.model import Kind, Outcome, Verdict
from agent.commands.notes import Code
from agent.commands.notes import ended as not_made
from agent.commands.probe import Step
from agent.drivers.coder_bridge.bridge import Bridge, Said
from agent.drivers.coder_bridge.bridge_faults import SERVER_HOP, BridgeFaults
from agent.drivers.coder_bridge.own_steps import BridgeSteps
from agent.drivers.coder_bridge.protocol import requests, verdicts
from agent.drivers.coder_bridge.protocol.notes import CheckOutCode, KeyCode, ended, refusal
from agent.drivers.coder_bridge.protocol.profile import NO_LIMIT, Profile, unconfirmed
from agent.drivers.coder_bridge.protocol.redirects import Redirected
from agent.drivers.coder_bridge.protocol.session import Credentials, LogInRefused, Unanswered
from agent.drivers.coder_bridge.protocol.verdicts import Ending
from agent.drivers.coder_bridge.protocol.wire import Room
from agent.drivers.coder_bridge.protocol.words import Slot
from agent.drivers.coder_bridge.watch import ServerWatch
from agent.foundation.errors import CallFailed, CertificateRefused, NoAnswer, NotSent, OtherSpeech
from agent.foundation.http import Peer
from agent.health.health import Health

AWAY_SECONDS = 5.0  # s between two looks for a server that is not there
CHECK_SECONDS = 60.0  # s between two looks at the server; a fault shows before the next guest stands there
_DONE = Outcome(Verdict.DONE)


class CoderBridgeDriver:
    """One Coder Bridge and its encoders, as the pipeline sees them.

    `zone` is the hotel's; `encoders` gives each encoder's identifier its name. While not `active` every
    job is refused and nothing is sent. `clock` gives monotonic seconds.
    """

    def __init__(
        self,
        peer: Peer,
        profile: Profile,
        credentials: Credentials,
        zone: tzinfo,
        health: Health,
        encoders: Mapping[str, str],
        *,
        active: bool = True,
        allow_unconfirmed: bool = False,
        clock: Callable[[], float] = trio.current_time,
    ) -> None:
        self._bridge = Bridge(peer, profile, credentials, clock)
        self._profile = profile
        self._zone = zone
        self._encoders = encoders
        self._active = active
        self._allow_unconfirmed = allow_unconfirmed
        self._faults = BridgeFaults(health)
        self._watch = ServerWatch(self._bridge, profile, self._faults)

    @property
    def hop(self) -> str:
        """Its place on the page."""
        return SERVER_HOP

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """Its encoders."""
        return tuple(Lane(f"encoder:{id}", id, name, self.hop) for id, name in self._encoders.items())

    @property
    def calls_at_once(self) -> float:
        """How many calls the server takes at a time, as its profile says."""
        cap = self._profile.limits.calls_at_once.value
        return math.inf if cap == NO_LIMIT else cap

    @property
    def last_answer(self) -> float | None:
        """When anything came back from the server (monotonic seconds), None: never yet."""
        return self._bridge.last_answer

    def objection(self, job: Job) -> Outcome | None:
        """Why this job cannot be done; None if it can. Asks no one."""
        if not isinstance(job, KeyJob):
            return not_made(Code.NO_PRINT, Kind.PRINT)
        if not self._active:
            return ended(KeyCode.INACTIVE)
        return requests.objection(self._profile, self._zone, job, self._allow_unconfirmed)

    async def carry_out(self, job: Job) -> Outcome:
        """Have one card cut.

        The profile's deadlines bound it: the short one for each log-in (at most two, and four seconds more for a
        look at who spoiled it), and the key's for the card.
        """
        refused = self.objection(job)
        if refused is not None or not isinstance(job, KeyJob):
            return refused or not_made(Code.NO_PRINT, Kind.PRINT)
        with self._watch.key_is_cut():
            return await self._cut(job)

    async def watch(self) -> None:
        """State the standing faults, then look at the server every minute, by calls that can do no harm.

        One that is away is looked for more often: the box may have started before its network.
        """
        self._faults.stand(self._profile, active=self._active, allow_unconfirmed=self._allow_unconfirmed)
        if not self._active:
            await trio.sleep_forever()
        while True:
            is_there = await self._watch.look()
            await trio.sleep(CHECK_SECONDS if is_there else AWAY_SECONDS)

    def own_steps(self) -> Sequence[Step]:
        """What can be tested of it once a connection comes about."""
        return BridgeSteps(
            self._bridge,
            self._profile,
            self._watch.rooms,
            active=self._active,
            allow_unconfirmed=self._allow_unconfirmed,
        ).steps()

    async def rooms(self) -> tuple[Room, ...]:
        """The rooms that the lock system knows. Raises `CallFailed`, with a reason fit to be shown."""
        return await self._watch.rooms()

    async def check_out_guest_key(self, room: str, tid: str) -> Outcome:
        """Cancel the key `tid` of a room. No card is touched, so it may be asked again."""
        if not self._active:
            return ended(CheckOutCode.INACTIVE)
        if unconfirmed(self._profile, Slot.GUEST_KEY_CHECKOUT) and not self._allow_unconfirmed:
            return ended(CheckOutCode.UNCONFIRMED)
        fields = requests.guest_key_checkout(self._profile, room, tid)
        short = self._profile.limits.short_seconds.value
        try:
            said = await self._bridge.ask(Slot.GUEST_KEY_CHECKOUT, fields, deadline=short)
        except NoAnswer:
            return ended(CheckOutCode.PERHAPS)
        except CallFailed as error:
            return ended(CheckOutCode.NOT_DONE, error.reason)
        return self._checked_out(said)

    async def _cut(self, job: KeyJob) -> Outcome:
        fields = requests.guest_key(self._profile, self._zone, job)
        try:
            said = await self._bridge.ask(Slot.GUEST_KEY, fields, deadline=self._profile.limits.key_seconds.value)
        except NoAnswer as error:
            self._faults.logged_in()
            self._faults.key_unanswered(job.encoder, error)
            return ended(KeyCode.NO_ANSWER, encoder=self._name(job))
        except CallFailed as error:
            self._faults.not_asked(error)
            return ended(_not_asked(error), error.reason)
        self._faults.logged_in()
        return self._judged(job, said)

    def _judged(self, job: KeyJob, said: Said) -> Outcome:
        ending = verdicts.ending(said.status, said.reading, said.moved)
        if ending is Ending.DONE:
            self._faults.key_cut(job.encoder)
            return _DONE
        self._bridge.drop(said.kept)
        words = self._words(said)
        if ending is Ending.REFUSED:
            self._faults.key_refused(job.encoder, job.rooms, words)
            return ended(KeyCode.REFUSED, self._refusal(said))
        self._faults.key_answer_wrong(words)
        if ending is Ending.UNREADABLE:
            return ended(KeyCode.ANSWER_UNREADABLE, encoder=self._name(job))
        return ended(KeyCode.ADDRESS if said.moved else KeyCode.NOT_ACCEPTED, words)

    def _checked_out(self, said: Said) -> Outcome:
        ending = verdicts.ending(said.status, said.reading, said.moved)
        if ending is Ending.DONE:
            return _DONE
        self._bridge.drop(said.kept)
        code = CheckOutCode.PERHAPS if ending is Ending.UNREADABLE else CheckOutCode.NOT_DONE
        return ended(code, self._refusal(said))

    def _words(self, said: Said) -> str:
        return self._bridge.clean(verdicts.reason(said.status, said.reading, said.moved))

    def _refusal(self, said: Said) -> str:
        return refusal(self._bridge.clean(said.reading.words), self._words(said))

    def _name(self, job: KeyJob) -> str:
        return self._encoders.get(job.encoder, job.encoder)


def _not_asked(error: CallFailed) -> KeyCode:
    if isinstance(error, CertificateRefused):
        return KeyCode.CERTIFICATE
    if isinstance(error, OtherSpeech | Redirected):
        return KeyCode.ADDRESS
    if isinstance(error, NotSent):
        return KeyCode.UNREACHABLE
    if isinstance(error, Unanswered) and not error.is_heard:
        return KeyCode.SILENT
    return KeyCode.LOG_IN if isinstance(error, LogInRefused) else KeyCode.LOG_IN_ANSWER
