"""Where a call is that no one has seen: its address, asked with an empty request. No I/O.

Never goes on after an answer that a missing address does not give, and asks no address that the person has not
read and agreed to (reference/coder-bridge.md, section 4, warning 7). An empty request names neither room nor
encoder, so a lock system has to refuse it.
"""

from agent.drivers.coder_bridge.learning import variants
from agent.drivers.coder_bridge.learning.entries import Finding
from agent.drivers.coder_bridge.learning.lesson import STOP, Lesson
from agent.drivers.coder_bridge.learning.looks import at_path, is_unknown
from agent.drivers.coder_bridge.learning.steps import Choice, Flow, Heard, Question, Stopped
from agent.drivers.coder_bridge.protocol.verdicts import Ending
from agent.drivers.coder_bridge.protocol.words import Slot

SKIP = Choice("skip", "leave this out")
_LONGEST_PATH = 60  # characters
_DENIED = (401, 403)


def find_path(
    lesson: Lesson, slot: Slot, name: str, *, may_skip: bool = False, first: str = ""
) -> Flow[Heard | None]:
    """Find the call's address and method; the answer to an empty request there, None where it was not found.

    A proved address is not asked. `first` is what the person has to do before.
    """
    call = lesson.profile.calls[slot]
    if call.path.confirmed and call.method.confirmed:
        return Heard(Ending.REFUSED)
    paths = _candidates(lesson, slot)
    text = (
        f"{first}The address for {name} is not known. Empty requests (no room, no encoder, nothing in them) go to "
        f"{', '.join(paths)}, one after the other until one is known there. A lock system refuses an empty "
        f"request; should it act all the same, a card could be cut. Watch {lesson.at}. Go on?"
    )
    go = Choice("go", "send them", allows_card=True)
    if (yield from lesson.ask(Question(text, (go, SKIP, STOP) if may_skip else (go, STOP)))) is SKIP:
        return None
    heard = yield from _probe(lesson, slot, name, paths)
    if heard is None:
        heard = yield from _told(lesson, slot, name, paths)
    if heard is None:
        lesson.missing.append(f"the address for {name}: it is none of {', '.join(paths)}")
    return heard


def _candidates(lesson: Lesson, slot: Slot) -> tuple[str, ...]:
    """The profile's own and the table's, without those where another call is proved to be."""
    calls = lesson.profile.calls
    own = calls[slot].path
    taken = {call.path.value for other, call in calls.items() if other is not slot and call.path.confirmed}
    if own.confirmed:
        return (own.value,)
    listed = variants.in_order(own.value, variants.PATHS[slot])
    return tuple(path for path in listed if path not in taken and not path.startswith("/unknown/"))


def _probe(lesson: Lesson, slot: Slot, name: str, paths: tuple[str, ...]) -> Flow[Heard | None]:
    for path in paths:
        for method in variants.METHODS:
            profile = at_path(lesson.profile, slot, path, method)
            heard = yield from lesson.act(slot, profile)
            if not is_unknown(lesson, heard):
                yield from _judge(lesson, heard, path)
                findings = {f"calls.{slot}.path": path, f"calls.{slot}.method": method.value}
                source = f"{lesson.source}: it is known there"
                guesses = {key: Finding(value, source, is_proved=False) for key, value in findings.items()}
                yield from lesson.prove(guesses, f"{path} is known there, perhaps for {name}.")
                return heard
            if heard.status != 405:  # "not by this method"
                break
    return None


def _judge(lesson: Lesson, heard: Heard, path: str) -> Flow[None]:
    if heard.ending is Ending.NOT_ACCEPTED and heard.status in _DENIED:
        raise Stopped(f"{path} is not open to this account (HTTP {heard.status}).")
    if heard.ending in (Ending.DONE, Ending.UNREADABLE):
        lesson.look_at(heard)
        yield from lesson.settle()
        what = "took an empty request for one" if heard.ending is Ending.DONE else "gave no clear answer to one"
        raise Stopped(f"{path} {what} ({heard.words}): that fits nothing. Ask the vendor before anything else.")


def _told(lesson: Lesson, slot: Slot, name: str, tried: tuple[str, ...]) -> Flow[Heard | None]:
    text = (
        f"None of them is known there. If the vendor's papers name the address for {name}, write it like "
        f"{tried[0]} and an empty request goes there; else write nothing."
    )
    typed = yield from lesson.ask_text(Question(text))
    if not _is_path(typed):
        return None
    if typed in {call.path.value for other, call in lesson.profile.calls.items() if other is not slot}:
        return None
    return (yield from _probe(lesson, slot, name, (typed,)))


def _is_path(text: str) -> bool:
    is_plain = text.isascii() and text.replace("/", "").replace("_", "").replace("-", "").isalnum()
    return (
        is_plain
        and text.startswith("/")
        and "//" not in text
        and not text.endswith("/")
        and len(text) <= _LONGEST_PATH
    )
