"""What the lock system takes the end of a test key for: by its own screen, by its card, or by a door. No I/O.

Never takes "it was accepted" for "it was understood".
"""

from datetime import datetime

from agent.drivers.coder_bridge.learning.entries import Finding
from agent.drivers.coder_bridge.learning.lesson import STOP, Lesson
from agent.drivers.coder_bridge.learning.names import KeySearch
from agent.drivers.coder_bridge.learning.stay import (
    Stay,
    differs,
    has_offset,
    has_time,
    in_one_zone,
    over,
    readings,
)
from agent.drivers.coder_bridge.learning.steps import Choice, Flow, Question, Stopped
from agent.drivers.coder_bridge.protocol.words import Zone

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_TRANSLATED = {Zone.HOTEL: Zone.UTC, Zone.UTC: Zone.HOTEL}


def check_dates(lesson: Lesson, key: KeySearch, stay: Stay) -> Flow[bool]:
    """Find out how the end of the last key is read; False where that could not be told."""
    dates = lesson.profile.dates
    if all(entry.confirmed for entry in (dates.pattern, dates.zone, dates.precision)):
        return True
    meant, other = readings(stay.end, dates, lesson.place.zone)
    question, exact, shifted, day, unseen = _question(dates.pattern.value, meant, other)
    choice = yield from lesson.ask(question)
    if choice is unseen:
        is_told = yield from _by_door(lesson, key)
        yield from lesson.settle()
        return is_told
    if choice is shifted:
        yield from _other_zone(lesson)
    elif choice not in (exact, day):
        raise Stopped("The lock system reads the end of the key otherwise: with these dates no key is safe.")
    return True


def day_in_words(moment: datetime) -> str:
    """A day that can be read in one way alone."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def _question(pattern: str, meant: datetime, other: datetime) -> tuple[Question, Choice, Choice, Choice, Choice]:
    is_timed = has_time(pattern)
    exact = Choice("exact", f"{day_in_words(meant)} at {meant:%H:%M}")
    shifted = Choice("shifted", f"{day_in_words(other)} at {other:%H:%M}")
    day = Choice("day", f"{day_in_words(meant)}, without a time or with another one")
    unseen = Choice("unseen", "that cannot be seen anywhere")
    is_told_apart = is_timed and not has_offset(pattern) and meant != other
    offered = [exact] * is_timed + [shifted] * is_told_apart + [day, Choice("other", "another day"), unseen, STOP]
    text = "Look at the key on the lock system's own screen, or read the card there: when does it end?"
    return Question(text, tuple(offered)), exact, shifted, day, unseen


def _by_door(lesson: Lesson, key: KeySearch) -> Flow[bool]:
    pattern = lesson.profile.dates.pattern.value
    now = lesson.place.now()
    if (yield from key.opens(*over(now, pattern, lesson.place.zone), "a key whose end is over")):
        lesson.missing.append("how the end of a key is read: a card whose end is over opens the door all the same")
        return False
    if not has_time(pattern) or has_offset(pattern):
        return True
    if not differs(now, lesson.place.zone):
        lesson.missing.append("the zone of a key's dates: just now the hotel's clock is too near to UTC to tell")
        return False
    start, end, good_in = in_one_zone(now, lesson.place.zone)
    is_good = yield from key.opens(start, end, "a key that is over in one of two zones")
    zone = good_in if is_good else _TRANSLATED[good_in]
    if zone is not lesson.profile.dates.zone.value:
        yield from _other_zone(lesson)
    return True


def _other_zone(lesson: Lesson) -> Flow[None]:
    zone = _TRANSLATED[lesson.profile.dates.zone.value]
    finding = Finding(zone.value, f"{lesson.source}: tried", is_proved=False)
    yield from lesson.prove({"dates.zone": finding}, f"Dates are read as {zone} time.")
