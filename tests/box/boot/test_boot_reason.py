"""How the last boot ended: what is said of it, what is not, and what is left for the next one."""

import shutil
from pathlib import Path

import pytest

from agent.box.boot import boot_reason
from agent.box.tools.paths import Paths
from agent.handover import notices
from tests.box.paper_box import paths_in

PANIC = """Panic#2 Part1
<6>[   40.000000] guest: key for room 101 of Ms Example
<0>[   41.123456][  T1234] Kernel panic - not syncing: sysrq triggered crash\x1b[31m
<4>[   41.123999] CPU: 0 UID: 0 PID: 1234 Comm: sh Not tainted 6.12
"""
OOPS = """Oops#1 Part1
<1>[   40.000000] BUG: kernel NULL pointer dereference, address: 0000000000000008
"""


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = paths_in(tmp_path)
    paths.box.mkdir()
    return paths


def crash(paths: Paths, *texts: str) -> None:
    for number, text in enumerate(texts):
        (paths.pstore / f"dmesg-efi_pstore-{number}").write_text(text)


def bite(paths: Paths, status: str) -> None:
    folder = paths.watchdogs / "watchdog0"
    folder.mkdir()
    (folder / "bootstatus").write_text(status)


def texts(paths: Paths) -> list[str]:
    found = notices.standing(paths.notices)
    assert all((notice.code, notice.lasts) == ("E-BOX-CRASHED", 86400) for notice in found)
    return [notice.text for notice in found]


def said(paths: Paths) -> str:
    return paths.steps.read_text() if paths.steps.exists() else ""


def test_the_first_start_says_nothing_and_is_noted(paths: Paths) -> None:
    boot_reason.tell_last(paths)
    assert (texts(paths), said(paths)) == ([], "")
    assert paths.running.read_text() == "b00t\n"


def test_a_shutdown_is_no_matter(paths: Paths) -> None:
    boot_reason.tell_last(paths)
    boot_reason.ended(paths)
    assert not paths.running.exists()
    paths.boot_id.write_text("n3xt\n")
    boot_reason.tell_last(paths)
    assert (texts(paths), said(paths)) == ([], "")


def test_a_power_cut_is_a_step_and_no_notice(paths: Paths) -> None:
    paths.running.write_text("0ld\n")
    boot_reason.tell_last(paths)
    assert texts(paths) == []
    assert "lost its power" in said(paths)
    assert paths.running.read_text() == "b00t\n"


def test_a_second_run_in_the_same_boot_is_no_power_cut(paths: Paths) -> None:
    boot_reason.tell_last(paths)
    boot_reason.tell_last(paths)
    assert said(paths) == ""


def test_a_crash_is_told_in_the_kernels_one_line_and_its_record_goes(paths: Paths) -> None:
    paths.running.write_text("0ld\n")
    crash(paths, "Panic#2 Part2\nearlier lines", PANIC)
    boot_reason.tell_last(paths)
    assert texts(paths) == [
        "The box started again by itself, because its system crashed. "
        "The kernel's words: sysrq triggered crash [31m. If this comes again, tell support these words."
    ]
    assert list(paths.pstore.iterdir()) == []
    assert "sysrq triggered crash" in said(paths)


def test_nothing_else_of_the_record_is_taken(paths: Paths) -> None:
    paths.running.write_text("0ld\n")
    crash(paths, PANIC)
    boot_reason.tell_last(paths)
    everything = said(paths) + "".join(texts(paths))
    assert "room 101" not in everything
    assert "tainted" not in everything


def test_a_crash_after_the_shutdown_is_told_too(paths: Paths) -> None:
    crash(paths, PANIC)
    boot_reason.tell_last(paths)
    assert len(texts(paths)) == 1


def test_an_oops_that_the_system_outlived_is_not_told_but_removed(paths: Paths) -> None:
    crash(paths, OOPS)
    boot_reason.tell_last(paths)
    assert texts(paths) == []
    assert list(paths.pstore.iterdir()) == []


def test_an_oops_that_came_last_is_told(paths: Paths) -> None:
    paths.running.write_text("0ld\n")
    crash(paths, OOPS)
    boot_reason.tell_last(paths)
    assert "BUG: kernel NULL pointer dereference" in texts(paths)[0]


def test_a_crash_without_words_is_told_without(paths: Paths) -> None:
    paths.running.write_text("0ld\n")
    crash(paths, "Panic#1 Part1\nKernel panic - not syncing: \x01\n")
    boot_reason.tell_last(paths)
    assert "it left no words" in texts(paths)[0]


def test_long_words_are_cut(paths: Paths) -> None:
    paths.running.write_text("0ld\n")
    crash(paths, "Panic#1 Part1\nKernel panic - not syncing: " + "x" * 100_000)
    boot_reason.tell_last(paths)
    assert len(texts(paths)[0]) < 400


def test_a_record_that_cannot_be_removed_is_not_told_at_each_start(paths: Paths) -> None:
    (paths.pstore / "dmesg-efi_pstore-1").mkdir()
    boot_reason.tell_last(paths)
    assert texts(paths) == []


def test_other_records_are_left_alone(paths: Paths) -> None:
    other = paths.pstore / "console-ramoops-0"
    other.write_text(PANIC)
    boot_reason.tell_last(paths)
    assert other.exists()
    assert texts(paths) == []


@pytest.mark.parametrize("status", ["32\n", "33", "0x20"])
def test_a_reset_by_the_watchdog_is_told(paths: Paths, status: str) -> None:
    paths.running.write_text("0ld\n")
    bite(paths, status)
    boot_reason.tell_last(paths)
    assert "hardware watchdog reset it" in texts(paths)[0]


@pytest.mark.parametrize("status", ["0", "1", "", "reset"])
def test_any_other_word_of_the_watchdog_is_a_power_cut(paths: Paths, status: str) -> None:
    paths.running.write_text("0ld\n")
    bite(paths, status)
    boot_reason.tell_last(paths)
    assert texts(paths) == []
    assert "lost its power" in said(paths)


def test_the_watchdogs_word_counts_only_after_a_bad_end(paths: Paths) -> None:
    bite(paths, "32")  # some boards show it until their power is cut
    boot_reason.tell_last(paths)
    assert texts(paths) == []


def test_a_box_without_storage_goes_on(paths: Paths) -> None:
    paths.box.rmdir()
    crash(paths, PANIC)
    boot_reason.tell_last(paths)
    assert len(texts(paths)) == 1
    assert "cannot be noted (no such file or directory)" in said(paths)
    boot_reason.ended(paths)
    assert "The end of this boot cannot be noted" in said(paths)


def test_a_machine_without_pstore_and_watchdog_goes_on(paths: Paths) -> None:
    paths.running.write_text("0ld\n")
    shutil.rmtree(paths.pstore)
    shutil.rmtree(paths.watchdogs)
    boot_reason.tell_last(paths)
    assert "lost its power" in said(paths)
