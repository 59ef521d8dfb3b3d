"""What an audit finds, and what it could not compare. Values; nothing is asked, nothing is guessed."""

from enum import StrEnum

import msgspec


class Subject(StrEnum):
    """What a finding is about, in the order in which they are shown."""

    ROOM = "room without a key"
    DOOR = "lock id that opens nothing"
    CUTTER = "key cutter of Mews alone"
    PRINTER = "printer of Mews alone"
    IDLE_ENCODER = "encoder of the file alone"
    IDLE_PRINTER = "printer of the file alone"
    IDLE_LOCK_ID = "lock id without a room"
    IDLE_DOOR = "door that no room uses"


MISSING = frozenset({Subject.ROOM, Subject.DOOR, Subject.CUTTER, Subject.PRINTER})  # what orders would end for


class Proposal(msgspec.Struct, frozen=True):
    """A line of TOML for the file: under [doors], or at the encoder that is named.

    `replaces` is the name of the line there whose place it takes, "" where it is a further one.
    """

    line: str
    encoder: str = ""
    replaces: str = ""

    @property
    def place(self) -> str:
        """Where it belongs, in words."""
        where = f"at the encoder “{self.encoder}”" if self.encoder else "under [doors]"
        return f"{where}, in place of {self.replaces}" if self.replaces else where


class Finding(msgspec.Struct, frozen=True):
    """One thing, by its `name`, in one sentence. `proposal` mends it, where one line surely does."""

    subject: Subject
    name: str
    sentence: str
    proposal: Proposal | None = None

    @property
    def is_missing(self) -> bool:
        """Whether an order would end for the lack of it."""
        return self.subject in MISSING


class LockList(msgspec.Struct, frozen=True):
    """The doors that a lock server (its hop) knows by name; None where it has no list, or does not tell it now:
    `why` says so."""

    server: str
    doors: tuple[str, ...] | None
    why: str = "it has no list of its doors"


class Audit(msgspec.Struct, frozen=True):
    """All that was found, sorted; `untold` are sentences about what could not be compared."""

    findings: tuple[Finding, ...]
    untold: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[Finding, ...]:
        """Those for which an order would end."""
        return tuple(finding for finding in self.findings if finding.is_missing)

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """The lines for the file, each once."""
        return tuple(dict.fromkeys(finding.proposal for finding in self.findings if finding.proposal))
