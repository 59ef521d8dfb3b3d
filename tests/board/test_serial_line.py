"""Serial lines over real pseudo terminals: how a line is set, what becomes of it, and how opening one fails."""

import fcntl
import os
import re
import resource
import select
import socket
import subprocess
import sys
import termios
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from board.linux import LinuxBoard
from board.serial_line import (
    BOX_LINES,
    Port,
    SerialGone,
    box_lines,
    forget_news,
    is_kernel_console,
    list_ports,
    open_serial,
    port_of,
    watch_devices,
)
from tests.board.sysfs import put
from tests.e2e.namespaces import inside, needs_net

PATIENCE = 10.0  # s
TIOCGEXCL = 0x80045440  # tty_ioctl(4); the module termios does not have it
LISTEN = """
import select, socket
from board.serial_line import forget_news, watch_devices
def hears(seconds): return bool(select.select([watch], [], [], seconds)[0])
watch, udev = watch_devices(), socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 15)
print(hears(0))
for _ in range(3):
    udev.sendto(b"libudev", (0, 2))
print(hears(10))
forget_news(watch)
print(hears(0))
"""


class Cable:
    """A pseudo terminal: `far` is the laptop's end, `device` the path of the box's."""

    def __init__(self) -> None:
        self.far, self.near = os.openpty()
        tty.setraw(self.far)
        self.device = os.ttyname(self.near)

    def pull(self) -> None:
        """The other end goes."""
        os.close(self.far)
        self.far = -1

    def close(self) -> None:
        for descriptor in (self.far, self.near):
            if descriptor >= 0:
                os.close(descriptor)


@pytest.fixture
def cable() -> Iterator[Cable]:
    cable = Cable()
    yield cable
    cable.close()


def has_come(descriptor: int) -> bool:
    return bool(select.select([descriptor], [], [], PATIENCE)[0])


def fill(descriptor: int) -> None:
    for _ in range(1000):
        os.write(descriptor, bytes(4096))


def opened(device: str) -> str:
    """How opening a line ended."""
    try:
        open_serial(device).close()
    except SerialGone as gone:
        return gone.reason
    return "opened"


def is_exclusive(descriptor: int) -> bool:
    return bool(int.from_bytes(fcntl.ioctl(descriptor, TIOCGEXCL, bytes(4)), sys.byteorder))


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.parametrize(("speed", "named"), [(9600, termios.B9600), (115_200, termios.B115200)])
def test_a_line_is_set_to_its_speed_and_raw(cable: Cable, speed: int, named: int) -> None:
    tty.setcbreak(cable.near)
    line = open_serial(cable.device, speed)
    inputs, outputs, control, local, in_speed, out_speed, characters = termios.tcgetattr(line.fileno())
    line.close()
    assert (in_speed, out_speed) == (named, named)
    assert control & (termios.CSIZE | termios.PARENB | termios.CSTOPB | termios.CRTSCTS) == termios.CS8
    assert not inputs & (termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.BRKINT)
    assert not outputs & termios.OPOST
    assert not local & (termios.ICANON | termios.ECHO | termios.ISIG)
    assert characters[termios.VMIN] == 1


def test_every_byte_goes_both_ways_as_it_is(cable: Cable) -> None:
    line, every = open_serial(cable.device), bytes(range(256))
    os.write(cable.far, every)
    assert has_come(line.fileno())
    assert os.read(line.fileno(), 1000) == every
    assert os.write(line.fileno(), every) == 256
    assert has_come(cable.far)
    assert os.read(cable.far, 1000) == every
    line.close()


def test_a_silent_line_is_not_waited_for_and_is_not_one_that_is_gone(cable: Cable) -> None:
    line = open_serial(cable.device)
    with pytest.raises(BlockingIOError):
        os.read(line.fileno(), 100)
    cable.pull()
    assert has_come(line.fileno())
    assert os.read(line.fileno(), 100) == b""
    with pytest.raises(OSError, match="Input/output"):
        os.write(line.fileno(), b"x")
    line.close()


