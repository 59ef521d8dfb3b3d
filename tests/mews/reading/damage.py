"""What can be wrong with one element of a list: values that are no JSON, bytes that are lost or added."""

from typing import Any

from hypothesis import strategies as st

STYLES: list[dict[str, Any]] = [{}, {"separators": (",", ":")}, {"indent": 2}]

DEEP = b"[" * 10_000 + b"]" * 10_000
BAD_VALUES = {
    "half a surrogate": rb'"Smith \ud83d"',
    "the wrong half": rb'"\ude00\ud83d"',
    "a bad escape": rb'"\x41"',
    "an escape that is cut off": rb'"\u00"',
    "a tab": b'"a\tb"',
    "a line end": b'"a\r\nb"',
    "a NUL": b'"a\0b"',
    "bad UTF-8": b'"M\xfcller"',
    "a bracket in bad UTF-8": b'"\xc3{[\xff"',
    "NaN": b"NaN",
    "minus infinity": b"-Infinity",
    "a leading nought": b"01",
    "a plus": b"+1",
    "a bare point": b"1.",
    "hexadecimal": b"0x10",
    "5,000 digits": b"1" * 5000,
    "an endless exponent": b"1e400",
    "a word": b"undefined",
    "Python's None": b"None",
    "single quotes": b"'x'",
    "nesting": DEEP,
    "nesting of objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "a comma too many": b'{"a":1,}',
    "a comma too many in an array": b"[1,2,]",
    "holes": b"[1,,2]",
    "a name without quotes": b"{a:1}",
    "a value that is missing": b"",
    "a value that is missing inside": b'{"a":}',
    "a comment": b"/* x */ []",
    "brackets in a text": rb'"}]}\"{[ \x"',
    "a name twice": rb'{"a":1,"a":"\x"}',
}

PIECES = [
    *b'"\\{}[]:,/*\x00\t\n -+.0',
    *(
        b'""',
        b'\\"',
        b'","',
        b'":"',
        b"}}",
        b"}]",
        b"]}",
        b"},{",
        b"],[",
        b"{}",
        b"[]",
        b"{[",
        b'{"',
        b'"}',
        b'"]',
    ),
    *(b"null", b"NaN", b"/*", b"*/", b"//", b"/* x */", b"\xff", b"\xef\xbb\xbf", rb"\ud83d", rb"\u0000", rb"\x"),
    *(b"x" * 70_000, b"1" * 5000, b"[" * 5000, b'{"a":' * 5000, b'"' * 5001, b"\\" * 5001, b",{" * 5000),
]
INSERTED = st.sampled_from([piece if isinstance(piece, bytes) else bytes((piece,)) for piece in PIECES])


@st.composite
def damage(draw: st.DrawFn, text: bytes) -> bytes:
    """An object's text with a few bytes lost, changed or added somewhere between its outermost brackets.

    Never so many lost that a whole member may be gone without a trace: `","Type":"` is the shortest.
    """
    start = draw(st.integers(1, len(text) - 1))
    end = draw(st.just(start) | st.integers(start, min(start + 9, len(text) - 1)))
    return text[:start] + draw(INSERTED | st.binary(max_size=4)) + text[end:]
