"""The power goes after each single operation of taking a file: it is taken whole or not at all, and the next start
finishes what is left, until everything is as if nothing had happened."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.box.setup import active_file
from agent.box.tools.lasting_files import LastingFiles
from agent.box.tools.paths import Paths
from tests.box.setup.taking import PROFILE, Box, provisioning

OLD, NEW = provisioning("old kettle 3434"), provisioning("new kettle 1212")
LONG = NEW + b"# a longer one\n" * 300  # several blocks
BAD = NEW.replace(b"Europe/Vienna", b"Europe/Wien")
OLD_SITE, NEW_SITE = (provisioning(password, "site.toml") for password in ("old kettle 3434", "new kettle 1212"))
PROFILE_2 = PROFILE + b'name = "two"\n'

Put = dict[str, bytes]  # what lies on the boot partition, by name

# What was taken at an earlier start, and what is put there now.
CASES: dict[str, tuple[Put, Put]] = {
    "the first file": ({}, {"provisioning.toml": NEW}),
    "the first file, with a name of Notepad's": ({}, {"provisioning.toml.txt": NEW}),
    "the first file, with a profile": ({}, {"provisioning.toml": NEW_SITE, "site.toml": PROFILE}),
    "another file": ({"provisioning.toml": OLD}, {"provisioning.toml": NEW}),
    "a longer file": ({"provisioning.toml": OLD}, {"provisioning.toml": LONG}),
    "the same file": ({"provisioning.toml": OLD}, {"provisioning.toml": OLD}),
    "another file and another profile": (
        {"provisioning.toml": OLD_SITE, "site.toml": PROFILE},
        {"provisioning.toml": NEW_SITE, "site.toml": PROFILE_2},
    ),
    "another file, with the profile that is there": (
        {"provisioning.toml": OLD_SITE, "site.toml": PROFILE},
        {"provisioning.toml": NEW_SITE},
    ),
    "another profile alone": ({"provisioning.toml": OLD_SITE, "site.toml": PROFILE}, {"site.toml": PROFILE_2}),
    "a file without a profile": (
        {"provisioning.toml": OLD_SITE, "site.toml": PROFILE},
        {"provisioning.toml": NEW},
    ),
    "the first file, with its copies and backups": (
        {},
        {
            "provisioning.toml": NEW,
            "provisioning (1).toml": NEW,
            "provisioning.toml~": OLD,
            ".Trashes/501/provisioning.toml": NEW,
            "provisioning (2).toml": BAD,
        },
    ),
    "another file, with copies of both": (
        {"provisioning.toml": OLD},
        {"provisioning.toml": NEW, "provisioning (1).toml": OLD, "provisioning (2).toml": NEW},
    ),
    "copies of the file alone": (
        {"provisioning.toml": OLD},
        {"provisioning (1).toml": OLD, "provisioning.toml.bak": BAD},
    ),
    "a bad file": ({"provisioning.toml": OLD}, {"provisioning.toml": BAD}),
    "the first file is bad": ({}, {"provisioning.toml": BAD}),
}

ENOUGH = 60  # operations; more than any case has


class PowerCut(BaseException):
    """Nothing catches it."""


class CutAfter(LastingFiles):
    """The power goes after so many operations. `tear` is then given the last one."""

    def __init__(self, operations: int, tear: Callable[[str], None] = lambda operation: None) -> None:
        left = operations

        def done(operation: str) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                tear(operation)
                raise PowerCut

        super().__init__(done)


def at_work(folder: Path, case: str) -> Box:
    """A box that has taken what the case begins with, and finds the rest on its boot partition."""
    before, now = CASES[case]
    box = Box(folder)
    for put in (before, now):
        if put is now and before:
            box.start()
        for name, content in put.items():
            box.put(name, content)
    return box


def in_use(paths: Paths) -> tuple[bytes, bytes | None] | None:
    """The active file, and the profile that the agent would get."""
    active = active_file.load(paths)
    if active is None:
        return None
    return active.text, active.profile.read_bytes() if active.profile and active.profile_name else None


def assert_all_power_cuts_are_survived(folder: Path, case: str, tear: Callable[[Box, str], None]) -> None:
    uncut = at_work(folder / "uncut", case)
    before = in_use(uncut.paths)
    uncut.start()
    after = in_use(uncut.paths)
    for operations in range(1, ENOUGH):
        box = at_work(folder / f"cut-{operations}", case)
        try:
            box.start(CutAfter(operations, lambda operation, box=box: tear(box, operation)))  # type: ignore[misc]
        except PowerCut:
            assert in_use(box.paths) in (before, after), f"after operation {operations}"
            box.start()
        else:
            return  # there was no such operation: all have been tried
        assert (in_use(box.paths), box.kept, box.on_boot) == (after, uncut.kept, uncut.on_boot), operations
    pytest.fail("the case has more operations than were tried")


@pytest.mark.parametrize("case", CASES)
def test_a_power_cut_after_any_operation_is_made_good_at_the_next_start(tmp_path: Path, case: str) -> None:
    assert_all_power_cuts_are_survived(tmp_path, case, lambda box, operation: None)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_what_was_not_synced_may_be_half_there(tmp_path: Path, case: str, share: float) -> None:
    written = {name: content for put in CASES[case] for name, content in put.items()}

    def tear(box: Box, operation: str) -> None:
        verb, _, name = operation.partition(" ")
        for path in (*box.paths.boot.rglob(name), box.paths.provisioning / name):
            if verb == "write" and path.exists():
                path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
            elif verb == "overwrite" and path.exists():
                half_erase(path, written.get(name, b""), share)

    assert_all_power_cuts_are_survived(tmp_path, case, tear)


def half_erase(path: Path, content: bytes, share: float) -> None:
    """As if the zeros had reached a part of the disk's sectors alone."""
    sectors = range(0, len(content), 512)
    with path.open("r+b") as file:
        for at in list(sectors)[int(len(sectors) * share) :]:
            file.seek(at)
            file.write(content[at : at + 512])


