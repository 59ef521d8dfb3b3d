"""A section of the file while it is read: takes the names one by one and notes all that is wrong.

Every getter goes on after a mistake with a stand-in of the right type, so that one pass finds all problems;
no stand-in ever leaves `provisioning.read`. No value that holds a secret of the file is repeated in a problem.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

import msgspec

from provisioning.document import Document
from provisioning.ledger import Ledger, Place
from provisioning.problems import QUOTED_CHARACTERS, SHOWN, Wrong, kind, ordinal
from provisioning.secret import HIDDEN, Secret
from provisioning.sections import homes
from provisioning.spelling import nearest

TEXT_CHARACTERS = 200  # characters; far above any name or address, and still fit for a page
SECRET_CHARACTERS = 1000  # characters; Mews' tokens have 64

Rule = Callable[[str], str]  # gives the value as it is kept, or raises Wrong

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_NAME_LIKE = re.compile(r"[A-Za-z_-]{1,32}")  # no digit: half a token would pass otherwise
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # Unicode: control, format, surrogate, line breaks

_WHOLE_FILE = Place("", ())
LABEL_CHARACTERS = 40  # characters; enough for the name of an encoder
MOST_HOMES = 2  # sections; a name that stands in more of them, like `name`, is at home everywhere


class Table:
    """One section. Names that are no members of `shape` are noted as errors; None allows any name."""

    def __init__(
        self, values: Document, shape: type[msgspec.Struct] | None, ledger: Ledger, here: Place = _WHOLE_FILE
    ) -> None:
        self._values = dict(values)
        self.here = here
        self.ledger = ledger
        self._known = shape.__struct_fields__ if shape else ()
        self._spelled: dict[str, str] = {}
        if shape:
            self._refuse_unknown()

    def place(self, name: str) -> Place:
        """Where `name` of this section stands, or would stand."""
        key = name if name in self._known else self._safe(name)
        return Place(_joined(self.here.path, key), (*self.here.keys, self._spelled.get(name, name)))

    def place_in(self, name: str, at: int) -> Place:
        """Where the element `at` (counted from 0) of the list `name` stands."""
        place = self.place(name)
        return Place(f"{place.path}, the {ordinal(at + 1)}", (*place.keys, at))

    def has(self, name: str) -> bool:
        """Whether the file names it at all."""
        return name in self._values

    def raw(self, name: str) -> object:
        """The value as TOML has it; None where the file does not name it."""
        return self._values.get(name)

    def names(self) -> Iterator[str]:
        """The names that stand in the file, known or not."""
        return iter(self._values)

    def error(self, name: str, wrong: str, write: str) -> None:
        """Note an error at `name`."""
        self.ledger.error(self.place(name), wrong, write)

    def warn(self, name: str, wrong: str, write: str) -> None:
        """Note a warning at `name`."""
        self.ledger.warn(self.place(name), wrong, write)

    def text(self, name: str, rule: Rule, example: str) -> str:
        """A text that must be there, trimmed, after `rule`; "" where there is none or it is wrong."""
        if not self.has(name):
            self.error(name, "is missing", f'Write {self.under}{name} = "{example}"')
        return self.optional(name, rule, example) or ""

    def optional(self, name: str, rule: Rule, example: str) -> str | None:
        """A text that may be left out (None), trimmed, after `rule`; "" where it is wrong."""
        return self._text(self.place(name), self._values[name], rule, name, example) if self.has(name) else None

    def texts(self, name: str, rule: Rule, example: str) -> tuple[str, ...]:
        """A list of texts, each trimmed and after `rule`; "" for a wrong one, () for an absent or wrong list."""
        values = self._values.get(name, [])
        if not isinstance(values, list):
            self.error(name, f"is {kind(values)}, not a list", f'Write {name} = ["{example}"]')
            return ()
        return tuple(
            self._text(self.place_in(name, at), value, rule, "", example) for at, value in enumerate(values)
        )

    def secret(self, name: str, rule: Rule) -> Secret | None:
        """A secret after `rule`, not trimmed; None where it is absent or wrong. No problem repeats its value."""
        value = self._values.get(name)
        if value is None:
            return None
        try:
            return Secret(rule(_checked_text(value, SECRET_CHARACTERS, f"Write {name} in quotes")))
        except Wrong as found:
            self.error(name, found.wrong, found.write)
            return None

    def flag(self, name: str, default: bool) -> bool:
        """True or false."""
        value = self._values.get(name, default)
        if not isinstance(value, bool):
            self.error(name, f"is {kind(value)}, not true or false", f"Write {name} = true or {name} = false")
            return default
        return value

    def whole(self, name: str, lowest: int, highest: int, default: int) -> int:
        """A whole number from `lowest` to `highest`."""
        value = self._values.get(name, default)
        if isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest:
            return value
        wrong = f"is not a whole number from {lowest} to {highest}"
        self.error(name, wrong, f"Write {name} = {default}, or another number in that range, without quotes")
        return default

    def number(self, name: str, lowest: float, highest: float, default: float) -> float:
        """A number from `lowest` to `highest`, with or without a decimal point."""
        value = self._values.get(name, default)
        if isinstance(value, int | float) and not isinstance(value, bool) and lowest <= value <= highest:
            return float(value)
        wrong = f"is not a number from {lowest:g} to {highest:g}"
        self.error(name, wrong, f"Write {name} = {default}, or another number in that range, without quotes")
        return default

    def doubt(self, name: str, value: float, lowest: float, highest: float, why: str) -> None:
        """Note a warning where a number that is allowed lies outside of what a hotel needs."""
        if not lowest <= value <= highest:
            self.warn(name, why, f"Write a number from {lowest:g} to {highest:g} for a real hotel")

    def table(self, name: str, shape: type[msgspec.Struct] | None, write: str = "") -> "Table":
        """The section of that name, with the members of `shape`; an empty one where it is absent or wrong.

        `write` says how to write it where that is not a header in single brackets.
        """
        value, header = self._values.get(name, {}), f"[{self.header(name)}]"
        if isinstance(value, dict):
            return Table(value, shape, self.ledger, self.place(name))
        write = write or (f"Write {header}" if _is_sections(value) else _further_down(header))
        self.error(name, f"is {kind(value)}, not one section", write)
        unheard = Ledger((), self.ledger.positions)  # what it lacks is not worth a word now
        return Table({}, shape, unheard, self.place(name))

    def tables(self, name: str, shape: type[msgspec.Struct]) -> tuple["Table", ...]:
        """The sections of a [[list of sections]], with the members of `shape`; () where it is absent or wrong."""
        value, header = self._values.get(name, []), f"[[{self.header(name)}]]"
        if isinstance(value, list) and _is_sections(value):
            return tuple(
                Table(each, shape, self.ledger, self._labelled(self.place_in(name, at), each))
                for at, each in enumerate(value)
            )
        write = f"Write {header} above each of them" if isinstance(value, dict) else _further_down(header)
        self.error(name, f"is {kind(value)}, not a list of sections", write)
        return ()

    def header(self, name: str) -> str:
        """What stands in the brackets of the header of the section `name`."""
        return ".".join(key for key in (*self.here.keys, name) if isinstance(key, str))

    @property
    def under(self) -> str:
        """`under [box]: ` where this section has a header in single brackets, else nothing."""
        return f"under [{self.here.path}]: " if _BARE.fullmatch(self.here.path) else ""

    def _labelled(self, place: Place, values: Document) -> Place:
        """The place with the name that people call this section by, if it has one that can be shown."""
        name = values.get("name")
        if not isinstance(name, str) or not name.strip() or len(name) > LABEL_CHARACTERS:
            return place
        if _visible(name) != name or self.ledger.tells(name):
            return place
        return Place(f'{place.path} ("{name.strip()}")', place.keys)

    def _safe(self, name: str) -> str:
        if self.ledger.tells(name):
            return HIDDEN
        visible = _visible(name[:QUOTED_CHARACTERS]).replace('"', "'")
        short = "".join(each if each.isprintable() else " " for each in visible)
        return short if _BARE.fullmatch(short) else f'"{short}"'

    def _refuse_unknown(self) -> None:
        unknown = [(name, value) for name, value in self._values.items() if name not in self._known]
        for number, (name, value) in enumerate(unknown):
            if number >= SHOWN:  # a file of something else: so many are never shown, and a guess takes time
                self._refuse(name, None, may_guess=False)
            else:
                absent = [known for known in self._known if known not in self._values]
                meant = None if _home(name) else nearest(name, absent)
                self._refuse(name, meant)
                if meant:  # read on as if it were written right: that finds the other problems, and no false ones
                    self._values[meant] = value
                    self._spelled[meant] = name

    def _refuse(self, name: str, meant: str | None, *, may_guess: bool = True) -> None:
        taken = nearest(name, self._known) if may_guess and not meant else None
        write = f"Did you mean {meant}?" if meant else f"Known here: {', '.join(self._known)}"
        if taken and isinstance(self._values[name], dict | list):
            write = f"Did you mean {taken}, too?"
        elif taken:
            write = f"Take it out: {taken} stands in the same place already"
        if _home(name):
            write = f"It belongs under {_home(name)}"
        if (meant or taken or _home(name) or _NAME_LIKE.fullmatch(name)) and not self.ledger.tells(name):
            self.error(name, "is not a known name", write)
        else:
            place = Place(self.here.path or "file", self.place(name).keys)
            self.ledger.error(place, f"holds an unknown name (length {len(name)})", write)

    def _text(self, place: Place, value: object, rule: Rule, name: str, example: str) -> str:
        equals = f"{name} = " if name else ""
        shown = str(value) if self._is_showable_number(value) else example
        try:
            text = _checked_text(value, TEXT_CHARACTERS, f'Write it in quotes: {equals}"{shown}"').strip()
            return settled(rule, text)
        except Wrong as refusal:
            if isinstance(value, str) and self.ledger.tells(value):
                wrong = "repeats a password or token of this file"
                self.ledger.error(place, wrong, f'Write something like {equals}"{example}"')
            else:
                self.ledger.error(place, refusal.wrong, refusal.write)
            return ""

    def _is_showable_number(self, value: object) -> bool:
        return (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and len(str(value)) <= QUOTED_CHARACTERS
            and not self.ledger.tells(str(value))
        )


def settled(rule: Rule, text: str) -> str:
    """What the rule makes of a text. Raises `Wrong`, never with a proposal that the rule would refuse itself: what
    is wrong with that one is said in its place."""
    try:
        return rule(text)
    except Wrong as first:
        if first.proposal not in (None, text):
            settled(rule, first.proposal or "")
        raise


def plain(text: str) -> str:
    """The rule for a text of which nothing more is asked."""
    return text


def _is_sections(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def _further_down(header: str) -> str:
    return f"Take the line out, and write {header} further down on a line of its own, with the names below it"


def _joined(path: str, key: str) -> str:
    """`path.key`, or `path, key` behind words that are counted; the path of the file itself is empty."""
    return f"{path}{', ' if ',' in path else '.'}{key}" if path else key


def _home(name: str) -> str:
    """The headers under which a name belongs, where they are few: `[coder_bridge] or [[visionline]]`."""
    headers = homes().get(name, ())
    return " or ".join(headers) if len(headers) <= MOST_HOMES else ""


def _checked_text(value: object, longest: int, write: str) -> str:
    if not isinstance(value, str):
        raise Wrong(f"is {kind(value)}, not text", write)
    if not value.strip():
        raise Wrong("is empty", "Fill it in")
    if len(value) > longest:
        raise Wrong(f"is longer than {longest} characters", "Write it shorter")
    if _visible(value) != value:
        raise Wrong("holds a tab, line break or invisible character", "Type it again instead of pasting it")
    return value


def _visible(text: str) -> str:
    """`text` without what no eye can see; at most as much of it as a value may have."""
    return "".join(each for each in text[:SECRET_CHARACTERS] if unicodedata.category(each) not in _INVISIBLE)
