"""Mews as the pipeline sees it: one poll loop, and updates that go out while Mews answers polls.

The poll is the probe and the only one to sign in: while it fails nothing else calls Mews, so an outage costs one
connection at a time (a silent Mews two) and the recovery is no storm. A rival is recognised and not fought
(`account/sign_in.py`). What an answer means for the next call is decided in `account/`, without I/O. In a dialect
that `LooksUp`, a command is looked at before it is claimed, and whenever Mews refuses a word about it.
"""

from collections.abc import Awaitable, Callable, Container, Iterator
from contextlib import contextmanager

import msgspec
import trio

from agent.commands.model import Ack, Ending, Listed, Reply, Standing, Verdict, WaitsFor
from agent.commands.notes import NOTE_LIMIT
from agent.foundation.reading.text import plain
from agent.foundation.timing import MewsClock
from agent.health.asking_again import again_after
from agent.mews.account.account import LONGEST_REST
from agent.mews.account.budget import Rank
from agent.mews.account.lateness import Lateness
from agent.mews.account.other_hand import OtherHand
from agent.mews.calls import (
    CALL_SECONDS,
    LIST_SECONDS,
    Calls,
    Changed,
    Listing,
    MewsError,
    NewState,
    Unauthorised,
    Update,
)
from agent.mews.contact import Contact
from agent.mews.look_ups import LookUps
from agent.mews.operations import LooksUp
from agent.mews.push.pace import Pace
from agent.mews.push.push import Push
from provisioning.secret import Secret

Say = Callable[[str], str]  # a note in the hotel's language
BESIDE_SECONDS = 2.0  # s; so often a silent Mews is asked once more, beside the question that waits for long

_ENDS = {Verdict.DONE: NewState.PROCESSED, Verdict.FAILED: NewState.ERROR, Verdict.UNKNOWN: NewState.ERROR}


