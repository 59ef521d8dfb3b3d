"""A PDF of a few objects, written so that PDFium draws what is none: a picture, a text. No I/O."""

from collections.abc import Iterable, Sequence


def stream(entries: bytes, content: bytes) -> bytes:
    """A stream object of these dictionary entries."""
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (entries, len(content), content)


def document(
    contents: Sequence[bytes], width: int, height: int, resources: bytes, more: Iterable[bytes] = (), turn: int = 0
) -> bytes:
    """Pages of one size in points, each with its content stream; `turn` is clockwise, in degrees.

    `more` are objects that `resources` refers to: their numbers begin with 3.
    """
    objects = [*more]
    pages = range(len(objects) + 3, len(objects) + 3 + 2 * len(contents), 2)
    for number, content in zip(pages, contents, strict=True):
        box = b"/MediaBox[0 0 %d %d]/Rotate %d" % (width, height, turn)
        objects.append(
            b"<</Type/Page/Parent 2 0 R%b/Contents %d 0 R/Resources<<%b>>>>" % (box, number + 1, resources)
        )
        objects.append(stream(b"", content))
    kids = b" ".join(b"%d 0 R" % number for number in pages)
    tree = b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, len(contents))
    return _file([b"<</Type/Catalog/Pages 2 0 R>>", tree, *objects])


def _file(objects: list[bytes]) -> bytes:
    content = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, one in enumerate(objects, 1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    content += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(content)
