"""Whole numbers in as many bytes as they need, as protobuf and snappy write them. Pure.

Source: https://protobuf.dev/programming-guides/encoding/#varints.
"""


def varint(value: int) -> bytes:
    """`value`, which is not negative, in groups of seven bits, the lowest first."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
