"""Which files are copies of one that the box has taken, whatever a broken-off erasing has left of them."""

from pathlib import Path

import pytest

from agent.box.setup.boot_files import BootFile
from agent.box.setup.known_copies import TakenFiles, digest

TEXT = b'format = 1\n[box]\nname = "aurora-desk"\n' * 20
NAME = "provisioning (1).toml"


def file(content: bytes | None) -> BootFile:
    return BootFile(Path("/boot") / NAME, NAME, content)


@pytest.mark.parametrize("length", range(1, 513, 7))
@pytest.mark.parametrize("known", [TakenFiles((TEXT,)), TakenFiles((), frozenset({digest(TEXT)}))])
def test_zeros_behind_a_copy_make_no_other_file_of_it(known: TakenFiles, length: int) -> None:
    assert known.has(file(TEXT + bytes(length)))


def test_a_file_that_was_being_erased_is_known_by_its_zeros_and_its_name() -> None:
    rest = bytes(512) + TEXT[512:]
    assert TakenFiles(erasing=frozenset({NAME})).has(file(rest))
    assert not TakenFiles(erasing=frozenset({"other.toml"})).has(file(rest))


@pytest.mark.parametrize("content", [None, b"", TEXT + b"x", TEXT[:-1], TEXT.replace(b"desk", b"bar!")])
def test_another_file_is_none(content: bytes | None) -> None:
    assert not TakenFiles((TEXT,), frozenset({digest(TEXT)})).has(file(content))
