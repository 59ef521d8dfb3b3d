"""Finds in a text the messages that it was made from, and says it with their translations. Pure.

A text is known as a whole, else sentence by sentence, else by what stands between its commas and colons: so a
summary, a note and a list are said, though no message holds all of them. What is not known stays as it is.
"""

import re
from collections.abc import Callable, Mapping
from itertools import islice
from typing import NamedTuple

from agent.languages.shapes import Found, Shapes, filled, words_of

DEEPEST = 6  # a value within a value within ...; our texts have three
LONGEST = 4000  # characters; a longer text is none of ours
_SENTENCE = re.compile(r"(?<=[.!?…])[ \n]+(?=\S)|\n+(?=\S)")  # a line ends one, too
_MOST_TOGETHER = 4  # sentences that one message has, and a few more
_MOST_SHAPES = 3  # messages with places that are compared for one text
_MOST_PARTS = 4096  # parts of texts that are remembered: many texts end in the same advice
_LONG_PART = 400  # characters; a longer one is forgotten with its text
# Names, and words of somebody else: what stands there is never a text of ours, whatever it looks like.
FOREIGN = frozenset({"encoder", "interface", "said", "doubts", "before", "after"})
_MOST_MARKS = 40  # that part a text into clauses; a list of ours has less, and each costs a look at all behind it
_SPLITS = ("; ", ": ", " (", ", ", " and ", " or ")
_JOINS = {" and ": " und ", " or ": " oder "}


class Said(NamedTuple):
    """A text in the other language, and how many letters of it are in none of our messages: `strange` ones. Those
    of texts without any word of ours are not `doubtful`: names, which no other reading makes less strange.
    """

    text: str
    strange: int
    doubtful: int = 0


