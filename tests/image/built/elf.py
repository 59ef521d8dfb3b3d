"""Which libraries a program of 64 bits wants, read from its file (elf(5)). Runs nothing of it."""

import struct
from collections.abc import Iterator

_LOAD, _DYNAMIC = 1, 2  # kinds of segments
_NEEDED, _STRINGS = 1, 5  # entries of the dynamic section


def needed(program: bytes) -> list[str]:
    """The names of its libraries. Raises `ValueError` for what is no such program."""
    if program[:6] != b"\x7fELF\x02\x01":
        raise ValueError("no ELF of 64 bits, little-endian")
    segments = list(_segments(program))
    entries = [entry for kind, _, at, size in segments if kind == _DYNAMIC for entry in _pairs(program, at, size)]
    table = next(value for tag, value in entries if tag == _STRINGS)
    strings = next(at + table - begin for kind, begin, at, size in segments if _holds(kind, begin, size, table))
    return [_text(program, strings + value) for tag, value in entries if tag == _NEEDED]


def _segments(program: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Kind, address, place in the file, and size there, of each segment."""
    (headers,) = struct.unpack_from("<Q", program, 32)
    size, number = struct.unpack_from("<HH", program, 54)
    for index in range(number):
        kind, _, at, address, _, in_file = struct.unpack_from("<IIQQQQ", program, headers + index * size)
        yield kind, address, at, in_file


def _holds(kind: int, begin: int, size: int, address: int) -> bool:
    return kind == _LOAD and begin <= address < begin + size


def _pairs(program: bytes, at: int, size: int) -> Iterator[tuple[int, int]]:
    yield from struct.iter_unpack("<QQ", program[at : at + size])


def _text(program: bytes, at: int) -> str:
    return program[at : program.index(b"\0", at)].decode()
