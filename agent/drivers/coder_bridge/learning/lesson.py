"""One lesson: what is known so far, and the few ways to ask a person or the bridge. No I/O.

Never has a request made that may cut a card without the person's word for that very one, and asks no more than 25
questions. Whatever fits nothing ends the lesson (`Stopped`).
"""

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo

from msgspec import Struct

from agent.drivers.coder_bridge.learning.entries import Finding, changed, entries
from agent.drivers.coder_bridge.learning.steps import (
    Choice,
    Experiment,
    Flow,
    Heard,
    Proof,
    Question,
    Remark,
    Stopped,
    chosen,
    text_of,
)
from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.drivers.coder_bridge.protocol.verdicts import Ending
from agent.drivers.coder_bridge.protocol.words import Slot
from agent.foundation.reading.text import sentence

QUESTIONS = 25  # in one lesson; more than that no one answers with care
TRIES = 20  # requests that may cut a card, in one lesson; each is agreed to by itself

STOP = Choice("stop", "end here")
YES, NO = Choice("yes", "yes"), Choice("no", "no")
_REFUSED = (Ending.REFUSED, Ending.NOT_ACCEPTED)


class Place(Struct, frozen=True):
    """Where the lesson takes place: encoders by identifier (and which issue mobile keys), the hotel's zone, the
    time in UTC."""

    encoders: Mapping[str, str]
    zone: tzinfo
    now: Callable[[], datetime]
    mobile: tuple[str, ...] = ()

    @property
    def cutting(self) -> tuple[str, ...]:
        """The encoders that cut cards."""
        return tuple(id for id in self.encoders if id not in self.mobile)


