"""A spoilt journal: whole files are set aside and never overwritten, single rows are mended, every end is owed."""

import os
import shutil
import socket
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from agent.commands.lifecycle import State
from agent.commands.record import Record
from agent.journal.database import SCHEMA_VERSION
from agent.journal.file import Contents, JournalFile
from tests.journal.life import killed, opened
from tests.journal.test_journal import record

NOBODY = 65534
RECORDS = tuple(record(number, (State.CLAIMED, State.DISPATCHED)[number % 2]) for number in range(20))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal with twenty open commands, all of them in the database, as after a clean end."""
    path = tmp_path / "journal.sqlite"
    write(path, *RECORDS)
    return path


def write(path: Path, *records: Record) -> None:
    file = JournalFile(path)
    file.open()
    file.commit(records)
    file.close()


def execute(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


def _schema(path: Path) -> None:
    execute(path, "ALTER TABLE command RENAME COLUMN room TO chamber")


def _later_version(path: Path) -> None:
    execute(path, f"PRAGMA user_version = {SCHEMA_VERSION + 1}")


def _no_table(path: Path) -> None:
    execute(path, "DROP TABLE command")


def _another_program(path: Path) -> None:
    path.unlink()
    execute(path, "CREATE TABLE bookmark (title TEXT)", "INSERT INTO bookmark VALUES ('mine')")


def _garbage(path: Path) -> None:
    path.write_bytes(b"\x00\xff" * 3000)


def _cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:1500])


def _three_gigabytes_of_zeros(path: Path) -> None:
    path.write_bytes(b"")
    os.truncate(path, 3 * 1024**3)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _no_words(path: Path) -> None:
    """The schema's own words are no text, so not even SQLite can say what is wrong."""
    content = path.read_bytes()
    path.write_bytes(content.replace(b"CREATE TABLE", b"\xff\xfe\xfd\xfcTE TABLE"))


