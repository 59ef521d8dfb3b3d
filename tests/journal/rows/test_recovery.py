"""What a start makes of rows and witness, by value: the newer word counts, in doubt the cautious one."""

import msgspec
import pytest

from agent.commands.lifecycle import State
from agent.commands.record import Record
from agent.journal.rows.frames import Condition, Witnessed
from agent.journal.rows.recovery import Recovery, recover
from agent.journal.rows.table import MOST, Row, Table
from tests.journal.life import DONE, new

CLAIMED = new(1).claim(1)
DISPATCHED = CLAIMED.dispatch(1)
REPORTED = DISPATCHED.end(DONE, 2).report(3)


def told(*rows: Row, commit: int = 5, last_row: int = 9, condition: Condition = Condition.WHOLE) -> Recovery:
    return judged((), *rows, commit=commit, last_row=last_row, condition=condition)


def judged(
    rows: tuple[Row, ...],
    *told_rows: Row,
    since: int = 0,
    commit: int = 5,
    last_row: int = 9,
    condition: Condition = Condition.WHOLE,
) -> Recovery:
    known = {row.record.id: (row.revision,) for row in told_rows if row.record}
    return recover(rows, Witnessed(condition, since, commit, last_row, known), told_rows)


def row(record: Record | None, revision: int = 5, place: int = 1, *, is_damaged: bool = False) -> Row:
    return Row(place, revision, record, is_damaged)


def test_a_sound_table_is_taken_as_it_is() -> None:
    other = new(2).claim(1)
    found = judged((row(CLAIMED, 5, 1), row(other, 4, 2)), row(CLAIMED, 5, 0))
    assert found == Recovery((CLAIMED, other), {other.id: 2, CLAIMED.id: 1}, (), (), 5, 0, False, False)


@pytest.mark.parametrize(
    ("mine", "its", "wins"),
    [
        (row(CLAIMED, 4), row(DISPATCHED, 5), DISPATCHED),
        (row(REPORTED, 5), row(DISPATCHED, 4), REPORTED),
        (row(REPORTED, 5), row(DISPATCHED, 5), REPORTED),  # an older version went on with the row
        (row(CLAIMED, 5, is_damaged=True), row(DISPATCHED, 5), DISPATCHED),
        (row(DISPATCHED, 5, is_damaged=True), row(CLAIMED, 4), DISPATCHED),
    ],
)
def test_of_table_and_witness_the_newer_word_counts(mine: Row, its: Row, wins: Record) -> None:
    assert judged((mine,), its).records == (wins,)


def test_what_the_witness_knew_better_is_put_into_the_table_as_of_its_commit() -> None:
    found = judged((row(CLAIMED, 4),), row(DISPATCHED, 5))
    assert (found.mended, found.revision) == ((DISPATCHED,), 5)


def test_an_open_command_that_only_the_witness_knows_is_owed() -> None:
    assert told(row(DISPATCHED, 3)).records == (DISPATCHED,)


def test_one_that_ended_is_known_again_only_if_the_table_does_not_reach_so_far() -> None:
    assert judged((row(CLAIMED, 5),), row(new(2).claim(1).withdraw(2), 5)).records == (CLAIMED,)
    assert told(row(REPORTED, 5)).records == (REPORTED,)


@pytest.mark.parametrize(("commit", "is_lost"), [(4, False), (5, False), (6, False), (7, True)])
def test_a_table_more_than_one_commit_behind_has_lost_some(commit: int, is_lost: bool) -> None:
    assert judged((row(CLAIMED, 5),), commit=commit).is_tail_lost is is_lost


def test_a_table_that_an_older_version_went_on_with_is_not_judged_by_the_witness() -> None:
    other = row(new(2).claim(1), 0, place=10)
    found = judged((other,), row(DISPATCHED, 5), commit=50, last_row=9)
    assert (found.records, found.is_tail_lost, found.revision) == ((other.record,), False, 0)


@pytest.mark.parametrize(
    ("condition", "commit", "is_lost"),
    [
        (Condition.WHOLE, 5, False),
        (Condition.WHOLE, 4, True),  # it is written first
        (Condition.DAMAGED, 5, True),
        (Condition.ABSENT, 0, True),
        (Condition.FOREIGN, 0, False),
    ],
)
def test_a_witness_that_lacks_something_is_noticed(condition: Condition, commit: int, is_lost: bool) -> None:
    assert judged((row(CLAIMED, 5),), condition=condition, commit=commit).is_witness_lost is is_lost


def test_a_table_of_an_older_version_needs_no_witness() -> None:
    assert not judged((row(CLAIMED, 0),), condition=Condition.ABSENT, commit=0, last_row=0).is_witness_lost


@pytest.mark.parametrize(
    ("revision", "since", "condition", "state"),
    [
        (3, 4, Condition.WHOLE, State.REPORTED),
        (4, 4, Condition.WHOLE, State.REPORTED),
        (5, 4, Condition.WHOLE, State.DISPATCHED),
        (0, 4, Condition.WHOLE, State.DISPATCHED),  # an older version's, which no witness has seen
        (3, 4, Condition.DAMAGED, State.DISPATCHED),
    ],
)
def test_an_open_row_from_before_the_witness_that_it_does_not_know_has_ended(
    revision: int, since: int, condition: Condition, state: State
) -> None:
    found = judged((row(DISPATCHED, revision),), since=since, condition=condition)
    assert [record.state for record in found.records] == [state]


def test_a_row_without_an_id_goes_and_the_others_stay() -> None:
    found = judged((row(CLAIMED, 5, 1), row(None, 5, 2, is_damaged=True)))
    assert (found.records, found.removed, found.mended, found.damaged_rows) == ((CLAIMED,), (2,), (), 1)


@pytest.mark.parametrize("place", [-1, 0, MOST + 1, 2**63 - 1])
def test_a_row_at_an_impossible_place_gets_another(place: int) -> None:
    found = judged((row(CLAIMED, 5, place),), last_row=2**63)
    assert (found.rows, found.removed, found.mended, found.damaged_rows) == ({}, (place,), (CLAIMED,), 1)


def test_of_two_rows_for_one_command_the_one_that_was_written_last_stays() -> None:
    found = judged((row(DISPATCHED, 5, 1), row(CLAIMED, 4, 2)))
    assert (found.records, found.rows, found.removed) == ((DISPATCHED,), {DISPATCHED.id: 1}, (2,))


def test_a_damaged_row_is_mended_where_it_is() -> None:
    left = msgspec.structs.replace(DISPATCHED, device="")
    found = judged((row(left, 5, is_damaged=True),))
    assert (found.records, found.mended, found.rows) == ((left,), (left,), {left.id: 1})


@pytest.mark.parametrize("revision", [-1, MOST + 1, "last", None, 1.5])
def test_a_row_with_an_impossible_revision_keeps_its_record_and_counts_as_damaged(revision: object) -> None:
    found = Table().row((3, revision, *Table().values(CLAIMED)))
    assert found == Row(3, 0, CLAIMED, is_damaged=True)


def test_nothing_is_known_of_a_command_that_the_witness_cannot_tell() -> None:
    assert told(row(None, 5, 0, is_damaged=True)).records == ()
