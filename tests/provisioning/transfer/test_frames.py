"""Frames by value: what is one, and what never is."""

import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.transfer.frames import LONGEST, PAYLOAD_BYTES, Frame, Frames, Kind, written

FRAMES = st.builds(
    Frame,
    st.sampled_from(Kind),
    st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=4, max_size=4),
    st.integers(0, 16**6 - 1),
    st.binary(max_size=PAYLOAD_BYTES),
)


def heard(*pieces: bytes) -> list[Frame]:
    frames = Frames()
    return [frame for piece in pieces for frame in frames.heard(piece)]


@given(FRAMES, st.integers(0, LONGEST), st.binary(max_size=20).filter(lambda noise: b"~" not in noise))
def test_a_frame_is_read_as_it_was_written_in_pieces_and_among_noise(frame: Frame, at: int, noise: bytes) -> None:
    text = noise + written(frame)
    assert heard(text[:at], text[at:]) == [frame]


def test_the_longest_frame_has_117_characters() -> None:
    assert len(written(Frame(Kind.DATA, "k7mp", 0, bytes(PAYLOAD_BYTES))).strip()) == LONGEST


def test_a_frame_is_written_like_this() -> None:
    assert (
        written(Frame(Kind.DATA, "k7mp", 31, b"Night Porter")) == b"~D.k7mp.00001f.TmlnaHQgUG9ydGVy.16fbb014;\r\n"
    )


def signed(body: bytes) -> bytes:
    return b"~" + body + f".{binascii.crc32(body):08x};".encode()


@pytest.mark.parametrize(
    "body", [b"Q.k7mp.000000.", b"D.k7mp.000000.abc", b"D.k7mp.000000.ab=c", b"D.K7mp.000000."]
)
def test_a_frame_that_only_has_the_right_checksum_is_none(body: bytes) -> None:
    assert heard(signed(body)) == []


@given(FRAMES, st.data())
def test_one_changed_byte_makes_it_no_frame(frame: Frame, data: st.DataObject) -> None:
    text = bytearray(written(frame).strip())
    at = data.draw(st.integers(0, len(text) - 1))
    text[at] = data.draw(st.integers(0, 255).filter(lambda byte: byte != text[at]))
    assert heard(bytes(text)) == []


def test_a_megabyte_without_an_end_is_not_kept() -> None:
    frames = Frames()
    for _ in range(1000):
        assert list(frames.heard(b"~" + b"x" * 1000)) == []
    assert list(frames.heard(written(Frame(Kind.ACK, "k7mp")))) == [Frame(Kind.ACK, "k7mp")]
