"""The data partition on a real disk image, by the real programs: what the box on paper only claims."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.box.boot import storage
from agent.box.tools.filesystem import length, mounted_options
from agent.handover import notices
from tests.box.paper_box import ME, MIB, PowerCut
from tests.box.real_box import NAMES, NEEDS, RealBox, may_grow_mounted

pytestmark = pytest.mark.needs(*NEEDS)

MBR_ENTRIES = 446  # where the four entries of 16 bytes begin
# What genimage writes for a hybrid table: the boot partition at 1 MiB, then the entry that guards the GPT.
HYBRID = bytes.fromhex("802021000ca22200000800000020000000000200ee0022000100000021000000") + bytes(32)
FIRST_START = 10  # programs, counted below
RESET = 10
BACKUP_SUPERBLOCK = 128 * MIB  # the only other one in a file system of 200 MiB
GPT_BYTES = 34 * 512  # at both ends of the disk


@pytest.fixture
def box(tmp_path: Path) -> Iterator[RealBox]:
    box = RealBox(tmp_path)
    try:
        yield box
    finally:
        box.close()


@pytest.fixture
def used(box: RealBox) -> RealBox:
    """A box that has worked before, with something to lose."""
    start(box)
    keep(box)
    box.restart()
    box.ran.clear()
    return box


def start(box: RealBox) -> None:
    storage.mount_data(box.paths, box, ME)


def as_agent(folder: Path, command: str) -> int:
    """The exit code of a shell command of another user's, in his folder."""
    return subprocess.run(["sh", "-c", command], cwd=folder, user="nobody", check=False).returncode


def start_and_cut(box: RealBox, programs: int) -> None:
    box.power = programs
    try:
        start(box)
    except PowerCut:
        pass
    finally:
        box.restart()


def keep(box: RealBox) -> None:
    (box.paths.state / "journal.sqlite").write_text("keys")


def has_kept(box: RealBox) -> bool:
    return (box.paths.state / "journal.sqlite").exists()


def is_ready(box: RealBox) -> bool:
    options = mounted_options(box.paths.mounts, box.paths.data)
    return options is not None and "rw" in options and box.names()[6:] == ["data"] and box.paths.state.is_dir()


def texts(box: RealBox) -> list[str]:
    return [notice.text for notice in notices.standing(box.paths.notices)]


def programs(box: RealBox) -> list[str]:
    return [argv[0] for argv in box.ran]


def test_the_first_start_makes_a_partition_over_the_rest_of_the_disk(box: RealBox) -> None:
    start(box)
    assert is_ready(box)
    assert box.names()[:6] == list(NAMES)
    assert length(box.node(7)) > 199 * MIB
    assert len(box.ran) == FIRST_START
    assert texts(box) == []


def test_the_mbr_that_a_pi_3_boots_from_stays_as_it_is(box: RealBox) -> None:
    with Path(box.loop).open("r+b") as device:
        device.seek(MBR_ENTRIES)
        device.write(HYBRID)
    start(box)
    assert is_ready(box)
    with Path(box.loop).open("rb") as device:
        device.seek(MBR_ENTRIES)
        assert device.read(len(HYBRID)) == HYBRID


def test_it_is_mounted_as_a_card_likes_it(box: RealBox) -> None:
    start(box)
    options = mounted_options(box.paths.mounts, box.paths.data)
    assert options is not None
    assert {"rw", "noatime", "commit=60", "nodev", "nosuid", "noexec", "errors=remount-ro"} <= options | {
        "errors=remount-ro"  # not shown where the superblock says the same
    }


def test_on_a_disk_that_root_has_filled_the_agent_still_has_the_room_that_it_gave_up(box: RealBox) -> None:
    storage.mount_data(box.paths, box, "nobody")
    state = box.paths.state
    assert as_agent(state, "head -c 524288 /dev/zero > ballast; sync") == 0
    filled = subprocess.run(["sh", "-c", "cat /dev/zero > filler"], cwd=box.paths.data, check=False)
    assert filled.returncode != 0
    assert as_agent(state, "rm ballast; head -c 262144 /dev/zero > journal && sync journal") == 0


def test_little_is_written_to_make_it(box: RealBox) -> None:
    start(box)
    box.restart()
    assert box.image.stat().st_blocks * 512 < 40 * MIB


def test_a_later_start_only_checks_and_mounts(used: RealBox) -> None:
    start(used)
    assert programs(used) == ["sfdisk", "e2fsck", "mount"]
    assert has_kept(used)
    assert texts(used) == []


@pytest.mark.parametrize("mib", [64, 100])  # on a smaller one than the image no kernel finds its root
def test_a_disk_without_room_behind_the_image_is_said_to_be_too_small(box: RealBox, mib: int) -> None:
    box.set_disk(mib)
    start(box)
    [text] = texts(box)
    assert text.startswith("The card or disk is too small: 0.")
    assert programs(box) == ["sfdisk"]


