"""The clock goes forwards to what files of the box prove, and never back."""

import os
from pathlib import Path

import pytest

from agent.box.boot import clock
from agent.box.tools.paths import Places
from tests.box.paper_box import places_in

BUILT = 1_780_000_000.0
DAY = 86400.0


@pytest.fixture
def places(tmp_path: Path) -> Places:
    places = places_in(tmp_path)
    places.box.mkdir()
    places.state.mkdir()
    date(places.release, BUILT)
    os.utime(places.box, (BUILT, BUILT))
    return places


def date(path: Path, time: float) -> None:
    path.touch()
    os.utime(path, (time, time))


def set_to(places: Places, now: float) -> list[float]:
    times: list[float] = []
    clock.run(places, lambda: now, times.append)
    return times


def test_a_clock_in_1970_is_set_to_the_image_at_least(places: Places) -> None:
    assert set_to(places, 12.0) == [BUILT]
    assert "set to 2026-05-28 20:26 UTC" in places.steps.read_text()


@pytest.mark.parametrize("name", ["journal.sqlite", "journal.sqlite-wal"])
def test_the_journals_files_prove_a_time(places: Places, name: str) -> None:
    date(places.state / name, BUILT + DAY)
    assert set_to(places, BUILT) == [BUILT + DAY]


def test_the_last_start_and_the_last_shutdown_prove_a_time(places: Places) -> None:
    date(places.running, BUILT + DAY)
    os.utime(places.box, (BUILT, BUILT))
    assert set_to(places, BUILT) == [BUILT + DAY]
    places.running.unlink()
    os.utime(places.box, (BUILT + 2 * DAY, BUILT + 2 * DAY))
    assert set_to(places, BUILT) == [BUILT + 2 * DAY]


@pytest.mark.parametrize("ahead", [0.0, 1.0, 100 * DAY])
def test_it_is_never_set_back(places: Places, ahead: float) -> None:
    assert set_to(places, BUILT + ahead) == []
    assert not places.steps.exists()


def test_a_time_that_no_image_lives_to_see_proves_nothing(places: Places) -> None:
    date(places.running, BUILT + 40 * 366 * DAY)
    os.utime(places.box, (BUILT, BUILT))
    assert set_to(places, 12.0) == [BUILT]


def test_a_box_without_any_file_keeps_its_clock(tmp_path: Path) -> None:
    assert set_to(places_in(tmp_path), 12.0) == []
