"""The compiled form of a gettext catalogue, as Babel and msgfmt write it: bytes in, messages out. Pure.

https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html. The standard library's reader keeps what it
read to itself, and a phrasebook needs all messages to know a sentence by its shape.
"""

from collections.abc import Mapping
from struct import unpack_from

_MAGIC = 0x950412DE


def messages(content: bytes) -> Mapping[str, tuple[str, ...]]:
    """Each English text with its translations: one, or one for each plural form. ValueError if it is no such file.

    Only what the box ships is read, so little-endian alone is known.
    """
    if len(content) < 20 or unpack_from("<I", content)[0] != _MAGIC:
        raise ValueError("this is no compiled catalogue")
    count, originals, translations = unpack_from("<3I", content, 8)
    found = {}
    for index in range(count):
        original = _text(content, originals + 8 * index)
        if original:  # the empty one is the header
            found[original.split("\0")[0]] = tuple(_text(content, translations + 8 * index).split("\0"))
    return found


def _text(content: bytes, at: int) -> str:
    length, start = unpack_from("<2I", content, at)
    return content[start : start + length].decode()