class Lesson:
    """What is known, and what may still be asked. `profile` is what the site is taken to be just now."""

    def __init__(self, profile: Profile, place: Place) -> None:
        self.profile, self.place = profile, place
        self.source = f"supervised test on site, {place.now().astimezone(place.zone):%Y-%m-%d}"
        self.questions_left = QUESTIONS
        self.tries_left = TRIES
        self.encoder = self.room = ""
        self.rooms: tuple[str, ...] = ()
        self.areas: tuple[tuple[str, str], ...] = ()
        self.keys: list[str] = []  # tids of the keys that were cut
        self.cards = 0  # that the bridge says it cut, or that a person saw
        self.date_hint = ""  # the pattern in which the bridge itself writes dates
        self.missing: list[str] = []  # sentences: what could not be found
        self.unknown_page: tuple[int, bytes] | None = None  # what an address gives that surely is none
        self.last_cut: Heard | None = None
        self.last_sent: dict[str, str] = {}  # the fields of the request that cut it
        self._open: Heard | None = None  # a try that no one has looked at yet

    def ask(self, question: Question) -> Flow[Choice]:
        """One of the question's choices; what is none of them is asked for once more."""
        for _ in range(2):
            typed = yield from self._typed(question)
            choice = chosen(question, typed)
            if choice is STOP:
                raise Stopped("You ended it.")
            if choice is not None:
                return choice
        words = ", ".join(choice.word for choice in question.choices)
        raise Stopped(f"The answer was none of {words}.")

    def ask_text(self, question: Question) -> Flow[str]:
        """A text; it may be empty."""
        typed = yield from self._typed(question)
        return text_of(typed)

    def look(self, slot: Slot, profile: Profile, fields: Mapping[str, str] | None = None) -> Flow[Heard]:
        """Make a request that touches no card and no door."""
        return (yield from self._experiment(Experiment(slot, profile, dict(fields or {}))))

    def act(
        self, slot: Slot, profile: Profile, fields: Mapping[str, str] | None = None, *, waits: bool = False
    ) -> Flow[Heard]:
        """Make a request that the person has agreed to."""
        experiment = Experiment(slot, profile, dict(fields or {}), may_act=True, waits_for_card=waits)
        return (yield from self._experiment(experiment))

    def try_key(self, slot: Slot, profile: Profile, fields: Mapping[str, str], what: str) -> Flow[Heard]:
        """Ask for one card, after the person has said so; `what` it tries, for the question.

        Of the card before it is asked in the same question. Returns only what is sure: cut, or refused.
        """
        if self.tries_left <= 0:
            yield from self.settle()
            raise Stopped(f"{TRIES} cards were asked for. Begin again: what was found is kept.")
        yield from self._agree(what)
        self.tries_left -= 1
        heard = yield from self.act(slot, profile, fields, waits=True)
        self._open = heard
        if heard.ending is Ending.UNREADABLE:
            yield from self._lost(heard)
        if heard.ending is Ending.DONE:
            self.cards += 1
            self.keys += [heard.tid] if heard.tid else []
            self.last_cut, self.last_sent = heard, dict(fields)
        return heard

    def settle(self) -> Flow[None]:
        """Ask about the last card, where no one has yet; what the person saw has to fit what the bridge said."""
        heard, self._open = self._open, None
        if heard is None:
            return
        question = Question(f"{self._said(heard)} Did {self.at} cut a card?", (YES, NO, STOP))
        is_cut = (yield from self.ask(question)) is YES
        self._compare(heard, is_cut)

    def door(self, text: str) -> Flow[bool]:
        """Whether the last card, which the bridge says it cut, opens a door; `text` asks for it."""
        if self._open is not None and self._open.ending is not Ending.DONE:
            yield from self.settle()
        self._open = None
        none = Choice("none", "no card was cut")
        choice = yield from self.ask(Question(text, (YES, NO, none, STOP)))
        if choice is none:
            raise Stopped("The lock system says that a card was cut, and there is none.")
        return choice is YES

    def look_at(self, heard: Heard) -> None:
        """Have the person asked, with the next question, whether this answer came with a card."""
        self._open = heard

    def prove(self, findings: Mapping[str, Finding], text: str) -> Flow[None]:
        """Keep what was found, and tell it."""
        self.profile = changed(self.profile, findings)
        yield Proof(self.profile, text)

    def found(self, *names: str) -> dict[str, Finding]:
        """The present values of these entries as proved here."""
        return proved(self.profile, self.source, *names)

    @property
    def at(self) -> str:
        """The encoder in words."""
        name = self.place.encoders.get(self.encoder, "")
        return f"encoder {self.encoder}" + (f" ({name})" if name and name != self.encoder else "")

    def _typed(self, question: Question) -> Flow[str]:
        if not self.questions_left:
            raise Stopped(f"{QUESTIONS} questions were asked. Begin again: what was found is kept.")
        self.questions_left -= 1
        typed = yield question
        if not isinstance(typed, str):
            raise Stopped("No one answers.")
        return typed

    def _experiment(self, experiment: Experiment) -> Flow[Heard]:
        heard = yield experiment
        assert isinstance(heard, Heard), "the reply to an experiment is what came of it"
        if heard.is_unsent:
            raise Stopped(sentence(f"The lock server could not be asked: {heard.words}"))
        return heard

    def _agree(self, what: str) -> Flow[None]:
        heard, self._open = self._open, None
        go = Choice("go", "ask for that card now: it will be cut", allows_card=True)
        asks = f"Now {what}: put a blank card on {self.at}."
        if heard is None:
            yield from self.ask(Question(f"{asks} A card will be cut. Go on?", (go, STOP)))
            return
        if heard.ending is Ending.DONE:
            go = Choice("go", "that card was cut; cut the next one now", allows_card=True)
            other = Choice("none", "no card was cut")
        else:
            go = Choice("go", "no card was cut; ask for the next one now: it may be cut", allows_card=True)
            other = Choice("card", "a card was cut all the same")
        choice = yield from self.ask(Question(f"{self._said(heard)} {asks}", (go, other, STOP)))
        self._compare(heard, (choice is go) is (heard.ending is Ending.DONE))

    def _lost(self, heard: Heard) -> Flow[None]:
        yield from self.settle()
        raise Stopped(f"The lock server did not say how it ended ({heard.words}): nothing can be told from that.")

    def _compare(self, heard: Heard, is_cut: bool) -> None:
        if heard.ending is Ending.DONE and not is_cut:
            raise Stopped("The lock system says that a card was cut, and there is none.")
        if heard.ending is not Ending.DONE and is_cut:
            self.cards += 1
            if heard.ending in _REFUSED:
                raise Stopped("The lock system refused it and cut a card all the same.")

    def _said(self, heard: Heard) -> str:
        if heard.ending is Ending.DONE:
            return "The lock system says that the card was cut."
        if heard.ending in _REFUSED:
            return f"Refused: “{heard.words}”."
        return f"There is no clear answer ({heard.words})."


def proved(profile: Profile, source: str, *names: str) -> dict[str, Finding]:
    """The values that these entries have in a profile, as proved."""
    known = entries(profile)
    return {name: Finding(known[name].value, source) for name in names}


def remark(text: str) -> Flow[None]:
    """Tell a sentence."""
    yield Remark(text)
