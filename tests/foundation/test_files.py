"""A file that is there whole or not at all."""

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


def test_what_a_power_cut_left_is_in_nobodys_way(tmp_path: Path) -> None:
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
