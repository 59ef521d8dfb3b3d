"""The calls of the Connector API of 2016 (reference/mews.md sections 3 and 6). No I/O.

The way to Mews is given (`post`); when to call, and what to do about an answer, is not decided here.
"""

from collections.abc import Container
from functools import partial

from agent.mews.calls import LIST_CAP, LIST_SECONDS, Listing, Post, Refused, SignInRefused, Unauthorised, Update
from agent.mews.reading.answers import acknowledged
from agent.mews.reading.asking import Asking
from agent.mews.reading.commands import listing
from agent.mews.records import Property
from agent.mews.v2016 import wire
from agent.mews.v2016.property import PropertyCalls, hotel
from provisioning.secret import Secret


class V2016(PropertyCalls):
    """The dialect of 2016, as `agent.mews.calls.Calls` has it; beside commands, what `PropertyCalls` has."""

    def __init__(self, post: Post) -> None:
        self._call = Asking(post)
        super().__init__(self._call)
        self._hotel: Property | None = None

    @property
    def hotel_of_session(self) -> Property | None:
        """What Mews said of the hotel at the last sign-in."""
        return self._hotel

    async def sign_in(self, connector_token: Secret) -> Secret:
        """A new session's token; it ends every older session of this connector token."""
        try:
            return await self._call(connector_token, "/app/signIn", wire.sign_in(connector_token), self._signed_in)
        except (Unauthorised, Refused) as error:
            refused = SignInRefused(error.words)
            refused.request_id = error.request_id
            raise refused from None

    async def list_active(self, token: Secret, known: Container[str]) -> Listing:
        """The active commands; of `known` ids only id and standing."""
        return await self._call(
            token,
            "/commands/getAllActive",
            wire.get_all_active(token),
            partial(listing, known=known),
            deadline=LIST_SECONDS,
            cap=LIST_CAP,
        )

    async def update(self, token: Secret, update: Update) -> None:
        """Set a command's state; returns only when Mews has acknowledged it."""
        await self._call(token, "/commands/update", wire.update(token, update), acknowledged)

    def _signed_in(self, body: bytes) -> Secret:
        token = wire.signed_in(body)
        self._hotel = hotel(body)
        return token
