"""The arithmetic of what U-Boot loads on arm64: no place over another, on small boards, and for bigger kernels."""

import struct
from itertools import chain
from pathlib import Path

import pytest

from image.boot.addresses import (
    BOARDS,
    MIB,
    Board,
    Kernel,
    Layout,
    NotBootable,
    Region,
    layout,
    loaded,
    main,
    problems,
    read_kernel,
    read_values,
)

ENV = Path(__file__).parents[2] / "image/boot/arm64/addresses.env"
VALUES = read_values(ENV.read_text())
SETUPS = [
    pytest.param(layout(VALUES, kind), board, id=board.name) for kind, boards in BOARDS.items() for board in boards
]
TRIXIE = Kernel(text_offset=0, size=0x24F0000, file_size=37_660_608)  # what 6.12.107+deb13-arm64 says of itself
BIGGEST = Kernel(text_offset=0, size=64 * MIB, file_size=64 * MIB)

# What `printenv` shows in Debian's u-boot-rpi and u-boot-qemu 2025.01: kernel_addr_r, fdt_addr_r, ramdisk_addr_r.
DEBIAN_RPI = Layout(
    kernel=0x00080000, tree=0x02600000, initrd=0x02700000, state=0x03F00000,
    kernel_room=512 * MIB, tree_room=MIB, initrd_room=512 * MIB, state_room=512,
)  # fmt: skip
DEBIAN_QEMU = Layout(
    kernel=0x40400000, tree=0x40000000, initrd=0x44000000, state=0x43F00000,
    kernel_room=512 * MIB, tree_room=MIB, initrd_room=512 * MIB, state_room=512,
)  # fmt: skip
PI = BOARDS["rpi"][0]


def header(text_offset: int = 0, size: int = 0x24F0000, magic: bytes = b"ARMd") -> bytes:
    return struct.pack("<IIQQQQQQ4sI", 0xFA405A4D, 0, text_offset, size, 0xA, 0, 0, 0, magic, 0x40)


def in_the_way(places: Layout, board: Board, kernel: Kernel, initrd_size: int) -> set[str]:
    """What a problem's sentence begins with, behind the board's name."""
    sentences = (problem.partition(": ")[2] for problem in problems(places, board, kernel, initrd_size))
    return {sentence.partition(" (")[0] for sentence in sentences if "in the way" in sentence}


@pytest.mark.parametrize(("places", "board"), SETUPS)
@pytest.mark.parametrize(
    ("kernel", "initrd_size"),
    [pytest.param(TRIXIE, 30 * MIB, id="trixie"), pytest.param(BIGGEST, 64 * MIB, id="64 MiB each")],
)
def test_our_addresses_fit(places: Layout, board: Board, kernel: Kernel, initrd_size: int) -> None:
    assert problems(places, board, kernel, initrd_size) == ()


@pytest.mark.parametrize(("places", "board"), SETUPS)
def test_the_kernel_is_not_moved_from_where_it_is_loaded(places: Layout, board: Board) -> None:
    assert [each.start for each in loaded(places, BIGGEST, MIB) if "kernel" in each.name] == [places.kernel]


def test_the_tree_has_room_to_grow_while_it_is_prepared() -> None:
    assert VALUES["tree_length"] + 0x40000 <= VALUES["tree_room"]
    assert VALUES["tree_length"] > MIB  # QEMU's


def test_debians_addresses_on_a_pi_lose_script_and_tree_to_a_kernel_of_37_mib() -> None:
    kernel = Kernel(text_offset=0, size=37 * MIB, file_size=36 * MIB)
    assert {"U-Boot's script", "the device tree"} <= in_the_way(DEBIAN_RPI, PI, kernel, 30 * MIB)


def test_debians_addresses_on_a_pi_lose_the_script_to_todays_kernel() -> None:
    assert "U-Boot's script" in in_the_way(DEBIAN_RPI, PI, TRIXIE, 8 * MIB)


def test_debians_addresses_on_a_pi_lose_the_ram_disk_to_a_kernel_of_52_mib() -> None:
    kernel = Kernel(text_offset=0, size=52 * MIB, file_size=50 * MIB)
    assert "the initial ram disk" in in_the_way(DEBIAN_RPI, PI, kernel, 8 * MIB)


