"""The drawing process: `python -m agent.drivers.printing.raster.child REQUEST`, a document in, PWG raster out.

It reads what strangers wrote with a large C++ program. So it lives for one document, and takes all rights from
itself before the first byte of it. It never says anything of the document: its last words are of a fixed table
(`page/refusals.py`), or the place of a bug.
"""

import codecs
import io
import os
import sys
from collections.abc import Iterator
from types import TracebackType

import msgspec

from agent.drivers.printing.raster import drawing
from agent.drivers.printing.raster.confinement import confine
from agent.drivers.printing.raster.page import documents
from agent.drivers.printing.raster.page.refusals import TABLE, Refusal, Refused
from agent.drivers.printing.raster.page.request import RasterRequest

INPUT, OUTPUT = 0, 1


def main() -> None:
    """Ends the process with 0, or with a code of the table and its words on standard error."""
    sys.excepthook = _tell_place
    try:
        _serve(msgspec.json.decode(sys.argv[1], type=RasterRequest))
    except Refused as refused:
        _end(refused.refusal)
    except MemoryError:
        _end(Refusal.MEMORY)
    except BrokenPipeError:  # the parent wants no more of it
        _end(Refusal.BROKEN)


def _serve(request: RasterRequest) -> None:
    for codec in ("cp1252", "utf-8-sig"):  # which Python loads from a file at their first use
        codecs.lookup(codec)
    source = io.FileIO(INPUT, closefd=False)
    drawing.start()
    confine(request.bounds, request.caller)
    for piece in _answer(request, source.readall()):
        _write(piece)


def _answer(request: RasterRequest, document: bytes) -> Iterator[bytes]:
    bounds = request.bounds
    pdf = documents.as_pdf(document, request.kind, bounds)
    opened, pages = drawing.open_pdf(pdf, bounds)
    if request.sheet is None:
        drawing.examine(opened, pages, bounds)
        yield b"%d\n" % pages
    else:
        yield from drawing.draw(opened, pages, request.sheet, request.colours, request.copies, bounds)


def _write(piece: bytes) -> None:
    left = memoryview(piece)
    while left:
        left = left[os.write(OUTPUT, left) :]


def _end(refusal: Refusal) -> None:
    sys.stderr.write(f"{TABLE[refusal].words}\n")
    sys.stderr.flush()
    os._exit(TABLE[refusal].exit_code)


def _tell_place(kind: type[BaseException], _error: BaseException, trace: TracebackType | None) -> None:
    """Where a bug is, without the values that it had in hand."""
    places = []
    while trace is not None:
        places.append(f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}")
        trace = trace.tb_next
    sys.stderr.write(f"{kind.__name__} at {' > '.join(places)}\n")


if __name__ == "__main__":
    main()
