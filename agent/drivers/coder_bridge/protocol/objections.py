"""Why a key cannot be asked for, where that can be told without asking the bridge. No I/O.

Never lets a request through that a site's profile has no proof for, unless the installer allowed it.
Facts: reference/coder-bridge.md, sections 2.1, 5 and 7 (who may be encoded).
"""

from collections.abc import Iterable
from datetime import datetime, tzinfo

from msgspec import Struct

from agent.commands.driver import KeyJob, LockArea
from agent.commands.model import Kind, Outcome
from agent.commands.notes import Code
from agent.commands.notes import ended as not_made
from agent.drivers.coder_bridge.protocol import requests
from agent.drivers.coder_bridge.protocol.notes import KeyCode, ended
from agent.drivers.coder_bridge.protocol.profile import MOBILE_SLOTS, REFUSE, Profile, sends_start, unconfirmed
from agent.drivers.coder_bridge.protocol.validity import NotWritable, text
from agent.drivers.coder_bridge.protocol.words import Copies, Slot, UserId
from agent.foundation.reading.text import plain

_SHOWN = 80  # characters of a list of doors


class Rules(Struct, frozen=True):
    """What the provisioning file and the site's profile allow; `hotel` is the hotel's zone."""

    profile: Profile
    hotel: tzinfo
    allow_unconfirmed: bool = False
    allow_precheckin: bool = False

    def may_ask(self, slot: Slot) -> bool:
        """Whether a plain request of that kind may be made."""
        return self.allow_unconfirmed or not unconfirmed(self.profile, slot)


def slot_of(rules: Rules, job: KeyJob, now: datetime, *, mobile: bool) -> Slot:
    """Which request the order is carried out by; `now` is the true time, `mobile` that it goes to a telephone."""
    if mobile:
        return Slot.MOBILE_KEY_PUSH if job.contact else Slot.MOBILE_KEY
    return Slot.GUEST_KEY_PRECHECKIN if begins_later(job, rules.hotel, now) else Slot.GUEST_KEY


def begins_later(job: KeyJob, hotel: tzinfo, now: datetime) -> bool:
    """Whether the stay begins on a later day of the hotel's calendar than today."""
    try:
        return job.start.astimezone(hotel).date() > now.astimezone(hotel).date()
    except OverflowError:  # the last night of the year 9999, which is told as a date that cannot be written
        return False


def objection(rules: Rules, job: KeyJob, now: datetime, *, mobile: bool = False) -> Outcome | None:
    """Why this job cannot be asked for; None if it can."""
    if begins_later(job, rules.hotel, now) and job.end is not None and job.end <= job.start:
        # Said as the pass says it, which looks at a stay later: "not before the day of arrival" would mislead.
        stay = " to ".join(_said(moment, rules.hotel) for moment in (job.start, job.end))
        return not_made(Code.BACKWARDS, Kind.KEY, stay)
    slot = slot_of(rules, job, now, mobile=mobile)
    found = (
        _about_rooms(rules, job, slot)
        or _about_arrival(rules, job, now)
        or _about_proof(rules, slot)
        or _about_user(rules, job, slot)
        or _about_areas(rules, job, slot)
        or _about_copies(rules, job, slot)
        or _about_further(rules, job, slot)
        or _about_dates(rules, job, slot)
    )
    return ended(found[0], found[1], mobile=mobile) if found else None


def unknown_areas(job: KeyJob, listed: Iterable[LockArea]) -> tuple[str, str] | None:
    """Which areas of the key the lock system does not have, and which it has; None if it has all or lists none."""
    known = tuple(listed)
    ids = {each.id for each in known}
    strange = [area for area in job.areas if area not in ids]
    if not strange or not known:
        return None
    shown = (each.id if each.id == each.name else f"{each.id} ({each.name})" for each in known)
    return plain(", ".join(strange), _SHOWN), plain(", ".join(shown), _SHOWN)


