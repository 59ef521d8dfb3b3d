"""A scripted life of some commands for the journal's tests, and what is owed when it breaks off."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from agent.commands.lifecycle import State
from agent.commands.model import Kind, Outcome, Verdict
from agent.commands.record import Record
from agent.journal.file import Contents, JournalFile
from agent.journal.state_folder import JOURNAL

DONE = Outcome(Verdict.DONE)
FAILED = Outcome(Verdict.FAILED, "E-KEY-NO-CARD", "Key not cut: no card.")
UNKNOWN = Outcome(Verdict.UNKNOWN, "E-KEY-LOST", "Key perhaps cut: the answer was lost.")

Commit = tuple[Record, ...]
RESTART = 70  # commits; half of the rows are in the database then, half will be in its log


def new(number: int, copies: int = 1) -> Record:
    id = f"0d6f2f0a-0000-4000-8000-{number:012}"
    return Record(
        id, "Front desk", Kind.KEY, f"encoder:{number % 8}", f"{100 + number}", copies, created=1_795_000_000
    )


def life(commands: int = 30) -> Iterator[Commit]:
    """The commits of a shift: commands overlap, and the last five are open, each in a state of its own."""
    before: list[Record] = []
    for number in range(commands):
        claimed = new(number, copies=2).claim(1_795_000_010)
        yield claimed, *(record.report(1_795_000_030) for record in before)
        yield (claimed.dispatch(1),)
        outcome = (DONE, FAILED, UNKNOWN)[number % 3]
        before = [claimed.dispatch(2).end(outcome, 1_795_000_020)]
        yield (claimed.dispatch(2),)
        yield tuple(before)
    claims = [new(commands + number).claim(1_795_000_040) for number in range(4)]
    yield tuple(claims)
    yield claims[0].dispatch(1), claims[1].dispatch(1)
    yield (claims[0].dispatch(1).end(DONE, 1_795_000_050),)
    yield (claims[2].end(FAILED, 1_795_000_050),)


def lived(path: Path, after_commit: Callable[[Commit], None] = lambda commit: None) -> dict[str, Record]:
    """Live it in the journal `path`, with a restart midway, up to a kill; what is known then, by id."""
    file, known = JournalFile(path), dict[str, Record]()
    file.open()
    for number, commit in enumerate(life()):
        if number == RESTART:
            file.close()
            file.open()
        file.commit(commit)
        known |= {record.id: record for record in commit}
        after_commit(commit)
    killed(path)
    return known


def killed(path: Path) -> None:
    """Put copies in the place of the files: what the open connection still does to its own is not seen."""
    for part in filter(Path.is_file, path.parent.iterdir()):
        copy = part.with_name("copy")
        shutil.copyfile(part, copy)
        copy.replace(part)


def opened(path: Path) -> Contents:
    """What the next start finds."""
    file = JournalFile(path)
    contents = file.open()
    file.close()
    return contents


def copied(path: Path, folder: Path) -> Path:
    """The journal of a copy of the whole folder."""
    shutil.copytree(path.parent, folder)
    return folder / JOURNAL


def is_owed(record: Record, contents: Contents) -> bool:
    """Whether the end of an open command is still owed, and none that says less than may have happened."""
    found = {record.id: record for record in contents.records}.get(record.id)
    if found is None or not found.is_open:
        return False
    return found == record or found.state is State.DISPATCHED
