"""A reading that may hang: it is taken beside, kept for a while, and never waited for too long."""

import threading
from collections.abc import Iterator

import pytest

from board.reading import OLDEST, Reading

PATIENCE = 10.0  # s; how long a test waits for a fact


class Sensor:
    """A file that answers when the test lets it, and a clock."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.reads = 0
        self.is_free = threading.Event()
        self.is_free.set()

    def read(self) -> int:
        self.reads += 1
        self.is_free.wait(PATIENCE)
        return self.reads

    def clock(self) -> float:
        return self.now


@pytest.fixture
def sensor() -> Iterator[Sensor]:
    sensor = Sensor()
    yield sensor
    sensor.is_free.set()


def reading_of(sensor: Sensor) -> Reading[int]:
    return Reading(sensor.read, 0, 60.0, sensor.clock)


def test_who_waits_is_told_the_first_reading(sensor: Sensor) -> None:
    assert reading_of(sensor).latest(PATIENCE) == 1


def test_a_reading_is_kept_for_its_period(sensor: Sensor) -> None:
    reading = reading_of(sensor)
    reading.latest(PATIENCE)
    sensor.now += 59.9
    assert (reading.latest(PATIENCE), sensor.reads) == (1, 1)
    sensor.now += 0.2
    assert (reading.latest(PATIENCE), sensor.reads) == (2, 2)


def test_who_does_not_wait_is_told_what_is_known(sensor: Sensor) -> None:
    sensor.is_free.clear()
    reading = reading_of(sensor)
    assert reading.latest() == 0
    sensor.is_free.set()
    assert reading.latest(PATIENCE) == 1
    sensor.now += 61
    sensor.is_free.clear()
    assert reading.latest() == 1


def test_a_sensor_that_hangs_is_asked_once_and_costs_the_wait_alone(sensor: Sensor) -> None:
    sensor.is_free.clear()
    reading = reading_of(sensor)
    for _ in range(5):
        assert reading.latest(0.01) == 0
        sensor.now += 100
    assert sensor.reads == 1


def test_what_was_told_before_a_sensor_hung_counts_no_longer_than_a_few_periods(sensor: Sensor) -> None:
    reading = reading_of(sensor)
    reading.latest(PATIENCE)
    sensor.is_free.clear()
    sensor.now += OLDEST * 60 - 1
    assert reading.latest(0.01) == 1
    sensor.now += 2
    assert reading.latest(0.01) == 0


def test_a_sensor_that_answers_again_is_believed_again(sensor: Sensor) -> None:
    sensor.is_free.clear()
    reading = reading_of(sensor)
    assert reading.latest(0.01) == 0
    sensor.is_free.set()
    assert reading.latest(PATIENCE) == 1


def test_a_thread_that_hangs_does_not_keep_the_process(sensor: Sensor) -> None:
    sensor.is_free.clear()
    reading_of(sensor).latest()
    started = [thread for thread in threading.enumerate() if thread.name == "board-reading"]
    assert started
    assert all(thread.daemon for thread in started)