def _said(moment: datetime, hotel: tzinfo) -> str:
    try:
        return f"{moment.astimezone(hotel):%-d %B %Y at %H:%M}"
    except OverflowError:  # the first night of the calendar
        return f"{moment:%-d %B %Y at %H:%M} UTC"


_Found = tuple[KeyCode, str] | None


def _about_rooms(rules: Rules, job: KeyJob, slot: Slot) -> _Found:
    if not any(room.strip() for room in job.rooms):
        return KeyCode.NO_ROOM, ""
    if len(job.rooms) == 1:
        return None
    sign = rules.profile.several_rooms.separator.value
    is_proven = rules.allow_unconfirmed or not _new_doubts(rules, slot, rooms=True)
    if sign != REFUSE and is_proven and not any(sign in room for room in job.rooms):
        return None
    return KeyCode.SEVERAL_ROOMS, plain(", ".join(job.rooms), _SHOWN)


def _about_arrival(rules: Rules, job: KeyJob, now: datetime) -> _Found:
    is_early = begins_later(job, rules.hotel, now) and not rules.allow_precheckin
    return (KeyCode.EARLY, f"{job.start.astimezone(rules.hotel):%-d %B %Y}") if is_early else None


def _about_proof(rules: Rules, slot: Slot) -> _Found:
    return None if rules.may_ask(slot) else (KeyCode.UNCONFIRMED, "")


def _about_user(rules: Rules, job: KeyJob, slot: Slot) -> _Found:
    if slot not in MOBILE_SLOTS or requests.user(rules.profile, job).strip():
        return None
    is_contact = rules.profile.mobile.user.value is UserId.CONTACT
    return (KeyCode.NO_CONTACT if is_contact else KeyCode.NO_STAY), ""


def _about_areas(rules: Rules, job: KeyJob, slot: Slot) -> _Found:
    if not job.areas:
        return None
    is_proven = rules.allow_unconfirmed or not _new_doubts(rules, slot, areas=True)
    sign = rules.profile.areas.separator.value
    if rules.profile.areas.use.value and is_proven and not any(sign in area for area in job.areas):
        return None
    return KeyCode.AREAS, plain(", ".join(job.areas), _SHOWN)


def _about_copies(rules: Rules, job: KeyJob, slot: Slot) -> _Found:
    if job.copies == 1:
        return None
    is_proven = rules.allow_unconfirmed or not _new_doubts(rules, slot, copies=True)
    if rules.profile.duplicates.how.value is not Copies.REFUSE and is_proven and slot not in MOBILE_SLOTS:
        return None
    return KeyCode.COPIES, str(job.copies)


def _about_further(rules: Rules, job: KeyJob, slot: Slot) -> _Found:
    """A later order of a stay asks for a further card too (reference section 7, duplicate). The same request once
    more, "repeat", uses nothing that a first card does not."""
    if not job.joins or job.is_test or slot in MOBILE_SLOTS:
        return None
    how = rules.profile.duplicates.how
    is_unproven = isinstance(how.value, dict) and not (how.confirmed or rules.allow_unconfirmed)
    return (KeyCode.FURTHER, "") if how.value is Copies.REFUSE or is_unproven else None


def _about_dates(rules: Rules, job: KeyJob, slot: Slot) -> _Found:
    sent = [job.start] if sends_start(rules.profile, slot) else []
    try:
        for moment in (*sent, *([job.end] if job.end else [])):
            text(rules.profile.dates, rules.hotel, moment)
    except NotWritable:
        return KeyCode.DATES, ""
    return None


def _new_doubts(
    rules: Rules, slot: Slot, *, areas: bool = False, copies: bool = False, rooms: bool = False
) -> set[str]:
    """What areas, copies or several rooms need beyond a plain key that is not confirmed."""
    with_it = unconfirmed(rules.profile, slot, areas=areas, copies=copies, rooms=rooms)
    return set(with_it) - set(unconfirmed(rules.profile, slot))
