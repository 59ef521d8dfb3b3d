"""Mews as the pipeline sees it: one poll loop, and updates that go out while Mews answers polls.

The poll is the probe and the only one to sign in: while it fails nothing else calls Mews, so an outage costs one
connection at a time and the recovery is no storm. A rival is recognised and not fought (`session.py`).
"""

from collections.abc import Awaitable, Callable, Container

import trio

from agent.commands.model import Ack, Reply, Verdict, WaitsFor
from agent.commands.notes import WORDS_LIMIT
from agent.foundation.errors import NightPorterError
from agent.foundation.reading.text import plain, quoted, without
from agent.foundation.timing import Backoff, Clock, MewsClock, jitter
from agent.health.health import Health
from agent.mews.account.session import Session
from agent.mews.client import (
    CALL_SECONDS,
    LIST_SECONDS,
    Busy,
    Client,
    Failed,
    MewsError,
    Refused,
    Unauthorised,
    Update,
)
from agent.mews.v2016.wire import Listing

HOP = "mews"
LONGEST_PAUSE = 30.0  # s between polls of a Mews that does not answer: after an outage a guest waits that long
BUSY_PAUSE, LONGEST_BUSY = 10.0, 900.0  # s; where Mews names no pause; a longer one is taken for a mistake
BUSY_SECONDS = 30.0  # s; a pause asked of an update is over when no further one has asked for it since
BARRED_SECONDS = 60.0  # s of asking for pauses, from which it is no pause any more: keys grow too old meanwhile
CLAIM_REFUSALS = 3  # in a row; one may be an order that was cancelled just then
UPDATE_FAILURES = 2  # in a row, from which it is no chance any more
_STATES = {Verdict.DONE: "Processed", Verdict.FAILED: "Error", Verdict.UNKNOWN: "Error"}
_BUSY_FAULTS = ("E-MEWS-BUSY", "E-MEWS-BARRED")
_POLL_FAULTS = (
    *("E-MEWS-UNREACHABLE", "E-MEWS-SILENT", "E-MEWS-CERTIFICATE", "E-MEWS-ANSWER"),
    *("E-MEWS-TOKEN", "E-MEWS-DISABLED"),
)


