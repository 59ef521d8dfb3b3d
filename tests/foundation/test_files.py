"""A file that is there whole or not at all."""

import os
from pathlib import Path

import pytest

from agent.foundation import files


def test_it_takes_the_place_of_what_was_there_with_its_own_rights(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("a longer text than the new one")
    files.write(path, b"new", 0o600)
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_power_cut_left_is_in_no_ones_way(tmp_path: Path) -> None:
    path, left = tmp_path / "file", tmp_path / ".file.new"
    left.write_text("half")
    files.write(path, b"new")
    assert not left.exists()
    assert path.stat().st_mode & 0o777 == 0o644


def test_it_follows_no_link_that_lies_in_its_way(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("precious")
    (tmp_path / ".file.new").symlink_to(target)
    files.write(tmp_path / "file", b"new")
    assert target.read_text() == "precious"


def test_what_is_gone_can_be_removed_again(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    files.remove(path)
    files.remove(path)
    assert not path.exists()


def test_a_folder_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        files.write(tmp_path / "no" / "file", b"")


def test_in_memory_the_folders_are_made_and_all_may_read_them(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        files.write_in_memory(tmp_path / "a" / "b" / "file", b"new")
    finally:
        os.umask(before)
    modes = [(tmp_path / name).stat().st_mode & 0o777 for name in ("a", "a/b", "a/b/file")]
    assert modes == [0o755, 0o755, 0o644]


def test_in_memory_too_what_was_there_is_replaced_at_one_moment(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with path.open("rb") as reader:
        files.write_in_memory(path, b"new", 0o400)
        assert (reader.read(), path.read_bytes()) == (b"old", b"new")
    assert [found.name for found in tmp_path.iterdir()] == ["file"]
    assert path.stat().st_mode & 0o777 == 0o400


def test_each_operation_is_heard_of_once_it_is_over(tmp_path: Path) -> None:
    heard: list[str] = []
    path = tmp_path / "file"
    files.put_in_place(files.write_aside(path, b"new", heard=heard.append), path, heard.append)
    files.remove(path, heard.append)
    folder = f"sync folder {tmp_path.name}"
    assert heard == [
        *(f"{verb} .file.new" for verb in ("open", "write", "sync")),
        *("rename to file", folder, "remove file", folder),
    ]