def test_a_disk_with_just_the_room_that_is_asked_for_is_used(box: RealBox) -> None:
    box.set_disk(56 + 64 + 1)
    start(box)
    assert is_ready(box)
    assert texts(box) == []


@pytest.mark.parametrize("programs", range(1, FIRST_START + 1))
def test_a_power_cut_after_any_program_of_the_first_start_is_made_up_for(box: RealBox, programs: int) -> None:
    start_and_cut(box, programs)
    start(box)
    assert is_ready(box)
    assert texts(box) == []


def test_a_file_system_that_is_half_made_is_made_anew(box: RealBox) -> None:
    start_and_cut(box, 6)
    assert box.ran[-1][0] == "mkfs.ext4"
    with Path(box.node(7)).open("r+b") as device:
        device.write(os.urandom(MIB))
    start(box)
    assert is_ready(box)
    assert texts(box) == []


@pytest.mark.parametrize("half", ["the backup alone is new", "the primary alone is new"])
def test_a_table_that_is_half_written_is_made_up_for(box: RealBox, half: str) -> None:
    before = gpt(box.image)
    start(box)
    box.restart()
    copy = box.copy_of_disk()
    with copy.open("r+b") as file:
        is_end_old = half == "the primary alone is new"
        file.seek(*((-GPT_BYTES, os.SEEK_END) if is_end_old else (0, os.SEEK_SET)))
        file.write(before[is_end_old])
    box.swap_disk(copy)
    start(box)
    assert is_ready(box)


def test_a_table_that_is_torn_is_read_from_its_backup_and_mended(used: RealBox) -> None:
    with Path(used.loop).open("r+b") as device:
        device.seek(3 * 512)
        device.write(bytes(512))  # entries 5 to 8; the header's checksum no longer fits
    start(used)
    assert has_kept(used)


def test_a_power_cut_while_it_works_is_no_damage(used: RealBox) -> None:
    start(used)
    with (used.paths.state / "open").open("w") as file:
        (used.paths.state / "open").unlink()
        file.write("never closed")
        os.sync()
        copy = used.copy_of_disk()
    used.swap_disk(copy)
    start(used)
    assert has_kept(used)
    assert texts(used) == []


def test_damage_is_repaired_and_said(used: RealBox) -> None:
    used.debug("clri state")
    used.debug("ssv state 0")  # as the kernel marks it after an error
    start(used)
    assert is_ready(used)
    assert "has been repaired" in texts(used)[0]


def test_a_lost_superblock_is_found_again(used: RealBox) -> None:
    with Path(used.node(7)).open("r+b") as device:
        device.write(bytes(4096))
    start(used)
    assert is_ready(used)
    assert has_kept(used)
    assert "has been repaired" in texts(used)[0]


def test_what_is_no_file_system_any_more_is_said_and_not_formatted(used: RealBox) -> None:
    with Path(used.node(7)).open("r+b") as device:
        device.write(bytes(MIB))
        device.seek(BACKUP_SUPERBLOCK)
        device.write(bytes(MIB))
    start(used)
    assert not is_ready(used)
    assert "mkfs.ext4" not in programs(used)
    assert "cannot be mounted" in texts(used)[0]


@pytest.mark.parametrize("programs", range(1, RESET + 1))
def test_a_factory_reset_that_is_cut_short_ends_whole_and_happens_once(used: RealBox, programs: int) -> None:
    request = used.ask_for_reset()
    start_and_cut(used, programs)
    start(used)
    assert is_ready(used)
    assert not request.exists()
    assert not has_kept(used)
    keep(used)
    used.restart()
    start(used)
    assert has_kept(used)


def test_a_reset_that_cannot_remove_its_request_does_not_come_round_again(used: RealBox) -> None:
    request = used.ask_for_reset()
    used.boot_is_stuck = True
    start(used)
    assert request.exists()
    assert used.names()[6:] == ["data-new"]
    assert "cannot be removed from the boot partition (read-only file system)" in texts(used)[0]
    used.restart()
    used.boot_is_stuck = False
    start(used)
    assert is_ready(used)
    assert not request.exists()


@pytest.mark.parametrize("programs", range(1, 8))
def test_a_bigger_disk_is_used_also_after_a_power_cut(used: RealBox, programs: int) -> None:
    used.set_disk(512)
    start_and_cut(used, programs)
    start(used)
    assert has_kept(used)
    assert texts(used) == []
    assert ["resize2fs", used.node(7)] in used.ran
    if may_grow_mounted():
        assert length(used.node(7)) > 450 * MIB


def gpt(image: Path) -> tuple[bytes, bytes]:
    """The table at the disk's start and at its end."""
    with image.open("rb") as file:
        first = file.read(GPT_BYTES)
        file.seek(-GPT_BYTES, os.SEEK_END)
        return first, file.read()
