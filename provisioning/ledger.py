"""What one reading of a file has found: the problems, what they may not repeat, and what may stand only once."""

from collections.abc import Collection, Mapping

from provisioning.problems import Level, Problem

SECRET_NAMES = frozenset({"connector_token", "access_token", "client_token", "password"})
TELLING_CHARACTERS = 4  # characters; a shorter secret is part of any sentence by chance


class Ledger:
    """The problems found so far, the texts that none of them may repeat (`hidden`), and the section of each name
    of the format (`homes`), for a name that stands in the wrong one."""

    def __init__(self, hidden: Collection[str], homes: Mapping[str, str]) -> None:
        self.problems: list[Problem] = []
        self.homes = homes
        self._hidden = tuple(text for text in hidden if len(text) >= TELLING_CHARACTERS)

    def error(self, path: str, wrong: str, write: str) -> None:
        """Note a problem that stops the file from being used."""
        self.problems.append(Problem(path, wrong, write))

    def warn(self, path: str, wrong: str, write: str) -> None:
        """Note a problem that the box can live with."""
        self.problems.append(Problem(path, wrong, write, Level.WARNING))

    def tells(self, text: str) -> bool:
        """Whether repeating `text` would tell a secret of this file."""
        return any(hidden in text for hidden in self._hidden)


class Once:
    """Texts that may stand only once in a file, with the place where each stands."""

    def __init__(self, ledger: Ledger, write: str) -> None:
        self._ledger = ledger
        self._write = write
        self._places: dict[str, str] = {}

    def note(self, text: str, path: str) -> None:
        """Note `text` at `path`: an error if it stands somewhere else already. Nothing is noted for ""."""
        first = self._places.setdefault(text, path)
        if text and first != path:
            self._ledger.error(path, f"is the same as {first}", self._write)
