"""Messages with named places, found by a text that was made from one of them. Pure.

No message is tried that begins with another word than the text, or that lacks a word of its own in it, so a
look-up costs some microseconds, however many messages there are. Literals are looked for from the left, so no text
takes longer than its length.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

import msgspec

_PLACE = re.compile(r"\{([a-z_0-9]+)\}")
_WORD = re.compile(r"\w+")
NUMBERS = ("copies", "count")
_DIGITS = re.compile(r"\d+")
# What a place of this name, or one that begins so, takes; any other takes whatever stands there.
_FITS = {"count": re.compile(r"\d+\Z"), "time": re.compile(r"\d\d:\d\d(:\d\d)?\Z")}
LEAST_LETTERS = 3  # of a message beside its places; with fewer, almost any text would be one


class Shape(msgspec.Struct, frozen=True):
    """A message: `literals` stand before, between and behind its `places`. `weight` counts their characters."""

    message: str
    literals: tuple[str, ...]
    places: tuple[str, ...]
    weight: int


class Found(msgspec.Struct, frozen=True):
    """A message that a text was perhaps made from, with the values in its places."""

    message: str
    values: dict[str, str]


_Ranked = tuple[int, str, str, Shape]  # the likelier first, with its first and its last literal


class Shapes:
    """All messages that have places."""

    def __init__(self, texts: Iterable[str]) -> None:
        shapes = [each for each in map(shape, texts) if each.places and _letters(each) >= LEAST_LETTERS]
        shapes.sort(key=lambda each: (-each.weight, each.message))
        words = {each.message: _words(each) for each in shapes}
        usual = Counter(word for own in words.values() for word in own)
        self._by_first: defaultdict[str, list[_Ranked]] = defaultdict(list)
        self._by_word: defaultdict[str, list[_Ranked]] = defaultdict(list)
        for rank, each in enumerate(shapes):
            first = _first_word(each)
            index = self._by_first if first else self._by_word
            rarest = min(sorted(words[each.message]), key=lambda word: usual[word], default="")
            index[first or rarest].append((rank, each.literals[0], each.literals[-1], each))
        self._by_first.default_factory = self._by_word.default_factory = None

    def of(self, text: str) -> Iterator[Found]:
        """The messages that `text` may have been made from, the one with the most characters of its own first."""
        words = words_of(text)
        near = [each for word in {"", *words} & self._by_word.keys() for each in self._by_word[word]]
        if words and words[0] in self._by_first:
            near += self._by_first[words[0]]
        fitting = [each for each in near if text.startswith(each[1]) and text.endswith(each[2])]
        for *_, each in sorted(fitting):
            values = values_in(text, each)
            if values is not None:
                yield Found(each.message, values)


def words_of(text: str) -> list[str]:
    """The words of a text, in their order."""
    return _WORD.findall(text)


def shape(message: str) -> Shape:
    """A message taken apart."""
    parts = _PLACE.split(message)
    literals = tuple(parts[::2])
    return Shape(message, literals, tuple(parts[1::2]), sum(map(len, literals)))


def filled(message: str, values: Mapping[str, str]) -> str:
    """A message with its values; a value that looks like a place is left alone."""
    return _PLACE.sub(lambda place: values[place[1]], message)


def values_in(text: str, of: Shape) -> dict[str, str] | None:
    """The values in the places of a message that has some, None if `text` was not made from it."""
    first, *between, last = of.literals
    if not text.startswith(first) or not text.endswith(last) or len(text) < len(first) + len(last):
        return None
    at, end = len(first), len(text) - len(last)
    values: list[str] = []
    for place, literal in zip(of.places, between, strict=False):
        found = text.find(literal, at, end)
        if found < 0:
            return None
        if not literal and place in NUMBERS:  # another place follows at once
            number = _DIGITS.match(text, at, end)
            found = number.end() if number else found
        values.append(text[at:found])
        at = found + len(literal)
    return _named(of.places, [*values, text[at:end]])


def _named(places: tuple[str, ...], values: list[str]) -> dict[str, str] | None:
    """None where one place would have two values, or one that it does not take."""
    named = dict(zip(places, values, strict=True))
    if [named[place] for place in places] != values or not all(map(_fits, places, values)):
        return None
    return named


def _fits(place: str, value: str) -> bool:
    fit = _FITS.get(place.rstrip("0123456789"))
    return fit is None or fit.match(value) is not None


def _letters(of: Shape) -> int:
    return sum(letter.isalpha() for literal in of.literals for letter in literal)


def _first_word(of: Shape) -> str:
    """The word that a text of this message begins with, "" where that is a value, or one goes on with it."""
    first = of.literals[0]
    word = _WORD.match(first)
    return word[0] if word and word.end() < len(first) else ""


def _words(of: Shape) -> set[str]:
    """The words that stand whole between two places: at a place's edge a value may go on with letters."""
    found = set()
    last = len(of.literals) - 1
    for index, literal in enumerate(of.literals):
        for word in _WORD.finditer(literal):
            is_cut_before = word.start() == 0 and index > 0
            is_cut_behind = word.end() == len(literal) and index < last
            if not is_cut_before and not is_cut_behind:
                found.add(word[0])
    return found
