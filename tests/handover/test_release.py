"""What the image says of itself, and what a machine says that is no box."""

from pathlib import Path

import pytest

from agent.handover.release import UNKNOWN, Release, read


def test_version_commit_and_architecture_are_the_images(tmp_path: Path) -> None:
    path = tmp_path / "release.json"
    path.write_text('{"version": "0.2.0", "commit": "5ee411e", "arch": "amd64", "more": [1]}')
    assert read(path) == Release("0.2.0", "5ee411e", "amd64")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "7", "[" * 9999, '{"version": 7}', "\x00", '{"versions": "0.2.0"}']
)
def test_what_cannot_be_read_says_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "release.json"
    path.write_text(text)
    assert read(path) == Release(UNKNOWN, UNKNOWN, UNKNOWN)


def test_a_machine_without_the_file_is_no_box(tmp_path: Path) -> None:
    assert read(tmp_path / "none.json") == Release()
    assert read(tmp_path) == Release()


def test_no_more_is_read_than_a_release_can_have(tmp_path: Path) -> None:
    path = tmp_path / "release.json"
    path.write_text(" " * 4096 + '{"version": "0.2.0"}')
    assert read(path) == Release()
