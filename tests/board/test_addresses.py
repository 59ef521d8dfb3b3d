"""Where this machine is in its networks."""

from pathlib import Path

from board.addresses import Place, places

DEV = """Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier
    lo: 1064032    5281    0    0    0     0          0         0  1064032    5281    0    0    0     0       0
  usb0:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0
  eth0: 5068012   16342    0    0    0     0          0         0  3116011   12874    0    0    0     0       0
"""


def test_each_interface_with_an_address_is_a_place(tmp_path: Path) -> None:
    file = tmp_path / "dev"
    file.write_text(DEV)
    told = {"lo": ("127.0.0.1",), "eth0": ("10.4.5.20", "fd00::5"), "usb0": ()}
    assert places(file, told.__getitem__) == (Place("eth0", ("10.4.5.20", "fd00::5")),)


def test_a_kernel_that_tells_nothing_has_no_place(tmp_path: Path) -> None:
    assert places(tmp_path / "missing", lambda _name: ("10.4.5.20",)) == ()


def test_this_machine_is_asked_without_an_error() -> None:
    assert all(place.addresses and place.interface != "lo" for place in places())
