"""The numbers of cut cards, written to their reservations at Mews, and taken back when the key is over.

What Mews has of a card stands in the key's own row (`commands/issued.py`), so a restart neither loses nor repeats
it: before a number is written, Mews is asked whether it has it already. Must never take back a number that another
good key of the stay has.
"""

from collections.abc import Awaitable, Callable, Iterable

import msgspec
import trio

from agent.commands.issued import CARD_PERHAPS, IssuedKey
from agent.foundation.reading.moments import from_unix
from agent.foundation.reading.text import plain, sentence
from agent.health import mews_kinds
from agent.health.health import Health
from agent.mews.calls import Busy, Changed, MewsError, NotReached, Refused, Unauthorised
from agent.mews.enquiries import Enquiries, NotAsked
from agent.mews.records import NewCard
from agent.pipeline.issued_keys import IssuedKeys

AGAIN_SECONDS = 60.0  # s before the next try where Mews does not answer; no one waits for this
LONGEST_SECONDS = 6 * 3600.0  # s before the next try of a card for which it fails again and again
TOLD_TRIES = 2  # that have failed, before a person is told: one may be a chance
_WORDS = 120  # characters of Mews' own
_AWAY = (NotAsked, NotReached, Busy, Unauthorised)  # of Mews as a whole: the poll says what is wrong with it
_HOP = "mews"


class _Trouble(msgspec.Struct, frozen=True):
    """One card for which Mews has failed; `due` is when it is tried again, in monotonic seconds."""

    tries: int
    due: float
    why: str


class CardNumbers:
    """One file's. `issued` are the keys of the pass."""

    def __init__(self, issued: IssuedKeys, enquiries: Enquiries, health: Health) -> None:
        self._issued, self._enquiries, self._health = issued, enquiries, health
        self._troubles: dict[tuple[str, bool], _Trouble] = {}  # by key, and whether it is over
        self._refusal = ""  # of the last number that Mews was told
        self._changed = trio.Event()

    async def run(self) -> None:
        """Keep Mews in step with the keys, until cancelled."""
        self._issued.on_change = self._wake
        try:
            while True:
                self._changed = trio.Event()
                pause = await self._catch_up()
                with trio.move_on_after(pause):
                    await self._changed.wait()
        finally:
            self._issued.on_change = lambda: None
            self._health.clear(_HOP, mews_kinds.CARD)

    def _wake(self) -> None:
        self._changed.set()

    async def _catch_up(self) -> float:
        """Tell what is to be told; seconds until it is looked at again."""
        try:
            await self._each(self._issued.unnumbered, self._write)
            await self._each(self._issued.leaving, self._take_back)
        except _AWAY:
            return AGAIN_SECONDS
        finally:
            self._forget_past()
            self._say()
        dues = (trouble.due for trouble in self._troubles.values())
        return max(0.0, min(dues, default=float("inf")) - trio.current_time())

    async def _each(self, keys: Iterable[IssuedKey], act: Callable[[IssuedKey], Awaitable[None]]) -> None:
        """One card for which Mews fails keeps no other from it."""
        for key in keys:
            trouble = self._troubles.get(_of(key))
            if trouble is not None and trouble.due > trio.current_time():
                continue
            try:
                await act(key)
            except _AWAY:
                raise
            except MewsError as error:
                self._put_off(key, error)
            else:
                self._troubles.pop(_of(key), None)

    def _put_off(self, key: IssuedKey, error: MewsError) -> None:
        before = self._troubles.get(_of(key))
        tries = 1 if before is None else before.tries + 1
        pause = min(LONGEST_SECONDS, AGAIN_SECONDS * 2 ** min(tries - 1, 20))
        if not key.over and isinstance(error, Refused) and not isinstance(error, Changed):
            pause, self._refusal = float("inf"), _words(error)  # the same number would be refused again
        self._troubles[_of(key)] = _Trouble(tries, trio.current_time() + pause, _words(error))

    def _forget_past(self) -> None:
        keys = {_of(key) for key in (*self._issued.unnumbered, *self._issued.leaving)}
        self._troubles = {key: trouble for key, trouble in self._troubles.items() if key in keys}

    def _say(self) -> None:
        stuck = [each for each in self._troubles.values() if each.tries >= TOLD_TRIES and each.due < float("inf")]
        if self._refusal:
            text = sentence(f"Of the last card: {self._refusal}")
        elif stuck:
            cards = "1 card is" if len(stuck) == 1 else f"{len(stuck)} cards are"
            text = sentence(f"{cards} tried again and again: {stuck[-1].why}")
        else:
            self._health.clear(_HOP, mews_kinds.CARD)
            return
        self._health.raise_fault(mews_kinds.CARD, _HOP, text)

    async def _write(self, key: IssuedKey) -> None:
        known = await self._good(key)
        if not known and not self._issued.numbering(key.id):
            return
        self._issued.numbered(key.id, known[0] if known else await self._add(key))
        self._refusal = ""

    async def _add(self, key: IssuedKey) -> str:
        try:
            return await self._enquiries.add_card(_card(key))
        except Refused:  # surely it has none of it
            self._issued.numbered(key.id, "")
            raise

    async def _take_back(self, key: IssuedKey) -> None:
        heir = self._issued.heir(key)
        if heir is None:
            await self._end(key)
        elif not heir.card:
            self._issued.numbered(heir.id, key.card)
        self._issued.numbered(key.id, "")

    async def _end(self, key: IssuedKey) -> None:
        """Raises `Refused` only where Mews still has it as a good one."""
        cards = await self._good(key) if key.card == CARD_PERHAPS else [key.card]
        for card in cards:
            try:
                await self._enquiries.end_card(card)
            except Refused:
                if card in await self._good(key):
                    raise

    async def _good(self, key: IssuedKey) -> list[str]:
        """Mews' ids of the cards with that number that it has at the reservation; those that are over are none."""
        cards = await self._enquiries.cards(key.reservation)
        return [card.id for card in cards if card.number == key.key and card.is_active]


def _of(key: IssuedKey) -> tuple[str, bool]:
    return key.id, key.over > 0


def _words(error: MewsError) -> str:
    return plain((error.words if isinstance(error, Refused) else "") or str(error), _WORDS)


def _card(key: IssuedKey) -> NewCard:
    return NewCard(key.reservation, "", key.key, from_unix(key.start), from_unix(key.end))