def test_qemus_roomier_addresses_hide_it() -> None:
    kernel = Kernel(text_offset=0, size=37 * MIB, file_size=36 * MIB)
    assert "U-Boot's script" not in in_the_way(DEBIAN_QEMU, BOARDS["virt"][0], kernel, 30 * MIB)


def test_a_kernel_that_lies_wrong_is_moved_up_and_said_to_be() -> None:
    assert Region("the kernel", 0x200000, 0x24F0000) in loaded(DEBIAN_RPI, TRIXIE, MIB)
    assert any("not 0x0 behind a multiple of 2 MiB" in each for each in problems(DEBIAN_RPI, PI, TRIXIE, MIB))


def test_an_old_kernels_text_offset_counts() -> None:
    old = Kernel(text_offset=0x80000, size=20 * MIB, file_size=19 * MIB)
    assert Region("the kernel", 0x00080000, 20 * MIB) in loaded(DEBIAN_RPI, old, MIB)


def test_what_does_not_fit_into_its_room_is_named() -> None:
    places = layout(VALUES, "rpi")
    kernel = Kernel(text_offset=0, size=65 * MIB, file_size=MIB)
    assert "the kernel takes 65.0 MiB, of 64.0 that it may have" in problems(places, PI, kernel, MIB)
    assert "the initial ram disk takes 66.0 MiB, of 64.0 that it may have" in problems(
        places, PI, TRIXIE, 66 * MIB
    )


def test_a_board_with_too_little_memory_is_named() -> None:
    board = Board("a tiny board", Region("memory", 0, 128 * MIB), ())
    found = problems(layout(VALUES, "rpi"), board, TRIXIE, MIB)
    assert found == ("a tiny board: the kernel (0x8000000 to 0xa4f0000) is outside of the memory",)


def test_the_kernels_header_is_read() -> None:
    assert read_kernel(header(), 37_660_608) == TRIXIE


@pytest.mark.parametrize(
    ("head", "why"),
    [
        pytest.param(b"\x1f\x8b\x08" + bytes(61), "gzip", id="gzip"),
        pytest.param(b"MZ\0\0zimg" + bytes(56), "zboot", id="EFI zboot"),
        pytest.param(header(magic=b"oops"), "no kernel image for arm64", id="another architecture"),
        pytest.param(header(size=0), "no kernel image for arm64", id="without its size"),
        pytest.param(b"MZ", "2 bytes", id="short"),
    ],
)
def test_a_file_that_booti_does_not_take_is_refused(head: bytes, why: str) -> None:
    with pytest.raises(NotBootable, match=why):
        read_kernel(head, len(head))


def test_addresses_env_holds_nothing_but_numbers() -> None:
    with pytest.raises(ValueError, match="twelve"):
        read_values("kernel_offset=twelve")
    names = {"state", "tree", "initrd", "kernel"}
    rooms = chain.from_iterable((f"{name}_offset", f"{name}_room") for name in names)
    assert set(VALUES) == {"rpi_ram", "virt_ram", "tree_length", *rooms}


def test_the_command_line_says_what_lies_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kernel, initrd = _files(tmp_path, header())
    assert main([str(kernel), str(initrd)]) == 0
    assert "0x08000000 to 0x0a4f0000  the kernel\n" in capsys.readouterr().out


def test_the_command_line_refuses_what_overlaps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kernel, initrd = _files(tmp_path, header())
    crowded = tmp_path / "addresses.env"
    crowded.write_text(ENV.read_text().replace("kernel_offset=0x08000000", "kernel_offset=0x02000000"))
    assert main([str(kernel), str(initrd), str(crowded)]) == 1
    assert "U-Boot's script (0x2400000 to 0x2500000) is in the way of the kernel" in capsys.readouterr().err


def test_the_command_line_refuses_what_is_no_kernel(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kernel, initrd = _files(tmp_path, b"\x1f\x8b\x08" + bytes(100))
    assert main([str(kernel), str(initrd)]) == 1
    assert "unpack it into the kernel slot" in capsys.readouterr().err


def _files(folder: Path, head: bytes) -> tuple[Path, Path]:
    kernel, initrd = folder / "vmlinuz", folder / "initrd.img"
    kernel.write_bytes(head.ljust(1000, b"\0"))
    initrd.write_bytes(bytes(1000))
    return kernel, initrd
