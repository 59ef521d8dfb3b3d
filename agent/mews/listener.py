"""Holds the line on which Mews says by itself that there is news, and turns that into polls (reference section 9).

News are a hint and nothing more: what is to be done comes with the poll. After each connection there is a poll at
once, because nothing is said again; without the line the polls come at the file's pace. It calls no one while the
polls do not reach Mews, so that an outage stays one connection at a time.
"""

from collections.abc import Callable, Mapping

import trio

from agent.foundation.errors import CallFailed
from agent.foundation.timing import Backoff, jitter
from agent.foundation.websocket import Declined, WebSocket
from agent.health import mews_kinds
from agent.health.health import Health
from agent.mews.account.budget import Rank
from agent.mews.contact import HOP, Contact
from agent.mews.push import events
from agent.mews.push.pace import Pace, catch_up_seconds
from agent.mews.push.push import Push
from provisioning.model import Mews
from provisioning.rules.mews import push_platform
from provisioning.secret import Secret

PATH = "/ws/connector"
# Which devices a connector is told of is settled as it connects (reference/mews.md section 9).
LONGEST_LINE = 3600.0  # s
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0  # s before a line is tried again
STEADY_SECONDS = 60.0  # s; a line that held so long was no mistake of either side
LONGEST_ASKED = 900.0  # s that Mews may ask to stay away
SPREAD = 0.5  # of the pauses: Mews closes the lines of all hotels at once


class Listener:
    """One file's line. `poll_now` cuts a rest between polls short.

    `on_news` gets what is said of reservations and rooms, and that something may have been missed.
    """

    def __init__(
        self,
        socket: WebSocket,
        client_token: Secret,
        contact: Contact,
        push: Push,
        health: Health,
        poll_now: Callable[[], None],
    ) -> None:
        self.on_news: Callable[[events.News], None] = _to_no_one
        self.passed_over = 0  # events that are none of ours, or could not be read
        self._socket, self._client_token, self._contact = socket, client_token, contact
        self._push, self._health, self._poll_now = push, health, poll_now
        self._backoff = Backoff(FIRST_PAUSE, LONGEST_PAUSE, SPREAD)
        self._late = trio.Event()  # a poll for news has to wait a little
        self._opened_at: float | None = None  # while the line is open

    @property
    def is_open(self) -> bool:
        """Whether Mews says by itself when there is news."""
        return self._opened_at is not None

    async def run(self) -> None:
        """Listen, again and again, until cancelled."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._poll_later)
            while True:
                await self._listen()

    def opened(self) -> None:
        """The line is there."""
        self._opened_at = self._contact.now()
        self._health.clear(HOP, mews_kinds.PUSH)
        self._push.pace.opened()
        self._poll_now()
        self.on_news(events.Missed())

    def heard(self, message: str | bytes) -> None:
        """A message came."""
        found = events.heard(message)
        self.passed_over += found.passed_over
        for news in found.news:
            if not isinstance(news, events.CommandNews):
                self.on_news(news)
            elif self._push.is_hint(news, self._contact.now()):
                self._poll_for_news()

    async def _listen(self) -> None:
        """One line from its beginning to its end, and the pause after one that did not end as it should."""
        pause = 0.0
        await self._contact.wait_reached()
        await self._contact.wait_turn(Rank.WORD)
        try:
            with self._contact.call(Rank.WORD):  # as long as it lasts: no one says how Mews counts it
                seconds = jitter(LONGEST_LINE)
                await self._socket.listen(PATH, self._headers(), self, cap=events.MESSAGE_CAP, seconds=seconds)
        except CallFailed as error:
            pause = self._ended(error)
        finally:
            self._lost()
        await trio.sleep(pause)

    def _headers(self) -> Mapping[str, str]:
        token = self._contact.account.sign_in.token
        if token is None:
            raise ValueError("a WebSocket, and a dialect that signs in")
        return {"Cookie": f"ClientToken={self._client_token.reveal()}; AccessToken={token.reveal()}"}

    def _ended(self, error: CallFailed) -> float:
        text = f"The line to {self._socket.base} for news is not there: {error.reason}."
        self._health.raise_fault(mews_kinds.PUSH, HOP, text)
        if self._opened_at is not None and self._contact.now() - self._opened_at >= STEADY_SECONDS:
            self._backoff.reset()
        asked = error.pause if isinstance(error, Declined) else None
        return max(self._backoff.pause(), min(asked or 0.0, LONGEST_ASKED))

    def _lost(self) -> None:
        if self._opened_at is not None:
            self._opened_at = None
            self._push.pace.lost()
            self._poll_now()

    def _poll_for_news(self) -> None:
        if self._push.pace.news(self._contact.now()) > 0:
            self._late.set()
        else:
            self._poll_now()

    async def _poll_later(self) -> None:
        while True:
            await self._late.wait()
            await trio.sleep(self._push.pace.news(self._contact.now()))
            self._late = trio.Event()
            self._poll_now()


def _to_no_one(news: events.News) -> None:
    """Without room sync."""


def open_push(mews: Mews, key_age_seconds: float, now: float) -> Push:
    """What a file's connector and listener share; for a dialect that says nothing by itself, too."""
    return Push(Pace(mews.poll_seconds, catch_up_seconds(mews.poll_seconds, key_age_seconds), now))


def open_listener(
    mews: Mews,
    contact: Contact,
    push: Push,
    health: Health,
    poll_now: Callable[[], None],
    open_socket: Callable[[str], WebSocket] = WebSocket,
) -> Listener | None:
    """The listener for a file's Mews; None where it says nothing by itself, or is not to."""
    base = push_platform(mews)
    if base is None or mews.client_token is None:
        return None
    return Listener(open_socket(base), mews.client_token, contact, push, health, poll_now)
