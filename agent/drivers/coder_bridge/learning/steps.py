"""What learning a site asks for, one step after the other, and what comes back. No I/O.

A lesson is a generator: it yields a step and is sent the reply. Who drives it asks people and the bridge, and does
nothing of its own: no request that was not yielded, and none twice.
"""

from collections.abc import Generator
from typing import TypeAlias, TypeVar

from msgspec import Struct

from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.drivers.coder_bridge.protocol.verdicts import Ending
from agent.drivers.coder_bridge.protocol.words import Slot
from agent.foundation.reading.text import plain

LONGEST_ANSWER = 200  # characters; an e-mail address, a path


class Choice(Struct, frozen=True):
    """A word that may be typed, and what it means. `allows_card`: with it the person agrees that a card is cut."""

    word: str
    text: str
    allows_card: bool = False


class Question(Struct, frozen=True):
    """What the person is asked: one of the `choices`, or a text where there are none.

    The reply is what was typed, None where there is no one to ask. `is_personal`: the reply is kept nowhere.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    is_personal: bool = False


class Experiment(Struct, frozen=True):
    """One request, as `profile` has its slot; the reply is `Heard`. `may_act`: it is no mere look.

    `waits_for_card`: the encoder may wait for a person, so the key's deadline holds.
    """

    slot: Slot
    profile: Profile
    fields: dict[str, str] = {}
    may_act: bool = False
    waits_for_card: bool = False


class Heard(Struct, frozen=True):
    """What came of an experiment: how it ended, the bridge's words (cleaned), its answer.

    `is_lost`: it went out and no whole answer came. `is_unsent`: surely nothing was asked, `words` say why.
    """

    ending: Ending = Ending.UNREADABLE
    words: str = ""
    status: int = 0
    body: bytes = b""
    code: str = ""
    tid: str = ""
    is_lost: bool = False
    is_unsent: bool = False


class Proof(Struct, frozen=True):
    """Something was proved, or is the better guess: the profile as it is now. To be kept before the next step."""

    profile: Profile
    text: str


class Remark(Struct, frozen=True):
    """A sentence for the person, who need not answer."""

    text: str


Step: TypeAlias = Question | Experiment | Proof | Remark
Reply: TypeAlias = Heard | str | None
T = TypeVar("T")
Flow: TypeAlias = Generator[Step, Reply, T]


class Stopped(Exception):
    """The lesson ends here; `str()` says why, in a sentence."""


def chosen(question: Question, typed: str) -> Choice | None:
    """The choice that was typed, by its word or the beginning of one alone; None if it is none of them."""
    text = typed.strip().casefold().rstrip(".!")
    if not text:
        return None
    begun = [choice for choice in question.choices if choice.word.startswith(text)]
    exact = [choice for choice in begun if choice.word == text]
    found = exact or begun
    return found[0] if len(found) == 1 else None


def text_of(typed: str) -> str:
    """A typed text, on one line."""
    return plain(typed, LONGEST_ANSWER)
