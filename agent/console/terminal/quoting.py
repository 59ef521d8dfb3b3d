"""Words on a line, with "double quotes" around what has spaces. Pure.

A quote may begin and end anywhere in a word; within quotes `""` is a `"`. So a place is quoted if the number of
quotes before it is odd, and nothing else has to be escaped.
"""

import re
from typing import NamedTuple

from agent.foundation.errors import UserMistake

_BARE = re.compile(r"""[^\s"?]+""")  # what needs no quotes; a ? outside of them asks for help
_PIECE = re.compile(r'"(?P<quoted>(?:[^"]|"")*)(?P<end>"?)|(?P<gap>\s+)|(?P<bare>[^\s"]+)')


class Begun(NamedTuple):
    """A line up to the cursor: the whole words, the one that is begun (empty after a space), and where."""

    words: list[str]
    word: str
    is_quoted: bool


class Completion(NamedTuple):
    """What a completion does to the line: `put` in the place of so many letters before the cursor."""

    put: str
    instead_of: int


def words(text: str) -> list[str]:
    """The words of a line. Raises `UserMistake` if a quote is not ended."""
    found = begun(f"{text} ")
    if found.is_quoted:
        raise UserMistake('A quote is begun and not ended: write " at the end of the name as well.')
    return found.words


def begun(text: str) -> Begun:
    """The words of a line up to the cursor."""
    whole: list[str] = []
    word: str | None = None
    is_quoted = False
    for piece in _PIECE.finditer(text):
        if not piece["gap"]:
            word = (word or "") + (piece["bare"] or piece["quoted"].replace('""', '"'))
            is_quoted = not piece["bare"] and not piece["end"]
        elif word is not None:
            whole.append(word)
            word = None
    return Begun(whole, word or "", is_quoted)


def quoted(word: str) -> str:
    """A word as it is written on a line."""
    return word if _BARE.fullmatch(word) else f'"{_doubled(word)}"'


def completion(text: str, word: str, *, is_whole: bool) -> Completion:
    """What makes the word that `text` ends with read `word`; a whole word is followed by a space."""
    if not is_whole and word == begun(text).word:
        return Completion("", 0)
    raw = text[_last_start(text) :]
    is_bare = _BARE.fullmatch(word) and not raw.startswith('"')
    written = word if is_bare else f'"{_doubled(word)}' + '"' * is_whole
    written += " " * is_whole
    return Completion(written[len(raw) :], 0) if written.startswith(raw) else Completion(written, len(raw))


def _last_start(text: str) -> int:
    """Where the word begins that `text` ends with."""
    gaps = [piece.end() for piece in _PIECE.finditer(text) if piece["gap"]]
    return gaps[-1] if gaps else 0


def _doubled(word: str) -> str:
    return word.replace('"', '""')
