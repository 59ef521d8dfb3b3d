"""What stays in the spool of a killed CUPS, by its files."""

from pathlib import Path

import pytest

from agent.box.queues.spool import sweep
from agent.drivers.printing.ipp.answers import JobState
from agent.drivers.printing.ipp.message import GroupTag, ValueTag, encode
from tests.drivers.printing.ipp.messages import answer, group, value

NEVER = value(ValueTag.NO_VALUE, None)
THEN = value(ValueTag.INTEGER, 1_700_000_000)


def job(folder: Path, number: int, state: JobState, *, is_begun: bool) -> None:
    """A job in the spool, with its document."""
    says = group(
        GroupTag.JOB,
        job_state=value(ValueTag.ENUM, state.value),
        time_at_processing=THEN if is_begun else NEVER,
    )
    (folder / f"c{number:05}").write_bytes(encode(answer(says)))
    (folder / f"d{number:05}-001").write_bytes(b"%PDF-")


def names(folder: Path) -> list[str]:
    """What is in it."""
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("state", "is_begun", "taken", "left"),
    [
        (JobState.PENDING, False, [], ["c00007", "d00007-001"]),
        (JobState.HELD, False, [], ["c00007", "d00007-001"]),
        (JobState.PENDING, True, ["00007"], []),  # CUPS itself has put it back
        (JobState.PROCESSING, True, ["00007"], []),
        (JobState.STOPPED, True, ["00007"], []),
        (JobState.COMPLETED, True, [], ["c00007"]),  # it is asked for by its name
        (JobState.CANCELED, False, [], ["c00007"]),
        (JobState.ABORTED, True, [], ["c00007"]),
    ],
)
def test_a_job_that_was_begun_is_taken_away_and_one_that_waits_stays(
    tmp_path: Path, state: JobState, is_begun: bool, taken: list[str], left: list[str]
) -> None:
    job(tmp_path, 7, state, is_begun=is_begun)
    assert (sweep(tmp_path), names(tmp_path)) == (taken, left)


def test_each_job_has_its_own_fate(tmp_path: Path) -> None:
    job(tmp_path, 99_999, JobState.PROCESSING, is_begun=True)
    job(tmp_path, 100_000, JobState.PENDING, is_begun=False)
    assert sweep(tmp_path) == ["99999"]
    assert names(tmp_path) == ["c100000", "d100000-001"]


def test_half_a_job_is_taken_away_with_its_document(tmp_path: Path) -> None:
    job(tmp_path, 7, JobState.PENDING, is_begun=False)
    (tmp_path / "c00007").write_bytes((tmp_path / "c00007").read_bytes()[:20])
    assert (sweep(tmp_path), names(tmp_path)) == (["00007"], [])


def test_documents_without_a_job_and_files_that_are_being_written_are_taken_away(tmp_path: Path) -> None:
    job(tmp_path, 7, JobState.PENDING, is_begun=False)
    for name in ("d00008-001", "c00007.N", "01ce56b17101d"):
        (tmp_path / name).write_bytes(b"%PDF-")
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / "page").write_bytes(b"%PDF-")
    (tmp_path / "link").symlink_to(tmp_path / "tmp")
    assert (sweep(tmp_path), names(tmp_path)) == ([], ["c00007", "d00007-001"])


def test_before_the_first_start_there_is_nothing(tmp_path: Path) -> None:
    assert sweep(tmp_path / "spool") == []
