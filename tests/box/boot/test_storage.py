"""The data partition on a box on paper: made once, never formatted again, whatever ends the power or fails."""

import os
from pathlib import Path

import pytest

from agent.box.boot import storage
from agent.handover import notices
from agent.handover.notices import Notice
from tests.box.paper_box import ME, MIB, PaperBox, PowerCut

MOST_PROGRAMS = 20  # more than any start runs


@pytest.fixture
def box(tmp_path: Path) -> PaperBox:
    return PaperBox(tmp_path)


@pytest.fixture
def used(box: PaperBox) -> PaperBox:
    """A box that has worked before, with something to lose."""
    start(box)
    keep(box)
    box.restart()
    box.ran.clear()
    return box


def start(box: PaperBox) -> None:
    storage.mount_data(box.paths, box, ME)


def start_and_cut(box: PaperBox, programs: int) -> bool:
    """A start whose power goes after so many programs; whether it came to its end before that."""
    box.power = programs
    try:
        start(box)
    except PowerCut:
        return False
    finally:
        box.restart()
    return True


def keep(box: PaperBox) -> None:
    (box.paths.state / "journal.sqlite").write_text("keys")


def has_kept(box: PaperBox) -> bool:
    return (box.paths.state / "journal.sqlite").exists()


def ask_for_reset(box: PaperBox, name: str = "factory-reset") -> Path:
    request = box.paths.boot / name
    request.touch()
    return request


def notice(box: PaperBox) -> Notice:
    [found] = notices.standing(box.paths.notices)
    assert found.code == "E-BOX-STORAGE"
    return found


# The first start


def test_the_first_start_makes_the_data_partition(box: PaperBox) -> None:
    start(box)
    assert box.ran == ["append", "format", "rename data", "mount rw"]
    assert box.names()[6:] == ["data"]
    assert notices.standing(box.paths.notices) == ()


def test_the_folders_are_there_and_the_secret_ones_are_closed(box: PaperBox) -> None:
    start(box)
    modes = {path.name: path.stat().st_mode & 0o777 for path in box.paths.data.iterdir()}
    assert modes == {
        "provisioning": 0o700, "state": 0o700, "identity": 0o755, "update": 0o755, "rauc": 0o755, "box": 0o755,
    }  # fmt: skip


def test_each_step_of_the_first_start_is_said(box: PaperBox) -> None:
    start(box)
    words = [line.partition(" UTC ")[2] for line in box.steps().splitlines()]
    assert words == [
        "storage: The data partition is being added to the disk.",
        "storage: The data partition is being made. This may take a minute or two.",
        "storage: The data partition is made.",
        "storage: The data partition is mounted.",
    ]


@pytest.mark.parametrize("programs", range(1, MOST_PROGRAMS))
def test_a_power_cut_at_any_program_of_the_first_start_is_made_up_for(box: PaperBox, programs: int) -> None:
    start_and_cut(box, programs)
    start(box)
    assert box.is_mounted()
    assert box.names()[6:] == ["data"]
    assert box.paths.state.is_dir()


@pytest.mark.parametrize("programs", range(1, MOST_PROGRAMS))
def test_the_power_may_be_cut_at_each_start_a_program_later(box: PaperBox, programs: int) -> None:
    for sooner in range(1, programs):
        start_and_cut(box, sooner)
    start(box)
    assert box.is_mounted()
    assert box.names()[6:] == ["data"]


# Every other start


def test_a_later_start_only_checks_and_mounts(used: PaperBox) -> None:
    start(used)
    assert used.ran == ["mount rw"]
    assert has_kept(used)


@pytest.mark.parametrize("programs", range(1, MOST_PROGRAMS))
def test_a_power_cut_at_any_program_loses_nothing(used: PaperBox, programs: int) -> None:
    start_and_cut(used, programs)
    start(used)
    assert has_kept(used)
    assert used.formatted == 1


def test_a_second_run_in_the_same_boot_changes_nothing(used: PaperBox) -> None:
    start(used)
    start(used)
    assert used.ran == ["mount rw"]


def test_rights_that_somebody_loosened_are_put_right(used: PaperBox) -> None:
    used.paths.provisioning.chmod(0o755)
    start(used)
    assert used.paths.provisioning.stat().st_mode & 0o777 == 0o700


@pytest.mark.needs("root")
def test_the_state_belongs_to_the_agent_whatever_number_its_user_has_now(used: PaperBox) -> None:
    inner = used.paths.state / "folder"
    inner.mkdir()
    (inner / "link").symlink_to(used.paths.release)
    storage.mount_data(used.paths, used, "nobody")
    owner = used.paths.state.stat().st_uid
    assert owner != 0
    assert {path.lstat().st_uid for path in used.paths.state.rglob("*")} == {owner}


# A bigger disk


def test_a_bigger_disk_is_used_to_its_end(used: PaperBox) -> None:
    used.set_disk(4096)
    start(used)
    assert used.ran == ["lengthen", "mount rw", "resize"]
    assert has_kept(used)


