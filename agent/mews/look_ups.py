"""Looks commands up at Mews, in a dialect that can: how each stands right now, before it is claimed or reported.

Those that wait for a free call together share one: a look costs as much as a claim, and has room for a thousand.
"""

import msgspec
import trio

from agent.commands.model import Ack, Listed, Reply
from agent.mews.account.budget import Rank
from agent.mews.calls import Listing, MewsError
from agent.mews.contact import Contact
from agent.mews.operations import LooksUp

MOST = 1000  # ids in one question (reference/mews.md section 7)
_NO_TOKEN = Reply(Ack.UNANSWERED, "the box has to sign in first", is_sent=False)
_BROKEN_OFF = Reply(Ack.UNANSWERED, "the look was broken off", is_sent=False)
_DAMAGED = Reply(Ack.UNANSWERED, "Mews' answer cannot be read", is_sent=False)

Found = Listed | Reply | None


class _Look:
    """One command that is to be looked up, and what was found."""

    def __init__(self) -> None:
        self.is_over = False
        self.found: Found = None


class LookUps:
    """`calls` is the dialect."""

    def __init__(self, calls: LooksUp, contact: Contact) -> None:
        self._calls, self._contact, self._account = calls, contact, contact.account
        self._waiting: dict[str, _Look] = {}
        self._changed = trio.Event()

    async def look(self, command_id: str, rank: Rank) -> Found:
        """The command as it stands at Mews (id and standing alone), or None where Mews has none of that id.

        Where Mews does not say so: its reply, which never is a yes, and says that nothing was changed.
        """
        look = self._waiting.setdefault(command_id, _Look())
        await trio.lowlevel.checkpoint()  # lanes that are free in the same instant ask together
        while not look.is_over:
            changed, seconds = self._changed, self._contact.turn(rank)
            if self._waiting.get(command_id) is look and seconds <= 0:
                await self._ask(rank)
            else:  # for a turn of its own, or for the answer to somebody else's question
                with trio.move_on_after(seconds or float("inf")):
                    await changed.wait()
        return look.found

    async def _ask(self, rank: Rank) -> None:
        """Ask for all that wait, with one call."""
        batch = dict(list(self._waiting.items())[:MOST])
        for id in batch:
            del self._waiting[id]
        answer: Listing | Reply = _BROKEN_OFF
        try:
            answer = await self._answer(tuple(batch), rank)
            if isinstance(answer, Reply) and answer.ack is Ack.REFUSED and len(batch) > 1:
                await self._ask_one_by_one(batch, rank)
        finally:
            self._settle(batch, answer)

    async def _ask_one_by_one(self, batch: dict[str, _Look], rank: Rank) -> None:
        """One of them is refused: which, and how are the others?"""
        for id, look in batch.items():
            await self._contact.wait_turn(rank)
            self._settle({id: look}, await self._answer((id,), rank))

    def _settle(self, batch: dict[str, _Look], answer: Listing | Reply) -> None:
        """Hand out what was found to those who still wait for it."""
        listed = answer.commands if isinstance(answer, Listing) else ()
        found = {command.id.casefold(): command for command in listed}  # Mews' ids are the same in any letters
        missing = None if isinstance(answer, Listing) else answer
        if isinstance(answer, Listing) and not answer.is_whole:
            missing = _DAMAGED
        for id, look in batch.items():
            if not look.is_over:
                look.found, look.is_over = found.get(id.casefold(), missing), True
        self._changed.set()
        self._changed = trio.Event()

    async def _answer(self, ids: tuple[str, ...], rank: Rank) -> Listing | Reply:
        sign_in = self._account.sign_in
        generation, token = sign_in.generation, sign_in.token
        if token is None:
            return _NO_TOKEN
        try:
            with self._contact.call(rank):
                return await self._calls.look_up(token, ids)
        except MewsError as error:
            self._contact.tell_log("look-up", error)
            reply = self._account.not_updated(error, generation, self._contact.now())
        self._contact.show()
        return msgspec.structs.replace(reply, is_sent=False)
