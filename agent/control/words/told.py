"""What the desk tells of an errand: progress, then one result. Frozen; every face shows the same."""

from enum import StrEnum
from typing import TypeAlias

import msgspec

from agent.commands.probe import Mark
from agent.control.words.events import Event


class End(StrEnum):
    """How an errand ended. Values stand in the journal's acts: never rename one."""

    DONE = "done"
    FAILED = "failed"  # surely not done
    PERHAPS = "perhaps"  # perhaps done: somebody has to look
    MISTAKE = "mistake"  # nothing was begun, and the words say what to write instead
    UNSURE = "unsure"  # nothing was begun: it goes on if a person is sure, by the same words and --sure


class Line(msgspec.Struct, frozen=True, tag_field="type", tag="line"):
    """One sentence of progress; where there is a count, `done` of `of`."""

    text: str
    done: int = 0
    of: int = 0


class StepTested(msgspec.Struct, frozen=True, tag_field="type", tag="tested"):
    """One step of a test, as it was taken; `seconds` is how long that took."""

    hop: str
    step: str
    mark: Mark
    text: str
    seconds: float


class Happened(msgspec.Struct, frozen=True, tag_field="type", tag="happened"):
    """Something that a watcher sees."""

    event: Event


class Result(msgspec.Struct, frozen=True, tag_field="type", tag="result"):
    """The last that is told: how it ended, in a sentence or two."""

    end: End
    text: str


class Table(msgspec.Struct, frozen=True, tag_field="type", tag="table"):
    """What was asked for, in rows; `columns` are their names."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Piece(msgspec.Struct, frozen=True, tag_field="type", tag="piece"):
    """A piece of a file that was asked for, in its order: `content` begins at byte `at` of `total`."""

    name: str
    content: bytes
    at: int
    total: int

    def __repr__(self) -> str:
        return f"Piece({self.name!r}, {self.at} of {self.total})"


Progress: TypeAlias = Line | StepTested | Happened | Table | Piece
Told: TypeAlias = Progress | Result
