"""The box's network, clock, and what will run out one day. Pure; it is its own input, in plain words."""

from datetime import datetime
from math import isfinite

import msgspec

from agent.foundation.reading.text import plain
from agent.health.health import TEXT_LENGTH
from agent.status.snapshot.lengths import HOP_LENGTH, MOST_LISTED, NAME_LENGTH
from agent.status.snapshot.wall_clock import WallClock


class Network(msgspec.Struct, frozen=True):
    """The box's network. Empty or None is what is not told. Offsets are seconds, positive where the box is ahead.

    `clock` says in words what the clock is set by.
    """

    host: str = ""
    interface: str = ""
    addresses: tuple[str, ...] = ()
    gateway: str = ""
    dns: tuple[str, ...] = ()
    ntp: tuple[str, ...] = ()
    clock: str = ""
    is_clock_set: bool | None = None
    clock_offset_mews: float | None = None
    clock_offset_ntp: float | None = None


class AgeFacts(msgspec.Struct, frozen=True):
    """A certificate or a token at a hop: in words, and since or until when, where that is known."""

    hop: str
    what: str
    text: str
    since: datetime | None = None
    until: datetime | None = None


class Age(msgspec.Struct, frozen=True):
    """How old, or how long good, a `certificate` or a `token` at a hop is; times are ISO 8601 or ""."""

    hop: str
    what: str
    text: str
    since: str = ""
    until: str = ""


def network(facts: Network) -> Network:
    """As it is shown: plain and bounded."""
    return Network(
        host=plain(facts.host, NAME_LENGTH),
        interface=plain(facts.interface, NAME_LENGTH),
        addresses=_plain(facts.addresses),
        gateway=plain(facts.gateway, NAME_LENGTH),
        dns=_plain(facts.dns),
        ntp=_plain(facts.ntp),
        clock=plain(facts.clock, NAME_LENGTH),
        is_clock_set=facts.is_clock_set,
        clock_offset_mews=_seconds(facts.clock_offset_mews),
        clock_offset_ntp=_seconds(facts.clock_offset_ntp),
    )


def age(facts: AgeFacts, clock: WallClock) -> Age:
    """As it is shown."""
    return Age(
        hop=plain(facts.hop, HOP_LENGTH),
        what=plain(facts.what, NAME_LENGTH),
        text=plain(facts.text, TEXT_LENGTH),
        since="" if facts.since is None else clock.local(facts.since),
        until="" if facts.until is None else clock.local(facts.until),
    )


def _plain(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(plain(text, NAME_LENGTH) for text in texts[:MOST_LISTED])


def _seconds(offset: float | None) -> float | None:
    return offset if offset is not None and isfinite(offset) else None
