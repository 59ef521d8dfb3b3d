"""What one reading of a file has found: the problems, what they may not repeat, and what may stand only once."""

from collections.abc import Collection

import msgspec

from provisioning.positions import Keys, Positions
from provisioning.problems import Level, Problem
from provisioning.spelling import nearest

SECRET_NAMES = frozenset(
    {
        *("connector_token", "access_token", "client_token", "password", "code"),
        *("remote_write_password", "remote_write_token", "webhook", "webhook_token"),
    }
)
_SECRET_WORDS = ("token", "passwor", "secret")
TELLING_CHARACTERS = 4  # characters; a shorter secret is part of any sentence by chance


def is_secret_name(name: str) -> bool:
    """Whether a text under this name is a secret, also where the name is mistyped: in doubt it is one."""
    folded = name.casefold()
    return nearest(name, SECRET_NAMES) is not None or any(word in folded for word in _SECRET_WORDS)


class Place(msgspec.Struct, frozen=True):
    """A place in the file: its `path` as people count, and the names that lead there as they are written."""

    path: str
    keys: Keys


class Ledger:
    """The problems found so far, and the texts that none of them may repeat (`hidden`)."""

    def __init__(self, hidden: Collection[str], positions: Positions) -> None:
        self.problems: list[Problem] = []
        self.positions = positions
        self._hidden = tuple(text for text in hidden if len(text) >= TELLING_CHARACTERS)

    def error(self, place: Place, wrong: str, write: str) -> None:
        """Note a problem that stops the file from being used."""
        self._note(place, wrong, write, Level.ERROR)

    def warn(self, place: Place, wrong: str, write: str) -> None:
        """Note a problem that the box can live with."""
        self._note(place, wrong, write, Level.WARNING)

    def line(self, place: Place) -> int | None:
        """The line of a place; None for the file as a whole."""
        return self.positions.line(place.keys) if place.keys else None

    def tells(self, text: str) -> bool:
        """Whether repeating `text` would tell a secret of this file."""
        return any(hidden in text for hidden in self._hidden)

    def _note(self, place: Place, wrong: str, write: str, level: Level) -> None:
        self.problems.append(Problem(place.path, wrong, write, level, self.line(place)))


class Once:
    """Texts that may stand only once in a file, with the place where each stands."""

    def __init__(self, ledger: Ledger, write: str) -> None:
        self._ledger = ledger
        self._write = write
        self._places: dict[str, Place] = {}

    def note(self, text: str, place: Place) -> None:
        """Note `text` at `place`: an error if it stands somewhere else already. Nothing is noted for ""."""
        first = self._places.setdefault(text, place)
        if text and first != place:
            self._ledger.error(place, f"is the same as on line {self._ledger.line(first)}", self._write)
