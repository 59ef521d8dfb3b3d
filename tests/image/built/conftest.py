"""The image to look into: $ARCH, in dist/."""

import json
import os
import posixpath
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parents[3]
ARCH = os.environ.get("ARCH", "amd64")
TOOLS = ("sfdisk", "unsquashfs", "mdir")  # of the fixtures below


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", "arch(name): a test of this architecture's image alone")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about another image than the one that is asked for."""
    chosen = [item for item in items if all(ARCH in mark.args for mark in item.iter_markers("arch"))]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen
    for item in items:
        item.add_marker(pytest.mark.needs(*TOOLS))


@pytest.fixture(scope="session")
def disk() -> Path:
    path = HERE / f"dist/nightporter-{ARCH}.img"
    assert path.exists(), f"There is no image yet: make image ARCH={ARCH}."
    return path


@pytest.fixture(scope="session")
def partitions(disk: Path) -> dict[str, tuple[int, int]]:
    """Label -> (first byte, bytes)."""
    table = json.loads(_run("sfdisk", "--json", str(disk)))["partitiontable"]
    assert table["label"] == "gpt"
    return {part["name"]: (part["start"] * 512, part["size"] * 512) for part in table["partitions"]}


@pytest.fixture(scope="session")
def listing(disk: Path, partitions: dict[str, tuple[int, int]]) -> dict[str, str]:
    """What is in the root: path -> the line that `ls -l` would print."""
    lines = _run("unsquashfs", "-o", str(partitions["root-a"][0]), "-lln", str(disk)).splitlines()
    found = {}
    for line in lines:
        words = line.split(None, 5)
        if len(words) == 6:
            found[words[5].split(" -> ")[0].removeprefix("squashfs-root") or "/"] = line
    return found


@pytest.fixture(scope="session")
def content(disk: Path, partitions: dict[str, tuple[int, int]]) -> Callable[[str], str]:
    def read(path: str) -> str:
        return _run("unsquashfs", "-o", str(partitions["root-a"][0]), "-cat", str(disk), path.removeprefix("/"))

    return read


@pytest.fixture(scope="session")
def file(disk: Path, partitions: dict[str, tuple[int, int]], listing: dict[str, str]) -> Callable[[str], bytes]:
    """The bytes of a file of the root, of what a link there leads to."""

    def read(path: str) -> bytes:
        while listing[path].startswith("l"):
            path = posixpath.join(posixpath.dirname(path), listing[path].partition(" -> ")[2])
            path = posixpath.normpath(path)
        words = ("unsquashfs", "-o", str(partitions["root-a"][0]), "-cat", str(disk), path.removeprefix("/"))
        return subprocess.run(words, capture_output=True, check=True).stdout

    return read


@pytest.fixture(scope="session")
def fat(disk: Path, partitions: dict[str, tuple[int, int]]) -> Callable[[str], str]:
    """The names in a FAT partition."""

    def names(label: str) -> str:
        return _run("mdir", "-b", "-/", "-i", f"{disk}@@{partitions[label][0]}", "::")

    return names


def _run(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, check=True, env={**os.environ, "MTOOLS_SKIP_CHECK": "1"})
    return done.stdout.decode(errors="replace")
