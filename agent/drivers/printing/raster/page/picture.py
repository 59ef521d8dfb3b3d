"""A picture on a page of its own, a point a pixel: what JPEG and PNG share. No I/O."""

import msgspec

from agent.drivers.printing.raster.page import small_pdf
from agent.drivers.printing.raster.page.refusals import Refusal, Refused


class Picture(msgspec.Struct, frozen=True):
    """`entries` of its image dictionary beside its size, and its data; `turn` in degrees, clockwise.

    `more` are objects that the entries refer to: their numbers begin with 4.
    """

    width: int
    height: int
    entries: bytes
    content: bytes
    turn: int = 0
    more: tuple[bytes, ...] = ()


def as_page(picture: Picture, pixel_limit: int) -> bytes:
    """The PDF. Raises `Refused` for a picture without pixels, or with more than this box can hold."""
    width, height = picture.width, picture.height
    if not (width and height):
        raise Refused(Refusal.DAMAGED)
    if width * height > pixel_limit:
        raise Refused(Refusal.PICTURE_SIZE)
    size = b"/Type/XObject/Subtype/Image/Width %d/Height %d" % (width, height)
    image = small_pdf.stream(size + picture.entries, picture.content)
    scale = min(1.0, 14_000 / max(width, height))  # of a page, which may be 14,400 points
    columns, rows = max(1, int(width * scale)), max(1, int(height * scale))
    shown = b"%d 0 0 %d 0 0 cm /I Do" % (columns, rows)
    return small_pdf.document(
        [shown], columns, rows, b"/XObject<</I 3 0 R>>", (image, *picture.more), turn=picture.turn
    )
