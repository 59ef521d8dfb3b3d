"""Canaries in documents: nothing of them is in a file, a log, a note or on a page, however their printing ends.

Looked for as it is, in UTF-16, in Base64 at each of its three beginnings, in hex, and compressed.
"""

import logging
import os
import sys
import zlib
from base64 import b64encode
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
import trio
from trio.testing import MockClock, memory_stream_pair

from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.drivers.printing.raster.rasteriser import Rasteriser
from agent.drivers.printing.rasters import Rasters
from agent.foundation.http import Peer
from agent.hotel.drivers import Means, Opened, open_drivers
from agent.simulators.mews.commands import Command, State
from agent.simulators.printer.raw import converse_raw
from agent.simulators.printer.simulator import PrinterSimulator
from agent.simulators.printer.switches import PrinterSwitches, RawPort
from provisioning.model import Provisioning
from tests.drivers.printing.raster import documents
from tests.faults.canaries import all_pages, files
from tests.faults.desk import ended
from tests.in_process import SimulatorTransport
from tests.whole_hotel import Hotel

PLAIN = b"CanaryGuestOfRoom4711"
PACKED = b"CanaryBillOver1234Euro"
CONTENT = zlib.compress(documents.words([PACKED.decode()] * 40) + b"\n% " + PACKED)
PDF = (
    documents.pdf(CONTENT, filters=documents.FLATE)
    .replace(b"/Type/Catalog", b"/Type/Catalog/Title(" + PLAIN + b")", 1)
    .replace(b"%PDF-1.7\n", b"%PDF-1.7\n%" + PLAIN + b"\n", 1)
)
BASES = {"Office": "http://10.4.5.30:631", "Old": "http://10.4.5.31:631"}
PRINTERS = """
[[printers]]
name = "Office"
uri = "ipp://10.4.5.30/ipp/print"
[[printers]]
name = "Old"
uri = "ipp://10.4.5.31/ipp/print"
[[printers]]
name = "Raw"
uri = "socket://10.4.5.32:9100"
"""


def spellings(secret: bytes) -> list[bytes]:
    """All that it may be written as."""
    text = secret.decode()
    coded = [b64encode(b"x" * shift + secret + b"x" * 3)[4:-8] for shift in range(3)]
    return [secret, text.encode("utf-16-le"), text.encode("utf-16-be"), secret.hex().encode(), *coded]


MARKS = [*spellings(PLAIN), *spellings(PACKED), CONTENT[10:60], b64encode(CONTENT[9:60])[4:40]]


def found(everything: bytes) -> list[bytes]:
    """Which of the marks are in it."""
    return [mark for mark in MARKS if mark in everything]


class _Written:
    """The files that this process opens to write, while it is asked to remember them."""

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self.is_on = False
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: Sequence[Any]) -> None:
        if self.is_on and event == "open" and isinstance(arguments[0], str):
            flags = arguments[2] or 0
            if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                self.paths.add(arguments[0])


WRITTEN = _Written()


@pytest.fixture
def printers() -> dict[str, PrinterSimulator]:
    return {
        "Office": PrinterSimulator(PrinterSwitches(queue=9)),
        "Old": PrinterSimulator(PrinterSwitches(formats=("image/pwg-raster",), raster_dpi=(100,))),
        "Raw": PrinterSimulator(),
    }


@pytest.fixture
def hotel(hotel: Hotel, printers: dict[str, PrinterSimulator], caplog: pytest.LogCaptureFixture) -> Hotel:
    caplog.set_level(logging.DEBUG)
    hotel.provision(more=PRINTERS)
    hotel.open_drivers = partial(_open_drivers, printers)
    return hotel


