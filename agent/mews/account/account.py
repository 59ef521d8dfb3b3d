"""How the box stands with Mews: reached or not and why, and what follows for the next call. No I/O.

One small machine. What polls and updates showed comes in, in the order in which it is seen; what holds now is read
off it, and `connector.py` acts on that. Times are monotonic seconds.
"""

from collections.abc import Callable

from agent.commands.model import Ack, Reply, WaitsFor
from agent.foundation.reading.text import quoted, sentence
from agent.health import mews_kinds
from agent.health.asking_again import again_after
from agent.health.kind import FaultKind
from agent.mews.account.pauses import Pauses
from agent.mews.account.sign_in import SignIn
from agent.mews.calls import (
    Busy,
    Discontinued,
    Failed,
    MewsError,
    NotReached,
    NotTrusted,
    Portfolio,
    Refused,
    SignInRefused,
    Silent,
    Unauthorised,
)

LONGEST_REST = (
    30.0  # s between polls of a Mews that has not answered for minutes: a guest waits that long after it
)
CLAIM_REFUSALS = 3  # in a row; one may be an order that was cancelled just then
UPDATE_FAILURES = 2  # in a row, from which it is no chance any more

# Of these the newest poll shows one at most, and a list that comes ends it.
_OF_A_POLL = (
    *(mews_kinds.UNREACHABLE, mews_kinds.SILENT, mews_kinds.CERTIFICATE, mews_kinds.ANSWER),
    *(mews_kinds.TOKEN, mews_kinds.DISABLED, mews_kinds.PORTFOLIO),
)
_OF_A_PAUSE = (mews_kinds.BUSY, mews_kinds.BARRED)
_OF_UPDATES = (mews_kinds.UPDATE, mews_kinds.DISCONTINUED)
FAULTS = (*_OF_A_POLL, *_OF_A_PAUSE, *_OF_UPDATES, mews_kinds.RIVAL, mews_kinds.NO_DATE, mews_kinds.CLAIM)


