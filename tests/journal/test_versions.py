"""The journal's file between versions of the box: an update finds it, and after a roll-back the older one does."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent.commands.lifecycle import State
from agent.commands.model import Kind
from agent.commands.record import Record
from agent.journal.file import JournalFile
from agent.journal.rows.table import FIRST_COLUMNS, Table

VERSION_1 = Path(__file__).with_name("version_1.sql")
STATES_1 = {
    "101": State.REPORTED,
    "102": State.DISPATCHED,
    "103": State.CLAIMED,
    "104": State.WITHDRAWN,
    "105, Süd": State.FAILED,
    "106": State.UNKNOWN,
    "107": State.DONE,
}


class Newer(Record, frozen=True):
    """What a later version may make of a record: more columns."""

    card: str = "it's blank"
    tries: int = 3


NEWER = Table(Newer)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


def made(number: int = 1, state: State = State.CLAIMED, **more: Any) -> Record:
    return Record(f"id-{number}", "Key cutter 1", Kind.KEY, "encoder:1", "101", 1, state, **more)


def newer(record: Record, **more: Any) -> Newer:
    return Newer(**msgspec.structs.asdict(record), **more)


def write(path: Path, *records: Record, table: Table | None = None) -> None:
    """What a start of that version writes before it ends."""
    file = JournalFile(path, table)
    file.open()
    file.commit(records)
    file.close()


def read(path: Path, table: Table | None = None) -> tuple[Record, ...]:
    """What a start of that version finds; it must not set the file aside."""
    file = JournalFile(path, table)
    contents = file.open()
    file.close()
    assert contents.set_aside is None
    return contents.records


def execute(path: Path, statements: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as database:
        if ";" in statements:
            database.executescript(statements)
            return []
        rows = database.execute(statements).fetchall()
        database.commit()
        return rows


def test_a_file_of_version_1_is_read(path: Path) -> None:
    execute(path, VERSION_1.read_text())
    records = read(path)
    assert {record.room: record.state for record in records} == STATES_1
    assert records[1] == Record(
        id="0d6f2f0a-0000-4000-8000-000000000002",
        device="Front desk left",
        kind=Kind.KEY,
        target="encoder:1",
        room="102",
        copies=3,
        state=State.DISPATCHED,
        copy=2,
        made=1,
        created=1795000002,
        claimed=1795000012,
    )


def test_a_file_of_version_1_is_written_on(path: Path) -> None:
    execute(path, VERSION_1.read_text())
    before = read(path)
    reported = before[6].report(1795000030)
    write(path, reported, made())
    assert read(path) == (*before[:6], reported, made())


def test_every_later_version_has_the_columns_of_the_first(path: Path) -> None:
    assert Record.__struct_encode_fields__[: len(FIRST_COLUMNS)] == FIRST_COLUMNS
    execute(path, VERSION_1.read_text())
    assert [row[1] for row in execute(path, "PRAGMA table_info(command)")] == ["rowid", *FIRST_COLUMNS]


def test_a_column_of_the_first_version_is_never_added(path: Path) -> None:
    added = [words.split()[5] for words in Table().additions([])]
    assert added == ["seen", "origin", "revision"]


def test_an_update_adds_its_columns_and_keeps_every_row(path: Path) -> None:
    execute(path, VERSION_1.read_text())
    assert read(path, NEWER) == tuple(newer(record) for record in read(path))


def test_an_update_adds_its_columns_once(path: Path) -> None:
    write(path, newer(made()), table=NEWER)
    before = execute(path, "PRAGMA schema_version")
    assert read(path, NEWER) == (newer(made()),)
    assert execute(path, "PRAGMA schema_version") == before


def test_a_new_file_of_a_newer_version_has_all_its_columns(path: Path) -> None:
    write(path, newer(made(), card="blue"), table=NEWER)
    assert read(path, NEWER) == (newer(made(), card="blue"),)


def test_after_a_roll_back_the_rows_are_there(path: Path) -> None:
    write(path, newer(made(1), card="blue"), newer(made(2, State.REPORTED, verdict="done")), table=NEWER)
    assert read(path) == (made(1), made(2, State.REPORTED, verdict="done"))


def test_what_a_newer_version_wrote_stays_while_the_older_one_goes_on(path: Path) -> None:
    write(path, newer(made(1), card="blue", tries=7), newer(made(2)), table=NEWER)
    write(path, made(1, State.DONE, verdict="done"), made(3))
    assert read(path, NEWER) == (
        newer(made(1, State.DONE, verdict="done"), card="blue", tries=7),
        newer(made(2)),
        newer(made(3)),
    )


def test_a_state_that_only_a_newer_version_knows_stays_on_disk_until_there_is_news_of_it(path: Path) -> None:
    write(path, newer(made(1)), newer(made(2)), table=NEWER)
    execute(path, "UPDATE command SET state = 'dreaming'")
    assert [record.state for record in read(path)] == [State.DISPATCHED] * 2
    write(path, made(2, State.UNKNOWN, verdict="unknown"))
    assert execute(path, "SELECT state FROM command") == [("dreaming",), ("unknown",)]


def test_an_older_version_prunes_no_command_that_it_does_not_understand(path: Path) -> None:
    write(path, made(0))
    execute(path, "UPDATE command SET state = 'dreaming'")
    file = JournalFile(path)
    file.open()
    for number in range(1, 2000, 20):
        file.commit(tuple(made(number + more, State.REPORTED, verdict="done") for more in range(20)))
    file.close()
    assert read(path)[0].id == "id-0"


def without_witness(path: Path, *statements: str) -> None:
    """What a version does that counts no commits and knows no witness."""
    execute(path, ";".join((*statements, "")))


REPORTED = "UPDATE command SET state = 'reported', verdict = 'done', reported = 1795000030"
NEW = (
    "INSERT INTO command (rowid, id, device, kind, target, room, copies, state, copy, cut, verdict, code, note, "
    "created, claimed, ended, reported) SELECT max(rowid) + 1, 'id-77', 'Key cutter 1', 'key', 'encoder:1', "
    "'101', 1, 'claimed', 0, 0, '', '', '', 0, 0, 0, 0 FROM command"
)


@pytest.mark.parametrize(
    "statements", [(REPORTED,), (REPORTED, NEW), (NEW, "DELETE FROM command WHERE id = 'id-1'")]
)
def test_after_an_older_version_has_gone_on_its_word_counts_and_nothing_is_damaged(
    path: Path, statements: tuple[str, ...]
) -> None:
    write(path, made(1), made(2, State.DISPATCHED))
    write(path, made(1, State.DISPATCHED))
    without_witness(path, *statements)
    file = JournalFile(path)
    contents = file.open()
    file.close()
    left = execute(path, "SELECT id, state FROM command ORDER BY rowid")
    assert [(record.id, str(record.state)) for record in contents.records] == left
    assert contents.damage == ""
    assert read(path) == contents.records


def test_a_journal_of_an_older_version_is_found_sound(path: Path) -> None:
    execute(path, VERSION_1.read_text())
    file = JournalFile(path)
    assert file.open().damage == file.open().damage == ""
    file.close()