class Speaker:
    """`known` are whole texts with their translations, `shapes` those of them that have places."""

    def __init__(self, known: Mapping[str, str], shapes: Shapes) -> None:
        self._known = known
        self._shapes = shapes
        self._words = {word.lower() for message in known for word in words_of(message)}
        self._parts: dict[str, tuple[int, Said | None]] = {}  # each with the depth at which it was looked at

    def say(self, text: str) -> str:
        """`text` in this language, as far as it is known."""
        if len(text) > LONGEST:
            return text
        return self._whole(text).text

    def strange(self, text: str) -> int:
        """How many letters of `text` are in none of our messages."""
        return self._whole(text).strange

    def _whole(self, text: str) -> Said:
        if len(self._parts) > _MOST_PARTS:
            self._parts.clear()
        said = self._said(text, DEEPEST)
        if len(text) > _LONG_PART:
            self._parts = {part: known for part, known in self._parts.items() if len(part) <= _LONG_PART}
        return said

    def _said(self, text: str, depth: int) -> Said:
        return self._tried(text, depth) or self._unknown(text)

    def _tried(self, text: str, depth: int) -> Said | None:
        """The translation that leaves the least as it is, None where nothing is known."""
        bare = text.strip()
        if depth == 0 or not _letters(bare) or _is_quoted(bare):
            return None
        looked_at, said = self._parts.get(bare, (0, None))
        if looked_at < depth and (said is None or said.strange):  # what is known to the last word stays so
            said = self._exact(bare)
            if said is None and self._has_our_words(bare):
                said = self._best(bare, depth)
            self._parts[bare] = (depth if " " in bare else DEEPEST, said)
        return said and Said(text.replace(bare, said.text, 1), said.strange, said.doubtful)

    def _has_our_words(self, text: str) -> bool:
        return not self._words.isdisjoint(map(str.lower, words_of(text)))

    def _unknown(self, text: str) -> Said:
        """A text that stays as it is."""
        letters = _letters(text)
        return Said(text, letters, letters if self._has_our_words(text) else 0)

    def _best(self, text: str, depth: int) -> Said | None:
        best: Said | None = None
        for way in (self._shaped, self._sentences, self._clauses) if " " in text else (self._shaped,):
            said = way(text, depth)
            # A message that holds the whole text is likelier than the same words in pieces.
            if said is not None and (best is None or said.strange < best.strange):
                best = said
            if best is not None and best.doubtful == 0:
                break
        return best

    def _exact(self, text: str) -> Said | None:
        """As one message, with or without the full stop and the capital that a sentence gets."""
        for variant, back in _variants(text):
            if variant in self._known:
                return Said(back(self._known[variant]), 0)
        whole = self._known.get(f"{text}.")  # the last clause of several, without the stop that ends them all
        return None if whole is None else Said(whole.removesuffix("."), 0)

    def _shaped(self, text: str, depth: int) -> Said | None:
        """As one message with places, the likeliest few of them tried."""
        best: Said | None = None
        for variant, back in _variants(text):
            for found in islice(self._shapes.of(variant), _MOST_SHAPES):
                said = self._filled(found, depth)
                if best is None or said.strange < best.strange:
                    best = Said(back(said.text), said.strange, said.doubtful)
                if best.doubtful == 0:
                    return best
        return best

    def _filled(self, found: Found, depth: int) -> Said:
        said = {
            place: Said(value, 0) if place in FOREIGN else self._said(value, depth - 1)
            for place, value in found.values.items()
        }
        text = filled(self._known[found.message], {place: value.text for place, value in said.items()})
        values = said.values()
        return Said(text, sum(value.strange for value in values), sum(value.doubtful for value in values))

    def _sentences(self, text: str, depth: int) -> Said | None:
        """One after the other, as many of them together as one message has."""
        between = (gap.span() for gap in _SENTENCE.finditer(text) if not _is_within_quotes(text, gap.start()))
        gaps = [(0, 0), *between, (len(text), len(text))]
        if len(gaps) == 2:
            return None
        said, strange, doubtful, index, is_known = "", 0, 0, 0, False
        while index < len(gaps) - 1:
            start = gaps[index][1]
            last, found = index + 1, None
            for last in range(min(index + _MOST_TOGETHER, len(gaps) - 1), index, -1):
                part = text[start : gaps[last][0]]
                found = self._exact(part) if last > index + 1 else self._tried(part, depth - 1)
                if found is not None:
                    break
            is_known = is_known or found is not None
            found = found or self._unknown_sentence(text[start : gaps[last][0]])
            said += found.text + text[gaps[last][0] : gaps[last][1]]
            strange, doubtful = strange + found.strange, doubtful + found.doubtful
            index = last
        return Said(said, strange, doubtful) if is_known else None

    def _unknown_sentence(self, text: str) -> Said:
        """One without letters is hardly a sentence: rather a value had a full stop."""
        return self._unknown(text) if _letters(text) else Said(text, 1, 1)

    def _clauses(self, text: str, depth: int) -> Said | None:
        """What stands before and behind the first mark that parts it, if one of the two is known."""
        if text.endswith("."):
            found = self._tried(text[:-1], depth)
            return found and Said(found.text + ".", found.strange, found.doubtful)
        if sum(map(text.count, _SPLITS)) > _MOST_MARKS:
            return None
        for mark in _SPLITS:
            before, is_there, behind = text.partition(mark)
            if not is_there:
                continue
            behind, end = (behind[:-1], ")") if mark == " (" and behind.endswith(")") else (behind, "")
            first, second = self._tried(before, depth - 1), self._tried(behind, depth)
            if first is None and second is None and not (mark in _JOINS and _are_names(before, behind)):
                continue
            first, second = first or self._unknown(before), second or self._unknown(behind)
            joined = first.text + _JOINS.get(mark, mark) + second.text + end
            return Said(joined, first.strange + second.strange, first.doubtful + second.doubtful)
        return None


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _are_names(*words: str) -> bool:
    """Addresses, rooms and the like: without a blank, and with a digit in each."""
    return all(" " not in word and any(map(str.isdecimal, word)) for word in words)


def _is_quoted(text: str) -> bool:
    return text.startswith("“") and text.endswith("”") and text.count("“") == 1


def _is_within_quotes(text: str, at: int) -> bool:
    return text.rfind("“", 0, at) > text.rfind("”", 0, at)


def _same(text: str) -> str:
    return text


def _stopped(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else text + "."


def _opened(text: str) -> str:
    return text[:1].upper() + text[1:]


def _variants(text: str) -> list[tuple[str, Callable[[str], str]]]:
    """The texts that may have become `text` as a sentence was made of them, and what makes it one again."""
    small = text[:1].lower() + text[1:]
    found: list[tuple[str, Callable[[str], str]]] = [(text, _same)]
    if text.endswith("."):
        found.append((text[:-1], _stopped))
    if small != text:
        found.append((small, _opened))
        if text.endswith("."):
            found.append((small[:-1], lambda said: _opened(_stopped(said))))
    return found
