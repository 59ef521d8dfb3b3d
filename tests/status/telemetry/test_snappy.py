"""Snappy's block format: what a foreign decoder makes of it is what went in."""

import cramjam
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.status.telemetry.snappy import BLOCK, compress
from agent.status.telemetry.varint import varint

PIECES = st.binary(max_size=40)


def unpacked(data: bytes) -> bytes:
    return bytes(cramjam.snappy.decompress_raw(data))


@given(st.lists(st.sampled_from([b"a", b"__name__", b"nightporter_", b"\x00", b"xyz"]) | PIECES, max_size=200))
def test_a_foreign_decoder_gives_back_what_went_in(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    assert unpacked(compress(data)) == data


@pytest.mark.parametrize("size", [0, 1, 3, 4, 59, 60, 61, 255, 256, 257, 65_535, BLOCK, BLOCK + 1, 3 * BLOCK + 5])
@pytest.mark.parametrize("unit", [b"\x07", bytes(range(256)), b"label value "])
def test_every_length_comes_back(size: int, unit: bytes) -> None:
    data = (unit * (size // len(unit) + 1))[:size]
    assert unpacked(compress(data)) == data


def test_what_cannot_be_made_shorter_grows_by_a_few_bytes_alone() -> None:
    data = b"".join(number.to_bytes(3, "big") for number in range(20_000))
    assert unpacked(compress(data)) == data
    assert len(compress(data)) < len(data) * 1.02 + 10


@pytest.mark.parametrize(
    ("number", "written"), [(0, b"\x00"), (127, b"\x7f"), (128, b"\x80\x01"), (300, b"\xac\x02")]
)
def test_a_whole_number_has_seven_bits_a_byte(number: int, written: bytes) -> None:
    assert varint(number) == written
