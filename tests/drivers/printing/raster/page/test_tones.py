"""Gray as dots."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.drivers.printing.raster.page import tones


def dots(level: int, size: int = 64) -> int:
    """How many of a square of this gray are black."""
    lines = tones.black([bytes([level]) * size] * size)
    return sum(int.from_bytes(line, "big").bit_count() for line in lines)


def test_black_is_all_dots_and_white_has_none() -> None:
    assert dots(0) == 64 * 64
    assert dots(255) == 0


@pytest.mark.parametrize("level", range(16, 255, 16))
def test_a_gray_has_dots_in_its_measure(level: int) -> None:
    assert abs(dots(level) / 64**2 - (255 - level) / 255) < 0.02


def test_a_darker_gray_never_has_fewer_dots() -> None:
    counts = [dots(level, 8) for level in range(256)]
    assert counts == sorted(counts, reverse=True)
    assert set(counts) == set(range(65)), "all 64 steps are used"


@given(st.lists(st.binary(min_size=13, max_size=13), min_size=1, max_size=20))
def test_each_dot_is_its_own_pixels(lines: list[bytes]) -> None:
    for row, (gray, black) in enumerate(zip(lines, tones.black(lines), strict=True)):
        bits = "".join(f"{byte:08b}" for byte in black)
        for column, level in enumerate(gray):
            alone = list(tones.black([b"\xff" * 13] * row + [b"\xff" * column + bytes([level])]))[row]
            assert bits[column] == f"{alone[column // 8]:08b}"[column % 8]
        assert bits[13:] == "000", "what fills the last byte is white"
