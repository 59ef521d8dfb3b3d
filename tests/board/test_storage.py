"""The file system under a path: its size, what is left, and whether it can be written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from board.base import Storage
from board.fake import FakeBoard
from board.linux import LinuxBoard
from tests.e2e.namespaces import needs_mounts, tiny_disk

ASK = "import sys, pathlib, board.linux as b; s = b.LinuxBoard().storage(pathlib.Path(sys.argv[1])); print(s)"


def asked(folder: Path, options: str) -> str:
    """What a process says of a tiny disk of its own."""
    words = [*tiny_disk(folder, options), sys.executable, "-c", ASK, str(folder)]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


def test_a_path_has_the_size_of_its_file_system(tmp_path: Path) -> None:
    found, disk = LinuxBoard({}).storage(tmp_path), os.statvfs(tmp_path)
    assert found is not None
    assert found.total == disk.f_blocks * disk.f_frsize
    assert 0 <= found.free <= found.total
    assert not found.is_read_only


def test_a_path_that_is_not_there_yet_would_be_on_the_nearest_folders(tmp_path: Path) -> None:
    found, here = LinuxBoard({}).storage(tmp_path / "data" / "state"), LinuxBoard({}).storage(tmp_path)
    assert found is not None
    assert here is not None
    assert found.total == here.total


def test_a_path_that_cannot_be_asked_tells_nothing(tmp_path: Path) -> None:
    assert LinuxBoard({}).storage(tmp_path / ("x" * 300)) is None


@needs_mounts
@pytest.mark.parametrize(("options", "is_read_only"), [("", False), (",ro", True)])
def test_a_file_system_that_is_mounted_read_only_says_so(tmp_path: Path, options: str, is_read_only: bool) -> None:
    assert asked(tmp_path, options) == str(Storage(96 * 1024, 96 * 1024, is_read_only))


def test_the_fake_says_what_it_was_told(tmp_path: Path) -> None:
    board = FakeBoard()
    assert board.storage(tmp_path) is None
    board.disk = Storage(100, 50)
    assert board.storage(tmp_path) == Storage(100, 50)
