"""Takes a JSON array or object apart into the texts of its parts, whatever is inside them. No I/O.

msgspec refuses a whole document when one element is nested too deeply, and keeps the last of duplicate keys in
silence; both would let one bad command spoil the others. Here nothing recurses and no key gets lost.
"""

import re
from collections.abc import Iterator

# A string that does not end is taken to the end of the text, and no part gives back what it took: trying again at
# each of its escaped quotes cost 6 s for 40 KB.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[{}\[\],:]', re.DOTALL)
_DEPTH = {b"{": 1, b"[": 1, b"}": -1, b"]": -1}


def elements(text: bytes) -> Iterator[bytes]:
    """The texts of an array's elements, stripped. Raises ValueError where it is no array or does not end."""
    return (text[start:end].strip() for start, _, end in _parts(text, b"["))


def members(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The names (with their quotes, as written) and value texts of an object, duplicates included."""
    for start, colon, end in _parts(text, b"{"):
        if colon < 0:
            raise ValueError("a member without a value")
        yield text[start:colon].strip(), text[colon + 1 : end].strip()


def _parts(text: bytes, opening: bytes) -> Iterator[tuple[int, int, int]]:
    """Start, first colon (or -1) and end of each part of the outermost array or object."""
    depth, start, colon = 0, -1, -1
    for match in _TOKEN.finditer(text):
        token = match.group() if match.end() - match.start() == 1 else b""
        if depth == 0 and (token != opening or text[: match.start()].strip()):
            break
        depth += _DEPTH.get(token, 0)
        if start < 0:
            start = match.end()
        elif depth == 1 and token == b":" and colon < 0:
            colon = match.start()
        elif depth == 0 or (depth == 1 and token == b","):
            if text[start : match.start()].strip() or token == b",":
                yield start, colon, match.start()
            start, colon = match.end(), -1
        if depth == 0:
            return
    raise ValueError("not the kind of JSON that was expected")
