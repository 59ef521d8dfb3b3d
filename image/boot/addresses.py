"""Does what U-Boot loads on arm64 fit into memory, without one thing over another? Pure, but for the command line.

The places are data (`arm64/addresses.env`), which the boot script gets too; the sizes are those of the real kernel
and initial ram disk. A QEMU never shows the mistake that this finds: its memory is roomier than a Raspberry Pi's.
Linux' Documentation/arch/arm64/booting.rst has the kernel image's header and its rules; what is in the way on a
board is in `reference/image.md`, section 5, and in the settings of Debian's u-boot-rpi and u-boot-qemu 2025.01.
"""

import struct
import sys
from collections.abc import Mapping, Sequence
from itertools import combinations, product
from pathlib import Path

import msgspec

MIB = 1024 * 1024
_HEADER = struct.Struct("<IIQQQQQQ4sI")  # code, code, text offset, image size, flags, reserved, magic, PE offset
_MAGIC = b"ARMd"
_READ = "the kernel as it was read"  # U-Boot may move it over itself
_ALIGNMENT = 2 * MIB  # booting.rst: the image lies `text_offset` behind a 2 MB boundary


class NotBootable(ValueError):
    """The file is no kernel that U-Boot's `booti` takes as it is."""


class Region(msgspec.Struct, frozen=True):
    """A piece of memory: `start` and `size` in bytes."""

    name: str
    start: int
    size: int

    @property
    def end(self) -> int:
        """The first byte behind it."""
        return self.start + self.size

    def overlaps(self, other: "Region") -> bool:
        """Whether the two share a byte."""
        return self.start < other.end and other.start < self.end


class Kernel(msgspec.Struct, frozen=True):
    """What an arm64 kernel image says of itself, in bytes. `size` counts the memory that it clears, too."""

    text_offset: int
    size: int
    file_size: int


class Layout(msgspec.Struct, frozen=True):
    """Where the boot script puts things: absolute addresses, and the room that each has, in bytes."""

    state: int
    tree: int
    initrd: int
    kernel: int
    state_room: int
    tree_room: int
    initrd_room: int
    kernel_room: int


class Board(msgspec.Struct, frozen=True):
    """A machine's memory, and what is in it before the boot script runs."""

    name: str
    ram: Region
    taken: tuple[Region, ...]


def _board(name: str, start: int, end: int, *taken: Region) -> Board:
    # U-Boot runs at the end of the memory: code, 16 MiB of stack, up to 16 MiB of heap (where it reads its script
    # to), its copy of the device tree; on a Pi the firmware's own tree and the picture's memory lie there, too.
    own = Region("U-Boot, and the firmware's device tree", end - 64 * MIB, 64 * MIB)
    return Board(name, Region("memory", start, end - start), (*taken, own))


