"""How the last boot ended: what is said of it, what is not, and what is left for the next one."""

import shutil
from pathlib import Path

import pytest

from agent.box.boot import boot_reason
from agent.box.tools.paths import Places
from agent.handover import notices
from tests.box.paper_box import places_in

PANIC = """Panic#2 Part1
<6>[   40.000000] guest: key for room 101 of Ms Example
<0>[   41.123456][  T1234] Kernel panic - not syncing: sysrq triggered crash\x1b[31m
<4>[   41.123999] CPU: 0 UID: 0 PID: 1234 Comm: sh Not tainted 6.12
"""
OOPS = """Oops#1 Part1
<1>[   40.000000] BUG: kernel NULL pointer dereference, address: 0000000000000008
"""


@pytest.fixture
def places(tmp_path: Path) -> Places:
    places = places_in(tmp_path)
    places.box.mkdir()
    return places


def crash(places: Places, *texts: str) -> None:
    for number, text in enumerate(texts):
        (places.pstore / f"dmesg-efi_pstore-{number}").write_text(text)


def bite(places: Places, status: str) -> None:
    folder = places.watchdogs / "watchdog0"
    folder.mkdir()
    (folder / "bootstatus").write_text(status)


def texts(places: Places) -> list[str]:
    found = notices.standing(places.notices)
    assert all((notice.code, notice.lasts) == ("E-BOX-CRASHED", 86400) for notice in found)
    return [notice.text for notice in found]


def said(places: Places) -> str:
    return places.steps.read_text() if places.steps.exists() else ""


def test_the_first_start_says_nothing_and_is_noted(places: Places) -> None:
    boot_reason.run(places)
    assert (texts(places), said(places)) == ([], "")
    assert places.running.read_text() == "b00t\n"


def test_a_shutdown_is_no_matter(places: Places) -> None:
    boot_reason.run(places)
    boot_reason.ended(places)
    assert not places.running.exists()
    places.boot_id.write_text("n3xt\n")
    boot_reason.run(places)
    assert (texts(places), said(places)) == ([], "")


def test_a_power_cut_is_a_step_and_no_notice(places: Places) -> None:
    places.running.write_text("0ld\n")
    boot_reason.run(places)
    assert texts(places) == []
    assert "lost its power" in said(places)
    assert places.running.read_text() == "b00t\n"


def test_a_second_run_in_the_same_boot_is_no_power_cut(places: Places) -> None:
    boot_reason.run(places)
    boot_reason.run(places)
    assert said(places) == ""


def test_a_crash_is_told_in_the_kernels_one_line_and_its_record_goes(places: Places) -> None:
    places.running.write_text("0ld\n")
    crash(places, "Panic#2 Part2\nearlier lines", PANIC)
    boot_reason.run(places)
    assert texts(places) == [
        "The box started again by itself, because its system crashed. "
        "The kernel's words: sysrq triggered crash [31m. If this comes again, tell support these words."
    ]
    assert list(places.pstore.iterdir()) == []
    assert "sysrq triggered crash" in said(places)


def test_nothing_else_of_the_record_is_taken(places: Places) -> None:
    places.running.write_text("0ld\n")
    crash(places, PANIC)
    boot_reason.run(places)
    everything = said(places) + "".join(texts(places))
    assert "room 101" not in everything
    assert "tainted" not in everything


def test_a_crash_after_the_shutdown_is_told_too(places: Places) -> None:
    crash(places, PANIC)
    boot_reason.run(places)
    assert len(texts(places)) == 1


def test_an_oops_that_the_system_outlived_is_not_told_but_removed(places: Places) -> None:
    crash(places, OOPS)
    boot_reason.run(places)
    assert texts(places) == []
    assert list(places.pstore.iterdir()) == []


def test_an_oops_that_came_last_is_told(places: Places) -> None:
    places.running.write_text("0ld\n")
    crash(places, OOPS)
    boot_reason.run(places)
    assert "BUG: kernel NULL pointer dereference" in texts(places)[0]


def test_a_crash_without_words_is_told_without(places: Places) -> None:
    places.running.write_text("0ld\n")
    crash(places, "Panic#1 Part1\nKernel panic - not syncing: \x01\n")
    boot_reason.run(places)
    assert "it left no words" in texts(places)[0]


def test_long_words_are_cut(places: Places) -> None:
    places.running.write_text("0ld\n")
    crash(places, "Panic#1 Part1\nKernel panic - not syncing: " + "x" * 100_000)
    boot_reason.run(places)
    assert len(texts(places)[0]) < 400


def test_a_record_that_cannot_be_removed_is_not_told_at_each_start(places: Places) -> None:
    (places.pstore / "dmesg-efi_pstore-1").mkdir()
    boot_reason.run(places)
    assert texts(places) == []


def test_other_records_are_left_alone(places: Places) -> None:
    other = places.pstore / "console-ramoops-0"
    other.write_text(PANIC)
    boot_reason.run(places)
    assert other.exists()
    assert texts(places) == []


@pytest.mark.parametrize("status", ["32\n", "33", "0x20"])
def test_a_reset_by_the_watchdog_is_told(places: Places, status: str) -> None:
    places.running.write_text("0ld\n")
    bite(places, status)
    boot_reason.run(places)
    assert "hardware watchdog reset it" in texts(places)[0]


@pytest.mark.parametrize("status", ["0", "1", "", "reset"])
def test_any_other_word_of_the_watchdog_is_a_power_cut(places: Places, status: str) -> None:
    places.running.write_text("0ld\n")
    bite(places, status)
    boot_reason.run(places)
    assert texts(places) == []
    assert "lost its power" in said(places)


def test_the_watchdogs_word_counts_only_after_a_bad_end(places: Places) -> None:
    bite(places, "32")  # some boards show it until their power is cut
    boot_reason.run(places)
    assert texts(places) == []


def test_a_box_without_storage_goes_on(places: Places) -> None:
    places.box.rmdir()
    crash(places, PANIC)
    boot_reason.run(places)
    assert len(texts(places)) == 1
    assert "cannot be noted (no such file or directory)" in said(places)
    boot_reason.ended(places)
    assert "The end of this boot cannot be noted" in said(places)


def test_a_machine_without_pstore_and_watchdog_goes_on(places: Places) -> None:
    places.running.write_text("0ld\n")
    shutil.rmtree(places.pstore)
    shutil.rmtree(places.watchdogs)
    boot_reason.run(places)
    assert "lost its power" in said(places)
