"""Snappy's block format, for remote-write. Pure.

Source: https://github.com/google/snappy/blob/main/format_description.txt. A small greedy compressor: what is told
to Prometheus is mostly the same labels again and again, which this makes a fourth of. It only writes: nothing that
comes from outside is unpacked here.
"""

from agent.status.telemetry.varint import varint

BLOCK = 1 << 16  # bytes; a copy never reaches beyond its block, so two bytes hold every offset
_SHORTEST = 4  # bytes of a copy that is worth its three
_LONGEST = 64  # bytes that one copy element can have


def compress(data: bytes) -> bytes:
    """The length of `data`, then literals and copies."""
    out = bytearray(varint(len(data)))
    for start in range(0, len(data), BLOCK):
        _block(data[start : start + BLOCK], out)
    return bytes(out)


def _block(data: bytes, out: bytearray) -> None:
    seen: dict[bytes, int] = {}
    at = told = 0
    while at + _SHORTEST <= len(data):
        word = data[at : at + _SHORTEST]
        before = seen.get(word)
        seen[word] = at
        if before is None:
            at += 1
            continue
        length = _same(data, before, at)
        _literal(data[told:at], out)
        _copies(at - before, length, out)
        at += length
        told = at
    _literal(data[told:], out)


def _same(data: bytes, before: int, at: int) -> int:
    """How many bytes from `before` on are those from `at` on. The two may overlap: a run copies itself."""
    length = _SHORTEST
    while at + length < len(data) and data[before + length] == data[at + length]:
        length += 1
    return length


def _literal(piece: bytes, out: bytearray) -> None:
    length = len(piece) - 1
    if length < 0:
        return
    if length < 60:
        out.append(length << 2)
    elif length < 1 << 8:
        out += bytes((60 << 2, length))
    else:
        out.append(61 << 2)
        out += length.to_bytes(2, "little")
    out += piece


def _copies(offset: int, length: int, out: bytearray) -> None:
    """Copies with an offset of two bytes."""
    while length:
        part = min(length, _LONGEST)
        out.append((part - 1) << 2 | 2)
        out += offset.to_bytes(2, "little")
        length -= part