def _says_that_it_is_read_only(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[18] = 9  # the format's write version (sqlite.org/fileformat.html)
    path.write_bytes(content)


def _directory(path: Path) -> None:
    path.unlink()
    (path / "more").mkdir(parents=True)


def _link_to_itself(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


def _link_to_nothing(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _log_is_a_directory(path: Path) -> None:
    path.with_name(f"{path.name}-wal").mkdir()


def _shared_memory_is_a_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as lock:
        lock.bind(str(path.with_name(f"{path.name}-shm")))


def _log_alone(path: Path) -> None:
    path.unlink()
    path.with_name(f"{path.name}-wal").write_bytes(b"\x37\x7f\x06\x82" + bytes(2000))


FILES = [
    *(_schema, _later_version, _no_table, _another_program, _garbage, _cut_off, _three_gigabytes_of_zeros, _empty),
    *(_no_words, _says_that_it_is_read_only, _directory, _link_to_itself, _link_to_nothing, _pipe),
    *(_log_is_a_directory, _shared_memory_is_a_socket, _log_alone),
]


def looks(path: Path) -> dict[str, object]:
    """What lies there under which name."""
    parts = (part for part in path.parent.glob(f"{path.name}*"))
    return {part.name.removeprefix(path.name): _look(part) for part in parts}


def _look(part: Path) -> object:
    status = part.lstat()
    is_small_file = part.is_file() and not part.is_symlink() and status.st_size < 10_000_000
    return status.st_mode, status.st_size, part.read_bytes() if is_small_file else None


@pytest.mark.parametrize("spoil", FILES)
def test_a_file_that_cannot_be_used_is_set_aside_whole_and_every_open_command_is_known(
    path: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(path)
    before = looks(path)
    contents = opened(path)
    assert sorted(contents.records, key=RECORDS.index) == list(RECORDS)
    assert contents.damage.startswith("The journal could not be used (")
    assert "known from its second copy" in contents.damage
    aside = path.with_name("journal.sqlite.damaged-1")
    assert before.items() <= {(name, look) for name, look in looks(aside).items()}
    assert opened(path) == Contents(contents.records)


def test_a_journal_that_is_gone_is_said_and_every_open_command_is_known(path: Path) -> None:
    path.unlink()
    contents = opened(path)
    assert (contents.records, contents.set_aside) == (RECORDS, None)
    assert "it was gone); a new one was begun" in contents.damage


def test_without_journal_and_witness_the_room_kept_for_it_shows_that_there_was_one(path: Path) -> None:
    path.unlink()
    path.with_suffix(".witness").unlink()
    assert "look in Mews for orders that stay in Processing" in opened(path).damage


def test_a_first_start_finds_nothing_wrong_also_where_one_was_broken_off(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    path.touch()
    assert opened(path) == opened(path) == Contents(())


@contextmanager
def not_as_root(folder: Path) -> Iterator[None]:
    """Root may open everything, so become no one, whose folder it then is."""
    if os.geteuid() != 0:
        yield
        return
    for part in (folder, *folder.iterdir()):
        os.chown(part, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("suffix", ["", "-wal"])
def test_a_file_that_we_may_not_open_is_set_aside(suffix: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.sqlite"
        write(path, *RECORDS)
        with not_as_root(path.parent):
            Path(f"{path}{suffix}").touch()
            Path(f"{path}{suffix}").chmod(0)
            contents = opened(path)
    assert sorted(contents.records, key=RECORDS.index) == list(RECORDS)
    assert f"journal.sqlite{suffix} cannot be opened" in contents.damage


def test_a_second_damaged_file_does_not_take_the_place_of_the_first(path: Path) -> None:
    for number in (1, 2):
        path.write_bytes(b"%d" % number * 1000)
        aside = opened(path).set_aside
        assert aside is not None
        assert (aside.name, aside.read_bytes()[:1]) == (f"journal.sqlite.damaged-{number}", b"%d" % number)


def test_garbage_in_the_shared_memory_and_a_log_of_another_database_do_no_harm(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / path.name
    other.parent.mkdir()
    with closing(sqlite3.connect(other)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE other (word TEXT)")
        for suffix in ("-wal", "-shm"):
            shutil.copyfile(f"{other}{suffix}", f"{path}{suffix}")
    contents = opened(path)
    assert sorted(contents.records, key=RECORDS.index) == list(RECORDS)


@pytest.mark.parametrize("what", ["cut", "gone", "directory", "link", "garbage", "zeros"])
def test_a_spoilt_witness_is_said_and_made_new(path: Path, what: str) -> None:
    witness = path.with_suffix(".witness")
    content = witness.read_bytes()
    witness.unlink()
    if what == "directory":
        witness.mkdir()
    elif what == "link":
        witness.symlink_to(witness)
    elif what != "gone":
        witness.write_bytes({"cut": content[:700], "garbage": b"x" * 700, "zeros": bytes(len(content))}[what])
    assert opened(path) == Contents(RECORDS, "The journal's second copy was damaged or gone; a new one was made.")
    assert opened(path) == Contents(RECORDS)


def test_a_later_versions_witness_is_replaced_without_a_word(path: Path) -> None:
    path.with_suffix(".witness").write_bytes(b"NPW7" + bytes(5000))
    assert opened(path) == opened(path) == Contents(RECORDS)


ROW = "WHERE id = 'id-3'"
SPOILT_ROWS = {
    "type": f"UPDATE command SET copies = 'many' {ROW}",
    "far future": f"UPDATE command SET created = 1000000000000000 {ROW}",
    "deep past": f"UPDATE command SET ended = -1000000000000 {ROW}",
    "no text": f"UPDATE command SET note = CAST(x'fffe' AS TEXT) {ROW}",
    "bytes": f"UPDATE command SET state = x'ff' {ROW}",
    "escapes": f"UPDATE command SET room = '1' || char(27) || '[31m' {ROW}",
    "revision": f"UPDATE command SET revision = 'last' {ROW}",
    "huge revision": f"UPDATE command SET revision = 9223372036854775807 {ROW}",
    "last place": f"UPDATE command SET rowid = 9223372036854775807 {ROW}",
    "negative place": f"UPDATE command SET rowid = -5 {ROW}",
}


@pytest.mark.parametrize("statement", SPOILT_ROWS.values(), ids=SPOILT_ROWS)
def test_a_damaged_row_spoils_only_itself_and_the_witness_knows_it(path: Path, statement: str) -> None:
    execute(path, statement)
    contents = opened(path)
    found = {record.id: record for record in contents.records}
    left = found.pop("id-3")
    assert found == {record.id: record for record in RECORDS if record.id != "id-3"}
    assert left.state is State.DISPATCHED
    assert contents.damage.startswith("1 row of the journal could not be read; as it was, it is kept as")
    write(path, record(99))
    assert opened(path).records[-1] == record(99)


@pytest.mark.parametrize("statement", SPOILT_ROWS.values(), ids=SPOILT_ROWS)
def test_without_the_witness_a_damaged_row_that_tells_its_id_is_perhaps_cut(path: Path, statement: str) -> None:
    path.with_suffix(".witness").unlink()
    execute(path, statement.replace("id-3", "id-2"))
    states = {record.id: record.state for record in opened(path).records}
    assert states.keys() == {record.id for record in RECORDS}
    assert states["id-2"] is (
        State.CLAIMED if "rowid" in statement or "revision" in statement else State.DISPATCHED
    )


def test_a_row_without_its_id_is_left_out_and_the_witness_knows_whose_it_was(path: Path) -> None:
    execute(path, f"UPDATE command SET id = x'00' {ROW}")
    assert sorted(opened(path).records, key=RECORDS.index) == list(RECORDS)


def test_the_journal_with_damaged_rows_is_kept_as_it_was(path: Path) -> None:
    execute(path, f"UPDATE command SET copies = 'many' {ROW}")
    aside = opened(path).set_aside
    assert aside is not None
    with closing(sqlite3.connect(aside)) as database:
        assert database.execute(f"SELECT copies FROM command {ROW}").fetchone() == ("many",)


@pytest.fixture
def broken_while_running(path: Path) -> Iterator[JournalFile]:
    file = JournalFile(path)
    file.open()
    file.commit((record(50, State.DISPATCHED),))
    execute(path, "UPDATE command SET note = 'x'")  # so that SQLite has to read again
    for part in (path, path.with_name(f"{path.name}-wal")):
        with part.open("r+b") as content:
            content.write(b"\xff" * part.stat().st_size)
    yield file
    file.close()


def test_a_file_that_breaks_while_running_is_not_met_again_at_the_next_start(
    path: Path, broken_while_running: JournalFile
) -> None:
    with pytest.raises(sqlite3.DatabaseError):
        broken_while_running.commit((record(51),))
    killed(path)
    contents = opened(path)
    assert record(50, State.DISPATCHED) in contents.records
    assert contents.damage
