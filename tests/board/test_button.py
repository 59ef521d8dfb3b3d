"""The button by the kernel's input events: found by its driver, read without waiting, whatever comes."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.button import (
    DOWN,
    EV_KEY,
    EV_SYN,
    EVENT,
    SYN_DROPPED,
    UP,
    Button,
    Edge,
    find_buttons,
    open_button,
)
from board.linux import LinuxBoard
from tests.board.sysfs import CONTENTS, put

KEY = 0x198  # KEY_RESTART
NOW = 500.0


class Wire:
    """A button whose events the test writes."""

    def __init__(self) -> None:
        near, self.far = os.pipe2(os.O_NONBLOCK)
        self.button = Button(near, KEY, lambda: NOW)

    def send(self, value: int, kind: int = EV_KEY, code: int = KEY) -> None:
        os.write(self.far, EVENT.pack(0, 0, kind, code, value))

    def unplug(self) -> None:
        if self.far >= 0:
            os.close(self.far)
        self.far = -1


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire()
    yield wire
    wire.button.close()
    wire.unplug()


def device(
    inputs: Path, event: str, keys: str = "1000000 0 0 0 0 0 0", name: str = "gpio-keys", phys: str = ""
) -> None:
    folder = put(inputs / event / "device", name=name, phys=phys or "gpio-keys/input0")
    put(folder / "capabilities", key=keys)


def words_of(*keys: int) -> str:
    """A bitmap of keys as the kernel prints it on this machine."""
    bits, size = sum(1 << key for key in keys), EVENT.size * 8 // 3  # a long
    words = []
    while bits:
        words.append(f"{bits & (1 << size) - 1:x}")
        bits >>= size
    return " ".join(reversed(words)) or "0"


def test_a_press_is_two_edges(wire: Wire) -> None:
    assert wire.button.edges() == ()
    wire.send(DOWN)
    wire.send(0, EV_SYN, 0)
    wire.send(UP)
    assert wire.button.edges() == (Edge(True, NOW), Edge(False, NOW))
    assert wire.button.edges() == ()


def test_other_keys_and_repetitions_are_no_edges(wire: Wire) -> None:
    wire.send(DOWN, code=30)
    wire.send(2)
    wire.send(DOWN, kind=2)
    wire.send(7)
    assert wire.button.edges() == ()


def test_after_lost_events_the_key_is_as_it_is_now(wire: Wire) -> None:
    wire.send(DOWN)
    wire.send(0, EV_SYN, SYN_DROPPED)  # a pipe cannot be asked: it counts as let go
    assert wire.button.edges() == (Edge(True, NOW), Edge(False, NOW))


def test_an_event_in_two_pieces_is_one(wire: Wire) -> None:
    event = EVENT.pack(0, 0, EV_KEY, KEY, DOWN)
    os.write(wire.far, event[:10])
    assert wire.button.edges() == ()
    os.write(wire.far, event[10:])
    assert wire.button.edges() == (Edge(True, NOW),)


def test_a_button_that_is_unplugged_is_gone(wire: Wire) -> None:
    wire.unplug()
    assert wire.button.edges() is None


def test_a_button_can_be_closed_twice_and_then_is_gone(wire: Wire) -> None:
    wire.button.close()
    wire.button.close()
    assert wire.button.fileno() == -1
    assert wire.button.edges() is None


def test_a_button_on_the_boards_pins_is_found_by_its_driver(tmp_path: Path) -> None:
    device(tmp_path, "event1", words_of(30, 31), name="A keyboard", phys="usb-0000/input0")
    device(tmp_path, "event2", words_of(KEY))
    assert find_buttons("", tmp_path) == (("event2", KEY),)


@pytest.mark.parametrize(
    ("keys", "key"),
    [((0x74, KEY), KEY), ((0x74,), 0x74), ((30, 0x211), 0x211), ((40, 30), 30), ((0x2FF,), 0x2FF), ((0,), 0)],
)
def test_of_several_keys_the_one_that_most_likely_is_for_us_counts(
    tmp_path: Path, keys: tuple[int, ...], key: int
) -> None:
    device(tmp_path, "event0", words_of(*keys))
    assert find_buttons("", tmp_path) == (("event0", key),)


@pytest.mark.parametrize("keys", ["0", "", "zz", "0 0"])
def test_a_device_without_a_key_is_no_button(tmp_path: Path, keys: str) -> None:
    device(tmp_path, "event0", keys)
    assert find_buttons("", tmp_path) == ()


def test_a_power_button_counts_only_where_it_is_asked_for(tmp_path: Path) -> None:
    device(tmp_path, "event0", words_of(0x74), name="Power Button", phys="LNXPWRBN/button/input0")
    device(tmp_path, "event1", words_of(KEY))
    assert find_buttons("", tmp_path) == (("event1", KEY),)
    assert find_buttons("Power Button", tmp_path) == (("event0", 0x74),)


def test_a_button_that_may_not_be_opened_is_none(tmp_path: Path) -> None:
    device(tmp_path / "sys", "event0", words_of(KEY))
    device(tmp_path / "sys", "event1", words_of(KEY))
    assert open_button("", tmp_path / "sys", tmp_path / "dev") is None
    (tmp_path / "dev").mkdir()
    os.mkfifo(tmp_path / "dev" / "event1")
    button = open_button("", tmp_path / "sys", tmp_path / "dev")
    assert button is not None
    assert button.edges() is None  # a pipe without a writer
    button.close()


def test_the_button_of_this_machine_is_looked_for_without_an_error() -> None:
    button = LinuxBoard({}).button("a device that no machine has")
    assert button is None


@given(st.lists(st.binary(max_size=100), max_size=10))
def test_whatever_comes_is_edges_or_nothing(pieces: list[bytes]) -> None:
    wire = Wire()
    for piece in pieces:
        os.write(wire.far, piece)
        edges = wire.button.edges()
        assert edges is not None
        assert all(edge.at == NOW for edge in edges)
    wire.button.close()
    wire.unplug()


@given(CONTENTS, CONTENTS)
def test_whatever_a_devices_files_hold_is_no_error(
    tmp_path_factory: pytest.TempPathFactory, keys: bytes, name: bytes
) -> None:
    folder = tmp_path_factory.getbasetemp() / "inputs"
    put(folder / "event0" / "device", name=name, phys=b"gpio-keys/input0")
    put(folder / "event0" / "device" / "capabilities", key=keys)
    assert all(0 <= key < 768 for _, key in find_buttons("", folder))


@given(st.sets(st.integers(0, 767), min_size=1, max_size=8))
def test_every_key_of_the_kernels_bitmap_is_seen(tmp_path_factory: pytest.TempPathFactory, keys: set[int]) -> None:
    folder = tmp_path_factory.getbasetemp() / "bitmaps"
    device(folder, "event0", words_of(*keys))
    ((_, key),) = find_buttons("", folder)
    assert key in keys
