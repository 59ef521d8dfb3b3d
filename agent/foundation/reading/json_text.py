"""Takes a JSON array or object apart into the texts of its parts, whatever is inside them. No I/O.

A decoder refuses a whole document for one bad escape, number or nesting; that would let one bad command spoil the
others. Here only the borders matter: a text ends at its quote, a bracket at its partner, and between two values
stands a comma or a colon. A quote or a bracket too many or too few shows soon, because then two values stand side
by side, or a bracket meets one of the other kind. Nothing recurses, and no name gets lost. Comments are passed
over, and a comma may be followed by nothing.
"""

import re
from collections.abc import Generator, Iterator
from enum import Enum

MOST_BREAKS = 10_000  # places at which `salvaged` begins again; some 10 us each
MOST_MARKS = 500_000  # brackets and commas: 12,000 commands, some 2 s
Text = bytes | memoryview

# Strings and comments that do not end must not be looked for again at each of their quotes or stars: no part gives
# back what it took, a string without an end reaches to the end of the text, and a comment is short.
_TOKEN = re.compile(
    rb"(/\*[^*]{0,200}+\*/)"
    rb"|([{}\[\],:])"
    rb'|"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|(\\?+))'
    rb'|[^\s{}\[\],:"/]++|/',
    re.DOTALL,
)
_COMMENT, _MARK, _ENDLESS = 1, 2, 3  # groups of the above; a token without one is a value or a name
_OBJECT = re.compile(rb'\{\s*"')  # its quote is no string's inside: there it would have a backslash before it

_VALUE = 0  # in place of a mark
_COMMA, _COLON = b",:"
_IN_ARRAY, _IN_OBJECT = "item", "name"  # what is awaited just inside
_INSIDE = {ord("["): _IN_ARRAY, ord("{"): _IN_OBJECT}
_AFTER: dict[str, dict[int, str]] = {  # what is awaited, what comes, what is awaited then: nothing after an end
    "item": dict.fromkeys((_VALUE, *_INSIDE), "item over") | {_COMMA: "item", ord("]"): ""},
    "item over": {_COMMA: "item", ord("]"): ""},
    "name": {_VALUE: "name over", _COMMA: "name", ord("}"): ""},
    "name over": {_COLON: "value"},
    "value": dict.fromkeys((_VALUE, *_INSIDE), "value over") | {_COMMA: "name", ord("}"): ""},
    "value over": {_COMMA: "name", ord("}"): ""},
}


class Broken(ValueError):
    """The text is no JSON from about `at` on, even by the borders alone.

    `start` is where the unfinished part of the outermost array or object begins, -1 between two parts; `is_cut`
    says that the text ends too soon and nothing else is wrong.
    """

    def __init__(self, at: int, *, start: int = -1, is_cut: bool = False) -> None:
        super().__init__("not the kind of JSON that was expected")
        self.at, self.start, self.is_cut = at, start, is_cut


class Fate(Enum):
    """How a piece of a list came out."""

    WHOLE = "whole"
    TORN = "torn"  # an element up to where it breaks, or one with an end that is in doubt
    FOUND = "found"  # an object behind a break: an element, or a part of the one that is torn


def elements(text: Text) -> Iterator[Text]:
    """The texts of an array's elements. Raises ValueError where it is no array or is broken."""
    return (text[start:end] for _, start, end in _all_parts(text, b"["))


def members(text: Text) -> Iterator[tuple[Text, Text]]:
    """The names (with their quotes, as written) and value texts of an object, duplicates included.

    Raises ValueError where it is no object or is broken, after the members before that place.
    """
    for name, start, end in _all_parts(text, b"{"):
        if name is None:
            raise ValueError("a comma without a member")
        yield name, text[start:end]


