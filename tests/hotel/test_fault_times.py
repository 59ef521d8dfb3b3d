"""From a fault's cause to the page, and from its end to green: in three seconds, or the table says why not."""

from pathlib import Path

import pytest

from agent.health.catalogue import CATALOGUE
from tests.fault_rows import SOON, Row
from tests.fault_times import ELSEWHERE, ROWS, TABLE, bounds, lines, measured, not_measured


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.kind.code)
async def test_a_fault_is_said_shows_and_goes_in_time(tmp_path: Path, autojump_clock: object, row: Row) -> None:
    found = await measured(row, tmp_path)
    assert found.said is not None
    assert found.shown is not None
    assert (found.said <= row.says, found.shown <= row.shows) == (True, True), found
    if row.end is not None:
        assert found.green is not None
        assert found.green <= row.ends, found


def test_each_code_is_measured_or_has_a_reason_why_not() -> None:
    rows = [row.kind.code for row in ROWS]
    assert len(rows) == len(set(rows))
    assert {*rows}.isdisjoint(ELSEWHERE)
    assert {*rows, *ELSEWHERE} == {*CATALOGUE}


def test_whatever_takes_longer_has_a_reason() -> None:
    late = [row.kind.code for row in ROWS if max(row.says, row.shows, row.ends) > SOON or row.end is None]
    assert late == [row.kind.code for row in ROWS if row.why]


def test_the_table_that_people_read_has_each_row_with_its_bounds() -> None:
    wanted = [bounds(line) for line in lines(not_measured)]
    assert [bounds(line) for line in TABLE.read_text().splitlines()] == wanted
