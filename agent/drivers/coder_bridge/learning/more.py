"""What goes beyond a plain guest key: reading a card, areas, a second card, keys for later, rooms, telephones.

Pure. Each part is offered first and may be left out; none is begun where too few questions are left for it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from agent.drivers.coder_bridge.learning import shapes, variants
from agent.drivers.coder_bridge.learning.entries import Finding, changed
from agent.drivers.coder_bridge.learning.lesson import NO, STOP, YES, Lesson, remark
from agent.drivers.coder_bridge.learning.looks import with_shape
from agent.drivers.coder_bridge.learning.names import KeySearch
from agent.drivers.coder_bridge.learning.paths import find_path
from agent.drivers.coder_bridge.learning.stay import Stay, telling, written
from agent.drivers.coder_bridge.learning.steps import Flow, Heard, Question
from agent.drivers.coder_bridge.protocol.profile import Entry, unconfirmed
from agent.drivers.coder_bridge.protocol.verdicts import Ending
from agent.drivers.coder_bridge.protocol.words import Copies, Role, Slot, UserId

_TEST_STAY = "night-porter-test"  # the id of a reservation that there is not
_A_DAY = timedelta(days=1)
Part = Callable[[Lesson, KeySearch], Flow[None]]


def learn_reading(lesson: Lesson, _key: KeySearch) -> Flow[None]:
    """How a card is read: proved by a test card that names its own room."""
    heard = yield from find_path(
        lesson,
        Slot.READ_CARD,
        "reading a card",
        may_skip=True,
        first=f"Put a test card on {lesson.at} and leave it there: it will be read. ",
    )
    if heard is None:
        return
    own = lesson.profile.calls[Slot.GUEST_KEY].name(Role.ENCODER)
    for name in variants.in_order(own, variants.FIELDS[Role.ENCODER]):
        guess = {f"calls.{Slot.READ_CARD}.fields.{Role.ENCODER}": Finding(name, "tried", is_proved=False)}
        profile = changed(lesson.profile, guess)
        heard = yield from lesson.act(Slot.READ_CARD, profile, {name: lesson.encoder}, waits=True)
        if heard.ending is Ending.DONE and lesson.room in dict(_card(heard)).values():
            lesson.profile = profile
            card = _card_names(lesson, heard)
            text = "How a card is read is proved: it named its room."
            yield from _prove(lesson, Slot.READ_CARD, heard, text, card)
            return
        if heard.ending in (Ending.DONE, Ending.UNREADABLE):
            break
    lesson.missing.append(f"how a card is read: the answer does not name room {lesson.room} ({heard.words})")


def learn_areas(lesson: Lesson, key: KeySearch) -> Flow[None]:
    """How a special area goes onto a key, and several."""
    (first, name), *others = lesson.areas
    field = f"calls.{Slot.GUEST_KEY}.fields.{Role.AREAS}"
    entry = lesson.profile.calls[Slot.GUEST_KEY].fields[Role.AREAS]
    for own in _candidates(entry, Role.AREAS):
        if (yield from _opens(lesson, key, f"a key that opens {name} too", {own: first}, f"{name}")):
            findings = {field: Finding(own, lesson.source), "areas.use": Finding(True, lesson.source)}
            yield from lesson.prove(findings, "How a special area goes onto a key is proved.")
            break
    else:
        lesson.missing.append(f"how a special area goes onto a key: none of them opened {name}")
        return
    if not others:
        lesson.missing.append("how several areas are written: the lock system has one")
        return
    second, other = others[0]
    for separator in variants.in_order(lesson.profile.areas.separator.value, variants.SEPARATORS):
        doors = f"both {name} and {other}"
        if (yield from _opens(lesson, key, f"a key for {doors}", {own: f"{first}{separator}{second}"}, doors)):
            yield from lesson.prove(
                {"areas.separator": Finding(separator, lesson.source)}, "So are several areas."
            )
            return
    lesson.missing.append("how several areas are written: no sign between them opened two")


def learn_second_card(lesson: Lesson, key: KeySearch) -> Flow[None]:
    """Whether a second card of an order is asked for by the same request, or makes the first one useless."""
    how = lesson.profile.duplicates.how.value
    first = yield from key.again("the first of two cards for one guest")
    more = how if isinstance(how, dict) else {}
    second = yield from key.again("the second card, by the same request" if not more else "the second card", more)
    if first.ending is not Ending.DONE or second.ending is not Ending.DONE:
        yield from lesson.settle()
        lesson.missing.append(f"how a second card is asked for: refused ({second.words})")
        return
    is_both = yield from lesson.door(f"Try the last two cards at the door of {lesson.room}: do both open it?")
    kept = how if more else Copies.REPEAT.value
    finding = Finding(kept if is_both else Copies.REFUSE.value, lesson.source)
    told = "is proved" if is_both else "is not known: more than one card in an order will be refused"
    yield from lesson.prove({"duplicates.how": finding}, f"How a second card is asked for {told}.")


def learn_later_key(lesson: Lesson, key: KeySearch) -> Flow[None]:
    """How a key is asked for that begins later: it is cut, and does not open yet."""
    slot = Slot.GUEST_KEY_PRECHECKIN
    first = yield from find_path(lesson, slot, "a key whose stay begins later", may_skip=True)
    if first is None:
        return
    if first.status:
        lesson.look_at(first)
    source = "as guest_key"
    known = {
        f"calls.{slot}.fields.{role}": Finding(names[0], source, is_proved=False)
        for role, names in key.names.items()
    }
    lesson.profile = changed(lesson.profile, known)
    stay = telling(lesson.place.now(), lesson.place.zone)
    later = KeySearch(lesson, slot, Stay(telling_start(stay), stay.end))
    if not (yield from later.run()):
        yield from lesson.settle()
        return
    text = f"This card is good from tomorrow on. Try it at the door of {lesson.room} now: does it open?"
    if (yield from lesson.door(text)):
        lesson.missing.append("how a key for later is asked for: the card opens the door today")
        return
    yield from _prove(lesson, slot, lesson.last_cut, "How a key for later is asked for is proved.")


def learn_rooms(lesson: Lesson, _key: KeySearch) -> Flow[None]:
    """How a room is checked out, after it was checked in by the proved call."""
    slot = Slot.ROOM_CHECKOUT
    if (yield from find_path(lesson, slot, "checking a room out (room management)", may_skip=True)) is None:
        return
    room = {lesson.profile.calls[Slot.ROOM_CHECKIN].name(Role.ROOM): lesson.room}
    before = yield from lesson.act(Slot.ROOM_CHECKIN, lesson.profile, room)
    heard = yield from lesson.act(slot, lesson.profile, {lesson.profile.calls[slot].name(Role.ROOM): lesson.room})
    if before.ending is not Ending.DONE or heard.ending is not Ending.DONE:
        lesson.missing.append(f"how a room is checked out: refused ({heard.words})")
        return
    text = f"Room {lesson.room} was checked in and out again. Does the lock system show it as free?"
    if (yield from lesson.ask(Question(text, (YES, NO, STOP)))) is YES:
        yield from _prove(lesson, slot, heard, "How a room is checked out is proved.")
    else:
        lesson.missing.append(f"how a room is checked out: {lesson.room} is not shown as free")


def learn_mobile(slot: Slot) -> Part:
    """How a key goes to a telephone: to the person's own, who says whether it came."""

    def learn(lesson: Lesson, _key: KeySearch) -> Flow[None]:
        text = "Write your own telephone number or e-mail for a mobile test key (kept nowhere), or nothing."
        contact = yield from lesson.ask_text(Question(text, is_personal=True))
        if not contact or (yield from find_path(lesson, slot, "a mobile key", may_skip=True)) is None:
            return
        heard = yield from lesson.act(slot, lesson.profile, _mobile(lesson, slot, contact))
        if heard.ending is not Ending.DONE:
            lesson.missing.append(f"how a mobile key is asked for: refused ({heard.words})")
            return
        question = Question(f"Did the key come to your telephone, and opens it {lesson.room}?", (YES, NO, STOP))
        if (yield from lesson.ask(question)) is YES:
            yield from _prove(lesson, slot, heard, "How a mobile key is asked for is proved.")
        else:
            lesson.missing.append("how a mobile key is asked for: it was taken, and no key came")

    return learn


