"""A page of a document that came out, as a picture that a browser shows.

Must never be needed for printing: what cannot be shown is one sentence, and the document itself can still be had.
"""

from agent.foundation.errors import UserMistake
from agent.simulators.base.replies import Reply
from agent.simulators.printer.paper import pwg
from agent.simulators.printer.paper.formats import Format, format_of
from agent.simulators.printer.paper.png import png_of
from agent.simulators.printer.paper.pwg import BadRaster, Page
from agent.simulators.printer.prints import Print

_WIDTH = 800  # pixels of a page of PDF; enough to read a bill
_MOST_HEIGHT = 8000  # pixels; a page that is higher is made narrower


def document(print: Print) -> Reply:
    """The document as it came. Raises UserMistake where its bytes are forgotten."""
    return Reply(200, _bytes(print), format_of(_bytes(print)))


def picture(print: Print, number: int) -> Reply:
    """Page `number`, from 1 on, as PNG; JPEG as it is. Raises UserMistake."""
    content = _bytes(print)
    match format_of(content):
        case Format.JPEG | Format.PNG as format if number == 1:
            return Reply(200, content, format)
        case Format.PWG:
            return Reply(200, png_of(_of_raster(content, number)), Format.PNG)
        case Format.PDF:
            return Reply(200, png_of(_of_pdf(content, number)), Format.PNG)
    raise UserMistake(f"page {number} of print {print.number} cannot be shown: see its document")


def _bytes(print: Print) -> bytes:
    if print.document is None:
        raise UserMistake(f"the document of print {print.number} is forgotten, because many came after it")
    return print.document


def _of_raster(content: bytes, number: int) -> Page:
    try:
        return pwg.page(content, number)
    except BadRaster as error:
        raise UserMistake(f"the raster cannot be shown: {error}") from None
    except IndexError:
        raise UserMistake(f"there is no page {number}") from None


def _of_pdf(content: bytes, number: int) -> Page:
    try:
        import pypdfium2
    except ImportError:
        raise UserMistake("pages of a PDF need the package pypdfium2: install it, or see the document") from None
    try:
        with pypdfium2.PdfDocument(content) as pdf:
            if not 1 <= number <= len(pdf):
                raise UserMistake(f"there is no page {number}")
            page = pdf[number - 1]
            scale = min(_WIDTH / page.get_width(), _MOST_HEIGHT / page.get_height())
            bitmap = page.render(scale=scale, rev_byteorder=True)
            return _of_bitmap(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
    except pypdfium2.PdfiumError as error:
        raise UserMistake(f"the PDF cannot be shown: {error}") from None


def _of_bitmap(width: int, height: int, stride: int, pixels: bytes) -> Page:
    rows = (pixels[row * stride : row * stride + width * 3] for row in range(height))
    return Page(width, height, 3, tuple(rows))
