"""A provisioning file by questions: the laptop's `provision new`, and the serial console's. Pure.

    interview = Interview(old)
    while question := interview.question:
        complaint = interview.answer(typed)     # "" where it is taken
    content = interview.text()

Every answer is judged at once by the rules of the file: it is put into one that is otherwise good, which is read.
What the old file has and no question asks for stays; its comments do not.
"""

import copy
import re
from collections.abc import Collection, Iterator

import msgspec

from provisioning.codes import CONSOLE_GROUPS, PAGE_GROUPS, Choose, code
from provisioning.document import Document, decode, parse
from provisioning.problems import Level, Problem, ordinal
from provisioning.questions import (
    NONE,
    OFFERED,
    Asked,
    Kind,
    Value,
    first_document,
    questions,
    without_strange_encoders,
)
from provisioning.read import read
from provisioning.writing import written

LONGEST = 1000  # characters of an answer; a list of name servers has a hundred

_PROPOSAL = re.compile(r'(?:Write|Did you mean) "([^"]*)"')
_ANOTHER_LINE = re.compile(r" as on line \d+")


class Question(msgspec.Struct, frozen=True):
    """`name` tells it from all others. `help` says more, for `?`.

    An empty answer means `default`, where that is not None; `shown` is what a person may see of it. `is_secret`:
    what is typed is not to be seen. `choices` are the only answers, where there are any.
    """

    name: str
    text: str
    help: str
    default: str | None = None
    shown: str = ""
    is_secret: bool = False
    choices: tuple[str, ...] = ()


class Interview:
    """Begins with the values of `old`, where that can be read. `choose` picks one letter of a text by chance."""

    def __init__(self, old: bytes | None, choose: Choose | None = None) -> None:
        self._old = _document(old)
        self._answers: dict[str, Value] = {}
        self._typed: dict[str, str] = {}  # what was answered before `back`
        self._proposed: dict[str, str] = {}  # what was offered after a refusal
        self._asked: list[Asked] = []
        self._remark = ""
        choose = choose or _by_chance()
        self._codes = (code(choose, CONSOLE_GROUPS), code(choose, PAGE_GROUPS))
        self._state = self._judged(())  # with all answers so far
        self._next: Asked | None = self._following()

    @property
    def question(self) -> Question | None:
        """What has to be answered now; None when all is."""
        asked = self._next
        if asked is None:
            return None
        known = self._proposed.get(asked.name) or self._typed.get(asked.name)
        is_secret = asked.kind is Kind.HIDDEN
        usual = asked.shown or ("" if is_secret else asked.default or "")
        shown = ("the one before" if is_secret else known) if known else usual
        return Question(
            asked.name, asked.text, asked.help, known or asked.default, shown, is_secret, asked.choices
        )

    @property
    def remark(self) -> str:
        """A warning about the answer that was taken last; "" where there is none."""
        return self._remark

    def answer(self, text: str) -> str:
        """Take the answer, or say in one sentence why not; then the question stays. `?` gives its help.

        Raises ValueError when nothing is asked.
        """
        asked, question = self._next, self.question
        if asked is None or question is None:
            raise ValueError("nothing is asked")
        self._remark = ""
        written_text = text if asked.kind is Kind.HIDDEN else text.strip()
        if written_text == "?":
            return question.help
        if not written_text.strip():
            if question.default is None:
                return f"There has to be an answer. {question.help}"
            written_text = question.default
        return self._judge(asked, written_text)

    def back(self) -> None:
        """To the question before; stays at the first one."""
        if self._asked:
            asked = self._asked.pop()
            del self._answers[asked.name]
            self._proposed.clear()
            self._next = asked
            self._state = self._judged(self._asked)
        self._remark = ""

    def document(self) -> Document:
        """The tables of the file, with all that is answered."""
        return self._with(*self._asked)

    def text(self) -> bytes:
        """The file. Raises ValueError while something is asked."""
        if self._next is not None:
            raise ValueError("there are questions left")
        return written(self.document(), OFFERED).encode()

    def _judge(self, asked: Asked, text: str) -> str:
        value = _value(asked, text)
        if isinstance(value, _Refusal):
            return value.sentence
        self._answers[asked.name] = value
        after = self._judged((*self._asked, asked))
        if refusal := _refusal(asked, self._state, after):
            del self._answers[asked.name]
            self._propose(asked, refusal)
            return _sentence(asked, refusal)
        self._state = after
        self._remark = _remark(asked, after.problems)
        self._typed[asked.name] = text
        self._asked.append(asked)
        self._proposed.clear()
        self._next = self._following()
        return ""

    def _with(self, *asked: Asked) -> Document:
        document = first_document(copy.deepcopy(self._old))
        for each in asked:
            each.put(document, self._answers[each.name])
        return document

    def _judged(self, asked: Collection[Asked]) -> "_State":
        problems = read(written(self._with(*asked)).encode()).problems
        errors = [each for each in problems if each.level is Level.ERROR]
        to_come = list(self._to_come())
        later = [each for each in errors if any(_owns(question, each) for question in to_come)]
        return _State(problems, frozenset(map(_what, errors)), frozenset(map(_what, later)))

    def _to_come(self) -> Iterator[Asked]:
        """The questions without an answer: those that follow if each gets what it proposes."""
        answers = dict(self._answers)
        for asked in questions(answers, self._old or {}, *self._codes):
            if asked.name not in answers:
                value = _value(asked, asked.default or "")
                answers[asked.name] = None if isinstance(value, _Refusal) else value
                yield asked

    def _following(self) -> Asked | None:
        """The first question without an answer."""
        found = questions(self._answers, self._old or {}, *self._codes)
        return next((asked for asked in found if asked.name not in self._answers), None)

    def _propose(self, asked: Asked, refusal: Problem) -> None:
        """What the refusal proposes can be taken by an empty answer."""
        if (proposal := _PROPOSAL.search(refusal.write)) and asked.kind is Kind.TEXT:
            self._proposed[asked.name] = proposal[1]


