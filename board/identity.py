"""Which box this is: its serial number and model, as the maker wrote them down, else the address of its network.

Device tree on ARM boards, DMI on PCs. The serial number of DMI is root's alone to read: another user gets the
network's address instead, so only what root read belongs on a label. Nothing here waits: the kernel has it all in
memory.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from board.small_files import inside, is_there, text_of

TREE = Path("/sys/firmware/devicetree/base")  # /proc/device-tree is not there for a unit with ProcSubset=pid
DMI = Path("/sys/class/dmi/id")
NETWORKS = Path("/sys/class/net")
LENGTH = 64  # characters of a serial number or a model; real ones are shorter

# What makers leave in a field that they were to fill in, in small letters without blanks and signs.
_JUNK = """
0123456789 1234567890 123456789 12345678 123456 defaultstring default empty none na null unknown invalid
tobefilledbyoem tobefilled tbd oem notspecified notapplicable notavailable notpresent nodata noserialnumber
serialnumber systemserialnumber systemproductname systemmanufacturer systemversion productname manufacturer
boardserialnumber baseboardserialnumber chassisserialnumber standard undefined sample test
"""


class Identity(NamedTuple):
    """`serial` is what tells it from others of its `model`; each "" where nothing tells."""

    serial: str = ""
    model: str = ""


def read_identity(tree: Path = TREE, dmi: Path = DMI, networks: Path = NETWORKS) -> Identity:
    """What is known of this box. Never an error."""
    return Identity(next(_serials(tree, dmi, networks), ""), next(_models(tree, dmi), ""))


def is_junk(text: str) -> bool:
    """Whether it says nothing: a word that every box of some maker has there, or one sign again and again."""
    letters = "".join(character for character in text.lower() if character.isalnum())
    return letters in _JUNK.split() or len(set(letters)) <= 1


def _serials(tree: Path, dmi: Path, networks: Path) -> Iterator[str]:
    yield from _told(tree / "serial-number", dmi / "product_serial", dmi / "board_serial")
    yield from _addresses(networks)


def _models(tree: Path, dmi: Path) -> Iterator[str]:
    yield from _told(tree / "model")
    maker = next(_told(dmi / "sys_vendor"), "")
    for product in _told(dmi / "product_name"):
        yield product if product.lower().startswith(maker.lower()) else f"{maker} {product}"[:LENGTH]
    yield from _told(dmi / "board_name")


def _told(*files: Path) -> Iterator[str]:
    for file in files:
        text = text_of(file)[:LENGTH].rstrip()
        if not is_junk(text):
            yield text


def _addresses(networks: Path) -> Iterator[str]:
    """Those that a chip brings with it (addr_assign_type 0), in the order of the kernel's numbers."""
    for device in sorted(inside(networks), key=lambda device: (len(text_of(device / "ifindex")), device)):
        address = text_of(device / "address")[:LENGTH]
        is_own = text_of(device / "addr_assign_type") == "0" and is_there(device / "device")
        if is_own and not is_junk(address):
            yield address