def cancel_keys(lesson: Lesson) -> Flow[None]:
    """Make the test keys useless, where the person wants it."""
    if not lesson.keys or not lesson.questions_left:
        return
    count = len(lesson.keys)
    text = (
        f"Shall the {count} test key{'' if count == 1 else 's'} for {lesson.room} be cancelled at the lock system?"
    )
    if (yield from lesson.ask(Question(text, (YES, NO)))) is NO:
        return
    call = lesson.profile.calls[Slot.GUEST_KEY_CHECKOUT]
    refused = 0
    for tid in lesson.keys:
        fields = {call.name(Role.ROOM): lesson.room, call.name(Role.TID): tid}
        heard = yield from lesson.act(Slot.GUEST_KEY_CHECKOUT, lesson.profile, fields)
        refused += heard.ending is not Ending.DONE
    yield from remark(f"{count - refused} of {count} test keys were cancelled.")


def telling_start(stay: Stay) -> datetime:
    """Tomorrow, at the time of now."""
    return stay.start + _A_DAY


def _opens(lesson: Lesson, key: KeySearch, what: str, more: Mapping[str, str], doors: str) -> Flow[bool]:
    heard = yield from key.again(what, more)
    if heard.ending is not Ending.DONE:
        return False
    return (yield from lesson.door(f"Try this card at {doors}: does it open?"))