class Account:
    """One account at Mews, as the answers to this box show it.

    `poll_seconds` is the pace while all is well. `spread` gives a length of time its jitter.
    """

    def __init__(
        self, sign_in: SignIn, poll_seconds: float, now: float, *, spread: Callable[[float], float]
    ) -> None:
        self.sign_in = sign_in
        self.is_reached = False  # the newest poll was answered, and no call since was turned away
        self.reached_since = now  # since when it is as `is_reached` says
        self.last_answer: float | None = None  # when Mews last gave a list
        self.faults: dict[FaultKind, str] = {}  # those of FAULTS that hold now, each with a sentence or ""
        self._pauses = Pauses(spread)
        self._spread, self._poll_seconds = spread, poll_seconds
        self._failed_updates = self._refused_claims = 0  # in a row
        self._are_updates_offered = True

    def pause(self, now: float) -> float:
        """Seconds for which Mews, or a rival, wants us to stay away."""
        return max(self._pauses.left(now), self.sign_in.pause(now))

    @property
    def is_silent(self) -> bool:
        """Whether Mews took the newest poll and said nothing."""
        return mews_kinds.SILENT in self.faults

    def obstacle(self, now: float) -> WaitsFor | None:
        """Why Mews cannot be asked just now."""
        if self.pause(now) > 0:
            return WaitsFor.PAUSE
        return None if self.is_reached else WaitsFor.MEWS

    # What a poll showed. Each gives the seconds until the next one, which a pause may make longer.

    def listed(self, generation: int, now: float, *, has_date: bool) -> float:
        """A list came, for the token of `generation`. `has_date`: it is known what time it is at Mews."""
        self.sign_in.worked(generation, now)
        self.last_answer = now
        self._poll_over()
        if not self.sign_in.has_rival:
            self._over(mews_kinds.RIVAL)
        if self._pauses.listed(now):
            self._over(*_OF_A_PAUSE)
        self._over(mews_kinds.NO_DATE)
        if not has_date:
            self.faults[mews_kinds.NO_DATE] = ""
        self._reach(True, now)
        return self._spread(self._poll_seconds)

    def not_listed(self, error: MewsError, generation: int, now: float) -> float:
        """No list came, and why. After a first silence there is no rest: only that connection may be dead."""
        was_silent = mews_kinds.SILENT in self.faults
        if isinstance(error, SignInRefused):
            self.sign_in.not_signed_in(now)
            text = f"Mews refuses the connector token at sign-in{_in_its_words(error)}{_number(error)}."
            self._unreached(mews_kinds.TOKEN, text, now)
        elif isinstance(error, Unauthorised):
            self._unauthorised(generation, f"{_in_its_words(error)}{_number(error)}", now)
        elif isinstance(error, Busy):
            self._turned_away(error, now, of_update=False)
        else:
            self._unreached(*_explained(error), now)
        if mews_kinds.UNREACHABLE in self.faults:  # Mews is spared nothing by a rest, for nothing reaches it
            return self._spread(self._poll_seconds)
        is_first = mews_kinds.SILENT in self.faults and not was_silent and self.last_answer is not None
        return 0.0 if is_first else self._rest(now)

    # What an update showed. Each gives Mews' reply as the pass knows it.

    def updated(self) -> Reply:
        """Mews acknowledged an update."""
        self._updates_are_answered()
        return Reply(Ack.YES)

    def not_updated(self, error: MewsError, generation: int, now: float) -> Reply:
        """Mews did not acknowledge an update that was sent with the token of `generation`, and why."""
        if isinstance(error, Refused):
            self._updates_are_answered()
            return Reply(Ack.REFUSED, error.words)
        if isinstance(error, Unauthorised):
            self._unauthorised(generation, "", now)
            return Reply(Ack.UNAUTHORISED, str(error))
        if isinstance(error, Busy):
            self._turned_away(error, now, of_update=True)
        else:
            self._update_failed(error)
        return Reply(Ack.UNANSWERED, str(error), is_sent=not isinstance(error, Failed) or error.is_sent)

    def claimed(self, ack: Ack) -> None:
        """How a claim went, with all the steps that Mews wanted for it."""
        self._refused_claims = self._refused_claims + 1 if ack is Ack.REFUSED else 0
        if self._refused_claims >= CLAIM_REFUSALS:
            self.faults[mews_kinds.CLAIM] = f"The last {self._refused_claims} claims were refused."
        elif ack is Ack.YES:
            self._over(mews_kinds.CLAIM)

    def _updates_are_answered(self) -> None:
        self._failed_updates = 0
        self._are_updates_offered = True
        self._pauses.update_answered()
        self._over(*_OF_UPDATES, *_OF_A_PAUSE)

    def _update_failed(self, error: MewsError) -> None:
        self._failed_updates += 1
        if isinstance(error, Discontinued):
            self._are_updates_offered = False
            self.faults[mews_kinds.DISCONTINUED] = f"Mews takes no updates of commands any more{_number(error)}."
        elif self._failed_updates >= UPDATE_FAILURES:
            text = sentence(f"The last {self._failed_updates} updates failed: {error}{_number(error)}")
            self.faults[mews_kinds.UPDATE] = text

    def _unauthorised(self, generation: int, words: str, now: float) -> None:
        self.sign_in.refused(generation, now)
        if self.sign_in.is_refused and self.sign_in.is_signing_in:
            text = f"Mews signs the box in, and then refuses to list commands{words}."
            self._unreached(mews_kinds.DISABLED, text, now)
        elif self.sign_in.is_refused:
            self._unreached(mews_kinds.TOKEN, f"Mews refuses the access token{words}.", now)
        elif self.sign_in.has_rival:
            pause = self.sign_in.pause(now)
            text = f"A sign-in by another connector ended this box's session. Next try in {pause:.0f} s."
            self._unreached(mews_kinds.RIVAL, text, now)
        else:  # a session that had lasted is over, which is as it should be
            self._reach(False, now)

    def _turned_away(self, error: Busy, now: float, *, of_update: bool) -> None:
        pause = self._pauses.asked(error.pause, now, of_update=of_update)
        kind = mews_kinds.BARRED if self._pauses.is_barred(now) else mews_kinds.BUSY
        text = f"Mews takes no more calls for now{_number(error)}. Next try in {pause:.0f} s."
        self._unreached(kind, text, now)

    def _unreached(self, kind: FaultKind, text: str, now: float) -> None:
        self._reach(False, now)
        self._poll_over()
        self.faults[kind] = text

    def _poll_over(self) -> None:
        """What the newest poll before showed holds no more."""
        self._over(*_OF_A_POLL)
        if self._are_updates_offered:
            self._over(mews_kinds.DISCONTINUED)

    def _reach(self, is_reached: bool, now: float) -> None:
        if is_reached is not self.is_reached:
            self.is_reached, self.reached_since = is_reached, now

    def _over(self, *kinds: FaultKind) -> None:
        for kind in kinds:
            self.faults.pop(kind, None)

    def _rest(self, now: float) -> float:
        return self._spread(again_after(now - self.reached_since, self._poll_seconds, LONGEST_REST))


def _explained(error: MewsError) -> tuple[FaultKind, str]:
    """The fault that holds where there is no list, and in which words."""
    if isinstance(error, NotTrusted):
        return mews_kinds.CERTIFICATE, sentence(f"No connection: {error}")
    if isinstance(error, NotReached):
        return mews_kinds.UNREACHABLE, sentence(f"No connection to Mews: {error}")
    if isinstance(error, Silent):
        return mews_kinds.SILENT, sentence(f"Mews does not answer: {error}")
    if isinstance(error, Portfolio):
        text = f"The token is for several hotels, and the file does not say which is this one{_number(error)}."
        return mews_kinds.PORTFOLIO, text
    if isinstance(error, Discontinued):
        return mews_kinds.DISCONTINUED, f"Mews lists no commands any more as this version asks{_number(error)}."
    words = _in_its_words(error) if isinstance(error, Refused) else ""
    return mews_kinds.ANSWER, sentence(f"Mews' answer cannot be used{words or f': {error}'}{_number(error)}")


def _number(error: MewsError) -> str:
    """Mews' number of the request, for who asks Mews about it."""
    return f" (request {error.request_id})" if error.request_id else ""


def _in_its_words(error: Unauthorised | SignInRefused | Refused) -> str:
    """Mews' reason for refusing a sign-in or a list. What it says about a command goes back to it alone."""
    return f": {quoted(error.words)}" if error.words else ""
