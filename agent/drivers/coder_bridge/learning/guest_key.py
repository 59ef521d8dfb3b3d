"""How a guest key is asked for: its address, its fields, its dates, each told by a card that opens a door. No I/O.

Never proves more than was seen: a key that was cut, opened its door, and ends when it should.
"""

from agent.drivers.coder_bridge.learning.dates import check_dates
from agent.drivers.coder_bridge.learning.lesson import Lesson, remark
from agent.drivers.coder_bridge.learning.looks import with_shape
from agent.drivers.coder_bridge.learning.names import KeySearch
from agent.drivers.coder_bridge.learning.paths import find_path
from agent.drivers.coder_bridge.learning.stay import telling
from agent.drivers.coder_bridge.learning.steps import Flow, Question, Stopped
from agent.drivers.coder_bridge.protocol.profile import unconfirmed
from agent.drivers.coder_bridge.protocol.words import Slot

_SHOWN = 3  # rooms offered as an example


def learn_guest_key(lesson: Lesson) -> Flow[KeySearch | None]:
    """Prove all that a plain guest key needs; None where that did not come about."""
    first = yield from find_path(lesson, Slot.GUEST_KEY, "a guest key")
    if first is None:
        return None
    if first.status:
        lesson.look_at(first)
    stay = telling(lesson.place.now(), lesson.place.zone)
    key = KeySearch(lesson, Slot.GUEST_KEY, stay)
    if not (yield from key.run()):
        yield from lesson.settle()
        return None
    if not (yield from _opens(lesson)) or not (yield from check_dates(lesson, key, stay)):
        return None
    yield from _prove(lesson, key)
    return key


def prepare(lesson: Lesson) -> Flow[None]:
    """Ask where the cards are cut, and for which room."""
    lesson.encoder = yield from _encoder(lesson)
    lesson.room = yield from _room(lesson)
    yield from remark(
        f"Have some 15 blank cards ready at {lesson.at}. Most requests will be refused and cost none."
    )


def _encoder(lesson: Lesson) -> Flow[str]:
    cutting = lesson.place.cutting
    if not cutting:
        raise Stopped("The provisioning file has no encoder for cards.")
    if len(cutting) == 1:
        return cutting[0]
    names = "; ".join(f"{id} ({lesson.place.encoders[id]})" for id in cutting)
    typed = yield from lesson.ask_text(Question(f"Which encoder are you at? Write its number: {names}."))
    if typed not in cutting:
        raise Stopped("That is none of the encoders.")
    return typed


def _room(lesson: Lesson) -> Flow[str]:
    example = f", as the lock system has it ({', '.join(lesson.rooms[:_SHOWN])} ...)" if lesson.rooms else ""
    text = (
        f"Test cards open one room, which has to be free, and you at its door. Which one? Write its name{example}."
    )
    typed = yield from lesson.ask_text(Question(text))
    if not typed or (lesson.rooms and typed not in lesson.rooms):
        raise Stopped("The lock system has no room of that name.")
    return typed


def _opens(lesson: Lesson) -> Flow[bool]:
    text = f"Take the card that was cut last to the door of {lesson.room}: does it open?"
    if (yield from lesson.door(text)):
        return True
    lesson.missing.append(f"why a card that was cut does not open {lesson.room}: perhaps its dates, or its room")
    return False


def _prove(lesson: Lesson, key: KeySearch) -> Flow[None]:
    names = unconfirmed(lesson.profile, Slot.GUEST_KEY)
    findings = lesson.found(*names)
    answer = f"calls.{Slot.GUEST_KEY}.answer"
    if answer in findings and lesson.last_cut is not None:
        findings[answer] = with_shape(lesson, findings[answer], lesson.last_cut)
    yield from lesson.prove(findings, "How a guest key is asked for is proved: keys can be cut.")
