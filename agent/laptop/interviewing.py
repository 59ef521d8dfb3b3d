"""`nightporter provision new`: the interview in a terminal, and the file that it ends in."""

from collections.abc import Callable

from agent.foundation.errors import UserMistake
from agent.laptop.keeping import kept
from provisioning.document import Document, decode, parse
from provisioning.interview import Interview, Question
from provisioning.problems import Problem
from provisioning.schema import HINT
from provisioning.signature import to_sign

Ask = Callable[[str, bool], str]  # with these words, and whether what is typed is not to be seen
Say = Callable[[str], None]

_WELCOME = (
    "Enter takes what stands in [brackets], ? says more, < goes one back, Ctrl-C leaves everything as it is."
)
_BACK = "<"


def interviewed(old: bytes | None, ask: Ask, say: Say) -> bytes:
    """The file after all questions. Raises `UserMistake` for an old file that cannot be read, or if input ends."""
    text = _old_text(old)
    interview = Interview(old)
    say(_WELCOME)
    while (question := interview.question) is not None:
        _answer(interview, _ask(question, ask), say)
    document = interview.document()
    if text is None:
        return HINT.encode() + b"\n" + interview.text()
    return kept(text, _with_next_number(document, text)).encode()


def _old_text(old: bytes | None) -> str | None:
    """The old file as text, without a signature that will not be true any more."""
    if old is None:
        return None
    text = decode(to_sign(old))
    document = parse(text) if isinstance(text, str) else text
    if isinstance(document, Problem):
        raise UserMistake(f"The old file cannot be read, so mend it first, or name another file: {document.line}.")
    assert isinstance(text, str)
    return text


def _ask(question: Question, ask: Ask) -> str:
    choices = f" ({'/'.join(question.choices)})" if question.choices else ""
    shown = f" [{question.shown}]" if question.shown else ""
    try:
        return ask(f"{question.text}{choices}{shown}: ", question.is_secret)
    except EOFError:
        raise UserMistake("The input ended before the last question: nothing was written.") from None


def _answer(interview: Interview, typed: str, say: Say) -> None:
    if typed.strip() == _BACK:
        interview.back()
        return
    said = interview.answer(typed) or interview.remark
    if said:
        say(f"  {said}")


def _with_next_number(document: Document, old: str) -> Document:
    """A signed file that was changed needs a higher number."""
    signing = document.get("signing")
    if not isinstance(signing, dict) or not isinstance(signing.get("number"), int) or document == parse(old):
        return document
    return {**document, "signing": {**signing, "number": signing["number"] + 1}}
