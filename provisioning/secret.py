"""A token or a password that stays in memory: it is never shown, stored or sent by accident.

Only `reveal()` gives the text; call it where the text goes onto the wire, and keep the result nowhere.
"""

from typing import NoReturn, SupportsIndex

HIDDEN = "(hidden)"


class Secret:
    """Text whose `repr()` and `str()` are "(hidden)"; msgspec, json, pickle and copy refuse it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __repr__(self) -> str:
        return HIDDEN

    def __eq__(self, other: object) -> bool:
        return self._text == other._text if isinstance(other, Secret) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("a secret is neither stored nor sent")
