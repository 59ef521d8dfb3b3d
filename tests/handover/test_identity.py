"""Serial number and model as they are handed on: for everybody on the box, and nothing that is odd."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.handover.identity import BoxIdentity, read, write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "identity.json"


def test_what_was_written_is_read_by_every_user(path: Path) -> None:
    write(BoxIdentity("5CD1234XYZ", "HP t640"), path)
    assert read(path) == BoxIdentity("5CD1234XYZ", "HP t640")
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b"7", b'{"serial": 7}', b"[" * 9999, b"\xff", b" " * 5000 + b"{}"]
)
def test_what_is_odd_says_nothing(path: Path, text: bytes) -> None:
    path.write_bytes(text)
    assert read(path) == BoxIdentity()


def test_where_nothing_was_written_nothing_is_known(path: Path) -> None:
    assert read(path) == BoxIdentity()


@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_a_maker_wrote_is_short_and_on_one_line(
    tmp_path_factory: pytest.TempPathFactory, serial: str, model: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    write(BoxIdentity(serial, model), path)
    found = read(path)
    assert [text for text in (found.serial, found.model) if len(text) > 64 or len(text.splitlines()) > 1] == []
