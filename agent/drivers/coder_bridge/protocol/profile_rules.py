"""What no single entry of a site profile shows: requests that lack a field, answers no one could read. No I/O.

Each rule yields the name of an entry, what is wrong with it, and what to write.
Facts: reference/coder-bridge.md, sections 2, 4 and 5.
"""

from collections.abc import Iterator
from itertools import combinations

from agent.drivers.coder_bridge.protocol import validity, wire
from agent.drivers.coder_bridge.protocol.profile import (
    MOBILE_SLOTS,
    NO_STANDARD,
    REFUSE,
    Answers,
    Call,
    Profile,
    sends_start,
)
from agent.drivers.coder_bridge.protocol.words import Method, Precision, Role, Shape, Slot, WhenNone
from agent.drivers.lock_server.json_body import LONGEST_ID
from agent.foundation.reading.text import plain

Finding = tuple[str, str, str]

LEAST_KEY_SECONDS = 10  # s; somebody has to take a card and hold it to the encoder
LEAST_TOKEN_SECONDS = 10  # s; a token that lives shorter is old before the key is asked for
PATTERN_CHARACTERS = 60  # characters
_ANSWERS = {  # what the driver reads; a key whose answer has no result would never be known to be cut
    Slot.AUTH: Shape.TOKEN,
    Slot.CONFIG_ROOMS: Shape.ROOMS,
    Slot.CONFIG_CHECKOUT_TIMES: Shape.LIST,
    Slot.CONFIG_SPECIAL_AREAS: Shape.LIST,
}
_MEMBERS = ("result", "msg", "data")  # of every answer but a list of rooms
_GUEST_KEYS = frozenset({Slot.GUEST_KEY, Slot.GUEST_KEY_PRECHECKIN})
_SAME_REQUEST = (_GUEST_KEYS, MOBILE_SLOTS)  # one call may serve both: dates, or an address, tell them apart
_NEEDED = {
    Slot.AUTH: {Role.USERNAME, Role.PASSWORD},
    Slot.ROOM_CHECKIN: {Role.ROOM},
    Slot.ROOM_CHECKOUT: {Role.ROOM},
    Slot.GUEST_KEY: {Role.ROOM, Role.ENCODER, Role.END},
    Slot.GUEST_KEY_CHECKOUT: {Role.ROOM, Role.TID},
    Slot.GUEST_KEY_PRECHECKIN: {Role.ROOM, Role.ENCODER, Role.END},
    Slot.MOBILE_KEY: {Role.ROOM, Role.USER, Role.END},
    Slot.MOBILE_KEY_PUSH: {Role.ROOM, Role.USER, Role.END, Role.PUSH_ADDRESS},
    Slot.READ_CARD: {Role.ENCODER},
}


def broken_rules(profile: Profile) -> Iterator[Finding]:
    """Everything in this profile that the driver could not work with."""
    for slot, call in profile.calls.items():
        yield from _of_call(profile, slot, call)
    yield from _of_paths(profile)
    yield from _of_dates(profile)
    yield from _of_answers(profile.answers)
    yield from _of_token(profile)
    yield from _of_copies(profile)
    yield from _of_signs(profile)
    yield from _of_lists(profile)
    yield from _of_limits(profile)


def _of_call(profile: Profile, slot: Slot, call: Call) -> Iterator[Finding]:
    prefix = f"calls.{slot}"
    missing = sorted(_needed(profile, slot) - set(call.fields))
    if missing:
        yield f"{prefix}.fields", f"has no name for {' and '.join(missing)}", "Write the bridge's name for each"
    if call.fields and call.method.value is Method.GET:
        wrong = "is GET, which has no body: none of the fields would be sent"
        yield f"{prefix}.method", wrong, f'Write value = "{Method.POST}"'
    shape = _ANSWERS.get(slot, Shape.RESULT)
    if call.answer.value is not shape:
        yield (
            f"{prefix}.answer",
            f"is {call.answer.value}, which cannot tell success here",
            f'Write value = "{shape}"',
        )
    if any(part in (".", "..") for part in call.path.value.split("/")):
        yield f"{prefix}.path", "goes a folder up or stays in one", "Write the whole path, without . and .. in it"
    names = [entry.value.casefold() for entry in call.fields.values()]
    for role, entry in call.fields.items():
        if names.count(entry.value.casefold()) > 1:
            yield f"{prefix}.fields.{role}", f'"{entry.value}" stands for two fields', "Write a name of its own"


def _needed(profile: Profile, slot: Slot) -> set[Role]:
    needed = set(_NEEDED.get(slot, ()))
    if slot in _GUEST_KEYS and sends_start(profile, slot):
        needed.add(Role.START)
    has_areas = profile.areas.use.value or profile.areas.when_none.value is WhenNone.EMPTY_TEXT
    if slot in _GUEST_KEYS | MOBILE_SLOTS and has_areas:
        needed.add(Role.AREAS)
    return needed


