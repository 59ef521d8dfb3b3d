"""From bytes to TOML tables: the border where a file of any content becomes a value or one problem.

Never raises for what is in the file, and never repeats a piece of it: a slip of the quotes puts a password
anywhere. TOML 1.0, https://toml.io/en/v1.0.0, as the standard library reads it.
"""

import re
import tomllib

from provisioning.problems import Problem

LIMIT_BYTES = 256 * 1024  # bytes; a hotel with 500 listed doors fills 20 KB
LINE_CHARACTERS = 2000  # characters; tomllib takes quadratic time over one long dotted name

Document = dict[str, object]

_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)$")
_SENTENCES = (  # how tomllib's message begins; what it means; what to write
    (
        "Invalid value",
        "no value that TOML knows stands here",
        'Text goes in "quotes", yes and no are true and false',
    ),
    ("Unterminated string", "a text is not closed", 'Put a " at its end'),
    ("Cannot declare", "this section stands twice", "Put all its lines under one header"),
    ("Cannot overwrite", "this name stands twice in its section", "Keep one of the two lines"),
    ("Duplicate", "this name stands twice in its braces", "Keep one of the two"),
    ("Expected newline", "something is left over on this line", "Write one name = value on a line"),
    ("Expected '='", 'there is no "=" after the name', "Write one name = value on a line"),
    ("Unescaped", "a backslash in a text means something else here", r"Write it twice: \\"),
    ("Illegal", "a line break or control character stands inside a text", "Close the text on its own line"),
    ("Found invalid", "a line break or control character stands inside a text", "Close the text on its own line"),
    ("Expected ']", "the header of a section is not closed", "Write it like [box] or [[printers]]"),
)
_NOT_TOML = ("", "this is not TOML", "Compare the line with the example file")


def parse(text: bytes) -> Document | Problem:
    """The tables of a TOML file, or the one problem that keeps it from being read."""
    if len(text) > LIMIT_BYTES:
        return Problem("file", f"is larger than {LIMIT_BYTES // 1024} KB", "Is this really the provisioning file?")
    decoded = _decode(text.removeprefix(b"\xef\xbb\xbf"))
    return decoded if isinstance(decoded, Problem) else _long_line(decoded) or _parse(decoded)


def _decode(text: bytes) -> str | Problem:
    if b"\x00" in text:
        place = _place_of_byte(text, text.index(b"\x00"))
        return Problem(place, "there is a zero byte, so this is not plain text", "Save the file as UTF-8 text")
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        place = _place_of_byte(text, error.start)
        return Problem(place, "a character is not UTF-8", "Save the file with the encoding UTF-8")


def _long_line(text: str) -> Problem | None:
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LINE_CHARACTERS:
            return Problem(
                f"line {number}",
                f"is longer than {LINE_CHARACTERS} characters",
                "Break a long list after its commas",
            )
    return None


def _parse(text: str) -> Document | Problem:
    try:
        return tomllib.loads(text)
    except RecursionError:
        return Problem("file", "is nested too deeply", "Remove the surplus brackets")
    except ValueError as error:  # a TOMLDecodeError, or an integer beyond Python's limit of digits
        message = str(error)
        _, wrong, write = next((row for row in _SENTENCES if message.startswith(row[0])), _NOT_TOML)
        return Problem(_place(message, text), wrong, write)


def _place(message: str, text: str) -> str:
    found = _PLACE.search(message)
    if found:
        return f"line {found[1]}, column {found[2]}"
    return _place_of_byte(text.encode(), len(text.encode()))  # tomllib says no more than "at end of document"


def _place_of_byte(text: bytes, at: int) -> str:
    before = text[:at].decode(errors="replace")
    return f"line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}"
