"""What a start makes of the table's rows and of the witness: which commands it knows, and what was damaged. Pure.

Of the two the newer word about a command counts. A row that neither can tell is taken as dispatched: never done
again, and Mews hears of it.
"""

from collections.abc import Iterable, Sequence

import msgspec

from agent.commands.lifecycle import State
from agent.commands.model import Verdict
from agent.commands.record import Record
from agent.journal.rows.frames import Condition, Witnessed
from agent.journal.rows.table import MOST, Row


class Recovery(msgspec.Struct, frozen=True):
    """What to go on with, and what the table needs for that.

    `records` are all, oldest first. The table keeps `rows` (id and place, least lately written first), loses those
    at `removed`, and is given `mended` as of commit `revision`, which then is its last one.
    """

    records: tuple[Record, ...]
    rows: dict[str, int]
    removed: tuple[int, ...]
    mended: tuple[Record, ...]
    revision: int
    damaged_rows: int
    is_tail_lost: bool
    is_witness_lost: bool


def recover(rows: Sequence[Row], told: Witnessed, told_rows: Sequence[Row]) -> Recovery:
    """Judge the table's rows by the witness; `told_rows` are its own, each with the commit that it belongs to."""
    kept = {row.record.id: row for row in sorted(rows, key=_when_written) if row.record is not None}
    spoilt = [row for row in rows if row.record is None or kept[row.record.id] is not row or not _has_place(row)]
    revision = max((row.revision for row in rows), default=0)
    mended = {row.record.id: row.record for row in kept.values() if row.record and _is_amiss(row)}
    # An older version goes on with the table and knows no witness; a row behind the last one shows that.
    is_outdated = any(row.place > told.last_row for row in rows)
    if not is_outdated:
        mended |= _ended(kept.values(), told) | _news(kept, revision, told_rows)
    known = {row.record.id: row.record for row in sorted(kept.values(), key=_where) if row.record}
    return Recovery(
        records=tuple((known | mended).values()),
        rows={id: row.place for id, row in kept.items() if _has_place(row)},
        removed=tuple(row.place for row in spoilt),
        mended=tuple(mended.values()),
        revision=max(revision, told.commit) if mended else max((row.revision for row in kept.values()), default=0),
        damaged_rows=sum(row.is_damaged or row in spoilt for row in rows),
        # By one the witness is ahead when a commit is cut short; what that one held is in it.
        is_tail_lost=not is_outdated and told.commit > revision + 1,
        is_witness_lost=_is_lost(told, revision),
    )


def _when_written(row: Row) -> tuple[int, int]:
    return row.revision, row.place


def _where(row: Row) -> int:
    return row.place


def _has_place(row: Row) -> bool:
    return 0 < row.place <= MOST


def _is_amiss(row: Row) -> bool:
    return row.is_damaged or not _has_place(row)


def _news(kept: dict[str, Row], revision: int, told_rows: Iterable[Row]) -> dict[str, Record]:
    """What the witness knows better than the table."""
    return {
        row.record.id: row.record
        for row in told_rows
        if row.record is not None and _is_news(kept.get(row.record.id), row, row.record, revision)
    }


def _is_news(mine: Row | None, told: Row, record: Record, revision: int) -> bool:
    if mine is None:  # the table forgets what ended long ago
        return record.is_open or told.revision > revision
    return told.revision > mine.revision or (mine.is_damaged and told.revision == mine.revision)


def _ended(kept: Iterable[Row], told: Witnessed) -> dict[str, Record]:
    """What is open in the table since before the witness begins, and unknown to that: it ended by then."""
    if told.condition is not Condition.WHOLE:
        return {}
    return {
        record.id: _reported(record)
        for row in kept
        if (record := row.record) is not None
        and record.is_open
        and 0 < row.revision <= told.since
        and record.id not in told.rows
    }


def _reported(record: Record) -> Record:
    return msgspec.structs.replace(record, state=State.REPORTED, verdict=record.verdict or str(Verdict.UNKNOWN))


def _is_lost(told: Witnessed, revision: int) -> bool:
    """Whether the witness lacks something: it is written before the table."""
    if told.condition is Condition.WHOLE:
        return told.commit < revision
    return told.condition is Condition.DAMAGED or (told.condition is Condition.ABSENT and revision > 0)
