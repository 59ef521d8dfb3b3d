"""The clock goes forwards to what files of the box prove, and never back."""

import os
from pathlib import Path

import pytest

from agent.box.boot import clock
from agent.box.tools.paths import Paths
from tests.box.paper_box import paths_in

BUILT = 1_780_000_000.0
DAY = 86400.0


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = paths_in(tmp_path)
    paths.box.mkdir()
    paths.state.mkdir()
    date(paths.release, BUILT)
    os.utime(paths.box, (BUILT, BUILT))
    return paths


def date(path: Path, time: float) -> None:
    path.touch()
    os.utime(path, (time, time))


def set_to(paths: Paths, now: float) -> list[float]:
    times: list[float] = []
    clock.set_forward(paths, lambda: now, times.append)
    return times


def test_a_clock_in_1970_is_set_to_the_image_at_least(paths: Paths) -> None:
    assert set_to(paths, 12.0) == [BUILT]
    assert "set to 2026-05-28 20:26 UTC" in paths.steps.read_text()


@pytest.mark.parametrize("name", ["journal.sqlite", "journal.sqlite-wal"])
def test_the_journals_files_prove_a_time(paths: Paths, name: str) -> None:
    date(paths.state / name, BUILT + DAY)
    assert set_to(paths, BUILT) == [BUILT + DAY]


def test_the_last_start_and_the_last_shutdown_prove_a_time(paths: Paths) -> None:
    date(paths.running, BUILT + DAY)
    os.utime(paths.box, (BUILT, BUILT))
    assert set_to(paths, BUILT) == [BUILT + DAY]
    paths.running.unlink()
    os.utime(paths.box, (BUILT + 2 * DAY, BUILT + 2 * DAY))
    assert set_to(paths, BUILT) == [BUILT + 2 * DAY]


@pytest.mark.parametrize("ahead", [0.0, 1.0, 100 * DAY])
def test_it_is_never_set_back(paths: Paths, ahead: float) -> None:
    assert set_to(paths, BUILT + ahead) == []
    assert not paths.steps.exists()


def test_a_time_that_no_image_lives_to_see_proves_nothing(paths: Paths) -> None:
    date(paths.running, BUILT + 40 * 366 * DAY)
    os.utime(paths.box, (BUILT, BUILT))
    assert set_to(paths, 12.0) == [BUILT]


def test_a_box_without_any_file_keeps_its_clock(tmp_path: Path) -> None:
    assert set_to(paths_in(tmp_path), 12.0) == []
