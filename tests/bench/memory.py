"""Resident memory: at rest, while Mews repeats a document of 2 MB, and over 40,000 polls."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.bench.processes import answer_of, box_python, resident_mb, running
from tests.bench.rig import Hotel, agent, hotel
from tests.bench.table import Row, at_most, say

POLLS = 60
DOCUMENT_BYTES = 2_000_000
MANY = 40_000
_WAITING = (
    '{"Id":"4d6f2f0a-0000-4000-8000-000000000001","State":"Pending","CreatedUtc":"@CREATED@","Creator":null,'
    '"Device":{"Id":"p1","Name":"Front Office","Type":"Printer"},'
    '"Data":{"CopyCount":1,"PrinterName":"Front Office","FileType":"application/pdf","FileData":"%s"}}'
)


def at_rest(_full: bool) -> Iterator[Row]:
    """The agent with two lock systems, two printers, an open line for Mews' news and its page, against the same
    interpreter doing nothing."""
    with hotel(by_push=1.0) as place, agent(place) as box, _bare() as bare:
        _look_at_the_page(box.url)
        time.sleep(5)
        ours, theirs = resident_mb(box.pid), resident_mb(bare)
    note = f" ({ours:.1f} / {theirs:.1f} MB)"
    figure = "memory at rest, everything configured, against a bare interpreter"
    yield at_most(figure, ours / theirs, 4.8, " x", note=note)


def documents(_full: bool) -> Iterator[Row]:
    """A print command that stays listed, because Mews never takes its end: the list has the document each time."""
    with hotel() as place, agent(place) as box:
        _look_at_the_page(box.url)
        time.sleep(2)
        before = resident_mb(box.pid)
        _list_document(place)
        place.wait_polls(place.polls() + POLLS)
        growth = resident_mb(box.pid) - before
    yield at_most(f"growth over {POLLS} polls that carry the same 2 MB document", growth, 5, " MB")


def many_polls(_full: bool) -> Iterator[Row]:
    """The whole agent in virtual time (`many_polls.py`), because 40,000 real seconds are 11 hours."""
    said = json.loads(answer_of("-m", "tests.bench.many_polls", str(MANY), python=box_python()))
    say(f"many polls: {said}")
    yield at_most(f"growth over {MANY} polls (virtual time)", said["growth_mb"], 1, " MB")


def _list_document(place: Hotel) -> None:
    place.control(place.mews, "POST", "raw", {"text": _WAITING % ("A" * DOCUMENT_BYTES)})


@contextmanager
def _bare() -> Iterator[int]:
    with running("-c", "import time; time.sleep(600)", python=box_python()) as process:
        yield process.pid


def _look_at_the_page(url: str) -> None:
    for path in ("", "status.json", "metrics"):
        httpx.get(url + path).raise_for_status()
