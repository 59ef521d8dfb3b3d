"""The boot partition is writable for a moment only."""

from pathlib import Path

import pytest

from agent.box.setup.boot_partition import writable
from agent.box.tools.programs import ProgramTrouble
from tests.box.paper_box import PaperBox


def test_it_is_read_only_again_whatever_happens_inside(tmp_path: Path) -> None:
    box = PaperBox(tmp_path)
    with pytest.raises(OSError, match="full"), writable(box.paths, box):
        raise OSError("full")
    assert box.ran == ["remount", "remount"]


def test_nothing_happens_inside_where_it_cannot_be_written(tmp_path: Path) -> None:
    box = PaperBox(tmp_path)
    box.let_end(32, "remount,rw")
    with pytest.raises(ProgramTrouble), writable(box.paths, box):
        raise AssertionError
