"""What else goes on does to keys: the quick load of `makespan.py` alone, and with 2 MB printing and live readers.

The document is ordered right before the keys, so that one list carries both, and prints longer than they take. The
readers of the page are a process of its own, as nice as can be: they are other machines' work.
"""

import random
import statistics
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager

from agent.drivers.printing.raster.page import small_pdf
from tests.bench.live_readers import READING
from tests.bench.makespan import KEYS, LATENCY, own, timed
from tests.bench.processes import running
from tests.bench.rig import PRINTER, Box, Hotel, agent, hotel
from tests.bench.table import Row, at_most

BYTES, PAGES = 2_000_000, 40  # a page takes the simulated printer a second
RUNS = 5  # of each, in turn; their medians
CARD = 0.2  # s
READERS = 20


def printing(_full: bool) -> Iterator[Row]:
    """A document goes as it is, and as raster that this box draws."""
    bill = _bill()
    runs = [(_load(""), _load(bill), _load(bill, formats=["image/pwg-raster"])) for _ in range(RUNS)]
    alone, as_it_is, drawn = (statistics.median(each) for each in zip(*runs, strict=True))
    figure = f"the same 0.2 s load with a document of 2 MB printing and {READERS} live readers, against it alone"
    yield at_most(figure, as_it_is / alone, 1.03)
    yield at_most("the same with a document that is drawn here", drawn / alone, 1.03)


def _load(document: str, **switches: object) -> float:
    with hotel(latency=LATENCY, card_seconds=CARD) as place, agent(place) as box:
        if not document:
            return timed(place, KEYS, 4 * own(CARD))
        with _readers(box):
            return _beside(place, document, switches)


@contextmanager
def _readers(box: Box) -> Iterator[None]:
    with running("-m", "tests.bench.live_readers", box.url, str(READERS), stdout=subprocess.PIPE) as readers:
        if readers.stdout is None or READING not in readers.stdout.readline():
            raise ValueError("the page has no live readers: the figure would say nothing")
        yield


def _beside(place: Hotel, document: str, switches: dict[str, object]) -> float:
    place.control(place.printer, "POST", "switches", switches)
    place.control(place.mews, "POST", "print-commands", {"printer": PRINTER, "document": document})
    seconds = timed(place, KEYS, 4 * own(CARD))
    _check(place)
    return seconds


def _check(place: Hotel) -> None:
    """It was really under way: a figure without a document says nothing."""
    prints = place.control(place.printer, "GET", "prints")
    if len(prints) != 1 or prints[0]["ended"]:
        raise ValueError(f"one document should be printing by now: {prints}")


def _bill() -> str:
    noise = random.Random(5).randbytes(BYTES)
    page = b"BT /F 12 Tf 50 700 Td (A page of a bill) Tj ET"
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    return b64encode(
        small_pdf.document([page] * PAGES, 595, 842, b"/Font<</F 3 0 R>>", [font, small_pdf.stream(b"", noise)])
    ).decode()