class _Refusal(msgspec.Struct, frozen=True):
    sentence: str


_What = tuple[str, str]  # a problem's place and what is wrong there


class _State(msgspec.Struct, frozen=True):
    """What is wrong with the file as it is answered so far; `later` are the errors at places still asked for."""

    problems: tuple[Problem, ...]
    errors: frozenset[_What]
    later: frozenset[_What]


def _what(problem: Problem) -> _What:
    return problem.path, problem.wrong


def _document(old: bytes | None) -> Document | None:
    """The tables of the old file; None where there are none that can be read."""
    text = decode(old) if old else None
    document = parse(text) if isinstance(text, str) else None
    if old is None or not isinstance(document, dict):
        return None
    return document if read(old).provisioning else without_strange_encoders(document)


def _by_chance() -> Choose:
    import secrets  # here, because only a new file needs it

    return secrets.choice


def _value(asked: Asked, text: str) -> Value | _Refusal:
    """The value that was typed, as far as can be told without the rules."""
    if len(text) > LONGEST:
        return _Refusal(f"This is longer than {LONGEST} characters: write it shorter.")
    if any("\ud800" <= each <= "\udfff" for each in text):
        return _Refusal("This holds half a character: type it again.")
    if asked.is_optional and text.strip() == NONE:
        return None
    match asked.kind:
        case Kind.CHOICE | Kind.YES_NO:
            return _choice(asked, text)
        case Kind.LIST:
            parts = [part.strip() for part in text.split(",")]
            return list(filter(None, parts)) or _Refusal("This names none: write at least one.")
        case _:
            return text


def _choice(asked: Asked, text: str) -> Value | _Refusal:
    """The only choice that begins like this."""
    found = [choice for choice in asked.choices if choice.startswith(text.casefold())]
    if len(found) != 1:
        return _Refusal(f"Write one of {', '.join(asked.choices)}.")
    return found[0] == "yes" if asked.kind is Kind.YES_NO else found[0]


def _refusal(asked: Asked, before: _State, after: _State) -> Problem | None:
    """The error of this answer: at its own place, or one that was not there without it, or that had been left to
    questions which are now not asked. Errors at places that are still asked for are theirs."""
    leads_on = not asked.keys or asked.kind is Kind.YES_NO  # the questions behind it make good what is missing
    dropped = before.later - after.later
    for each in after.problems:
        if _what(each) not in after.errors - after.later:
            continue
        if _what(each) in dropped or (not leads_on and (_owns(asked, each) or _what(each) not in before.errors)):
            return each
    return None


def _remark(asked: Asked, after: Collection[Problem]) -> str:
    warnings = (each for each in after if each.level is Level.WARNING and _owns(asked, each))
    return " ".join(f"{each.path} {_without_lines(each.wrong)}. {each.write}." for each in warnings)


def _owns(asked: Asked, problem: Problem) -> bool:
    """Whether a problem is at the place that is asked for, or in the list there."""
    return bool(asked.keys) and re.fullmatch("".join(_pattern(asked)), problem.path) is not None


def _pattern(asked: Asked) -> Iterator[str]:
    """The place as people count, with the name that one of a list may be called by."""
    section, *keys = asked.keys
    yield re.escape(str(section))
    if section == "visionline":
        yield ", the 1st"
    for key in keys:
        yield rf', the {ordinal(key + 1)}(?: \(".*"\))?' if isinstance(key, int) else rf"(?:\.|, ){re.escape(key)}"
    yield r"(?:, the \d+\w\w)?"


def _sentence(asked: Asked, refusal: Problem) -> str:
    wrong = _without_lines(refusal.wrong)
    if not _owns(asked, refusal):
        wrong = f"With this, {refusal.path} {wrong}"
    elif not wrong.startswith('"'):  # which repeats the answer
        wrong = f"This {wrong}"
    return f"{wrong}. {refusal.write}."


def _without_lines(text: str) -> str:
    """Lines of a file that no one has seen yet say nothing."""
    return _ANOTHER_LINE.sub(" as one before", text)