def _open_drivers(
    printers: dict[str, PrinterSimulator], file: Provisioning, profile: Profile | None, means: Means
) -> Opened:
    lines = {base: SimulatorTransport(printers[name]) for name, base in BASES.items()}

    def open_peer(base: str, pin: str | None) -> Peer:
        return Peer(base, transport=lines[base]) if base in lines else means.open_peer(base, pin)

    async def open_stream(_host: str, _port: int) -> trio.abc.Stream:
        await trio.lowlevel.checkpoint()
        here, there = memory_stream_pair()
        trio.lowlevel.spawn_system_task(converse_raw, printers["Raw"], there)
        return here

    rasters = Rasters(Rasteriser(deadline=1e6))  # s; it draws in real time, and the box's is virtual
    more = {"open_peer": open_peer, "open_stream": open_stream, "rasters": rasters}
    return open_drivers(file, profile, msgspec.structs.replace(means, **more))


def order(hotel: Hotel, name: str, document: bytes = PDF) -> str:
    return hotel.mews.add_print(name, b64encode(document).decode())


async def everything_happens(hotel: Hotel, printers: dict[str, PrinterSimulator]) -> list[Command]:
    """Documents that are printed, given up, refused, lost, cut off and damaged, at each kind of printer."""
    ids = [order(hotel, name) for name in printers]
    ids += [order(hotel, "Office", PDF[:-40]), order(hotel, "Old", PDF[:-40]), order(hotel, "Nowhere")]
    ids += [order(hotel, "Old", b"\x89PNG\r\n\x1a\n" + PDF), order(hotel, "Office", PLAIN * 100)]
    commands = [await ended(hotel, id, 3000) for id in ids]
    office = printers["Office"]
    for kind, when in (("drop", "before"), ("html-500", "after"), ("400", "before")):
        office.fail(kind, "print-job", calls=1, when=when)
        commands.append(await ended(hotel, order(hotel, "Office"), 3000))
    office.switch(bad_document="abort", page_seconds=20.0)
    id = order(hotel, "Office")
    await office.wait_calls("print-job", office.calls["print-job"] + 1)
    office.abort()
    commands.append(await ended(hotel, id, 3000))
    printers["Raw"].switch(raw_port=RawPort.RESETS, raw_kilobytes=1)
    commands.append(await ended(hotel, order(hotel, "Raw"), 3000))
    return commands


async def test_nothing_of_a_document_is_in_a_file_a_log_a_note_or_on_a_page(
    hotel: Hotel,
    printers: dict[str, PrinterSimulator],
    autojump_clock: MockClock,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    autojump_clock.autojump_threshold = 0.02  # s; a page is drawn in that time, and in a few times it
    WRITTEN.paths.clear()
    WRITTEN.is_on = True
    async with hotel.agent() as app:
        commands = await everything_happens(hotel, printers)
        pages = await all_pages(hotel) + repr(app.snapshot()) + repr(list(app.orders.recent()))
        during = files(hotel)
    printers["Office"].switch(page_seconds=200.0)
    async with hotel.agent(stops=False):
        id = order(hotel, "Office")
        await printers["Office"].wait_calls("print-job", printers["Office"].calls["print-job"] + 1)
        await trio.sleep(5)
    during += files(hotel)
    async with hotel.agent():
        commands.append(await ended(hotel, id, 3000))
        pages += await all_pages(hotel)
    WRITTEN.is_on = False
    notes = repr([command.notes for command in hotel.mews.commands]) + repr(hotel.steps)
    everything = (pages + during + files(hotel) + notes + caplog.text).encode("latin-1", "replace")
    assert {command.state for command in commands} == {State.PROCESSED, State.ERROR}
    assert all(words in everything for words in (b"Sent, not confirmed", b"may have been printed", b"is damaged"))
    assert found(everything) == []
    assert [path for path in WRITTEN.paths if not Path(path).is_relative_to(tmp_path)] == []
    assert all(each.document is not None and PLAIN in each.document for each in printers["Raw"].tray)
    assert len(printers["Old"].tray) == 1


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark[:6].hex())
def test_what_is_looked_for_is_found(mark: bytes) -> None:
    assert found(b"before" + mark + b"behind") != []
    assert {PLAIN, CONTENT[10:60]} <= {each for each in MARKS if each in PDF}
