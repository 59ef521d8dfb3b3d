"""The safe part of a lesson: the rooms, what an unknown address looks like, and the lists, by GET alone. No I/O.

Never sends a POST, and takes nothing for a list that an unknown address gives too
(reference/coder-bridge.md, section 4, warning 7).
"""

import re
from typing import Any

from agent.drivers.coder_bridge.learning import shapes, variants
from agent.drivers.coder_bridge.learning.entries import Finding, changed, entries
from agent.drivers.coder_bridge.learning.lesson import Lesson, remark
from agent.drivers.coder_bridge.learning.shapes import Known
from agent.drivers.coder_bridge.learning.steps import Flow, Heard
from agent.drivers.coder_bridge.protocol import lists, wire
from agent.drivers.coder_bridge.protocol.profile import Profile, unconfirmed
from agent.drivers.coder_bridge.protocol.verdicts import Ending
from agent.drivers.coder_bridge.protocol.words import Method, Slot
from agent.foundation.reading.text import sentence

NOWHERE = "/config/nightporter-asks-for-what-there-is-not"
_LISTS = {
    Slot.CONFIG_CHECKOUT_TIMES: "check-out times",
    Slot.CONFIG_SPECIAL_AREAS: "special areas",
}
_GROUPS = {Slot.CONFIG_CHECKOUT_TIMES: "checkout_times", Slot.CONFIG_SPECIAL_AREAS: "special_areas"}
_WORDS = {
    "id": ("id", "nr", "no", "number", "key", "code", "sa"),
    "name": ("name", "text", "title", "description", "desc", "label"),
    "time": ("time", "cotime", "checkout", "until", "hour", "at"),
}
_FIELD = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def look_around(lesson: Lesson) -> Flow[None]:
    """Learn all that can be learned without a card."""
    yield from _rooms(lesson)
    heard = yield from lesson.look(Slot.CONFIG_ROOMS, at_path(lesson.profile, Slot.CONFIG_ROOMS, NOWHERE))
    lesson.unknown_page = (heard.status, heard.body)
    for slot, name in _LISTS.items():
        if lesson.profile.calls[slot].method.value is Method.GET:
            yield from _list(lesson, slot, name)


def at_path(profile: Profile, slot: Slot, path: str, method: Method | None = None) -> Profile:
    """The profile with a call at another address, as a guess for one request: it breaks no rule by that."""
    call = profile.calls[slot]
    findings = {f"calls.{slot}.path": Finding(path, "tried", is_proved=call.path.confirmed)}
    if method is not None:
        findings[f"calls.{slot}.method"] = Finding(method.value, "tried", is_proved=call.method.confirmed)
    return changed(profile, findings)


def is_unknown(lesson: Lesson, heard: Heard) -> bool:
    """Whether an answer is the one of an address that surely is none."""
    return heard.status in (404, 405, 501) or (heard.status, heard.body) == lesson.unknown_page


def _rooms(lesson: Lesson) -> Flow[None]:
    heard = yield from lesson.look(Slot.CONFIG_ROOMS, lesson.profile)
    rooms = wire.rooms(heard.body, lesson.profile.answers)
    if rooms is None:
        yield from remark(sentence(f"The box is logged in. The list of rooms did not come: {heard.words}"))
        return
    lesson.rooms = tuple(room.name for room in rooms)
    lesson.date_hint = next(filter(None, (shapes.date_pattern(room.until) for room in rooms)), "")
    names = [f"calls.config_rooms.{part}" for part in ("method", "path", "answer")]
    if not all(entries(lesson.profile)[name].confirmed for name in names):
        yield from lesson.prove(lesson.found(*names), "The list of rooms is proved.")
    yield from remark(f"The box is logged in; the lock system lists {len(rooms)} rooms.")


def _list(lesson: Lesson, slot: Slot, name: str) -> Flow[None]:
    own = lesson.profile.calls[slot].path
    paths = (own.value,) if own.confirmed else variants.in_order(own.value, variants.PATHS[slot])
    for path in paths:
        profile = at_path(lesson.profile, slot, path)
        heard = yield from lesson.look(slot, profile)
        found = None if heard.is_lost or is_unknown(lesson, heard) else shapes.rows(heard.body)
        if found is not None and _is_done(heard):
            yield from _found(lesson, slot, name, profile, heard, *found)
            return
    lesson.missing.append(f"the list of {name}: it is at none of {', '.join(paths)}")


def _is_done(heard: Heard) -> bool:
    return heard.ending is Ending.DONE or (200 <= heard.status < 300 and heard.ending is not Ending.REFUSED)


def _found(
    lesson: Lesson, slot: Slot, name: str, profile: Profile, heard: Heard, member: str, rows: tuple[Any, ...]
) -> Flow[None]:
    before = unconfirmed(lesson.profile, slot)
    lesson.profile = changed(profile, _names(lesson, slot, member, rows))
    if before:
        answer = f"calls.{slot}.answer"
        shown = [each for each in before if not each.startswith("lists.") or _is_seen(each, rows)]
        findings = lesson.found(*shown)
        if answer in findings:
            findings[answer] = with_shape(lesson, findings[answer], heard)
        if slot is Slot.CONFIG_SPECIAL_AREAS and not rows and not profile.areas.use.confirmed:
            findings["areas.use"] = Finding(False, f"{lesson.source}: the list of areas is empty")
        yield from lesson.prove(findings, f"The list of {name} is proved: it has {len(rows)}.")
    if slot is Slot.CONFIG_SPECIAL_AREAS:
        listed = lists.areas(heard.body, lesson.profile.lists.special_areas, lesson.profile.answers) or ()
        lesson.areas = tuple((area.id, area.name) for area in listed)
        yield from remark(
            "Special areas: " + (", ".join(f"{name} ({id})" for id, name in lesson.areas) or "none") + "."
        )


def _names(lesson: Lesson, slot: Slot, member: str, rows: tuple[Any, ...]) -> dict[str, Finding]:
    """What the list's own names are, by what such names are called, as guesses."""
    prefix = f"lists.{_GROUPS[slot]}"
    first = rows[0] if rows and isinstance(rows[0], tuple) else ()
    seen = {name.casefold(): name for name in first}
    found = {f"{prefix}.list": member} if member else {}
    for part, words in _WORDS.items():
        entry = entries(lesson.profile).get(f"{prefix}.{part}")
        if entry is not None:
            name = next((seen[word] for word in (entry.value.casefold(), *words) if word in seen), None)
            found |= {f"{prefix}.{part}": name} if name else {}
    return {
        name: Finding(value, f"{lesson.source}: seen", is_proved=False)
        for name, value in found.items()
        if _FIELD.fullmatch(value)
    }


def _is_seen(entry: str, rows: tuple[Any, ...]) -> bool:
    """Whether a list shows what an entry says: a bare list has no name, nor have the parts of plain texts."""
    part = entry.rpartition(".")[2]
    if part == "list":
        return True
    if not rows:
        return False
    return not isinstance(rows[0], tuple) or any(
        word in map(str.casefold, rows[0]) for word in _WORDS.get(part, ())
    )


def with_shape(lesson: Lesson, finding: Finding, heard: Heard) -> Finding:
    """A finding whose source tells the shape of the answer that proved it, without any value in it."""
    shape = shapes.shape(
        heard.body, lesson.profile.answers, Known(dict.fromkeys(map(str.casefold, lesson.rooms), "room"))
    )
    return Finding(finding.value, f"{lesson.source}; HTTP {heard.status}: {shapes.words(shape)}")
