"""The box's id: made once."""

import re
from pathlib import Path

import pytest

from agent.box.setup import identity
from agent.box.tools.paths import Places
from tests.box.paper_box import places_in


@pytest.fixture
def places(tmp_path: Path) -> Places:
    places = places_in(tmp_path)
    places.identity.mkdir()
    return places


def test_it_is_made_on_the_first_start_and_stays(places: Places) -> None:
    identity.run(places)
    first = identity.read(places)
    assert first is not None
    assert re.fullmatch("[0-9a-f]{16}", first)
    identity.run(places)
    assert identity.read(places) == first


def test_two_boxes_differ(places: Places) -> None:
    identity.run(places)
    first = identity.read(places)
    places.box_id.unlink()
    identity.run(places)
    assert identity.read(places) != first


@pytest.mark.parametrize("content", [b"", b"\n", b"0123456789ABCDEF", b"0123456789abcdef0", b"\xff" * 16])
def test_what_is_no_id_is_made_anew(places: Places, content: bytes) -> None:
    places.box_id.write_bytes(content)
    identity.run(places)
    assert identity.read(places)


def test_one_that_cannot_be_read_now_is_not_replaced(places: Places) -> None:
    places.box_id.mkdir()
    identity.run(places)
    assert places.box_id.is_dir()
    assert "has no id" in places.steps.read_text()


def test_a_box_without_storage_goes_on_without(places: Places) -> None:
    places.identity.rmdir()
    identity.run(places)
    assert identity.read(places) is None
    assert "cannot be read or kept (no such file or directory)" in places.steps.read_text()
