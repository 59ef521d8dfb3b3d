"""The last drill in the journal's file: one row, with no place for a word about anyone."""

from pathlib import Path

from agent.journal.file import JournalFile
from agent.journal.rows import side_tables
from agent.journal.rows.kept_drill import DrillEnd, KeptDrill


def kept(path: Path, *drills: KeptDrill) -> tuple[KeptDrill, ...]:
    """What the next start finds after these commits."""
    file = JournalFile(path)
    file.open()
    for drill in drills:
        file.commit((drill,))
    file.close()
    contents = JournalFile(path).open()
    assert (contents.set_aside, contents.damage) == (None, "")
    return contents.drills


def test_before_the_first_one_there_is_none(tmp_path: Path) -> None:
    assert kept(tmp_path / "journal.sqlite") == ()


def test_each_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    begun, ended = KeptDrill(at=5), KeptDrill(at=5, end=DrillEnd.FAILED)
    assert kept(tmp_path / "journal.sqlite", begun, ended) == (ended,)
    assert kept(tmp_path / "journal.sqlite", KeptDrill(at=9, end=DrillEnd.WELL)) == (KeptDrill(at=9, end="well"),)


def test_it_has_a_place_for_nothing_else() -> None:
    assert list(side_tables.DRILLS.columns) == ["id", "at", "end"]
