"""What `[mews]` of the provisioning file asks for, joined: line, dialect, account, connector, enquiries, watch."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import msgspec

from agent.foundation.http import Peer
from agent.foundation.timing import Clock, MewsClock, jitter, utc_now
from agent.foundation.websocket import WebSocket
from agent.health.health import Health
from agent.mews.account.account import Account
from agent.mews.account.budget import UNLIMITED, Budget
from agent.mews.account.sign_in import SignIn
from agent.mews.calls import Calls, Post
from agent.mews.connector import Connector
from agent.mews.contact import Contact
from agent.mews.enquiries import Enquiries
from agent.mews.hotel_watch import HotelWatch
from agent.mews.line import MewsLine
from agent.mews.listener import Listener, open_listener, open_push
from agent.mews.v2016.calls import V2016
from provisioning.model import Dialect, Mews


class MewsMeans(msgspec.Struct, frozen=True):
    """What the parts work with. `peer` is the platform, the dates of its answers go to `mews_clock`.

    `zone` is the hotel's by the file, `key_age_seconds` how long a key may wait by it; `budget` is what today's
    dialect may spend: it outlives the file. `open_socket` makes the line for news.
    """

    peer: Peer
    health: Health
    mews_clock: MewsClock
    clock: Clock
    zone: ZoneInfo
    budget: Budget
    key_age_seconds: float
    open_socket: Callable[[str], WebSocket] = WebSocket
    say: Callable[[str], str] = str  # a note in the hotel's language
    wall: Callable[[], datetime] = utc_now  # the box's own clock


class MewsParts(msgspec.Struct, frozen=True):
    """One file's side of Mews."""

    connector: Connector
    enquiries: Enquiries
    hotel_watch: HotelWatch
    listener: Listener | None  # None where Mews says nothing by itself


def connect(mews: Mews, means: MewsMeans) -> MewsParts:
    """The parts for a file's Mews, in the file's dialect. That of 2016 publishes no limit of calls."""
    is_today = mews.dialect is Dialect.CURRENT
    sign_in = SignIn(connector_token=mews.connector_token, access_token=mews.access_token, pace=mews.poll_seconds)
    account = Account(sign_in, mews.poll_seconds, means.clock(), spread=jitter)
    budget = means.budget if is_today else Budget(UNLIMITED, 0.0)
    contact = Contact(account, budget, means.health, means.clock)
    post = MewsLine(means.peer, means.mews_clock).post
    dialect = _today(mews, means.clock) if is_today else V2016
    calls = dialect(contact.metered(post))
    enquiries = Enquiries(dialect, post, contact, calls)
    push = open_push(mews, means.key_age_seconds, means.clock())
    connector = Connector(calls, contact, means.mews_clock, push, means.say)
    return MewsParts(
        connector,
        enquiries,
        HotelWatch(
            *(enquiries.hotel, contact.wait_reached, means.health, means.zone),
            enterprise=mews.enterprise,
            wall=means.wall,
        ),
        open_listener(mews, contact, push, means.health, connector.poll_now, means.open_socket),
    )


def _today(mews: Mews, clock: Clock) -> Callable[[Post], Calls]:
    """The dialect of today over a way to Mews. Raises ValueError for a file without a client token."""
    from importlib.metadata import version

    from agent.mews.current.calls import Current

    if mews.client_token is None:
        raise ValueError("today's dialect, and no client token")
    return partial(
        Current,
        client_token=mews.client_token,
        version=version("nightporter"),
        enterprise=mews.enterprise,
        clock=clock,
    )