def _candidates(entry: Entry[str], role: Role) -> tuple[str, ...]:
    return (entry.value,) if entry.confirmed else variants.in_order(entry.value, variants.FIELDS[role])


def _card(heard: Heard) -> list[tuple[str, str]]:
    """What an answer says, by name, as texts."""
    said = shapes.members(heard.body)
    return [(name, str(value)) for name, value in said if isinstance(value, str | int)]


def _card_names(lesson: Lesson, heard: Heard) -> dict[str, Finding]:
    """The names in what a card says: those that hold what was put on it, and those that no card has."""
    said, fields = dict(_card(heard)), lesson.profile.calls[Slot.GUEST_KEY].fields
    known = {str(role): lesson.last_sent.get(entry.value, "") for role, entry in fields.items()}
    known |= {"room": lesson.room, "tid": lesson.keys[-1] if lesson.keys else ""}
    findings = {}
    for part in lesson.profile.card.__struct_fields__:
        own: str = getattr(lesson.profile.card, part).value
        seen = [name for name, text in said.items() if known.get(part) and text == known[part]]
        has_own = own.casefold() in map(str.casefold, said)
        if seen or not has_own or not known.get(part):
            own_seen = [name for name in seen if name.casefold() == own.casefold()]
            value = own if own_seen or not seen else seen[0]
            source = lesson.source if has_own or seen else f"{lesson.source}: a card does not say it"
            findings[f"card.{part}"] = Finding(value, source)
    return findings


def _prove(
    lesson: Lesson,
    slot: Slot,
    heard: Heard | None,
    text: str,
    more: Mapping[str, Finding] | None = None,
) -> Flow[None]:
    names = (name for name in unconfirmed(lesson.profile, slot) if name.startswith((f"calls.{slot}.", "mobile.")))
    findings = lesson.found(*names) | dict(more or {})
    answer = f"calls.{slot}.answer"
    if answer in findings and heard is not None:
        findings[answer] = with_shape(lesson, findings[answer], heard)
    yield from lesson.prove(findings, text)


def _mobile(lesson: Lesson, slot: Slot, contact: str) -> dict[str, str]:
    stay = telling(lesson.place.now(), lesson.place.zone)
    start, end = (written(moment, lesson.profile.dates, lesson.place.zone) for moment in (stay.start, stay.end))
    values = {
        Role.ROOM: lesson.room,
        Role.START: start,
        Role.END: end,
        Role.USER: contact if lesson.profile.mobile.user.value is UserId.CONTACT else _TEST_STAY,
        Role.PUSH_ADDRESS: contact,
    }
    fields = lesson.profile.calls[slot].fields
    return {entry.value: values[role] for role, entry in fields.items() if role in values}