@pytest.mark.parametrize("programs", range(1, MOST_PROGRAMS))
def test_a_power_cut_while_it_grows_loses_nothing_and_it_grows_all_the_same(used: PaperBox, programs: int) -> None:
    used.set_disk(4096)
    start_and_cut(used, programs)
    start(used)
    assert has_kept(used)
    assert used.ran.count("lengthen") == 1
    assert "resize" in used.ran


def test_a_partition_that_cannot_grow_is_used_as_it_is(used: PaperBox) -> None:
    used.set_disk(4096)
    used.let_end(1, "sfdisk", "-N")
    start(used)
    assert used.ran == ["mount rw"]
    assert "stays as long as it was (sfdisk: does not work here)" in used.steps()


def test_a_file_system_that_cannot_grow_is_used_as_it_is(used: PaperBox) -> None:
    used.set_disk(4096)
    used.let_end(1, "resize2fs")
    start(used)
    assert used.is_mounted()
    assert notices.standing(used.paths.notices) == ()


# A damaged file system


def test_what_a_check_repairs_is_said_for_a_day(used: PaperBox) -> None:
    used.let_end(1, "e2fsck", "-p")
    start(used)
    assert used.is_mounted()
    assert "has been repaired" in notice(used).text
    assert notice(used).lasts == 86400


def test_what_the_first_check_does_not_dare_the_second_one_does(used: PaperBox) -> None:
    used.let_end(4, "e2fsck", "-p")
    used.let_end(1, "e2fsck", "-y")
    start(used)
    assert used.is_mounted()
    assert "has been repaired" in notice(used).text


def test_a_check_that_finds_nothing_after_all_is_no_damage(used: PaperBox) -> None:
    used.let_end(8, "e2fsck", "-p")
    start(used)
    assert used.is_mounted()
    assert notices.standing(used.paths.notices) == ()


@pytest.mark.parametrize("code", [4, 8, 12, 32, -9, None])
def test_what_cannot_be_repaired_is_read_and_not_written(used: PaperBox, code: int | None) -> None:
    used.let_end(code, "e2fsck")
    start(used)
    assert used.ran == ["mount ro"]
    assert "can only be read" in notice(used).text
    assert has_kept(used)


def test_a_check_that_does_not_end_is_not_followed_by_a_longer_one(used: PaperBox) -> None:
    used.let_end(None, "e2fsck", "-p")
    start(used)
    assert used.ran == ["mount ro"]


def test_what_cannot_be_mounted_for_writing_is_read(used: PaperBox) -> None:
    used.let_end(32, "mount", f"noatime,commit=60,nodev,nosuid,noexec,resuid={os.getuid()},errors=remount-ro")
    start(used)
    assert used.ran == ["mount ro"]
    assert "can only be read" in notice(used).text


def test_a_disk_that_the_kernel_only_reads_is_said(used: PaperBox) -> None:
    used.write_protected = True
    start(used)
    assert "can only be read" in notice(used).text
    used.ran.clear()
    start(used)  # once more in the same boot: it is not forgotten
    assert used.ran == []
    assert "can only be read" in notice(used).text


def test_what_cannot_be_mounted_at_all_is_said_with_what_to_do_and_never_formatted(used: PaperBox) -> None:
    used.let_end(8, "e2fsck")
    used.let_end(32, "mount")
    start(used)
    assert "cannot be mounted (e2fsck: does not work here)" in notice(used).text
    assert "factory-reset on the boot partition" in notice(used).text
    assert notice(used).lasts is None
    assert used.formatted == 1


def test_the_notice_goes_when_the_trouble_is_over(used: PaperBox) -> None:
    used.let_end(32, "mount")
    start(used)
    used.let_all_work()
    start(used)
    assert notices.standing(used.paths.notices) == ()


def test_a_folder_that_cannot_be_made_is_said(used: PaperBox) -> None:
    used.paths.rauc.rmdir()
    used.paths.rauc.touch()
    start(used)
    assert "cannot be written (file exists)" in notice(used).text


# A disk that is not as it should be


def test_a_full_table_is_said(box: PaperBox) -> None:
    box.let_end(1, "sfdisk", "--append")
    start(box)
    assert "cannot be made ready (sfdisk: does not work here)" in notice(box).text


def test_a_card_that_forgets_what_is_written_is_said(box: PaperBox) -> None:
    box.keeps_its_table = False
    start(box)
    assert "does not keep its partition table" in notice(box).text


def test_an_old_kind_of_table_is_said(box: PaperBox) -> None:
    box.label = "dos"
    start(box)
    assert "no GPT" in notice(box).text


def test_a_table_that_nobody_understands_is_said(box: PaperBox) -> None:
    box.let_end(0, "sfdisk", "--json")
    start(box)
    assert "cannot be read" in notice(box).text


def test_a_root_on_no_partition_is_said(box: PaperBox) -> None:
    [link] = box.paths.by_number.iterdir()
    link.unlink()
    start(box)
    assert "cannot be found" in notice(box).text


