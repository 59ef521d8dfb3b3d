"""What `[mews]` of the provisioning file asks for, joined: line, dialect, account and connector."""

from agent.foundation.http import Peer
from agent.foundation.timing import Clock, MewsClock, jitter
from agent.health.health import Health
from agent.mews.account.account import Account
from agent.mews.account.budget import UNLIMITED, Budget
from agent.mews.account.sign_in import SignIn
from agent.mews.connector import Connector
from agent.mews.contact import Contact
from agent.mews.line import MewsLine
from agent.mews.v2016.calls import V2016
from provisioning.model import Mews


def connect(mews: Mews, peer: Peer, health: Health, mews_clock: MewsClock, clock: Clock) -> Connector:
    """The connector for a file's Mews, in the dialect of 2016: it publishes no limit of calls.

    `peer` is the platform; the dates of its answers go to `mews_clock`.
    """
    sign_in = SignIn(connector_token=mews.connector_token, access_token=mews.access_token)
    account = Account(sign_in, mews.poll_seconds, clock(), spread=jitter)
    calls = V2016(MewsLine(peer, mews_clock).post)
    return Connector(calls, Contact(account, Budget(UNLIMITED, 30.0), health, clock), mews_clock)
