"""What a person reads of a page: its texts, and the words in attributes that are shown or read out."""

import re
from html.parser import HTMLParser

_SHOWN = ("aria-label", "title", "alt", "placeholder")
_DATA = re.compile(r"data-(word-\w+|away|said|found|word|units)")
_SILENT = ("script", "style")
_AS_IT_IS = ("code",)  # what is typed, and names of machines: the same in each language
_VOID = ("meta", "link", "input", "br", "hr", "img", "path", "rect", "line", "circle", "use", "polyline")
_WORD = re.compile(r"[A-Za-z]{2,}")


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.language = ""
        self.read: list[str] = []
        self._open: list[tuple[str, bool]] = []  # each with whether it is passed over

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.language = self.language or named.get("lang", "")
        is_other = named.get("lang", self.language) != self.language
        is_passed = self._is_passed or is_other or tag in (*_SILENT, *_AS_IT_IS)
        if not is_passed:
            self.read += [value for name, value in named.items() if name in _SHOWN or _DATA.fullmatch(name)]
        if tag not in _VOID:
            self._open.append((tag, is_passed))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._is_passed and data.strip():
            self.read.append(" ".join(data.split()))

    @property
    def _is_passed(self) -> bool:
        return bool(self._open) and self._open[-1][1]


def language_of(html: str) -> str:
    """What the page says of itself."""
    return _read(html).language


def texts(html: str) -> list[str]:
    """In their order. What is marked as another language's is left out, and so is what is code."""
    return _read(html).read


def same(german: str, english: str, names: re.Pattern[str]) -> list[str]:
    """The texts of two or more words that both pages have; `names` are no words."""
    known = set(texts(english))
    return [text for text in dict.fromkeys(texts(german)) if text in known and _is_said(names.sub("", text))]


def _is_said(text: str) -> bool:
    return len(_WORD.findall(text)) >= 2 and text != text.upper()


def _read(html: str) -> _Reading:
    reading = _Reading()
    reading.feed(html)
    reading.close()
    return reading
