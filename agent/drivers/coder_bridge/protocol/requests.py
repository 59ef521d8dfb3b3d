"""Turns the order of a key into the fields of a request, or into the reason why that cannot be. No I/O.

Never sends what a site's profile has no proof for, unless the installer allowed it.
Facts: reference/coder-bridge.md, sections 2.1 (rows 7 and 8) and 5 (areas, duplicates).
"""

from datetime import tzinfo

from agent.commands.driver import KeyJob
from agent.commands.model import Outcome
from agent.drivers.coder_bridge.protocol.notes import KeyCode, ended
from agent.drivers.coder_bridge.protocol.profile import Profile, unconfirmed
from agent.drivers.coder_bridge.protocol.validity import NotWritable, validity
from agent.drivers.coder_bridge.protocol.words import Copies, Role, Slot, WhenNone
from agent.foundation.reading.text import plain


def objection(profile: Profile, hotel: tzinfo, job: KeyJob, allow_unconfirmed: bool) -> Outcome | None:
    """Why this job cannot be asked for; None if it can."""
    return (
        _about_rooms(job)
        or _about_proof(profile, allow_unconfirmed)
        or _about_areas(profile, job, allow_unconfirmed)
        or _about_copies(profile, job, allow_unconfirmed)
        or _about_dates(profile, hotel, job)
    )


def guest_key(profile: Profile, hotel: tzinfo, job: KeyJob) -> dict[str, str]:
    """The fields of a guest key request, for a job without objection."""
    name = profile.calls[Slot.GUEST_KEY].name
    start, end = validity(profile.dates, hotel, job.start, job.end)
    fields = {name(Role.ROOM): job.rooms[0], name(Role.ENCODER): job.encoder}
    if start is not None:
        fields[name(Role.START)] = start
    fields[name(Role.END)] = end
    if job.areas or profile.areas.when_none.value is WhenNone.EMPTY_TEXT:
        fields[name(Role.AREAS)] = profile.areas.separator.value.join(job.areas)
    return fields | _extra(profile, job)


def guest_key_checkout(profile: Profile, room: str, tid: str) -> dict[str, str]:
    """The fields of the request that cancels a key; `tid` is a text though it looks like a number."""
    name = profile.calls[Slot.GUEST_KEY_CHECKOUT].name
    return {name(Role.ROOM): room, name(Role.TID): tid}


def _extra(profile: Profile, job: KeyJob) -> dict[str, str]:
    how = profile.duplicates.how.value
    return how if job.copy > 1 and isinstance(how, dict) else {}


def _about_rooms(job: KeyJob) -> Outcome | None:
    if not any(room.strip() for room in job.rooms):
        return ended(KeyCode.NO_ROOM)
    if len(job.rooms) > 1:
        return ended(KeyCode.SEVERAL_ROOMS, plain(", ".join(job.rooms), 80))
    return None


def _about_areas(profile: Profile, job: KeyJob, allow_unconfirmed: bool) -> Outcome | None:
    if not job.areas:
        return None
    is_proven = not _new_doubts(profile, areas=True)
    if profile.areas.use.value and (is_proven or allow_unconfirmed):
        return None
    return ended(KeyCode.AREAS, plain(", ".join(job.areas), 80))


def _about_copies(profile: Profile, job: KeyJob, allow_unconfirmed: bool) -> Outcome | None:
    if job.copies == 1:
        return None
    is_proven = not _new_doubts(profile, copies=True)
    if profile.duplicates.how.value is not Copies.REFUSE and (is_proven or allow_unconfirmed):
        return None
    return ended(KeyCode.COPIES, str(job.copies))


def _about_proof(profile: Profile, allow_unconfirmed: bool) -> Outcome | None:
    if allow_unconfirmed or not unconfirmed(profile, Slot.GUEST_KEY):
        return None
    return ended(KeyCode.UNCONFIRMED)


def _about_dates(profile: Profile, hotel: tzinfo, job: KeyJob) -> Outcome | None:
    try:
        validity(profile.dates, hotel, job.start, job.end)
    except NotWritable:
        return ended(KeyCode.DATES)
    return None


def _new_doubts(profile: Profile, *, areas: bool = False, copies: bool = False) -> set[str]:
    """What areas or copies need beyond a plain key that is not confirmed."""
    with_it = unconfirmed(profile, Slot.GUEST_KEY, areas=areas, copies=copies)
    return set(with_it) - set(unconfirmed(profile, Slot.GUEST_KEY))
