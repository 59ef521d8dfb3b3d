"""The slips of people who write TOML for the first time: how each is mended, and in which words it is told.

Only guesses: a slip is told where the line, mended so, can be read (syntax.py tries that). Nothing of the line is
repeated but a number, an IPv4 address, true, false, and the names of the format. TOML 1.0, https://toml.io/en/v1.0.0.
"""

import re

import msgspec

from provisioning.ledger import is_secret_name
from provisioning.mending import (
    BLANKS,
    DASHES,
    QUOTES,
    TEXT,
    UNIT,
    Mend,
    as_flag,
    escaped,
    header_with_blank,
    header_with_brackets,
    listed,
    marked_comment,
    on_code,
    on_value,
    parts,
    quoted,
    quoted_in_list,
    quoted_name,
    renamed,
    replaced,
    replaced_inside,
    translated,
    with_equals,
    with_quote,
)

_NUMBER = r"[0-9]{1,4}(?:\.[0-9]{1,3})?"
_REPEATABLE = re.compile(rf'true|false|"?-?{_NUMBER}"?|"[0-9]{{1,3}}(\.[0-9]{{1,3}}){{3}}(/[0-9]{{1,2}})?"')


class Slip(msgspec.Struct, frozen=True):
    """`mend` gives the line as it may have been meant. In `write` NAME and VALUE stand for what is then left and
    right of its "=", HEADER for all of the line; `otherwise` is said where the value may not be repeated."""

    wrong: str
    write: str
    mend: Mend
    otherwise: str = ""

    def advice(self, mended: str) -> str:
        """What to write, for a line that can be read."""
        head, value, _ = parts(mended) or ("", "", "")
        name = head.rstrip(" \t=").strip()
        if self.otherwise and (is_secret_name(name) or not _REPEATABLE.fullmatch(value)):
            return self.otherwise
        return self.write.replace("NAME", name).replace("VALUE", value).replace("HEADER", mended)