class Connector:
    """The box's side of Mews' command queue. `poll_seconds` is the pace while all is well."""

    def __init__(
        self,
        client: Client,
        session: Session,
        health: Health,
        mews_clock: MewsClock,
        *,
        poll_seconds: float,
        clock: Clock = trio.current_time,
    ) -> None:
        self._client, self._session, self._health = client, session, health
        self._mews_clock, self._clock = mews_clock, clock
        self._poll_seconds = poll_seconds
        self._reached = trio.Event()  # set while the newest poll was answered
        self._news = trio.Event()
        self._due = clock()  # by then the loop has done what it is doing
        self.polled = trio.Event()  # the first poll is over, however it went
        self.last_answer: float | None = None  # monotonic seconds; when Mews last gave a list
        self.reached_since = clock()  # monotonic seconds; since when it is as `is_reached` says
        self._not_before = float("-inf")  # Mews asked for a pause until then
        self._update_was_busy = float("-inf")  # monotonic seconds; when it last asked so of an update
        self._busy_since: float | None = (
            None  # monotonic seconds; when it first asked so, without a call let in since
        )
        self._failed_updates = 0  # in a row
        self._refused_claims = 0  # in a row
        self._was_silent = False  # the newest poll had no answer at all
        self._failing = Backoff(poll_seconds, max(LONGEST_PAUSE, poll_seconds))
        self._busy = Backoff(BUSY_PAUSE, LONGEST_BUSY)

    async def poll_forever(
        self, known: Callable[[], Container[str]], take: Callable[[Listing, float], Awaitable[None]]
    ) -> None:
        """Ask for the active commands again and again; `take` gets each list, and when it was asked for."""
        while True:
            asked_at = self._clock()
            self._due = asked_at + CALL_SECONDS + LIST_SECONDS
            listing = await self._poll(known())
            self.polled.set()
            if listing is None:
                await self._rest(self._pause_after_failure())
            else:
                self._was_silent = False
                self._reach()
                await take(listing, asked_at)
                await self._rest(jitter(self._poll_seconds))

    @property
    def is_reached(self) -> bool:
        """Whether the newest poll was answered."""
        return self._reached.is_set()

    @property
    def overdue(self) -> float:
        """Seconds by which the poll loop is late; none of its waits is longer than it said beforehand."""
        return max(0.0, self._clock() - self._due)

    @property
    def obstacle(self) -> WaitsFor | None:
        """Why Mews cannot be asked just now."""
        if self._pause() > 0:
            return WaitsFor.PAUSE
        return None if self.is_reached else WaitsFor.MEWS

    def poll_now(self) -> None:
        """Cut the present rest short: something says that there is news."""
        self._news.set()

    def take_over(self) -> bool:
        """A person decided that this box is the one: go on at once, whoever else is there.

        False: its token is no one's to take over, for it does not sign in.
        """
        if self._session.is_signing_in:
            self._session.take_over()
            self.poll_now()
        return self._session.is_signing_in

    async def wait_reached(self) -> None:
        """Wait until Mews answers polls and wants no pause."""
        while True:
            await self._reached.wait()
            if self._pause() <= 0:
                return
            await trio.sleep(self._pause())

    async def receive(self, command_id: str) -> Reply:
        """Tell Mews `Received`."""
        return await self._update(Update(command_id, "Received"))

    async def claim(self, command_id: str, *, is_received: bool) -> Reply:
        """Tell Mews `Processing`: only its acknowledgement makes the command ours (the fence).

        Whether `Received` must come first is not documented (reference/mews.md section 8): a command that was not
        told so, and is refused, is told so and asked for once more.
        """
        processing = Update(command_id, "Processing", progress=0.0)
        reply = await self._update(processing)
        if reply.ack is Ack.REFUSED and not is_received and (await self.receive(command_id)).ack is Ack.YES:
            reply = await self._update(processing)
        self._count_claim(reply.ack)
        return reply

    async def progress(self, command_id: str, share: float) -> Reply:
        """Tell Mews how far it is, from 0 to 1."""
        return await self._update(Update(command_id, "Processing", progress=share))

    async def report(self, command_id: str, verdict: Verdict, note: str, *, is_claimed: bool) -> Reply:
        """Tell Mews how it ended.

        A Mews that wants every step gets the ones that a command which was never claimed had left out.
        """
        report = Update(command_id, _STATES[verdict], notes=note)
        reply = await self._update(report)
        if reply.ack is Ack.REFUSED and not is_claimed:
            if (await self.claim(command_id, is_received=False)).ack is not Ack.YES:
                return reply
            return await self._update(report)
        return reply

    async def _poll(self, known: Container[str]) -> Listing | None:
        generation = self._session.generation
        try:
            token = self._session.token or await self._sign_in()
            generation = self._session.generation
            listing = await self._client.get_all_active(token, known)
        except _SignInRefused as error:
            self._session.sign_in_refused(self._clock())
            self._fail("E-MEWS-TOKEN", f"Mews refuses the connector token at sign-in{self._in_its_words(error)}.")
        except Unauthorised as error:
            self._unauthorised(generation, self._in_its_words(error))
        except MewsError as error:
            self._explain(error)
        else:
            self._worked(generation)
            return listing
        return None

    async def _sign_in(self) -> str:
        try:
            token = await self._client.sign_in(self._session.connector_token)
        except (Unauthorised, Refused) as error:
            raise _SignInRefused(error.words) from None
        self._session.signed_in(token, self._clock())
        return token

    async def _update(self, update: Update) -> Reply:
        generation, token = self._session.generation, self._session.token
        if token is None:
            return Reply(Ack.UNANSWERED, "the box has to sign in first", is_sent=False)
        try:
            await self._client.update(token, update)
        except Unauthorised as error:
            self._unauthorised(generation)
            return Reply(Ack.UNAUTHORISED, str(error))
        except Refused as error:
            self._updates_are_answered()
            return Reply(Ack.REFUSED, self._clean(error.words))
        except Busy as error:
            self._update_was_busy = self._clock()
            self._explain(error)
            return Reply(Ack.UNANSWERED, str(error))
        except MewsError as error:
            self._update_failed(error)
            return Reply(Ack.UNANSWERED, str(error), is_sent=not isinstance(error, Failed) or error.reached)
        self._updates_are_answered()
        return Reply(Ack.YES)

    def _count_claim(self, ack: Ack) -> None:
        self._refused_claims = self._refused_claims + 1 if ack is Ack.REFUSED else 0
        if self._refused_claims >= CLAIM_REFUSALS:
            words = f"The last {self._refused_claims} claims were refused."
            self._health.raise_fault("E-MEWS-CLAIM", HOP, words)
        elif ack is Ack.YES:
            self._health.clear(HOP, "E-MEWS-CLAIM")

    def _updates_are_answered(self) -> None:
        self._failed_updates = 0
        self._update_was_busy = float("-inf")
        self._health.clear(HOP, "E-MEWS-UPDATE")
        self._is_let_in()

    def _update_failed(self, error: MewsError) -> None:
        self._failed_updates += 1
        if self._failed_updates >= UPDATE_FAILURES:
            words = f"The last {self._failed_updates} updates failed: {error}."
            self._health.raise_fault("E-MEWS-UPDATE", HOP, words)

    def _pause_after_failure(self) -> float:
        """After a first silence at once: only that connection may be dead, and the next call makes a new one."""
        was_silent, self._was_silent = self._was_silent, self._health.holds("E-MEWS-SILENT", HOP)
        is_first = self._was_silent and not was_silent and self.last_answer is not None
        return 0.0 if is_first else self._failing.pause()

    def _worked(self, generation: int) -> None:
        self._session.worked(generation, self._clock())
        self._failing.reset()
        self._busy.reset()
        self.last_answer = self._clock()
        self._health.clear(HOP, *_POLL_FAULTS)
        if not self._session.has_rival:
            self._health.clear(HOP, "E-MEWS-RIVAL")
        if self._clock() - self._update_was_busy > BUSY_SECONDS:
            self._is_let_in()
        if self._mews_clock.is_known:
            self._health.clear(HOP, "E-MEWS-NO-DATE")
        else:
            self._health.raise_fault("E-MEWS-NO-DATE", HOP)

    def _unauthorised(self, generation: int, words: str = "") -> None:
        self._session.refused(generation, self._clock())
        self._unreach()
        self.poll_now()
        if self._session.is_refused:
            code, what = (
                ("E-MEWS-DISABLED", "Mews signs the box in, and then refuses to list commands")
                if self._session.is_signing_in
                else ("E-MEWS-TOKEN", "Mews refuses the access token")
            )
            self._fail(code, f"{what}{words}.")
        elif self._session.has_rival:
            pause = self._session.pause(self._clock())
            words = f"A sign-in by another connector ended this box's session. Next try in {pause:.0f} s."
            self._fail("E-MEWS-RIVAL", words)

    def _explain(self, error: MewsError) -> None:
        if isinstance(error, Busy):
            pause = self._busy.pause() if error.pause is None else min(error.pause, LONGEST_BUSY)
            self._hold_off(pause)
        elif isinstance(error, Failed) and error.certificate:
            self._fail("E-MEWS-CERTIFICATE", f"No connection: {error}.")
        elif isinstance(error, Failed) and not error.reached:
            self._fail("E-MEWS-UNREACHABLE", f"No connection to Mews: {error}.")
        elif isinstance(error, Failed) and error.silent:
            self._fail("E-MEWS-SILENT", f"Mews does not answer: {error}.")
        else:
            words = self._in_its_words(error) if isinstance(error, Refused) else ""
            self._fail("E-MEWS-ANSWER", f"Mews' answer cannot be used{words or f': {error}'}.")

    def _hold_off(self, pause: float) -> None:
        now = self._clock()
        self._not_before = max(self._not_before, now + pause)
        self._busy_since = now if self._busy_since is None else self._busy_since
        is_barred = now - self._busy_since >= BARRED_SECONDS
        text = f"Mews takes no more calls for now and asks for a pause of {pause:.0f} s."
        self._fail("E-MEWS-BARRED" if is_barred else "E-MEWS-BUSY", text)

    def _is_let_in(self) -> None:
        self._busy_since = None
        self._health.clear(HOP, *_BUSY_FAULTS)

    def _in_its_words(self, error: "Unauthorised | Refused | _SignInRefused") -> str:
        """Mews' reason for refusing a sign-in or a list. What it says about a command goes back to it alone."""
        words = self._clean(error.words)
        return f": {quoted(words)}" if words else ""

    def _clean(self, words: str) -> str:
        """Mews' own words may repeat what it was sent."""
        return plain(without(words, self._session.secrets), WORDS_LIMIT)

    def _fail(self, code: str, text: str) -> None:
        self._unreach()
        self._health.clear(HOP, *(other for other in _POLL_FAULTS if other != code))
        self._health.raise_fault(code, HOP, text)

    def _reach(self) -> None:
        if not self._reached.is_set():
            self._reached.set()
            self.reached_since = self._clock()

    def _unreach(self) -> None:
        if self._reached.is_set():  # else somebody may be waiting for this very event
            self._reached = trio.Event()
            self.reached_since = self._clock()

    def _pause(self) -> float:
        """Seconds that Mews, or a rival, wants us to stay away."""
        now = self._clock()
        return max(0.0, self._not_before - now, self._session.pause(now))

    async def _rest(self, seconds: float) -> None:
        self._due = self._clock() + max(seconds, self._pause())
        with trio.move_on_after(seconds):
            await self._news.wait()
        self._news = trio.Event()
        while (pause := self._pause()) > 0:
            self._due = self._clock() + pause
            with trio.move_on_after(pause):
                await self._news.wait()
            self._news = trio.Event()
        self._due = self._clock()


class _SignInRefused(NightPorterError):
    """Mews refuses the connector token itself, in its own words."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words
