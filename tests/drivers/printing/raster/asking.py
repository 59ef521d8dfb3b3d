"""Short ways to have a document drawn."""

from agent.drivers.printing.raster.page.request import Colours, Kind, Sheet
from agent.drivers.printing.raster.rasteriser import Rasteriser
from tests.drivers.printing.raster import decoding


async def raster(
    document: bytes,
    kind: Kind = Kind.PDF,
    sheet: Sheet | None = None,
    colours: Colours = Colours.SGRAY_8,
    *,
    by: Rasteriser | None = None,
    copies: int = 1,
) -> bytes:
    """All of it in one piece."""
    whole = bytearray()
    async with (by or Rasteriser()).pages(document, kind, sheet or Sheet(), colours, copies) as pieces:
        async for piece in pieces:
            whole += piece
    return bytes(whole)


async def page(
    document: bytes, kind: Kind = Kind.PDF, sheet: Sheet | None = None, colours: Colours = Colours.SGRAY_8
) -> decoding.Page:
    """The one page of it."""
    (found,) = decoding.pages(await raster(document, kind, sheet, colours))
    return found