_TYPOGRAPHY = (
    Slip(
        "these quotes are typographic ones, as Word makes them",
        'Type them again, as straight quotes: "',
        translated(QUOTES),
    ),
    Slip(
        "a blank on this line is a special one, as Word and web pages have them",
        "Delete the blanks around the name, the = and the value, and type them again",
        translated(BLANKS),
    ),
    Slip(
        "a dash on this line is a long one, as Word makes them",
        "Type it again, as a hyphen: -",
        translated(DASHES),
    ),
    Slip(
        "quotes, blanks or dashes of this line are typographic ones, as Word makes them",
        "Type the line again",
        translated(QUOTES, BLANKS, DASHES),
    ),
)
_HEADERS = (
    Slip("the name of a section holds no blank", "Write HEADER", header_with_blank),
    Slip("the header of a section is not closed, or has brackets too many", "Write HEADER", header_with_brackets),
)
_VALUES = (
    Slip(
        'there is nothing behind the "="',
        'Write the value there, a text in "quotes"',
        on_value(replaced("", '""')),
    ),
    Slip("yes and no are written true and false", "Write VALUE", on_value(as_flag)),
    Slip(
        "a number cannot begin with 0",
        "Write VALUE",
        on_value(replaced(r"([+-]?0[0-9]+)", r'"\1"')),
        'Write it as a text, in "quotes"',
    ),
    Slip(
        "a comma stands in a number",
        "Write VALUE",
        on_value(replaced(r"(-?[0-9]+),([0-9]+)", r"\1.\2")),
        "Write a point in its place",
    ),
    Slip(
        "no digit stands before the point",
        "Write VALUE",
        on_value(replaced(r"\.([0-9]+)", r"0.\1")),
        "Write a 0 there",
    ),
    Slip(
        "no digit stands behind the point",
        "Write VALUE",
        on_value(replaced(r"([0-9]+)\.", r"\1.0")),
        "Write a 0 there",
    ),
    Slip(
        "a unit stands behind the number",
        "Write VALUE",
        on_value(replaced(rf"({_NUMBER})\s*{UNIT}", r"\1")),
        "Write the number alone",
    ),
    Slip(
        "several texts stand behind each other, and only a list can hold them",
        'Put a " before each and one behind it, a [ before the first, and a ] behind the last',
        on_value(listed),
    ),
    Slip(
        "a text with a backslash stands without quotes",
        "Put a ' before it and one behind it",
        on_value(replaced(r"""([^"'\[\]{}=#;]*\\[^"'\[\]{}=#;]*)""", r"'\1'")),
    ),
    Slip(
        "a text stands without quotes",
        "Write VALUE",
        on_value(quoted),
        'Put a " before it and one behind it',
    ),
    Slip(
        "a text in the list stands without quotes",
        'Put a " before each text and one behind it',
        on_value(quoted_in_list),
    ),
)
_LISTS = (
    Slip(
        "several texts stand behind each other, and only a list can hold them",
        "Put a [ before the first and a ] behind the last",
        on_value(replaced(rf"\(?\{{?\s*({TEXT}(\s*,\s*{TEXT})*)\s*\}}?\)?", r"[\1]")),
    ),
    Slip(
        "a comma is missing in the list",
        "Put one between each two texts",
        on_value(replaced_inside(r"""(?<=[^\s,\[])(["'])\s*(?=["'][^\s,\]])""", r"\1, ")),
    ),
    Slip("a comma stands before the closing brace", "Take it away", on_value(replaced_inside(r",\s*\}", " }"))),
    Slip(
        "a comma is missing at the end of this line",
        "Put one there",
        on_code(replaced(r"""(.*["'0-9])""", r"\1,")),
    ),
    Slip("a list is not closed", "Put a ] at its end", on_code(replaced(r"(.*[\[,].*?)\s*", r"\1]"))),
    Slip("a brace is not closed", "Put a } at its end", on_code(replaced(r"(.*\{.*?)\s*", r"\1 }"))),
    Slip(
        "a bracket or brace is closed that was not opened",
        "Take it away",
        on_code(replaced(r"(.*?)\s*[\]})]", r"\1")),
    ),
)
_LINES = (
    Slip("a , or ; stands at the end of the line", "Take it away", on_code(replaced(r"(.*?)\s*[,;]+", r"\1"))),
    Slip("a comment begins with another sign than #", "Put a # before it", marked_comment),
    Slip(
        "a text begins with one kind of quote and ends with another",
        'Put a " before it and one behind it',
        on_value(replaced(r"""['"]([^'"]*)['"]""", r'"\1"')),
    ),
    Slip(
        'a quote (") stands on one side of a text only',
        'Put a " before it and one behind it',
        on_value(with_quote),
    ),
    Slip(
        "two settings stand on one line",
        "Begin a new line before the second",
        replaced(r"""(.*?["'\]}0-9e])\s*[,;]?\s+([A-Za-z_]+\s*=.*)""", "\\1\n\\2"),
    ),
    Slip("a quote stands inside a text", 'Put a backslash before it: \\"', on_value(escaped)),
    Slip(
        "a backslash in a text means something else here",
        r"Double it: \\",
        on_value(replaced_inside(r"\\", r"\\\\")),
    ),
    Slip(
        'a ":" stands where "=" belongs',
        "Put = in its place, and no comma at the end",
        on_code(with_equals),
    ),
    Slip(
        'more than a "=" stands between name and value',
        "Keep one =",
        replaced(r"([^=\"']*?)(==+>?|=>|=:)(.*)", r"\1=\3"),
    ),
    Slip(
        'there is no "=" behind the name',
        "Put one there",
        replaced(rf"(\s*[\w-]+)\s+({TEXT}|{_NUMBER}|true|false|\[.*\])(\s*#.*)?", r"\1 = \2\4"),
    ),
    Slip("a name holds no blank and no foreign letter", "Write NAME", renamed),
    Slip(
        "a name with a blank or a foreign letter needs quotes",
        'Put a " before the name and one behind it',
        quoted_name,
    ),
    Slip(
        "something is left over behind the value",
        "Put a # before it if it is a comment, else take it away",
        replaced(r"""([^=]*=\s*(?:"[^"]*"|true|false|[0-9.]+))\s+([^\s"'=#,\]}][^"'=]*)""", r"\1 # \2"),
    ),
)
SLIPS = _TYPOGRAPHY + _HEADERS + _VALUES + _LISTS + _LINES  # the surest first
