"""A Linux machine with and without systemd, over real sockets."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from board.linux import LinuxBoard


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(tmp_path / "notify"))
        line.settimeout(5)
        yield line


def listened_to(line: socket.socket) -> LinuxBoard:
    return LinuxBoard({"NOTIFY_SOCKET": line.getsockname()})


def test_the_host_name_has_no_domain() -> None:
    assert LinuxBoard({}).host_name == socket.gethostname().split(".")[0]


def test_the_supervisor_hears_each_message(supervisor: socket.socket) -> None:
    board = listened_to(supervisor)
    board.notify("READY=1")
    board.notify("WATCHDOG=1")
    assert [supervisor.recv(99), supervisor.recv(99)] == [b"READY=1", b"WATCHDOG=1"]


def test_a_supervisor_may_listen_in_the_abstract_namespace() -> None:
    name = f"night-porter-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(f"\0{name}")
        line.settimeout(5)
        LinuxBoard({"NOTIFY_SOCKET": f"@{name}"}).notify("STOPPING=1")
        assert line.recv(99) == b"STOPPING=1"


def test_without_a_supervisor_nobody_is_told() -> None:
    LinuxBoard({}).notify("READY=1")


def test_a_supervisor_that_went_away_is_no_error(supervisor: socket.socket, tmp_path: Path) -> None:
    board = listened_to(supervisor)
    supervisor.close()
    board.notify("WATCHDOG=1")  # the socket's file has no reader
    (tmp_path / "notify").unlink()
    board.notify("WATCHDOG=1")  # and now it is gone


def test_a_supervisor_that_does_not_read_holds_nobody_up(supervisor: socket.socket) -> None:
    board = listened_to(supervisor)
    for _ in range(5000):
        board.notify("WATCHDOG=1")
    assert supervisor.recv(99) == b"WATCHDOG=1"


def test_a_wrong_address_of_the_supervisor_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="path too long"):
        LinuxBoard({"NOTIFY_SOCKET": str(tmp_path / ("x" * 200))}).notify("READY=1")


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({"WATCHDOG_USEC": "30000000"}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": ""}, None),
        ({"WATCHDOG_USEC": "-5"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_is_fed_only_where_systemd_asks_this_process(
    environment: dict[str, str], seconds: float | None
) -> None:
    assert LinuxBoard(environment).watchdog_seconds == seconds


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as line:
        yield line


def handed(line: socket.socket, **words: str) -> LinuxBoard:
    """A board to whose process systemd hands `line`, in these words instead of the usual ones."""
    usual = {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1", "LISTEN_FDNAMES": "page"}
    number = os.dup(line.fileno())
    os.set_inheritable(number, True)
    return LinuxBoard(usual | words, number)


def test_the_socket_that_systemd_holds_is_taken_once_and_not_handed_on(listening: socket.socket) -> None:
    board = handed(listening)
    held = board.page_socket()
    assert held is not None
    with held:
        assert held.getsockname() == listening.getsockname()
        assert not held.get_inheritable()
        assert board.page_socket() is None


def test_the_words_of_the_socket_are_taken_out_of_the_environment(listening: socket.socket) -> None:
    environment = {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1", "LISTEN_FDNAMES": "page", "HOME": "/"}
    held = LinuxBoard(environment, os.dup(listening.fileno())).page_socket()
    assert held is not None
    held.close()
    assert environment == {"HOME": "/"}


@pytest.mark.parametrize(
    "words", [{"LISTEN_PID": "1"}, {"LISTEN_PID": ""}, {"LISTEN_FDS": "0"}, {"LISTEN_FDS": ""}]
)
def test_a_socket_for_another_process_is_left_alone(listening: socket.socket, words: dict[str, str]) -> None:
    board = handed(listening, **words)
    assert board.page_socket() is None


@pytest.mark.parametrize("count", ["2", "-1", "many"])
def test_more_than_one_socket_is_refused(listening: socket.socket, count: str) -> None:
    with pytest.raises(ValueError, match="one alone"):
        handed(listening, LISTEN_FDS=count).page_socket()


@pytest.mark.parametrize(
    ("family", "kind"),
    [
        (socket.AF_INET, socket.SOCK_STREAM),
        (socket.AF_INET, socket.SOCK_DGRAM),
        (socket.AF_UNIX, socket.SOCK_STREAM),
    ],
)
def test_a_socket_that_does_not_listen_for_tcp_is_refused(family: int, kind: int) -> None:
    with socket.socket(family, kind) as line, pytest.raises(ValueError, match="does not listen"):
        handed(line).page_socket()


def test_what_is_no_socket_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w") as file, pytest.raises(ValueError, match="is no socket"):
        LinuxBoard({"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}, file.fileno()).page_socket()


def test_the_sockets_are_read_from_the_folders_of_kernel_and_networkd(tmp_path: Path) -> None:
    links, devices = tmp_path / "netif" / "links", tmp_path / "net"
    links.mkdir(parents=True)
    (devices / "eth7").mkdir(parents=True)
    for name, content in (("ifindex", "7"), ("carrier", "1"), ("address", "52:54:00:12:34:56"), ("speed", "1000")):
        (devices / "eth7" / name).write_text(f"{content}\n")
    (links / "7").write_text("ADMIN_STATE=configured\nNETWORK_FILE=/run/x.network\nDNS=10.4.5.1\n")
    (found,) = LinuxBoard({}, links=links, devices=devices).interfaces().interfaces
    assert (found.name, found.has_link, found.dns) == ("eth7", True, ("10.4.5.1",))


def test_a_machine_without_networkd_has_no_sockets_to_tell_of(tmp_path: Path) -> None:
    assert LinuxBoard({}, links=tmp_path / "links", devices=tmp_path / "net").interfaces().interfaces == ()
