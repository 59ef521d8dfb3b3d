"""U-Boot's environment as bytes: a CRC32 (little endian), then NAME=VALUE texts that end in NUL. Pure.

U-Boot's documentation, "Environment Variables"; the image keeps it in one sector, so that a write of it is whole.
"""

import struct
import zlib
from collections.abc import Mapping

SIZE = 512  # bytes; one sector
_HEAD = 4  # bytes; the checksum


def read(block: bytes) -> dict[str, str]:
    """The variables; none where the checksum does not fit, as U-Boot itself takes it."""
    body = block[_HEAD:SIZE]
    if len(block) < SIZE or struct.unpack_from("<I", block)[0] != zlib.crc32(body):
        return {}
    texts = body.split(b"\0\0", 1)[0].split(b"\0")
    pairs = (text.decode().partition("=") for text in texts if text)
    return {name: value for name, _, value in pairs}


def write(variables: Mapping[str, str]) -> bytes:
    """The block that holds these variables. Raises `ValueError` if they do not fit."""
    texts = b"".join(f"{name}={value}".encode() + b"\0" for name, value in variables.items())
    if len(texts) + 1 > SIZE - _HEAD:
        raise ValueError(f"{len(texts)} bytes of variables do not fit into {SIZE}")
    body = texts.ljust(SIZE - _HEAD, b"\0")
    return struct.pack("<I", zlib.crc32(body)) + body