# A disk that is too small


@pytest.mark.parametrize("mib", range(90, 240, 3))
def test_a_disk_of_any_size_is_either_used_or_too_small_and_no_tool_is_left_to_find_that_out(
    box: PaperBox, mib: int
) -> None:
    box.set_disk(mib)
    start(box)
    if mib >= 112 + 64:  # behind the last partition, and what the data partition needs at least
        assert notices.standing(box.paths.notices) == ()
        assert box.is_mounted()
    else:
        assert (
            f"The card or disk is too small: {mib * MIB // 10**8 / 10} GB, and the box needs 1 GB."
            in notice(box).text
        )
        assert box.ran == []


def test_what_to_do_about_a_small_disk_is_no_factory_reset(box: PaperBox) -> None:
    box.set_disk(112)
    start(box)
    assert "write the image onto a larger one, copy provisioning.toml onto its boot partition" in notice(box).text
    assert "factory" not in notice(box).text
    box.set_disk(1024)
    start(box)
    assert notices.standing(box.paths.notices) == ()


def test_a_partition_that_was_added_when_nobody_looked_at_its_room_is_too_small_too(box: PaperBox) -> None:
    box.let_end(1, "mkfs.ext4")
    start(box)
    box.restart()
    box.set_disk(150)
    box.table[-1]["size"] = 30 * MIB // 512
    start(box)
    assert "too small" in notice(box).text


def test_a_copy_of_the_disk_on_a_smaller_one_says_what_it_needs(used: PaperBox) -> None:
    used.set_disk(1000)
    start(used)
    assert "too small: 1.0 GB, and the box needs 2 GB" in notice(used).text
    assert used.ran == []


# A locked card


def test_a_locked_card_is_read_and_the_lock_is_named(used: PaperBox) -> None:
    used.lock(True)
    for _ in range(2):  # and once more in the same boot
        start(used)
        assert "write-protected: no key can be cut" in notice(used).text
        assert "slide the lock" in notice(used).text
    assert used.ran == ["mount ro"]
    assert has_kept(used)


def test_a_card_that_was_locked_before_its_first_start_is_told_apart_from_a_full_one(box: PaperBox) -> None:
    box.lock(True)
    start(box)
    assert "write-protected: the box cannot keep anything on it" in notice(box).text
    box.lock(False)
    start(box)
    assert notices.standing(box.paths.notices) == ()
    assert box.is_mounted()


def test_a_factory_reset_that_was_asked_for_on_a_locked_card_is_not_tried(used: PaperBox) -> None:
    ask_for_reset(used)
    used.lock(True)
    start(used)
    assert has_kept(used)


# A factory reset


@pytest.mark.parametrize("name", ["factory-reset", "factory-reset.txt"])
def test_a_factory_reset_makes_the_partition_anew_once(used: PaperBox, name: str) -> None:
    request = ask_for_reset(used, name)
    start(used)
    assert used.ran == ["remount", "rename data-new", "remount", "format", "rename data", "mount rw"]
    assert not request.exists()
    assert not has_kept(used)


@pytest.mark.parametrize("programs", range(1, MOST_PROGRAMS))
def test_a_reset_that_is_cut_short_ends_whole_and_happens_once(used: PaperBox, programs: int) -> None:
    request = ask_for_reset(used)
    if start_and_cut(used, programs):
        return
    start(used)
    assert not request.exists()
    assert not has_kept(used)
    assert used.names()[6:] == ["data"]
    keep(used)
    used.restart()
    start(used)
    assert has_kept(used)


def test_a_reset_mends_what_cannot_be_mounted(used: PaperBox) -> None:
    used.let_end(8, "e2fsck")
    used.let_end(32, "mount", "-t")
    start(used)
    ask_for_reset(used)
    used.let_all_work()
    start(used)
    assert used.is_mounted()
    assert notices.standing(used.paths.notices) == ()


def test_a_reset_does_not_begin_while_its_request_cannot_be_removed(used: PaperBox) -> None:
    ask_for_reset(used)
    used.let_end(32, "mount", "remount,rw")
    start(used)
    assert has_kept(used)
    assert used.is_mounted()
    assert "was not begun, and nothing is lost" in notice(used).text


def test_a_reset_that_has_begun_waits_until_its_request_can_go(used: PaperBox) -> None:
    ask_for_reset(used)
    used.let_end(32, "mount", "remount,ro")
    start(used)
    assert "cannot go on" in notice(used).text
    assert used.names()[6:] == ["data-new"]
    used.restart()
    used.let_all_work()
    start(used)
    assert used.names()[6:] == ["data"]


def test_a_folder_of_that_name_asks_for_nothing(used: PaperBox) -> None:
    (used.paths.boot / "factory-reset").mkdir()
    start(used)
    assert has_kept(used)


def test_a_running_box_is_not_reset(used: PaperBox) -> None:
    start(used)
    ask_for_reset(used)
    start(used)
    assert has_kept(used)
