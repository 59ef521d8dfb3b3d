"""The table of acts by value: rows there and back, what another version or a damage leaves of one."""

import sqlite3
from typing import Any

import msgspec
import pytest

from agent.journal.rows.acts import Act
from agent.journal.rows.side_tables import ACTS

ACT = Act("act-1", "root", "command line", "key", "key 1 101", "desk-1", 5, 0)


@pytest.fixture
def table() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    for statement in ACTS.additions([]):
        connection.execute(statement)
    return connection


def test_an_act_is_read_back_as_it_was_written(table: sqlite3.Connection) -> None:
    ended = msgspec.structs.replace(ACT, ended=6, end="done", note="“ä” ;'--")
    table.execute(ACTS.put, (3, *ACTS.values(ACT)))
    table.execute(ACTS.put, (3, *ACTS.values(ended)))
    assert [ACTS.read(row) for row in table.execute(ACTS.get)] == [(3, ended)]
    assert (ACT.is_open, ended.is_open) == (True, False)


def test_a_row_that_is_forgotten_is_gone(table: sqlite3.Connection) -> None:
    table.execute(ACTS.put, (3, *ACTS.values(ACT)))
    table.execute(ACTS.remove, (3,))
    assert table.execute(ACTS.get).fetchall() == []


def test_a_table_of_an_older_version_gets_what_it_lacks_and_keeps_its_rows() -> None:
    old = sqlite3.connect(":memory:")
    old.execute(ACTS.create)
    old.execute("ALTER TABLE act ADD COLUMN id TEXT NOT NULL DEFAULT ''")
    old.execute("INSERT INTO act (rowid, id) VALUES (1, 'act-1')")
    for statement in ACTS.additions(["rowid", "id"]):
        old.execute(statement)
    assert [ACTS.read(row) for row in old.execute(ACTS.get)] == [(1, Act("act-1"))]
    assert ACTS.additions(["rowid", *ACTS.columns]) == []


def test_the_columns_of_a_newer_version_keep_their_values(table: sqlite3.Connection) -> None:
    table.execute("ALTER TABLE act ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'")
    table.execute(ACTS.put, (1, *ACTS.values(ACT)))
    table.execute("UPDATE act SET mood = 'angry'")
    table.execute(ACTS.put, (1, *ACTS.values(ACT)))
    assert table.execute("SELECT mood FROM act").fetchall() == [("angry",)]


@pytest.mark.parametrize(
    ("damage", "left"),
    [
        ({"who": b"\xff"}, msgspec.structs.replace(ACT, who="")),
        ({"begun": "soon"}, msgspec.structs.replace(ACT, begun=0)),
        ({"begun": 2**62}, msgspec.structs.replace(ACT, begun=0)),
        ({"note": "a\x1bb"}, ACT),
        ({"id": 7}, None),
        ({"id": ""}, None),
    ],
)
def test_a_damaged_row_is_what_is_left_of_it(damage: dict[str, Any], left: Act | None) -> None:
    assert ACTS.from_row({**msgspec.structs.asdict(ACT), **damage}) == left


def test_an_act_has_a_place_for_nothing_else() -> None:
    assert list(ACTS.columns) == [
        "id",
        "who",
        "face",
        "verb",
        "words",
        "order_id",
        "begun",
        "ended",
        "end",
        "note",
    ]