def _of_paths(profile: Profile) -> Iterator[Finding]:
    """Two requests that look the same would do the wrong one of two things."""
    for (one, first), (other, second) in combinations(profile.calls.items(), 2):
        is_same = (first.method.value, first.path.value) == (second.method.value, second.path.value)
        if is_same and {one, other} not in _SAME_REQUEST:
            yield f"calls.{other}.path", f"is the path of calls.{one} too", "Write the path of each call"


def _of_dates(profile: Profile) -> Iterator[Finding]:
    pattern, precision = profile.dates.pattern.value, profile.dates.precision.value
    if not pattern.isprintable() or len(pattern) > PATTERN_CHARACTERS:
        yield "dates.pattern", "is no pattern on one line", 'Write it like "yyyy-MM-dd HH:mm"'
        return
    try:
        validity.check(pattern, precision)
    except validity.BadPattern as error:
        yield "dates.pattern", str(error), 'Write it like "yyyy-MM-dd HH:mm"'
        return
    if precision is Precision.DAY and {"HH", "mm"} & set(validity.letters(pattern)):
        wrong = 'has a time, which precision = "day" makes 00:00: keys would end before the last morning'
        yield "dates.pattern", wrong, 'Write precision = "minute", or a pattern without HH and mm'


def _of_answers(rules: Answers) -> Iterator[Finding]:
    success = wire.code(rules.success_code.value, rules)
    if success is None:
        wrong = "is blank, or a number in a text that number_types = strict does not read"
        yield "answers.success_code", wrong, "Write value = 0, or what the bridge sends"
    for code, words in rules.codes.value.items():
        read = wire.code(code, rules) or wire.code(_as_number(code), rules)
        if success is not None and read == success:
            yield "answers.codes", f'"{plain(code, 40)}" is the code of success', "Take it out of the codes"
        elif read != code:
            yield (
                "answers.codes",
                f'"{plain(code, 40)}" is read as "{read or ""}"',
                "Write each code as it is read",
            )
        if not words.strip():
            yield "answers.codes", f'"{plain(code, 40)}" has no words', "Write what it means, for the desk"
    for over in rules.cancelled_already.value:
        if success is not None and wire.code(over, rules) == success:
            yield (
                "answers.cancelled_already",
                f'"{plain(str(over), 40)}" is the code of success',
                "Take it out of the codes",
            )
    for status in rules.room_status.value:
        if not status or plain(status, LONGEST_ID) != status:
            yield (
                "answers.room_status",
                "has a status that no answer can have",
                "Write each without blanks around it",
            )


def _as_number(code: str) -> int | str:
    """The code as the number that an answer may have in its place."""
    return int(code) if code.strip().isdecimal() else code


def _of_token(profile: Profile) -> Iterator[Finding]:
    if profile.token.field.value.casefold() in _MEMBERS:
        yield "token.field", "is the name of another member of the answer", 'Write value = "value"'
    seconds = profile.token.assumed_seconds.value
    if isinstance(seconds, int | float) and seconds < LEAST_TOKEN_SECONDS:
        wrong = f"is less than {LEAST_TOKEN_SECONDS} s: the token would be old before a key is asked for"
        yield "token.assumed_seconds", wrong, 'Write value = "none", or the real number of seconds'


def _of_copies(profile: Profile) -> Iterator[Finding]:
    more = profile.duplicates.how.value
    if not isinstance(more, dict):
        return
    if not more:
        yield "duplicates.how", "adds no field", 'Write value = "repeat" to repeat the same request'
    fields = (entry for slot in _GUEST_KEYS for entry in profile.calls[slot].fields.values())
    names = {entry.value.casefold() for entry in fields}
    for name in more:
        if name.casefold() in names:
            yield "duplicates.how", f'"{name}" is a field of calls.guest_key already', "Write another name"


def _of_signs(profile: Profile) -> Iterator[Finding]:
    """What stands between areas, and between rooms."""
    signs = {"areas.separator": profile.areas.separator.value}
    if profile.several_rooms.separator.value != REFUSE:
        signs["several_rooms.separator"] = profile.several_rooms.separator.value
    for name, sign in signs.items():
        if sign.isalnum() or not sign.isprintable():
            wrong = (
                f"cannot be told from the {name.partition('.')[0].replace('several_', '')} that it stands between"
            )
            yield name, wrong, 'Write a sign like value = ","'


def _of_lists(profile: Profile) -> Iterator[Finding]:
    standard = profile.lists.checkout_times.standard.value
    if not standard.strip() or plain(standard, LONGEST_ID) != standard:
        wrong = "is no id or name that a list can have"
        yield "lists.checkout_times.standard", wrong, f'Write it as the list has it, or value = "{NO_STANDARD}"'


def _of_limits(profile: Profile) -> Iterator[Finding]:
    if profile.limits.key_seconds.value < LEAST_KEY_SECONDS:
        wrong = f"is less than {LEAST_KEY_SECONDS} s, in which no one takes a card and holds it to the encoder"
        yield "limits.key_seconds", wrong, "Write value = 90"
