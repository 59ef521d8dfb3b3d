"""From a fault's cause to the page, and from its end to green: in three seconds, or the table says why not."""

from pathlib import Path

import pytest
from trio.testing import MockClock

from agent.health.catalogue import CATALOGUE
from tests.fault_rows import SOON, Row
from tests.fault_times import ROWS, TABLE, bounds, calms, lines, measured, not_measured, paced

BUSY = 1.0  # s that a machine may add where time is real, because it does much else at the same time


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=row.kind.code, marks=pytest.mark.needs(*row.needs)) for row in ROWS]
)
async def test_a_fault_is_said_shows_and_goes_in_time(tmp_path: Path, mock_clock: MockClock, row: Row) -> None:
    paced(mock_clock, row)
    found = await measured(row, tmp_path, calms(row)[0])
    assert found.said is not None
    assert found.shown is not None
    busy = BUSY if row.is_real else 0.0
    assert (found.said <= row.says + busy, found.shown <= row.shows + busy) == (True, True), found
    if row.end is not None:
        assert found.green is not None
        assert found.green <= row.ends + busy, found


def test_each_code_is_measured() -> None:
    rows = [row.kind.code for row in ROWS]
    assert sorted(rows) == sorted(CATALOGUE)


def test_whatever_takes_longer_has_a_reason() -> None:
    late = [row.kind.code for row in ROWS if max(row.says, row.shows, row.ends) > SOON or row.end is None]
    assert late == [row.kind.code for row in ROWS if row.why]


def test_the_table_that_people_read_has_each_row_with_its_bounds() -> None:
    wanted = [bounds(line) for line in lines(not_measured)]
    assert [bounds(line) for line in TABLE.read_text().splitlines()] == wanted
