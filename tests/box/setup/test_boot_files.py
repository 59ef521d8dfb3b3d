"""A look at the boot partition takes no longer than a start has time for, whatever lies there."""

from pathlib import Path

import pytest

from agent.box.setup import boot_files
from agent.box.setup.boot_files import MOST_BYTES, MOST_DEEP, MOST_ENTRIES, MOST_OPENED, BootFile, BootFiles, Walk
from provisioning.document import LIMIT_BYTES


def read_all(boot: Path) -> BootFiles:
    return boot_files.read_all(boot, lambda name: name.startswith("first"))


def contents(boot: Path) -> dict[str, bytes | None]:
    return {file.name: file.content for file in read_all(boot).files}


def test_files_are_found_with_the_way_to_them_and_what_they_hold(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/deep.txt").write_bytes(b"deep")
    (tmp_path / "top.txt").write_bytes(b"")
    assert read_all(tmp_path) == BootFiles(
        (
            BootFile(tmp_path / "a/b/deep.txt", "a/b/deep.txt", b"deep"),
            BootFile(tmp_path / "top.txt", "top.txt", b""),
        )
    )


def test_a_file_larger_than_a_provisioning_file_is_not_read(tmp_path: Path) -> None:
    for name, size in (("fits", LIMIT_BYTES), ("large", LIMIT_BYTES + 1)):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
    assert contents(tmp_path) == {"fits": bytes(LIMIT_BYTES), "large": None}


def test_what_may_be_meant_is_read_before_what_else_there_is(tmp_path: Path) -> None:
    for number in range(2 * MOST_BYTES // LIMIT_BYTES):
        with (tmp_path / f"big{number}").open("wb") as file:
            file.truncate(LIMIT_BYTES)
    (tmp_path / "first.toml").write_bytes(b"f" * LIMIT_BYTES)
    (tmp_path / "small").write_bytes(b"s")
    found = contents(tmp_path)
    assert (found["first.toml"], found["small"]) == (b"f" * LIMIT_BYTES, b"s")
    assert 0 < sum(len(content) for content in found.values() if content) <= MOST_BYTES


def test_of_very_many_files_the_names_are_known_and_some_are_read(tmp_path: Path) -> None:
    for number in range(MOST_OPENED + 50):
        (tmp_path / f"{number}.txt").write_bytes(b"x")
    found = contents(tmp_path)
    assert len(found) == MOST_OPENED + 50
    assert sum(content is not None for content in found.values()) == MOST_OPENED


def test_more_entries_than_a_start_lists_are_left_out_and_that_is_told(tmp_path: Path) -> None:
    inner = tmp_path / "DCIM"
    inner.mkdir()
    for number in range(MOST_ENTRIES):
        (inner / f"{number}").touch()
    (tmp_path / "first.toml").write_bytes(b"top")
    seen = read_all(tmp_path)
    assert not seen.is_whole
    assert len(seen.files) < MOST_ENTRIES
    assert BootFile(tmp_path / "first.toml", "first.toml", b"top") in seen.files


def test_folders_in_folders_are_followed_so_far_and_no_further(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(MOST_DEEP):
        (folder / "file").touch()
        folder /= "f"
        folder.mkdir()
    assert len(read_all(tmp_path).files) == MOST_DEEP
    assert read_all(tmp_path).is_whole  # an empty folder hides nothing
    (folder / "file").touch()
    assert not read_all(tmp_path).is_whole


def test_a_link_is_no_file_and_no_folder(tmp_path: Path) -> None:
    (tmp_path / "self").symlink_to(tmp_path)
    (tmp_path / "memory").symlink_to("/proc/self/mem")
    assert read_all(tmp_path) == BootFiles()


def test_a_folder_that_cannot_be_listed_is_left_out_and_that_is_told(tmp_path: Path) -> None:
    (tmp_path / "damaged").mkdir()
    (tmp_path / "file").touch()
    walk = Walk(tmp_path)
    found = walk.files()
    assert next(found)[0].name == "file"
    (tmp_path / "damaged").rmdir()  # so it cannot be listed when its turn comes
    assert list(found) == []
    assert not walk.is_whole


def test_a_partition_that_cannot_be_listed_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_all(tmp_path / "none")


def test_a_name_that_is_no_text_is_made_fit_for_a_page(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m\udcff.toml").touch()
    [found] = read_all(tmp_path).files
    assert found.name == "a [31m .toml"
    assert found.path.exists()
