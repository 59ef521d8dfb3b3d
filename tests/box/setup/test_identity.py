"""The box's id: made once."""

import re
from pathlib import Path

import pytest

from agent.box.setup import identity
from agent.box.tools.paths import Paths
from agent.handover import identity as handed
from board.identity import Identity
from tests.box.paper_box import paths_in


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = paths_in(tmp_path)
    paths.identity.mkdir()
    return paths


def test_it_is_made_on_the_first_start_and_stays(paths: Paths) -> None:
    identity.ensure(paths)
    first = identity.read(paths)
    assert first is not None
    assert re.fullmatch("[0-9a-f]{16}", first)
    identity.ensure(paths)
    assert identity.read(paths) == first


def test_two_boxes_differ(paths: Paths) -> None:
    identity.ensure(paths)
    first = identity.read(paths)
    paths.box_id.unlink()
    identity.ensure(paths)
    assert identity.read(paths) != first


@pytest.mark.parametrize("content", [b"", b"\n", b"0123456789ABCDEF", b"0123456789abcdef0", b"\xff" * 16])
def test_what_is_no_id_is_made_anew(paths: Paths, content: bytes) -> None:
    paths.box_id.write_bytes(content)
    identity.ensure(paths)
    assert identity.read(paths)


def test_one_that_cannot_be_read_now_is_not_replaced(paths: Paths) -> None:
    paths.box_id.mkdir()
    identity.ensure(paths)
    assert paths.box_id.is_dir()
    assert "has no id" in paths.steps.read_text()


def test_a_box_without_storage_goes_on_without(paths: Paths) -> None:
    paths.identity.rmdir()
    identity.ensure(paths)
    assert identity.read(paths) is None
    assert "cannot be read or kept (no such file or directory)" in paths.steps.read_text()


def test_what_the_maker_wrote_is_handed_to_those_who_may_not_read_it(paths: Paths) -> None:
    identity.tell(paths, Identity("5CD1234XYZ", "HP t640"))
    assert handed.read(paths.who) == handed.BoxIdentity("5CD1234XYZ", "HP t640")
