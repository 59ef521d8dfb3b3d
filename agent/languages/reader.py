"""In which language a request is answered, and the links that keep it so or change it. Pure."""

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlencode

import msgspec

from agent.languages.choice import LANGUAGES

PARAMETER = "lang"
_NAMES = {"en": "English", "de": "Deutsch"}  # as those who read it call it


class Other(msgspec.Struct, frozen=True):
    """The same page in another language: its tag, its own name, and the query to ask for it."""

    language: str
    name: str
    query: str


class Reader(msgspec.Struct, frozen=True):
    """`keep` is the query that a link needs so that what the address asks for goes on: "?lang=de", or ""."""

    language: str
    keep: str = ""
    others: tuple[Other, ...] = ()

    @property
    def edition(self) -> str:
        """What all readers share who are shown the very same: the language, with `keep` behind it."""
        return self.language + self.keep


def reader(
    query: Mapping[str, str], accept_language: str, choose: Callable[[str], str], kept: Iterable[str] = ()
) -> Reader:
    """Of a request. `lang` in its query comes before its Accept-Language, which `choose` makes a language of;
    one that is none of ours is passed over. `kept` are parameters that stay when the language is changed.
    """
    asked = query.get(PARAMETER, "")
    is_asked = asked in LANGUAGES
    language = asked if is_asked else choose(accept_language)
    same = {name: query[name] for name in kept if query.get(name)}
    others = (
        Other(each, _NAMES[each], "?" + urlencode(same | {PARAMETER: each}))
        for each in LANGUAGES
        if each != language
    )
    return Reader(language, f"?{PARAMETER}={asked}" if is_asked else "", tuple(others))


def of_edition(edition: str) -> Reader:
    """A reader as far as an edition tells."""
    language, mark, query = edition.partition("?")
    return Reader(language, mark + query)
