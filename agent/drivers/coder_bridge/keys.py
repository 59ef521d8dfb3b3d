"""Has keys made, one request a key: at an encoder, before check-in, or for a guest's telephone.

Never asks twice for one key, never says "not made" unless that is sure, and puts neither a secret nor a guest's
telephone number or address into a note or a fault.
Facts: reference/coder-bridge.md, section 2, rows 7 and 9 to 11.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta

from msgspec import Struct
from msgspec.structs import replace

from agent.commands.driver import KeyJob
from agent.commands.model import Outcome, Verdict
from agent.drivers.coder_bridge.bridge import Bridge, Said
from agent.drivers.coder_bridge.bridge_faults import BridgeFaults
from agent.drivers.coder_bridge.lists import BridgeLists
from agent.drivers.coder_bridge.protocol import requests, verdicts
from agent.drivers.coder_bridge.protocol.lists import standard
from agent.drivers.coder_bridge.protocol.notes import KeyCode, ended, tells_contact, without_contacts
from agent.drivers.coder_bridge.protocol.objections import Rules, objection, slot_of, unknown_areas
from agent.drivers.coder_bridge.protocol.profile import MOBILE_SLOTS, NO_STANDARD
from agent.drivers.coder_bridge.protocol.validity import NotWritable, day_after
from agent.drivers.coder_bridge.protocol.verdicts import Ending
from agent.drivers.lock_server.not_asked import not_asked
from agent.drivers.lock_server.words import refusal
from agent.foundation.errors import CallFailed, NoAnswer


class Encoders(Struct, frozen=True):
    """What each encoder is called, by its identifier, and which of them send keys to telephones."""

    names: Mapping[str, str]
    mobile: frozenset[str] = frozenset()

    def name(self, job: KeyJob) -> str:
        """What people call the encoder of a job."""
        return self.names.get(job.encoder, job.encoder)

    def is_mobile(self, job: KeyJob) -> bool:
        """Whether the job's key goes to a telephone."""
        return job.encoder in self.mobile


