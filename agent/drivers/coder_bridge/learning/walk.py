"""The whole lesson in its order: looks first, then a guest key, then what goes beyond it; how it ended. No I/O.

Never tries what a proved entry says already, and says of each entry without proof why it has none.
"""

from msgspec import Struct

from agent.drivers.coder_bridge.learning.entries import unproven
from agent.drivers.coder_bridge.learning.guest_key import learn_guest_key, prepare
from agent.drivers.coder_bridge.learning.lesson import STOP, Lesson
from agent.drivers.coder_bridge.learning.looks import look_around
from agent.drivers.coder_bridge.learning.more import (
    Part,
    cancel_keys,
    learn_areas,
    learn_later_key,
    learn_mobile,
    learn_reading,
    learn_rooms,
    learn_second_card,
)
from agent.drivers.coder_bridge.learning.names import KeySearch
from agent.drivers.coder_bridge.learning.paths import SKIP
from agent.drivers.coder_bridge.learning.stay import telling
from agent.drivers.coder_bridge.learning.steps import Choice, Flow, Question, Stopped
from agent.drivers.coder_bridge.protocol.profile import grouped, unconfirmed
from agent.drivers.coder_bridge.protocol.words import Slot


class Ended(Struct, frozen=True):
    """How a lesson ended. `is_ready`: a key can be cut with what is proved. `lines` tell all of it."""

    is_ready: bool
    lines: tuple[str, ...]


class _Offer(Struct, frozen=True):
    name: str
    slot: Slot
    questions: int  # that it takes where all goes well, its offer included
    learn: Part


_OFFERS = (
    _Offer("special areas on a key", Slot.CONFIG_SPECIAL_AREAS, 5, learn_areas),
    _Offer("reading a card (put a test card on the encoder)", Slot.READ_CARD, 2, learn_reading),
    _Offer("a second card", Slot.GUEST_KEY, 4, learn_second_card),
    _Offer("a key for a stay that begins later", Slot.GUEST_KEY_PRECHECKIN, 4, learn_later_key),
    _Offer("checking rooms out", Slot.ROOM_CHECKOUT, 3, learn_rooms),
    _Offer("a mobile key", Slot.MOBILE_KEY, 4, learn_mobile(Slot.MOBILE_KEY)),
    _Offer("a mobile key by push", Slot.MOBILE_KEY_PUSH, 4, learn_mobile(Slot.MOBILE_KEY_PUSH)),
)


def learn(lesson: Lesson) -> Flow[Ended]:
    """The lesson; ends well also where it is stopped."""
    why = ""
    try:
        yield from look_around(lesson)
        yield from _act(lesson)
        yield from cancel_keys(lesson)
    except Stopped as stopped:
        why = str(stopped)
    return Ended(not unconfirmed(lesson.profile, Slot.GUEST_KEY), tuple(_lines(lesson, why)))


def _act(lesson: Lesson) -> Flow[None]:
    wanted = [offer for offer in _OFFERS if _is_open(lesson, offer)]
    if not unconfirmed(lesson.profile, Slot.GUEST_KEY) and not wanted:
        return
    yield from prepare(lesson)
    key: KeySearch | None = KeySearch(lesson, Slot.GUEST_KEY, telling(lesson.place.now(), lesson.place.zone))
    if unconfirmed(lesson.profile, Slot.GUEST_KEY):
        key = yield from learn_guest_key(lesson)
    for offer in wanted:
        if key is None:
            return
        if lesson.questions_left <= offer.questions:
            lesson.missing.append(f"{offer.name}: too few questions are left, begin again")
        elif (yield from _is_wanted(lesson, offer)):
            yield from offer.learn(lesson, key)


def _is_open(lesson: Lesson, offer: _Offer) -> bool:
    """Whether a part has anything to prove here."""
    profile = lesson.profile
    if offer.learn is learn_areas:
        return bool(lesson.areas) and bool(set(unconfirmed(profile, Slot.GUEST_KEY, areas=True)) & _AREAS)
    if offer.learn is learn_second_card:
        return not profile.duplicates.how.confirmed
    if offer.slot in (Slot.MOBILE_KEY, Slot.MOBILE_KEY_PUSH) and not lesson.place.mobile:
        return False
    prefix = f"calls.{offer.slot}."
    return any(name.startswith(prefix) for name in unconfirmed(profile, offer.slot))


_AREAS = {"areas.use", "areas.separator", "calls.guest_key.fields.areas"}
_ASKS_ITSELF = (
    Slot.READ_CARD,
    Slot.GUEST_KEY_PRECHECKIN,
    Slot.ROOM_CHECKOUT,
    Slot.MOBILE_KEY,
    Slot.MOBILE_KEY_PUSH,
)


def _is_wanted(lesson: Lesson, offer: _Offer) -> Flow[bool]:
    call = lesson.profile.calls[offer.slot]
    if offer.slot in _ASKS_ITSELF and not (call.path.confirmed and call.method.confirmed):
        return True  # its first question is which addresses may be tried
    question = Question(f"Shall {offer.name} be tried, too?", (Choice("yes", "yes"), SKIP, STOP))
    return (yield from lesson.ask(question)) is not SKIP


def _lines(lesson: Lesson, why: str) -> list[str]:
    lines = [why] if why else []
    needed = unconfirmed(lesson.profile, Slot.GUEST_KEY)
    lines.append(f"No key can be cut yet; not proved: {grouped(needed)}." if needed else "Keys can be cut.")
    lines += [f"Not found: {sentence}." for sentence in lesson.missing]
    rest = tuple(each for each in unproven(lesson.profile) if each not in needed and not each.startswith("rooms."))
    if rest:
        lines.append(f"Without proof, and refused until it has one: {grouped(rest)}.")
    if lesson.cards:
        lines.append(f"Collect the test cards: {lesson.cards}, for {lesson.room}.")
    return lines
