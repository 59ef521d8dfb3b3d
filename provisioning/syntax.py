"""Why a text is no TOML, and on which line: in words for people who write it for the first time.

A guess at the slip is told only where the line, mended so, can be read. No piece of the file is repeated that may
be a secret. The messages are those of the standard library's tomllib.
"""

import json
import re
import tomllib
from collections.abc import Iterator

import msgspec

from provisioning.problems import Problem
from provisioning.sections import headers
from provisioning.slips import SLIPS, Slip

_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)$")
_HEADER = re.compile(r"\s*(?P<opens>\[\[?)\s*(?P<name>[\w.\" -]+?)\s*\]\]?\s*(#.*)?")
_NAME = re.compile(r"\s*(?P<name>[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')\s*=")
_SENTENCES = (  # how tomllib's message begins; what it means; what to write
    (
        "Invalid value",
        "no value that TOML knows stands here",
        'Text goes in "quotes", yes and no are true and false',
    ),
    ("Unterminated string", "a text is not closed", 'Put a " at its end'),
    ("Expected \"'", "a text is not closed", "Put a ' at its end, three where it begins with three"),
    ("Cannot declare", "this section stands twice", "Put all its lines under one header"),
    ("Cannot overwrite", "this name stands twice in its section", "Keep one of the two"),
    ("Duplicate", "this name stands twice in its braces", "Keep one of the two"),
    (
        "Expected newline",
        "something is left over on this line",
        "Write one setting on a line: its name, =, its value",
    ),
    ("Expected '='", 'there is no "=" after the name', "Write one setting on a line: its name, =, its value"),
    ("Unescaped", "a backslash in a text means something else here", r"Double it: \\"),
    ("Illegal", "a line break or control character stands inside a text", "Close the text on its own line"),
    ("Found invalid", "a line break or control character stands inside a text", "Close the text on its own line"),
    ("Expected ']", "the header of a section is not closed", "Write it like [box] or [[printers]]"),
)
_TWICE = ("Cannot declare", "Cannot overwrite", "Duplicate")
_NOT_TOML = ("", "this is not TOML", "Compare the line with the example file")


class Diagnosis(msgspec.Struct, frozen=True):
    """The slip, its line (from 1), and that line as it can be read."""

    slip: Slip
    line: int
    mended: str


def explain(text: str, message: str) -> Problem:
    """The one problem of a text that tomllib has refused with `message`."""
    if _is_json(text):
        return Problem("file", "is JSON, not TOML", "Start from the example file that came with the box")
    lines = text.split("\n")
    line, column = _place(message, lines)
    found = _twice(lines, line) if message.startswith(_TWICE) else _slipped(lines, line)
    return found or _refused(line, column, message)


def diagnosis(lines: list[str], line: int) -> Diagnosis | None:
    """The slip on the line where tomllib stopped, or on the one before it: a list that is not closed goes on."""
    before = next((number for number in range(line - 1, 0, -1) if lines[number - 1].strip()), line)
    for at in dict.fromkeys((line, before)):
        part = _part(lines, at, line)
        if part is not None:
            for slip, mended in _guesses(part[at - 1]):
                if _gets_further([*part[: at - 1], mended, *part[at:]], line + mended.count("\n")):
                    return Diagnosis(slip, at, mended)
    return None


def _is_json(text: str) -> bool:
    try:
        return text.lstrip().startswith("{") and isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _place(message: str, lines: list[str]) -> tuple[int, int]:
    found = _PLACE.search(message)
    if found:
        return int(found[1]), int(found[2])
    # "at end of document" is all that is said of a text that is not closed: the last opening quotes began it
    expected = re.match('Expected "(\'+)"', message)
    quotes = [expected[1]] if expected else ['"""', '"'] if "string" in message else []
    at = next((number for quote in [*quotes, ""] for number in _lines_with(quote, lines)), 1)
    return at, len(lines[at - 1]) + 1


def _lines_with(quote: str, lines: list[str]) -> Iterator[int]:
    """The lines that hold it, last first; blank ones hold nothing."""
    return (at for at in range(len(lines), 0, -1) if lines[at - 1].strip() and quote in lines[at - 1])


def _refused(line: int, column: int, message: str) -> Problem:
    _, wrong, write = next((row for row in _SENTENCES if message.startswith(row[0])), _NOT_TOML)
    return Problem(f"column {column}", wrong, write, line_number=line)


def _twice(lines: list[str], line: int) -> Problem | None:
    """What stands twice, with the line where it stands first."""
    header = _HEADER.fullmatch(lines[line - 1])
    if header:
        return _section_twice(lines, line, header["name"])
    first = next((number for number in _same_name(lines, line)), None)
    if first is None:
        return None
    return Problem("", f"this name stands on line {first} already", "Keep one of the two", line_number=line)


def _section_twice(lines: list[str], line: int, name: str) -> Problem | None:
    above = [(number, _HEADER.fullmatch(each)) for number, each in enumerate(lines[:line], 1)]
    found = [(number, each["opens"] == "[[") for number, each in above if each and each["name"] == name]
    single = [number for number, is_list in found if not is_list]
    if single and (headers().get(name, "").startswith("[[") or len(single) < len(found)):
        also = f", and so on line {single[1]}" if len(single) > 1 else ""
        wrong = "is in single brackets, although there is more than one of it"
        return Problem(f"[{name}]", wrong, f"Write [[{name}]]{also}", line_number=single[0])
    if len(found) < 2:
        return None
    wrong = f"this section stands on line {found[0][0]} already"
    return Problem("", wrong, "Put all its lines under one header", line_number=line)


def _same_name(lines: list[str], line: int) -> Iterator[int]:
    """The lines above in the same section that begin with the same name."""
    name = _name(lines[line - 1])
    for number in range(line - 1, 0, -1):
        if name and _name(lines[number - 1]) == name:
            yield number
        if _HEADER.fullmatch(lines[number - 1]):
            return


def _name(line: str) -> str:
    found = _NAME.match(line)
    return found["name"].strip("\"'") if found else ""


def _slipped(lines: list[str], line: int) -> Problem | None:
    found = diagnosis(lines, line)
    if found is None:
        return None
    return Problem("", found.slip.wrong, found.slip.advice(found.mended), line_number=found.line)


def _guesses(line: str) -> Iterator[tuple[Slip, str]]:
    return ((slip, mended) for slip in SLIPS for mended in slip.mend(line) if mended != line)


def _part(lines: list[str], first: int, last: int) -> list[str] | None:
    """The sections around these lines, the others blank; None where they alone can be read that far."""
    begins = max((number for number in range(1, first + 1) if _HEADER.fullmatch(lines[number - 1])), default=1)
    after = range(last + 1, len(lines) + 1)
    ends = next((number for number in after if _HEADER.fullmatch(lines[number - 1])), len(lines) + 1)
    part = [""] * (begins - 1) + lines[begins - 1 : ends - 1]
    return None if _gets_further(part, last) else part


def _gets_further(lines: list[str], line: int) -> bool:
    """Whether tomllib reads on beyond that line."""
    try:
        tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.search(str(error))
        return found is not None and int(found[1]) > line
    except RecursionError:  # in brackets further down: those that are too deep would have been met at first
        return True
    return True