class KeyMaking:
    """The keys of one bridge. `now` gives the true time, as far as that is known."""

    def __init__(
        self,
        bridge: Bridge,
        rules: Rules,
        encoders: Encoders,
        lists: BridgeLists,
        faults: BridgeFaults,
        now: Callable[[], datetime],
    ) -> None:
        self._bridge, self._rules, self._encoders = bridge, rules, encoders
        self._lists, self._faults, self._now = lists, faults, now

    def objection(self, job: KeyJob) -> Outcome | None:
        """Why this key cannot be made; None if it can. Asks no one."""
        return objection(self._rules, job, self._now(), mobile=self._encoders.is_mobile(job))

    async def make(self, job: KeyJob) -> Outcome:
        """Have one key made, for a job without objection.

        The profile's deadlines bound it: the short one for each list that is read first and for each log-in (at
        most two, and four seconds more for a look at who spoiled it), and the key's for the key.
        """
        completed = await self._completed(job)
        return completed if isinstance(completed, Outcome) else await self._ask(completed)

    async def _completed(self, job: KeyJob) -> KeyJob | Outcome:
        """The job with its end where the hotel has a usual one; or the refusal of areas that there are not."""
        refused = await self._about_areas(job) if job.areas else None
        if refused is not None:
            return refused
        return job if job.end is not None else await self._with_usual_end(job)

    async def _about_areas(self, job: KeyJob) -> Outcome | None:
        listed = await self._lists.areas.for_key()
        if listed is None or unknown_areas(job, listed) is None:
            return None
        strange = unknown_areas(job, await self._lists.areas.just_read() or ())
        if strange is None:
            return None
        words = f"{strange[0]}; it has {strange[1]}"
        return ended(KeyCode.AREA_UNKNOWN, words, mobile=self._encoders.is_mobile(job))

    async def _with_usual_end(self, job: KeyJob) -> KeyJob | Outcome:
        names = self._rules.profile.lists.checkout_times
        listed = await self._lists.times.for_key() if names.standard.value != NO_STANDARD else None
        usual = standard(listed or (), names)
        if usual is None:
            return job
        try:
            completed = replace(job, end=self._usual_end(job.start, usual))
        except NotWritable:
            return ended(KeyCode.DATES, mobile=self._encoders.is_mobile(job))
        return self.objection(completed) or completed

    def _usual_end(self, start: datetime, usual: time) -> datetime:
        """The usual time on the day after the stay begins; where that has passed, a key of it would open nothing:
        then on the next day that has it. Raises `NotWritable`."""
        end, now = day_after(start, usual, self._rules.hotel), self._now()
        if end <= now:
            end = day_after(now - timedelta(days=1), usual, self._rules.hotel)
        return end if end > now else day_after(now, usual, self._rules.hotel)

    async def _ask(self, job: KeyJob) -> Outcome:
        profile, is_mobile = self._rules.profile, self._encoders.is_mobile(job)
        slot = slot_of(self._rules, job, self._now(), mobile=is_mobile)
        write = requests.mobile_key if slot in MOBILE_SLOTS else requests.guest_key
        fields = write(profile, self._rules.hotel, job, slot)
        try:
            said = await self._bridge.ask(slot, fields, deadline=profile.limits.key_seconds.value)
        except NoAnswer as error:
            self._faults.logged_in()
            self._tell_unanswered(job, error)
            return ended(KeyCode.NO_ANSWER, encoder=self._encoders.name(job), mobile=is_mobile)
        except CallFailed as error:
            self._faults.not_asked(error)
            return ended(KeyCode(not_asked(error)), error.reason, mobile=is_mobile)
        self._faults.logged_in()
        return self._judged(job, said, is_mobile)

    def _judged(self, job: KeyJob, said: Said, is_mobile: bool) -> Outcome:
        ending = verdicts.ending(said.status, said.reading, said.moved)
        if ending is Ending.DONE:
            self._tell_made(job)
            return Outcome(Verdict.DONE, key=self._key(job, said))
        self._bridge.drop(said.kept)
        words = self._clean(job, verdicts.reason(said.status, said.reading, said.moved))
        if ending is Ending.REFUSED:
            self._tell_refused(job, words)
            return ended(KeyCode.REFUSED, refusal(self._clean(job, said.reading.words), words), mobile=is_mobile)
        self._faults.key_answer_wrong(words)
        if ending is Ending.UNREADABLE:
            return ended(KeyCode.ANSWER_UNREADABLE, encoder=self._encoders.name(job), mobile=is_mobile)
        return ended(KeyCode.ADDRESS if said.moved else KeyCode.NOT_ACCEPTED, words, mobile=is_mobile)

    def _key(self, job: KeyJob, said: Said) -> str:
        """The lock system's number of the key that was made; "" where it told none that may be kept."""
        tid = said.reading.tid
        may_be_kept = self._bridge.clean(tid) == tid and not tells_contact(tid, job.contact)
        return tid if may_be_kept else ""

    def _clean(self, job: KeyJob, words: str) -> str:
        """The bridge's words without the guests; those about a mobile key may hold a number or an address."""
        cleaned = self._bridge.clean(words, job.people)
        return without_contacts(cleaned, job.contact) if self._encoders.is_mobile(job) else cleaned

    def _tell_made(self, job: KeyJob) -> None:
        if self._encoders.is_mobile(job):
            self._faults.mobile_key_answered()
        else:
            self._faults.key_cut(job.encoder)

    def _tell_refused(self, job: KeyJob, words: str) -> None:
        if self._encoders.is_mobile(job):
            self._faults.mobile_key_answered()
        else:
            self._faults.key_refused(job.encoder, job.rooms, words)

    def _tell_unanswered(self, job: KeyJob, error: NoAnswer) -> None:
        if self._encoders.is_mobile(job):
            self._faults.mobile_key_unanswered(error)
        else:
            self._faults.key_unanswered(job.encoder, error)
