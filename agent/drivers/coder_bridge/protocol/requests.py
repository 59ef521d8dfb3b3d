"""Turns the order of a key into the fields of a request, by the names that the site's profile has. No I/O.

A field is sent where the call has a name for it and the order has a value. Whether a request may be made at all is
decided in objections.py. Facts: reference/coder-bridge.md, sections 2.1 and 5 (areas, duplicates).
"""

from datetime import tzinfo

from agent.commands.driver import KeyJob
from agent.drivers.coder_bridge.protocol.profile import REFUSE, Profile, sends_start
from agent.drivers.coder_bridge.protocol.validity import text
from agent.drivers.coder_bridge.protocol.words import Role, Slot, UserId, WhenNone

Fields = dict[str, str]


def guest_key(profile: Profile, hotel: tzinfo, job: KeyJob, slot: Slot = Slot.GUEST_KEY) -> Fields:
    """The fields of a guest key request, before check-in or not, for a job without objection.

    Raises `NotWritable`.
    """
    values = {Role.ROOM: room(profile, job.rooms), Role.ENCODER: job.encoder}
    return _named(profile, slot, {**values, **_stay(profile, hotel, job, slot)}) | _extra(profile, job)


def mobile_key(profile: Profile, hotel: tzinfo, job: KeyJob, slot: Slot) -> Fields:
    """The fields of a mobile key request, pushed to the guest's contact or not, for a job without objection."""
    values = {Role.ROOM: room(profile, job.rooms), Role.USER: user(profile, job), Role.PUSH_ADDRESS: job.contact}
    return _named(profile, slot, {**values, **_stay(profile, hotel, job, slot)})


def guest_key_checkout(profile: Profile, room: str, tid: str) -> Fields:
    """The fields of the request that cancels a key; `tid` is a text though it looks like a number."""
    return _named(profile, Slot.GUEST_KEY_CHECKOUT, {Role.ROOM: room, Role.TID: tid})


def room_state(profile: Profile, slot: Slot, room: str) -> Fields:
    """The fields of the request that checks a room in or out, by its name at the room management."""
    return _named(profile, slot, {Role.ROOM: room})


def read_card(profile: Profile, encoder: str) -> Fields:
    """The fields of the request that has a card read."""
    return _named(profile, Slot.READ_CARD, {Role.ENCODER: encoder})


def room(profile: Profile, rooms: tuple[str, ...]) -> str:
    """The rooms of one key as its room field has them."""
    sign = profile.several_rooms.separator.value
    return rooms[0] if sign == REFUSE else sign.join(rooms)


def user(profile: Profile, job: KeyJob) -> str:
    """Whom a mobile key is for, as the site's profile says it; "" where the order does not tell."""
    return job.contact if profile.mobile.user.value is UserId.CONTACT else job.reservation


def _stay(profile: Profile, hotel: tzinfo, job: KeyJob, slot: Slot) -> dict[Role, str]:
    """From when to when, and which areas, as far as they are sent."""
    values: dict[Role, str] = {}
    if sends_start(profile, slot):
        values[Role.START] = text(profile.dates, hotel, job.start)
    if job.end is not None:  # else the bridge's own check-out time counts (reference section 7, validity times)
        values[Role.END] = text(profile.dates, hotel, job.end)
    if job.areas or profile.areas.when_none.value is WhenNone.EMPTY_TEXT:
        values[Role.AREAS] = profile.areas.separator.value.join(job.areas)
    return values


def _named(profile: Profile, slot: Slot, values: dict[Role, str]) -> Fields:
    fields = profile.calls[slot].fields
    return {fields[role].value: value for role, value in values.items() if role in fields}


def _extra(profile: Profile, job: KeyJob) -> Fields:
    """What marks a further card of the same stay, where the site has such a mark."""
    how = profile.duplicates.how.value
    return how if (job.copy > 1 or job.joins) and isinstance(how, dict) else {}
