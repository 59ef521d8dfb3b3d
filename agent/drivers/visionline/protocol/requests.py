"""Turns the order of a key into VisiOnline's request for one card, or into the reason why that cannot be. No I/O.

Facts: reference/visionline.md, section 4 (parameters, hotel time, capacity, first and further cards).
"""

import json
from datetime import datetime, tzinfo

from msgspec import Struct

from agent.commands.driver import KeyJob
from agent.commands.model import Kind, Outcome
from agent.commands.notes import Code
from agent.commands.notes import ended as not_made
from agent.drivers.visionline.protocol import signing
from agent.drivers.visionline.protocol.notes import KeyCode, ended
from agent.drivers.visionline.protocol.signing import Call
from agent.foundation.reading.text import plain
from provisioning.model import CardFormat, FirstCard
from provisioning.secret import Secret

MOST_ROOMS = 33  # guest rooms on an rfid48 card (Seam's guide)
MOST_COMMON = 28  # common doors on one
_LONGEST_NAME = 200  # characters of an encoder's name
DOORS = signing.call("GET", ("doors",), {"details": "true"})


class CardRules(Struct, frozen=True):
    """What a site writes onto cards, and in whose time."""

    zone: tzinfo
    card_format: CardFormat = CardFormat.RFID48
    first_card: FirstCard = FirstCard.OVERRIDE


class NotWritable(ValueError):
    """A moment that has no date in the zone (the calendar ends at the year 9999)."""


def objection(job: KeyJob, rules: CardRules) -> Outcome | None:
    """Why this job cannot be asked for; None if it can."""
    if job.contact:
        return ended(KeyCode.MOBILE)
    if not any(room.strip() for room in job.rooms):
        return ended(KeyCode.NO_ROOM)
    return _about_encoder(job) or _about_capacity(job, rules) or _about_dates(job, rules)


def log_in(username: Secret, password: Secret) -> Call:
    """Opens a session."""
    body = _json({"username": username.reveal(), "password": password.reveal()})
    return signing.call("POST", ("sessions",), body=body)


def log_out(session: str) -> Call:
    """Closes a session."""
    return signing.call("DELETE", ("sessions", session))


def card(job: KeyJob, rules: CardRules) -> Call:
    """Has one card encoded, for a job without objection that has an end."""
    query = {"action": "encode", "encoder": job.encoder, "overwriteValidCard": "true", _guests(job, rules): "true"}
    body = {
        "doorOperations": [{"doors": list(_doors(job)), "operation": "guest"}],
        "expireTime": written(job.end or job.start, rules.zone),
        "format": str(rules.card_format),
        "startTime": written(job.start, rules.zone),
    }
    return signing.call("POST", ("cards",), query, _json(body))


def written(moment: datetime, zone: tzinfo) -> str:
    """An aware datetime as yyyyMMddTHHmm on the hotel's clocks, cut off to the minute. Raises `NotWritable`."""
    try:
        local = moment.astimezone(zone)
    except OverflowError:
        raise NotWritable(f"the year {moment.year} cannot be written in the hotel's zone") from None
    return f"{local.year:04}{local.month:02}{local.day:02}T{local.hour:02}{local.minute:02}"


def _guests(job: KeyJob, rules: CardRules) -> str:
    """Whether the keys before this one stay good. An original locks all earlier cards of the room out, also the
    first card of its own order: so only the first one of a new stay is an original."""
    is_original = job.copy == 1 and not job.joins and rules.first_card is FirstCard.OVERRIDE
    return "override" if is_original else "autoJoin"


def _doors(job: KeyJob) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*job.rooms, *job.areas)))


def _about_encoder(job: KeyJob) -> Outcome | None:
    is_plain = plain(job.encoder, _LONGEST_NAME) == job.encoder
    return None if job.encoder and is_plain else ended(KeyCode.ENCODER_NAME)


def _about_capacity(job: KeyJob, rules: CardRules) -> Outcome | None:
    if rules.card_format is not CardFormat.RFID48:
        return None  # a TLCode card holds more; how much is not public
    for count, most, what in (
        (len(job.rooms), MOST_ROOMS, "rooms"),
        (len(job.areas), MOST_COMMON, "common doors"),
    ):
        if count > most:
            return ended(KeyCode.CAPACITY, f"a card of this lock system opens at most {most} {what}, not {count}")
    return None


def _about_dates(job: KeyJob, rules: CardRules) -> Outcome | None:
    if job.end is None:
        return ended(KeyCode.NO_END)
    try:
        is_forward = written(job.start, rules.zone) < written(job.end, rules.zone)
    except NotWritable:
        return ended(KeyCode.DATES)
    if job.end <= job.start:  # said as the pass says it, which looks at a stay later
        stay = f"{_said(job.start, rules.zone)} to {_said(job.end, rules.zone)}"
        return not_made(Code.BACKWARDS, Kind.KEY, stay)
    return None if is_forward else ended(KeyCode.DATES)


def _said(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%-d %B %Y at %H:%M}"


def _json(value: object) -> bytes:
    """In plain ASCII, so that no reader can get its charset wrong, and without blanks."""
    return json.dumps(value, separators=(",", ":")).encode("ascii")
