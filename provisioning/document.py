"""From bytes to TOML tables: the border where a file of any content becomes a value or one problem.

Never raises for what is in the file, and never repeats a piece of it: a slip of the quotes puts a password
anywhere. TOML 1.0, https://toml.io/en/v1.0.0, as the standard library reads it.
"""

import codecs
import tomllib

from provisioning.problems import Problem

LIMIT_BYTES = 256 * 1024  # bytes; a hotel with 500 listed doors fills 20 KB
LINE_CHARACTERS = 2000  # characters; tomllib takes quadratic time over one long dotted name

Document = dict[str, object]

_COPY = "Copy it again; from a card or stick, eject that before you pull it out"


def decode(content: bytes) -> str | Problem:
    """The text of a file, or the one problem that keeps it from being text."""
    if len(content) > LIMIT_BYTES:
        return Problem("file", f"is larger than {LIMIT_BYTES // 1024} KB", "Is this really the provisioning file?")
    found = _no_text(content) or _decode(content.removeprefix(codecs.BOM_UTF8))
    return found if isinstance(found, Problem) else _long_line(found) or found


def parse(text: str) -> Document | Problem:
    """The tables of a TOML text, or the one problem that keeps it from being read."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        lines = text.split("\n")
        deepest = max(range(len(lines)), key=lambda at: lines[at].count("[") + lines[at].count("{"))
        return Problem("", "brackets are nested too deeply", "Remove the surplus ones", line_number=deepest + 1)
    except tomllib.TOMLDecodeError as error:
        from provisioning.syntax import explain  # here, because a good file needs none of it

        return explain(text, str(error))


def _no_text(content: bytes) -> Problem | None:
    """What a laptop leaves in the place of a text file, in better words than the reader of TOML has for it."""
    if not content.strip():
        return Problem("file", "is empty", _COPY)
    if not content.strip(b"\x00"):
        return Problem("file", "holds nothing but zeros, as after a copy that was cut short", _COPY)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        write = "In Notepad choose File, Save as, and the encoding UTF-8"
        return Problem("file", 'is UTF-16, which Notepad calls "Unicode"', write)
    return None


def _decode(content: bytes) -> str | Problem:
    if b"\x00" in content:
        wrong = "there is a zero byte, so this is not plain text"
        return _at_byte(content, content.index(b"\x00"), wrong, "Save the file as UTF-8 text")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        return _at_byte(content, error.start, "a character is not UTF-8", "Save the file with the encoding UTF-8")


def _at_byte(content: bytes, at: int, wrong: str, write: str) -> Problem:
    before = content[:at].decode(errors="replace")
    column = len(before) - before.rfind("\n")
    return Problem(f"column {column}", wrong, write, line_number=before.count("\n") + 1)


def _long_line(text: str) -> Problem | None:
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LINE_CHARACTERS:
            wrong = f"is longer than {LINE_CHARACTERS} characters"
            return Problem("", wrong, "Break a long list after its commas", line_number=number)
    return None
