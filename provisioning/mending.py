"""One line of a file, changed as its writer may have meant it: the hands of `slips`. Nothing in here judges.

A `Mend` gives a line in one or more other ways, or in none where it has nothing to do with the slip.
"""

import re
from collections.abc import Callable, Iterator

from provisioning.sections import headers, homes
from provisioning.spelling import nearest

Mend = Callable[[str], Iterator[str]]

TEXT = r"""("[^"]*"|'[^']*')"""
UNIT = r"(?:s|secs?|seconds?|sek|sekunden?|ms|m|min|minutes?|minuten?|h|hours?|stunden?|%)\.?"
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″＂", '"') | dict.fromkeys("‘’‚‛‹›`´′", "'"))
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
BLANKS = str.maketrans(
    dict.fromkeys("\u00a0\u1680\u2002\u2003\u2007\u2009\u202f\u205f\u3000", " ")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
)

_STATEMENT = re.compile(
    r"""(?P<head>\s*("[^"]*"|'[^']*'|[^\s="'#\[{;/][^="]*?)\s*=\s*)(?P<value>.*?)(?P<tail>\s*)"""
)
_NAMED = re.compile(r"(\s*)([^\"'=\[\]{}#]+?)(\s*=.*)")
_HEADER = re.compile(r"\s*[\[({]*\s*(?P<name>[A-Za-z][\w .\"-]*?)\s*[\])}:]*\s*(#.*)?")
_COMMENT = re.compile(r"(?:^|(?<=[\s\"\]}]))\s*(//|--|/\*|<!--|(?i:rem )|\()|;")
_YES, _NO = ("true", "yes", "on", "ja", "wahr", "ein"), ("false", "no", "off", "nein", "falsch", "aus")


def parts(line: str) -> tuple[str, str, str] | None:
    """A line as what is left of its value ("=" included), the value, and the comment; None without an "="."""
    code = line[: _comment_at(line)]
    found = _STATEMENT.fullmatch(code)
    return (found["head"], found["value"], found["tail"] + line[len(code) :]) if found else None


def _comment_at(line: str) -> int:
    """Where the comment begins, by the quotes before it, or at the last "# " where one is open; else its end."""
    for found in re.finditer(r"(?:^|(?<=\s))#", line):
        if line.count('"', 0, found.start()) % 2 == 0:
            return found.start()
    likely = [found.end() for found in re.finditer(r"\s(?=# )", line)]
    return likely[-1] if likely else len(line)


def on_value(mend: Mend) -> Mend:
    """Mends the value of a line, and leaves name and comment as they are."""

    def mended(line: str) -> Iterator[str]:
        found = parts(line)
        if found:
            head, value, tail = found
            yield from (head + each + tail for each in mend(value))

    return mended


def on_code(mend: Mend) -> Mend:
    """Mends a line and leaves its comment as it is."""

    def mended(line: str) -> Iterator[str]:
        code = line[: _comment_at(line)].rstrip()
        yield from (each + line[len(code) :] for each in mend(code))

    return mended


def replaced(pattern: str, by: str) -> Mend:
    """Replaces a text that fits the pattern as a whole."""
    wanted = re.compile(pattern, re.IGNORECASE)

    def mended(text: str) -> Iterator[str]:
        found = wanted.fullmatch(text)
        if found:
            yield found.expand(by)

    return mended


def replaced_inside(pattern: str, by: str) -> Mend:
    """Replaces each place in a text that fits the pattern."""
    wanted = re.compile(pattern)

    def mended(text: str) -> Iterator[str]:
        yield wanted.sub(by, text)

    return mended


def translated(*tables: dict[int, str]) -> Mend:
    """Replaces signs by others."""

    def mended(line: str) -> Iterator[str]:
        for table in tables:
            line = line.translate(table)
        yield line

    return mended


def as_flag(value: str) -> Iterator[str]:
    """Yes and no in the words of a few languages, as true and false."""
    if value.casefold() in (*_YES, *_NO):
        yield "true" if value.casefold() in _YES else "false"


def quoted(value: str) -> Iterator[str]:
    """A text without any quote, in quotes."""
    if re.fullmatch(r"""[^"'\[\]{}=#;\\]+""", value) and "//" not in value.replace("://", ""):
        yield f'"{value}"'


def listed(value: str) -> Iterator[str]:
    """Words with commas between them, as a list of texts."""
    if re.fullmatch(r"[\w.:-]+(\s*,\s*[\w.:-]+)+", value):
        yield from quoted_in_list(f"[{value}]")


def quoted_in_list(value: str) -> Iterator[str]:
    """A list with each of its texts in quotes."""
    if re.fullmatch(r"\[[^\[\]{}=#;]*\]", value):
        entries = (entry.strip() for entry in value[1:-1].split(","))
        yield "[" + ", ".join(entry if re.fullmatch(TEXT, entry) else f'"{entry}"' for entry in entries) + "]"


def with_quote(value: str) -> Iterator[str]:
    """The second quote of a text, where it may have been meant: at an end, or at a comma or bracket."""
    if value.count('"') % 2:
        for found in re.finditer(r"^|(?<=[\[,={]) *|\s*(?=[\],}])|$", value):
            yield value[: found.start()] + '"' + value[found.start() :]
            yield value[: found.end()] + '"' + value[found.end() :]


def escaped(value: str) -> Iterator[str]:
    """A text with backslashes before the quotes that stand in it."""
    if re.fullmatch(r'"[^\[\]{}]*"', value):
        yield '"' + re.sub(r'(?<!\\)"', r"\\" + '"', value[1:-1]) + '"'


def with_equals(line: str) -> Iterator[str]:
    """`name: value` and `"name": value,`, as JSON and YAML have them, as `name = value`."""
    found = re.fullmatch(r"""(\s*)["']?([\w-]+)["']?\s*:=?\s*([^\s:].*?),?\s*""", line)
    if found:
        yield f"{found[1]}{found[2]} = {found[3]}"
        yield from (f"{found[1]}{found[2]} = {value}" for value in quoted(found[3]))


def marked_comment(line: str) -> Iterator[str]:
    """A comment that begins with another sign, with a # before it."""
    for found in _COMMENT.finditer(line):
        yield f"{line[: found.start()]} # {line[found.start() :].lstrip()}"


def renamed(line: str) -> Iterator[str]:
    """A name of the format, in place of one like it."""
    found = _NAMED.fullmatch(line)
    meant = nearest(found[2].replace(" ", "_"), homes()) if found else None
    if found and meant:
        yield found[1] + meant + found[3]


def quoted_name(line: str) -> Iterator[str]:
    """A name in quotes."""
    yield _NAMED.sub(r'\1"\2"\3', line)


def header_with_blank(line: str) -> Iterator[str]:
    """The header of a section of the format, in place of one like it that is right but for a blank."""
    if re.fullmatch(r"\s*\[\[?[^\[\]]*[^\[\]\s]\s+[^\[\]\s][^\[\]]*\]\]?\s*(#.*)?", line):
        yield from _header(line)


def header_with_brackets(line: str) -> Iterator[str]:
    """The header of a section of the format, in place of one with other brackets."""
    if line.strip()[:1] in ("[", "(", "{") or line.strip().endswith(("]", ":")):
        yield from _header(line)


def _header(line: str) -> Iterator[str]:
    found = _HEADER.fullmatch(line)
    meant = nearest(re.sub(r"[ \"-]+", "_", found["name"]), headers()) if found else None
    if meant:
        yield headers()[meant]