@pytest.mark.parametrize("case", ["another file", "another file and another profile"])
def test_two_power_cuts_in_a_row_are_survived_too(tmp_path: Path, case: str) -> None:
    uncut = at_work(tmp_path / "uncut", case)
    before = in_use(uncut.paths)
    uncut.start()
    after = in_use(uncut.paths)
    for first in range(1, ENOUGH):
        box = at_work(tmp_path / f"cut-{first}", case)
        try:
            box.start(CutAfter(first))
        except PowerCut:
            for in_between in starts_with_a_cut_each(box):
                assert in_between in (before, after), first
        for _ in range(2):  # so many starts within the trial that the file before is back
            box.start()
        assert in_use(box.paths) == before, first
        assert list(box.on_boot) == ["provisioning-result.txt"], first
        assert box.result.startswith("taken back"), first


def starts_with_a_cut_each(box: Box) -> Iterator[tuple[bytes, bytes | None] | None]:
    """What is in use after each start, of which each comes an operation further than the one before."""
    for operations in range(1, ENOUGH):
        try:
            box.start(CutAfter(operations))
        except PowerCut:
            yield in_use(box.paths)
        else:
            return


def test_after_any_power_cut_no_secret_is_left_where_it_should_not_be(tmp_path: Path) -> None:
    for operations in range(1, ENOUGH):
        box = at_work(tmp_path / f"cut-{operations}", "another file and another profile")
        try:
            box.start(CutAfter(operations))
        except PowerCut:
            box.start()
        box.apply()
        assert box.holding(b"old kettle 3434") == {"previous.toml"}, operations
        assert box.holding(b"new kettle 1212") == {"provisioning.toml"}, operations
        assert "provisioning.toml" not in box.on_boot


def test_zeros_are_not_taken_for_an_erased_file_unless_the_box_was_erasing(tmp_path: Path) -> None:
    box = at_work(tmp_path, "another file")
    box.put("provisioning.toml", bytes(4096))  # a laptop's copy, cut short
    box.start()
    assert "nothing but zeros" in box.result
    assert in_use(box.paths) == (OLD, None)