class Connector:
    """The box's side of Mews' command queue, in any dialect: the origin (`commands/origin.py`) of its commands."""

    def __init__(
        self, calls: Calls, contact: Contact, mews_clock: MewsClock, push: Push | None = None, say: Say = str
    ) -> None:
        self._calls, self._contact, self._account = calls, contact, contact.account
        self._sign_in, self._mews_clock, self._now = contact.account.sign_in, mews_clock, contact.now
        self._look_ups = LookUps(calls, contact) if isinstance(calls, LooksUp) else None
        self._push = push or Push(Pace(1.0, 1.0, self._now()))  # of a Mews that says nothing by itself
        self._other_hand, self._lateness = OtherHand(), Lateness()
        self._asked, self._over, self._was_late = trio.Event(), trio.Event(), False
        self.on_lateness: Callable[[], None] = lambda: None  # called as `late_since` begins and ceases to tell
        self._say = say
        self._news = trio.Event()
        self._due = self._now()  # by then the loop has done what it is doing
        self._is_resting = False
        self.polls = self.polls_failed = self.reconnects = 0  # since the start of this connector, for metrics
        self._failed_last = False
        self.polled = trio.Event()  # the first poll is over, however it went

    async def poll_forever(
        self, known: Callable[[], Container[str]], take: Callable[[Listing, float], Awaitable[None]]
    ) -> None:
        """Ask for the active commands again and again; `take` gets each list, and when it was asked for."""
        while True:
            asked_at = self._now()
            self._due = asked_at + self._contact.longest_turn + CALL_SECONDS + LIST_SECONDS
            listing, rest = await self._poll(known())
            self.polled.set()
            if listing is not None:
                await take(listing, asked_at)
            await self._rest(rest)

    async def tell_lateness(self) -> None:
        """Have `on_lateness` called as soon as an answer is late, until cancelled."""
        while True:
            await self._asked.wait()
            self._asked = trio.Event()
            with trio.move_on_after(self._lateness.usual):  # cut short by an answer: no waking for nothing
                await self._over.wait()
            self._say_lateness()

    def poll_now(self) -> None:
        """Cut the present rest short: something says that there is news."""
        self._news.set()

    def take_over(self) -> bool:
        """A person decided that this box is the one: go on at once, although another is there.

        False: its token is no one's to take over, for it does not sign in.
        """
        if self._sign_in.is_signing_in:
            self._sign_in.take_over()
            self.poll_now()
        return self._sign_in.is_signing_in

    @property
    def is_reached(self) -> bool:
        """Whether the newest poll was answered."""
        return self._account.is_reached

    @property
    def reached_since(self) -> float:
        """Since when it is as `is_reached` says (monotonic seconds)."""
        return self._account.reached_since

    @property
    def polls_every(self) -> float:
        """How far apart polls by the clock are now, in seconds."""
        return self._push.pace.every

    @property
    def hears_news(self) -> bool:
        """Whether Mews says by itself just now when there is something to do."""
        return self._push.pace.is_open

    @property
    def last_answer(self) -> float | None:
        """When Mews last gave a list (monotonic seconds)."""
        return self._account.last_answer

    @property
    def signed_in_since(self) -> float | None:
        """Since when the present session holds (monotonic seconds); None without one, or where none is needed."""
        return self._sign_in.since

    @property
    def next_try(self) -> float | None:
        """When Mews is asked again (monotonic seconds), while it is not reached and not just being asked."""
        return self._due if self._is_resting and not self.is_reached else None

    @property
    def late_since(self) -> float | None:
        """When the question went out that takes longer than answers usually do; None while none does."""
        return self._lateness.late_since(self._now())

    @property
    def overdue(self) -> float:
        """Seconds by which the poll loop is late; none of its waits is longer than it said beforehand."""
        return max(0.0, self._now() - self._due)

    @property
    def obstacle(self) -> WaitsFor | None:
        """Why Mews cannot be asked just now."""
        return self._account.obstacle(self._now())

    async def wait_reached(self) -> None:
        """Wait until Mews answers polls and wants no pause."""
        await self._contact.wait_reached()

    async def receive(self, command_id: str) -> Reply:
        """Tell Mews `Received`, if there is a call to spare for it."""
        return await self._mention(Update(command_id, NewState.RECEIVED))

    async def claim(self, command_id: str, *, is_received: bool, is_in_doubt: bool = False) -> Reply:
        """Tell Mews `Processing`: only its acknowledgement makes the command ours (the fence).

        Up to three messages. Whether `Received` must come first is not documented (reference/mews.md section 8): a
        command that was not told so, and is refused, is told so and asked for once more. Where a token has no
        session that a second box would end, Mews may acknowledge both: so the command is looked at first.
        """
        if self._look_ups is not None:
            objection = await self._objection(self._look_ups, command_id, is_in_doubt=is_in_doubt)
            if objection is not None:
                return objection
        processing = Update(command_id, NewState.PROCESSING, progress=0.0)
        reply = await self._tell(Rank.CLAIM, processing)
        if reply.ack is Ack.REFUSED and not is_received:
            received = await self._tell(Rank.CLAIM, Update(command_id, NewState.RECEIVED))
            if received.ack is Ack.YES:
                reply = await self._tell(Rank.CLAIM, processing)
        self._account.claimed(reply.ack)
        self._contact.show()
        return reply

    async def progress(self, command_id: str, share: float) -> Reply:
        """Tell Mews how far it is, from 0 to 1, if there is a call to spare for it."""
        reply = await self._mention(Update(command_id, NewState.PROCESSING, progress=share))
        if reply.ack is Ack.REFUSED and await self._stands(command_id, Rank.CLAIM) is Standing.TAKEN:
            return msgspec.structs.replace(reply, ack=Ack.UNANSWERED)  # refused, and not because it is over
        return reply

    async def ending(self, command_id: str, verdict: Verdict) -> Ending | None:
        """How a command stands at Mews that ended with `verdict` here; None where no answer came: ask again."""
        if self._look_ups is None:
            return Ending.NOT_TOLD
        found = await self._look_ups.look(command_id, Rank.REPORT)
        if isinstance(found, Reply) and found.ack is not Ack.REFUSED:
            return None
        if not isinstance(found, Listed):
            return Ending.NOT_TOLD  # Mews has none of that id, or none for this token
        if found.standing is not Standing.OVER:
            return Ending.OPEN
        return Ending.TOLD if found.word == _ENDS[verdict] else Ending.OTHER

    async def report(self, command_id: str, verdict: Verdict, note: str, *, is_claimed: bool) -> Reply:
        """Tell Mews how it ended, with the note in the hotel's language.

        Up to five messages: where Mews wants every step, a command that was never claimed is claimed first.
        """
        end = Update(command_id, _ENDS[verdict], notes=plain(self._say(note), NOTE_LIMIT))
        reply = await self._tell(Rank.REPORT, end)
        if reply.ack is Ack.REFUSED and await self.ending(command_id, verdict) is Ending.TOLD:
            return Reply(Ack.YES)  # an answer was lost, and the result had arrived
        if reply.ack is not Ack.REFUSED or is_claimed:
            return reply
        claim = await self.claim(command_id, is_received=False)
        return await self._tell(Rank.REPORT, end) if claim.ack is Ack.YES else reply

    async def _poll(self, known: Container[str]) -> tuple[Listing | None, float]:
        """The list, or None, and how long to rest before the next (s)."""
        listing = None
        self._push.pace.asking(self._now())
        try:
            token = self._sign_in.token or await self._new_token()
            await self._contact.wait_turn(Rank.POLL)
            with self._contact.call(Rank.POLL), self._timed():
                listing = await self._list(token, known)
        except MewsError as error:
            rest = self._account.not_listed(error, self._sign_in.generation, self._now())
            self._hurry_after(error)
            self._count(is_well=False)
        else:
            self._count(is_well=True)
            has_date = self._mews_clock.is_known
            rest = self._account.listed(self._sign_in.generation, self._now(), has_date=has_date)
            rest = self._push.pace.rest(rest)
            self._contact.tell_of_other_hand(self._other_hand.is_there(self._now()))
        self._contact.show()
        return listing, rest

    def _count(self, *, is_well: bool) -> None:
        self.polls += 1
        self.polls_failed += not is_well
        self.reconnects += is_well and self._failed_last
        self._failed_last = not is_well

    @contextmanager
    def _timed(self) -> Iterator[None]:
        self._lateness.asked(self._now())
        self._over = trio.Event()
        self._asked.set()
        try:
            yield
            self._lateness.answered(self._now())
        finally:
            self._lateness.given_up()
            self._over.set()
            self._say_lateness()

    def _say_lateness(self) -> None:
        was_late, self._was_late = self._was_late, self.late_since is not None
        if was_late is not self._was_late:
            self.on_lateness()

    async def _list(self, token: Secret, known: Container[str]) -> Listing:
        """The list. A Mews that was silent may be slow, or back any moment: so one question is given long, and
        others beside it little time, one after the other. What comes first counts."""
        if not self._account.is_silent:
            return await self._calls.list_active(token, known)
        ends: list[Listing | MewsError] = []
        async with trio.open_nursery() as nursery:

            async def ask() -> None:
                try:
                    ends.append(await self._calls.list_active(token, known))
                except MewsError as error:
                    ends.append(error)
                nursery.cancel_scope.cancel()

            async def ask_beside() -> None:
                while True:
                    age = self._now() - self.reached_since
                    await trio.sleep(again_after(age, BESIDE_SECONDS, LONGEST_REST) - BESIDE_SECONDS / 2)
                    with trio.move_on_after(BESIDE_SECONDS):
                        await ask()

            nursery.start_soon(ask)
            nursery.start_soon(ask_beside)
        if isinstance(ends[0], MewsError):
            raise ends[0]
        return ends[0]

    async def _new_token(self) -> Secret:
        if self._calls.sign_in is None:
            raise ValueError("a connector token, and a dialect that does not sign in")
        await self._contact.wait_turn(Rank.POLL)
        with self._contact.call(Rank.POLL), self._timed():
            token = await self._calls.sign_in(self._sign_in.connector_token)
        self._sign_in.signed_in(token, self._now())
        return token

    async def _mention(self, update: Update) -> Reply:
        """Tell what nothing is lost without: not at all while calls are scarce."""
        if not self._contact.has_call(Rank.WORD):
            return Reply(Ack.UNANSWERED, "Mews allows too few calls just now", is_sent=False)
        return await self._tell(Rank.WORD, update)

    async def _tell(self, rank: Rank, update: Update) -> Reply:
        """One message about a command, and what Mews made of it; where the data changed meanwhile, once more."""
        reply, is_changed = await self._send(rank, update)
        if is_changed and await self._stands(update.command_id, rank) not in (None, Standing.OVER):
            reply, _ = await self._send(rank, update)
        return reply

    async def _stands(self, command_id: str, rank: Rank) -> Standing | None:
        """How a command stands at Mews now; None where that cannot be told."""
        found = None if self._look_ups is None else await self._look_ups.look(command_id, rank)
        return found.standing if isinstance(found, Listed) else None

    async def _objection(self, look_ups: LookUps, command_id: str, *, is_in_doubt: bool) -> Reply | None:
        """Why a command is not to be claimed, by a look at it; None if it is."""
        found = await look_ups.look(command_id, Rank.CLAIM)
        if isinstance(found, Reply):
            if found.ack is Ack.UNAUTHORISED:
                self.poll_now()
            return found
        if found is None:  # what is said by id may lag behind the list: only a new list can bring it back
            return Reply(Ack.ABSENT)
        if found.standing.is_open:
            return None
        is_taken = found.standing is Standing.TAKEN
        if is_taken and not is_in_doubt:
            self._other_hand.found(self._now())
        return None if is_taken and is_in_doubt else Reply(Ack.REFUSED, "")

    async def _send(self, rank: Rank, update: Update) -> tuple[Reply, bool]:
        """One message about a command, what Mews made of it, and whether the data changed meanwhile (409)."""
        await self._contact.wait_turn(rank)
        generation, token = self._sign_in.generation, self._sign_in.token
        if token is None:
            return Reply(Ack.UNANSWERED, "the box has to sign in first", is_sent=False), False
        is_changed = False
        try:
            with self._contact.call(rank):
                self._push.told(update, self._now())
                await self._calls.update(token, update)
        except MewsError as error:
            is_changed = isinstance(error, Changed)
            self._contact.tell_log(f"{update.state} of {update.command_id}", error)
            reply = self._account.not_updated(error, generation, self._now())
            self._hurry_after(error)
        else:
            reply = self._account.updated()
        self._contact.show()
        return reply, is_changed

    def _hurry_after(self, error: MewsError) -> None:
        """The poll alone signs in, and should soon where a session is over."""
        if isinstance(error, Unauthorised):
            self.poll_now()

    async def _rest(self, seconds: float) -> None:
        self._due, self._is_resting = self._now() + max(seconds, self._contact.pause), True
        with trio.move_on_after(seconds):
            await self._news.wait()
        self._news = trio.Event()
        while (pause := self._contact.pause) > 0:
            self._due = self._now() + pause
            with trio.move_on_after(pause):
                await self._news.wait()
            self._news = trio.Event()
        self._due, self._is_resting = self._now(), False