def test_a_line_whose_other_side_takes_nothing_is_not_waited_for(cable: Cable) -> None:
    line = open_serial(cable.device)
    with pytest.raises(BlockingIOError):
        fill(line.fileno())
    line.close()


def test_a_line_can_be_closed_twice_and_opened_again(cable: Cable) -> None:
    line = open_serial(cable.device)
    line.close()
    line.close()
    assert line.fileno() == -1
    again = open_serial(cable.device)
    os.write(cable.far, b"!")
    assert has_come(again.fileno())
    assert os.read(again.fileno(), 100) == b"!"
    again.close()


def test_a_line_can_be_closed_after_the_other_side_went(cable: Cable) -> None:
    line = open_serial(cable.device)
    cable.pull()
    line.close()
    assert line.fileno() == -1


def test_a_closed_line_leaves_no_descriptor_behind(cable: Cable) -> None:
    before = open_descriptors()
    for _ in range(20):
        open_serial(cable.device).close()
        with pytest.raises(SerialGone):
            open_serial("/dev/null")
    assert open_descriptors() == before


def test_a_process_without_descriptors_is_told_so_and_keeps_none(cable: Cable) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    before, results = open_descriptors(), []
    taken = {int(each.name) for each in Path("/proc/self/fd").iterdir()}
    try:
        for most in range(3, max(taken) + 12):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
            results.append(opened(cable.device))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert results == sorted(results)  # refused as long as there are too few, and then never again
    assert (results[0], results[-1]) == ("it cannot be opened", "opened")
    assert open_descriptors() == before


def test_a_process_without_descriptors_hears_of_no_devices() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
        watch = watch_devices()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert watch is None


def test_no_second_program_gets_a_line_that_is_open(cable: Cable) -> None:
    line = open_serial(cable.device)
    with pytest.raises(SerialGone, match="another program has it"):
        open_serial(cable.device)
    with pytest.raises(serial.SerialException):
        serial.Serial(cable.device, exclusive=True)
    assert is_exclusive(cable.near)
    line.close()
    assert not is_exclusive(cable.near)
    open_serial(cable.device).close()


