"""What the manual is made of: sections of paragraphs and entries, the same for every way to show them. Pure."""

import msgspec


class Fact(msgspec.Struct, frozen=True):
    """A line of an entry: what it is about ("At the front desk", "" for nothing), and what it says. `typed` stands
    between: what is written like that in every language, "" for nothing.
    """

    label: str
    text: str = ""
    typed: str = ""


class Entry(msgspec.Struct, frozen=True):
    """One thing that has a name: a fault's code, a setting, a verb. `title` says it in words, "" for nothing.

    A name that `is_words` is a heading of ours, said in the reader's language; any other is written as it is.
    """

    name: str
    title: str = ""
    facts: tuple[Fact, ...] = ()
    is_words: bool = False

    @property
    def anchor(self) -> str:
        """The entry's address within its page: letters, digits and hyphens."""
        return "".join(each if each.isalnum() and each.isascii() else "-" for each in self.name).strip("-")


class Section(msgspec.Struct, frozen=True):
    """A chapter; `anchor` is its topic, too."""

    anchor: str
    title: str
    paragraphs: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
