"""Serial number and model: device tree, DMI, the network's address; and what makers forget to fill in."""

from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings

from board.identity import LENGTH, Identity, is_junk, read_identity
from board.linux import LinuxBoard
from tests.board.sysfs import CONTENTS, put


class Machine(NamedTuple):
    tree: Path
    dmi: Path
    networks: Path

    def identity(self) -> Identity:
        return read_identity(*self)

    def network(self, name: str, address: str, index: int = 2, assigned: int = 0) -> None:
        folder = put(self.networks / name, address=address, ifindex=index, addr_assign_type=assigned)
        (folder / "device").mkdir()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "tree", tmp_path / "dmi", tmp_path / "net")


def test_a_pi_has_both_in_its_device_tree(machine: Machine) -> None:
    put(machine.tree, **{"serial-number": b"10000000abcdef01\0", "model": b"Raspberry Pi 4 Model B Rev 1.4\0"})
    assert machine.identity() == Identity("10000000abcdef01", "Raspberry Pi 4 Model B Rev 1.4")


def test_a_pc_has_both_in_its_dmi(machine: Machine) -> None:
    put(machine.dmi, product_serial="5CD1234XYZ", product_name="ThinCentre M70q", sys_vendor="LENOVO")
    assert machine.identity() == Identity("5CD1234XYZ", "LENOVO ThinCentre M70q")


def test_a_maker_that_stands_in_the_product_is_not_said_twice(machine: Machine) -> None:
    put(machine.dmi, product_name="HP t640", sys_vendor="HP")
    assert machine.identity().model == "HP t640"


def test_a_product_without_a_maker_stands_alone(machine: Machine) -> None:
    put(machine.dmi, product_name="Standard PC", sys_vendor="System manufacturer", board_name="Q35")
    assert machine.identity().model == "Standard PC"


def test_where_the_serial_number_is_for_root_alone_the_network_tells_which_box_it_is(machine: Machine) -> None:
    put(machine.dmi, product_name="NUC11", sys_vendor="Intel")
    machine.network("enp1s0", "48:21:0b:11:22:33")
    assert machine.identity() == Identity("48:21:0b:11:22:33", "Intel NUC11")


def test_the_first_network_that_has_an_address_of_its_own_counts(machine: Machine) -> None:
    put(machine.networks / "lo", address="00:00:00:00:00:00", ifindex=1, addr_assign_type=0)
    machine.network("usb0", "02:11:22:33:44:55", index=2, assigned=3)  # made up at each start
    machine.network("wlan0", "48:21:0b:00:00:02", index=10)
    machine.network("eth0", "48:21:0b:00:00:01", index=3)
    assert machine.identity().serial == "48:21:0b:00:00:01"


def test_a_network_without_a_chip_says_nothing_of_the_box(machine: Machine) -> None:
    put(machine.networks / "dummy0", address="48:21:0b:00:00:09", ifindex=4, addr_assign_type=0)
    assert machine.identity().serial == ""


@pytest.mark.parametrize(
    "text",
    [
        "To be filled by O.E.M.",
        "To Be Filled By O.E.M",
        "Default string",
        "0123456789",
        "123456789",
        "None",
        "N/A",
        "System Serial Number",
        "Not Specified",
        "00000000",
        "0000-0000-0000",
        "xxxxxxxxxxx",
        "........",
        "INVALID",
        "",
        " ",
    ],
)
def test_what_makers_forget_to_fill_in_does_not_count(machine: Machine, text: str) -> None:
    assert is_junk(text)
    put(
        machine.dmi,
        product_serial=text,
        board_serial="REAL1",
        product_name=text,
        sys_vendor=text,
        board_name="H310",
    )
    assert machine.identity() == Identity("REAL1", "H310")


@pytest.mark.parametrize("text", ["PF2ABCDE", "10000000abcdef01", "1234567", "QEMU", "None-Such 3000"])
def test_what_tells_one_box_from_another_counts(text: str) -> None:
    assert not is_junk(text)


def test_a_machine_that_tells_nothing_is_called_nothing(machine: Machine) -> None:
    assert machine.identity() == Identity()


def test_this_machine_is_looked_at_without_an_error() -> None:
    assert LinuxBoard({}).identity() == read_identity()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(CONTENTS, CONTENTS, CONTENTS)
def test_whatever_is_written_there_is_a_short_text(
    machine: Machine, one: bytes, other: bytes, third: bytes
) -> None:
    put(machine.dmi, product_serial=one, product_name=other, sys_vendor=third)
    network = put(machine.networks / "eth0", address=one, ifindex=other, addr_assign_type=b"0\n")
    (network / "device").mkdir(exist_ok=True)
    found = machine.identity()
    assert all(text.isprintable() and len(text) <= LENGTH and "\x1b" not in text for text in found)