def test_a_line_of_the_kernel_is_shared(cable: Cable, tmp_path: Path) -> None:
    consoles = tmp_path / "active"
    consoles.write_text(f"tty0 {Path(cable.device).name}\n")
    line, other = (open_serial(cable.device, consoles=consoles) for _ in range(2))
    fcntl.flock(cable.near, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert not is_exclusive(cable.near)
    line.close()
    other.close()


@pytest.mark.parametrize(
    ("device", "is_console"),
    [("/dev/ttyS0", True), ("/dev/ttyS1", False), ("/dev/tty0", True), ("/dev/console", True), ("ttyS0", True)],
)
def test_the_kernel_names_the_lines_that_it_writes_to(tmp_path: Path, device: str, is_console: bool) -> None:
    (tmp_path / "active").write_text("tty0 ttyS0\n")
    assert is_kernel_console(device, tmp_path / "active") == is_console
    assert not is_kernel_console("/dev/ttyS0", tmp_path / "missing")


@pytest.mark.parametrize(
    ("device", "reason"),
    [
        ("/dev/there-is-none", "there is no such device"),
        ("/dev/null/ttyS0", "there is no such device"),
        ("/dev/" + "x" * 300, "there is no such device"),
        ("a\0b", "there is no such device"),
        ("\udcff", "there is no such device"),
        ("", "there is no such device"),
        ("/dev", "it is no serial line"),
        ("/dev/null", "it is no serial line"),
        ("/proc/self/status", "this user may not open it|it is no serial line"),
    ],
)
def test_a_line_that_cannot_be_opened_says_why(device: str, reason: str) -> None:
    with pytest.raises(SerialGone, match=reason) as caught:
        open_serial(device)
    assert caught.value.device.isprintable()
    assert str(caught.value) == f"{caught.value.device}: {caught.value.reason}"


def test_a_device_that_the_driver_left_behind_says_that_nothing_is_there(tmp_path: Path) -> None:
    path = tmp_path / "ttyS9"
    with socket.socket(socket.AF_UNIX) as line:
        line.bind(str(path))  # to open a socket's name fails as it does with a device that lost its driver
    with pytest.raises(SerialGone, match="nothing is behind it"):
        open_serial(str(path))


def test_a_name_that_leads_round_in_a_circle_is_no_device(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "a")
    with pytest.raises(SerialGone, match="there is no such device"):
        open_serial(str(tmp_path / "a"))


@pytest.mark.parametrize("speed", [-1, 0, 49, 10**7, 10**30])
def test_a_speed_that_no_line_has_is_refused(cable: Cable, speed: int) -> None:
    with pytest.raises(SerialGone, match="it cannot be set to that speed"):
        open_serial(cable.device, speed)


def test_a_name_with_escape_codes_is_not_said_raw() -> None:
    with pytest.raises(SerialGone) as caught:
        open_serial("/dev/\x1b[2Jtty")
    assert "\x1b" not in str(caught.value)


def test_a_box_has_the_lines_with_a_chip_behind_them(tmp_path: Path) -> None:
    dev, ttys = tmp_path / "dev", tmp_path / "tty"
    put(dev, **dict.fromkeys((*BOX_LINES, "ttyS2", "ttyUSB0"), ""))
    put(ttys / "ttyS0", type=4)
    put(ttys / "ttyS1", type=0)
    assert box_lines(dev, ttys) == tuple(str(dev / name) for name in ("ttyS0", "ttyAMA0", "ttyAMA1", "ttyGS0"))
    (dev / "ttyGS0").unlink()
    put(ttys / "ttyS0", type="?")
    assert box_lines(dev, ttys) == tuple(str(dev / name) for name in ("ttyAMA0", "ttyAMA1"))
    assert box_lines(tmp_path / "missing", ttys) == ()


def test_the_lines_are_of_the_kinds_that_the_images_unit_lets_the_console_near() -> None:
    unit = Path(__file__).parents[2] / "image/root/usr/lib/systemd/system/nightporter-console.service"
    allowed = re.findall(r"^DeviceAllow=char-(tty\w+) rw$", unit.read_text(), re.MULTILINE)
    assert {name.rstrip("0123456789") for name in BOX_LINES} == set(allowed)


def test_the_ports_of_this_machine_are_listed_without_an_error() -> None:
    ports = list_ports()
    assert list(ports) == sorted(ports)
    assert all(port.device.startswith("/dev/") and port.description.isprintable() for port in ports)
    assert set(LinuxBoard({}).serial_lines()) <= {f"/dev/{name}" for name in BOX_LINES}


@needs_net
def test_a_watch_hears_what_udev_tells_and_forgets_it() -> None:
    words = [*inside("ip link set lo up", "--net"), sys.executable, "-c", LISTEN]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["False", "True", "False"]


@pytest.mark.parametrize(
    ("device", "said", "description"),
    [
        ("/dev/ttyUSB0", "USB-Serial Controller", "USB-Serial Controller"),
        ("/dev/ttyACM0", "n/a", ""),
        ("/dev/ttyS0", "ttyS0", ""),
        ("COM3", None, ""),
        ("/dev/ttyUSB1", "\x1b]0;bad\x07 CP2102\n", "]0;bad CP2102"),
    ],
)
def test_a_port_is_described_by_its_adapter_in_words_fit_for_a_terminal(
    device: str, said: str | None, description: str
) -> None:
    assert port_of(device, said) == Port(device, description)


def test_a_watch_that_lost_news_goes_on() -> None:
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with near, far:
        near.setblocking(False)
        for _ in range(5):
            far.send(b"add")
        forget_news(near)
        assert not select.select([near], [], [], 0)[0]
    forget_news(near)  # closed