def salvaged(text: Text, at: int) -> Iterator[tuple[Fate, Text]]:
    """The objects of a broken array, from `at` just behind its bracket, and how each came out.

    Behind a break nothing tells how deep the brackets are: objects inside of objects come out as FOUND too.
    Where the text just ends too soon, the last element is TORN with nothing in it: it may have been a good one.
    """
    fate = Fate.WHOLE
    for _ in range(0 if is_crowded(text) else MOST_BREAKS):
        whole, torn, at = _run(text, at)
        yield from ((fate, text[start:end]) for start, end in whole)
        if fate is Fate.WHOLE:
            yield from ((Fate.TORN, text[start:end]) for start, end in torn)
        following = _OBJECT.search(text, at)
        if following is None:
            return
        fate, at = Fate.FOUND, following.start()


Spans = list[tuple[int, int]]
Part = tuple[Text | None, int, int]  # a member's name, and where the value or element begins and ends
_NOTHING: Part = (None, -1, -1)


def _run(text: Text, at: int) -> tuple[Spans, Spans, int]:
    """The array's elements from `at` to its end or to a break, the one that broke, and where to look further.

    What breaks between two elements and begins no object is the rest of the one before, which ended too soon.
    """
    whole: Spans = []
    try:
        for _, start, end in _parts(text, at, _IN_ARRAY):
            whole.append((start, end))
            at = end
    except Broken as broken:
        if broken.is_cut:
            return whole, [(at, at)], len(text)
        if text[broken.start : broken.start + 1] == b"{":
            return whole, [(broken.start, broken.at)], broken.at
        return whole[:-1], whole[-1:], broken.at
    return whole, [], at


def _all_parts(text: Text, opening: bytes) -> Iterator[Part]:
    first = _TOKEN.search(text)
    if first is None or first.group() != opening or is_crowded(text):
        raise Broken(0)
    end = yield from _parts(text, first.end(), _INSIDE[opening[0]])
    if bytes(text[end:]).strip():
        raise Broken(end)


def is_crowded(text: Text) -> bool:
    """Whether it has more brackets and commas than anything that is meant: taking it apart would take for ever."""
    return len(text) > MOST_MARKS and sum(map(bytes(text).count, (b"{", b"[", b","))) > MOST_MARKS


def _parts(text: Text, at: int, awaited: str) -> Generator[Part, None, int]:
    """The parts from `at` inside an array or object; returns where that ends."""
    stop = at
    name, start, end = _NOTHING
    try:
        for mark, begin, stop in _tokens(text, at, awaited):
            if mark == _VALUE:
                start, end = begin, stop
            elif mark == _COLON:
                name, start, end = text[start:end], -1, -1
            else:
                if mark == _COMMA or name is not None or start >= 0:
                    yield name, start, end
                name, start, end = _NOTHING
    except Broken as broken:
        raise Broken(broken.at, start=max(start, broken.start), is_cut=broken.is_cut) from None
    return stop


def _tokens(text: Text, at: int, awaited: str) -> Iterator[tuple[int, int, int]]:
    """Mark, start and end of each token up to the closing bracket; an inner array or object is one value."""
    around: list[str] = []
    opened = before = at
    for token in _TOKEN.finditer(text, at):
        begin, group = token.start(), token.lastindex
        if group == _COMMENT:
            continue
        mark = text[begin] if group == _MARK else _VALUE
        after = _AFTER[awaited].get(mark)
        if after is None or group == _ENDLESS:
            raise Broken(before, start=opened if around else -1, is_cut=after is not None)
        before = begin + 1  # a string that ended too late may have an object's beginning in it
        if mark in _INSIDE:
            opened = opened if around else begin
            around.append(after)
            awaited = _INSIDE[mark]
        elif after:
            awaited = after
            if not around:
                yield mark, begin, token.end()
        elif around:
            awaited = around.pop()
            if not around:
                yield _VALUE, opened, token.end()
        else:
            yield mark, begin, token.end()
            return
    raise Broken(len(text), start=opened if around else -1, is_cut=True)