# The memory ends where the firmware's begins if config.txt does not limit it (gpu_mem): less than there will be.
_PI = (Region("the firmware's stub", 0, MIB // 2), Region("U-Boot's script", 0x02400000, MIB))
_VIRT = (Region("QEMU's device tree", 0x40000000, 2 * MIB), Region("U-Boot's script", 0x40200000, MIB))
BOARDS: Mapping[str, tuple[Board, ...]] = {
    "rpi": (
        _board("Raspberry Pi with 1 GiB", 0, 0x3B400000, *_PI),
        _board("Raspberry Pi with 512 MiB", 0, 0x1C000000, *_PI),
    ),
    "virt": (_board("QEMU's virt with 512 MiB", 0x40000000, 0x60000000, *_VIRT),),
}


def read_kernel(header: bytes, file_size: int) -> Kernel:
    """The facts of an arm64 kernel image from its first 64 bytes. Raises `NotBootable`."""
    if header[:2] == b"\x1f\x8b":
        raise NotBootable("the kernel is packed with gzip: unpack it into the kernel slot")
    if header[4:8] == b"zimg":
        raise NotBootable("the kernel is an EFI zboot image: unpack it into the kernel slot")
    if len(header) < _HEADER.size:
        raise NotBootable(f"a file of {file_size} bytes is no kernel image for arm64")
    _, _, text_offset, size, _, _, _, _, magic, _ = _HEADER.unpack_from(header)
    if magic != _MAGIC or size == 0:
        raise NotBootable("this is no kernel image for arm64")
    return Kernel(text_offset, size, file_size)


def read_values(text: str) -> dict[str, int]:
    """The numbers of addresses.env by name. Raises `ValueError` for a line that is no number and no comment."""
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: int(value, 16) for name, _, value in pairs}


def layout(values: Mapping[str, int], board: str) -> Layout:
    """The places on a kind of board ("rpi", "virt"). Raises `KeyError` where addresses.env lacks one."""
    ram = values[f"{board}_ram"]
    things = ("state", "tree", "initrd", "kernel")
    places = {thing: ram + values[f"{thing}_offset"] for thing in things}
    return Layout(**places, **{f"{thing}_room": values[f"{thing}_room"] for thing in things})


def loaded(places: Layout, kernel: Kernel, initrd_size: int) -> tuple[Region, ...]:
    """The memory that is really filled, the kernel where it runs in the end.

    `booti` moves an image that does not lie right to the next 2 MB boundary: the trap in Debian's own addresses.
    """
    wrong = (places.kernel - kernel.text_offset) % _ALIGNMENT
    runs_at = places.kernel + (_ALIGNMENT - wrong if wrong else 0)
    read = Region(_READ, places.kernel, kernel.file_size)
    runs = Region("the kernel", runs_at, max(kernel.size, kernel.file_size))
    return (
        Region("the boot state", places.state, places.state_room),
        Region("the device tree", places.tree, places.tree_room),
        Region("the initial ram disk", places.initrd, initrd_size),
        *((runs,) if runs_at == places.kernel else (read, runs)),  # in this order: see `_READ`
    )


def problems(places: Layout, board: Board, kernel: Kernel, initrd_size: int) -> tuple[str, ...]:
    """What is wrong with these places on this board: a sentence each, none if all is well."""
    filled = loaded(places, kernel, initrd_size)
    outside = (each for each in filled if each.start < board.ram.start or each.end > board.ram.end)
    pairs = (*product(board.taken, filled), *combinations(filled, 2))
    clashes = ((one, other) for one, other in pairs if one.overlaps(other) and one.name != _READ)
    return (
        *_misaligned(places, kernel),
        *_too_big(places, kernel, initrd_size),
        *(f"{board.name}: {_where(each)} is outside of the memory" for each in outside),
        *(f"{board.name}: {_where(one)} is in the way of {_where(other)}" for one, other in clashes),
    )


def main(arguments: Sequence[str]) -> int:
    """`KERNEL INITRD [ADDRESSES]`: prints what lies where, 1 and the reasons if that cannot be."""
    kernel_file, initrd_file = map(Path, arguments[:2])
    own = Path(__file__).with_name("arm64") / "addresses.env"
    values = read_values(Path(arguments[2] if len(arguments) > 2 else own).read_text())
    with kernel_file.open("rb") as file:
        header = file.read(_HEADER.size)
    try:
        kernel = read_kernel(header, kernel_file.stat().st_size)
    except NotBootable as error:
        sys.stderr.write(f"{kernel_file}: {error}\n")
        return 1
    initrd_size = initrd_file.stat().st_size
    found = [
        problem
        for kind, boards in BOARDS.items()
        for board in boards
        for problem in problems(layout(values, kind), board, kernel, initrd_size)
    ]
    for region in sorted(loaded(layout(values, "rpi"), kernel, initrd_size), key=lambda each: each.start):
        sys.stdout.write(f"{region.start:#010x} to {region.end:#010x}  {region.name}\n")
    sys.stderr.write("".join(f"{problem}\n" for problem in found))
    return 1 if found else 0


def _misaligned(places: Layout, kernel: Kernel) -> tuple[str, ...]:
    if (places.kernel - kernel.text_offset) % _ALIGNMENT == 0:
        return ()
    return (f"the kernel at {places.kernel:#x} is not {kernel.text_offset:#x} behind a multiple of 2 MiB",)


def _too_big(places: Layout, kernel: Kernel, initrd_size: int) -> tuple[str, ...]:
    wanted = (
        ("the kernel", max(kernel.size, kernel.file_size), places.kernel_room),
        ("the initial ram disk", initrd_size, places.initrd_room),
    )
    return tuple(
        f"{name} takes {size / MIB:.1f} MiB, of {room / MIB:.1f} that it may have"
        for name, size, room in wanted
        if size > room
    )


def _where(region: Region) -> str:
    return f"{region.name} ({region.start:#x} to {region.end:#x})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
