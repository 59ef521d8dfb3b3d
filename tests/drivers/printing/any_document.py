"""Documents as no hotel sends them, made up by chance: cut off, spoilt, wrongly named, bombs, and pictures."""

import random
import zlib
from collections.abc import Callable
from io import BytesIO

from PIL import Image

from tests.drivers.printing.raster import documents

TYPES = (
    "application/pdf",
    "image/jpeg",
    "image/png",
    "text/plain",
    "PDF",
    "",
    "application/x-evil",
    "img/\x00png",
)
_ACTIVE = (
    b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>",
    b"/Names<</EmbeddedFiles<</Names[(a.exe) 5 0 R]>>>>",
    b"/AA<</O<</S/Launch/F(/bin/sh)>>>>",
    b"/OpenAction<</S/URI/URI(http://198.51.100.1/)>>",
)


def any_document(chance: random.Random) -> tuple[bytes, str]:
    """Bytes, and the type that an order gives them."""
    kind = chance.choice(_KINDS)
    document, said = kind(chance)
    if chance.random() < 0.5:
        document = _spoilt(document, chance)
    return document, chance.choice(TYPES) if chance.random() < 0.15 else said


def _page(chance: random.Random) -> tuple[bytes, str]:
    make = (documents.text_page, documents.table_page, documents.picture_page, documents.locked)
    return chance.choice(make)(), "application/pdf"


def _strange(chance: random.Random) -> tuple[bytes, str]:
    return chance.choice(_STRANGE)(chance), "application/pdf"


_STRANGE: tuple[Callable[[random.Random], bytes], ...] = (
    lambda chance: documents.many_pages(chance.choice((2, 199, 201, 10_000))),
    lambda _chance: documents.circular_tree(),
    lambda _chance: documents.circular_form(),
    lambda chance: documents.deep_tree(chance.randrange(2000)),
    lambda chance: documents.doubling_forms(chance.randrange(9)),
    lambda chance: documents.wild_font(chance.randbytes(3000)),
    lambda chance: documents.large_image(chance.randrange(70_000), chance.randrange(70_000)),
    lambda chance: documents.inflating(chance.choice((1 << 20, 64 << 20, 200 << 20))),
    lambda chance: documents.pdf(b"", box=b"[0 0 %d %d]" % (chance.randrange(99_999), chance.randrange(9_999))),
)


def _active(chance: random.Random) -> tuple[bytes, str]:
    page = documents.text_page()
    return page.replace(b"/Type/Catalog", b"/Type/Catalog" + chance.choice(_ACTIVE), 1), "application/pdf"


def _picture(chance: random.Random) -> tuple[bytes, str]:
    file, mime = BytesIO(), chance.choice(("image/jpeg", "image/png"))
    size = (chance.randrange(1, 1200), chance.randrange(1, 1200))
    mode = chance.choice(("L", "RGB") if mime == "image/jpeg" else ("L", "RGB", "RGBA", "P", "1"))
    Image.new(mode, size, chance.randrange(2)).save(file, mime.partition("/")[2])
    return file.getvalue(), mime


def _huge_png(chance: random.Random) -> tuple[bytes, str]:
    side = chance.choice((60_000, 7_000, 1))
    return documents.png(side, side, bytes(chance.randrange(1, 2000))), "image/png"


def _text(chance: random.Random) -> tuple[bytes, str]:
    return chance.randbytes(chance.randrange(3000)) if chance.random() < 0.5 else b"x\f" * 300, "text/plain"


def _noise(chance: random.Random) -> tuple[bytes, str]:
    magic = chance.choice(
        (b"", b"%PDF-1.7\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%!PS", b"PK\3\4", b" " * 9)
    )
    return magic + zlib.compress(chance.randbytes(chance.randrange(500))), chance.choice(TYPES[:4])


_KINDS = (_page, _page, _strange, _active, _picture, _huge_png, _text, _noise)


def _spoilt(document: bytes, chance: random.Random) -> bytes:
    if chance.random() < 0.4:
        return document[: chance.randrange(len(document) + 1)]
    spoilt = bytearray(document or b"x")
    for _ in range(chance.randrange(1, 60)):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)
