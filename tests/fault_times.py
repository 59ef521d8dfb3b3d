"""How long it takes from a fault's cause to the page, and from its end to green, measured in virtual time.

`make fault-times` writes the table, `tests/FAULT_TIMES.md`. It must never hold a figure that was not measured.
"""

import logging
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import trio
from trio.testing import MockClock

from agent.health.kind import Level
from agent.status.snapshot.facts import HopState
from agent.status.snapshot.snapshot import Hop
from tests import fault_rows, fault_rows_of_lines, fault_rows_of_the_box
from tests.fault_rows import POLL, SOON, Act, Row, come_back, heal
from tests.print_hotel import PrintHotel, printers_text
from tests.whole_hotel import visionline_text

TABLE = Path(__file__).with_name("FAULT_TIMES.md")
CALM = 7.3  # s from the start until the cause: nothing is in step with it
CALMS = (CALM, 8.0, 8.7)  # other moments of the polls and looks; the table has the worst of them
REAL_CALMS = (1.3, 2.0, 2.7)  # likewise, where a person waits for the end of it
LONGEST = 1400.0  # s that a table waits for anything
EXACT = 10.0  # s within which it looks twenty times a second
Look = Callable[[], Awaitable[None]]

ROWS = (*fault_rows.ROWS, *fault_rows_of_the_box.ROWS, *fault_rows_of_lines.ROWS)


class Measured(NamedTuple):
    """Seconds to a first sentence, to the page and to green; None: not within `LONGEST`, or not asked for."""

    said: float | None
    shown: float | None
    green: float | None


Measure = Callable[[Row], Measured]


@contextmanager
def hotel_for(row: Row, folder: Path) -> Iterator[PrintHotel]:
    """A hotel as the row wants it."""
    hotel = PrintHotel(folder, dialect=row.dialect, has_push=row.has_push)
    more = visionline_text(hotel.visionline) if row.is_visionline else ""
    more += printers_text() if row.is_printer else ""
    hotel.provision(poll_seconds=POLL, more=more + row.more, **row.values)
    hotel.config.write_text(hotel.config.read_text().replace(*row.changes))
    row.before(hotel)
    yield hotel


async def measured(row: Row, folder: Path, calm: float) -> Measured:
    """The row, once."""
    with hotel_for(row, folder) as hotel:
        if row.at_start:
            await row.cause(hotel)
        async with hotel.agent():
            if not row.at_start:
                await _calm(hotel, calm)
            said, shown = await _seen(hotel, row, None if row.at_start else row.cause)
            green = None
            if row.end is not None and shown is not None:
                await _calm(hotel, calm)
                green = await _gone(hotel, row, row.end)
            await heal(hotel)
            await come_back(hotel)
        return Measured(said, shown, green)


async def _calm(hotel: PrintHotel, seconds: float) -> None:
    """Somebody has come to look, and nothing happens: what is asked for new eyes has its pace by then."""
    with trio.move_on_after(seconds):
        while True:
            _hops(hotel)
            await trio.sleep(_step(0.0))


async def _seen(hotel: PrintHotel, row: Row, act: Act | None) -> tuple[float | None, float | None]:
    """From the moment at which `act` is over until the hop of the fault says that something is amiss, and until
    the code is on the page."""
    before = {} if act is None else {hop.id: hop.text for hop in _hops(hotel)}
    amiss: dict[str, float] = {}  # by hop, since when it is
    shown: list[tuple[str, float]] = []

    async def look() -> None:
        started = trio.current_time()
        while not shown:
            now = trio.current_time()
            for hop in _hops(hotel):
                if not _is_amiss(hop, before.get(hop.id)):
                    amiss.pop(hop.id, None)
                else:
                    amiss.setdefault(hop.id, now)
            shown.extend((hop, now) for hop in _places(hotel, row)[:1])
            await trio.sleep(_step(now - started))

    began = await _watched(hotel, look, act)
    if not shown:
        return None, None
    hop, at = shown[0]
    return max(0.0, min(amiss.get(hop, at), at) - began), max(0.0, at - began)


async def _gone(hotel: PrintHotel, row: Row, act: Act) -> float | None:
    gone: list[float] = []

    async def look() -> None:
        started = trio.current_time()
        while _places(hotel, row):  # noqa: ASYNC110 - a page is looked at, in virtual time
            await trio.sleep(_step(trio.current_time() - started))
        gone.append(trio.current_time())

    began = await _watched(hotel, look, act)
    return max(0.0, gone[0] - began) if gone else None


def _step(waited: float) -> float:
    """Seconds until the page is looked at once more: what took long need not be known so well."""
    return 0.05 if waited < EXACT else 0.5


async def _watched(hotel: PrintHotel, look: Look, act: Act | None) -> float:
    """When `act` was over; it and `look` at the same time."""
    began = trio.current_time()
    with trio.move_on_after(LONGEST):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(look)
            if act is not None:
                await act(hotel)
            began = trio.current_time()
    return began


def _hops(hotel: PrintHotel) -> tuple[Hop, ...]:
    assert hotel.app is not None
    return hotel.app.snapshot().hops


def _is_amiss(hop: Hop, before: str | None) -> bool:
    says_so = any(words in hop.text for words in ("was asked", "has no link yet", "has no address yet"))
    return hop.text != before and (says_so or (hop.level is not Level.OK and hop.state is HopState.SEEN))


def _places(hotel: PrintHotel, row: Row) -> list[str]:
    """The hops at which the page shows the code."""
    assert hotel.app is not None
    return [fault.hop for fault in hotel.app.snapshot().faults if fault.code == row.kind.code]


def calms(row: Row) -> tuple[float, ...]:
    """Seconds from the start until the cause, and from what it shows until its end: the first, and others."""
    return REAL_CALMS if row.is_real else CALMS


def paced(clock: MockClock, row: Row) -> MockClock:
    """The clock as this row wants it: it jumps to what comes next, or passes as time does."""
    clock.rate, clock.autojump_threshold = (1.0, float("inf")) if row.is_real else (0.0, 0.0)
    return clock


def worst(row: Row) -> Measured:
    """The row, at each of `CALMS`."""
    found = []
    is_quick = max(row.says, row.shows, row.ends) < EXACT
    for calm in calms(row) if is_quick else calms(row)[:1]:
        with tempfile.TemporaryDirectory() as folder:
            found.append(trio.run(measured, row, Path(folder), calm, clock=paced(MockClock(), row)))
    return Measured(*(_longest(each) for each in zip(*found, strict=True)))


def _longest(found: tuple[float | None, ...]) -> float | None:
    known = [seconds for seconds in found if seconds is not None]
    return max(known) if len(known) == len(found) else None


def lines(measure: Measure) -> Iterator[str]:
    """The table, in Markdown."""
    yield from HEAD
    for row in ROWS:
        said, shown, green = measure(row)
        ends = _cell(green, row.ends) if row.end is not None else "by itself"
        yield f"| {row.kind.code} | {_cell(said, row.says)} | {_cell(shown, row.shows)} | {ends} | {row.why} |"


def bounds(line: str) -> str:
    """A line of the table without what was measured."""
    return "|".join(cell.split("s, at most ")[-1] for cell in line.split("|"))


def _cell(seconds: float | None, bound: float) -> str:
    return f"{'-' if seconds is None else f'{seconds:.1f}'} s, at most {bound:g} s"


def not_measured(_row: Row) -> Measured:
    """For a table of bounds alone."""
    return Measured(0.0, 0.0, 0.0)


HEAD = (
    "# From a fault's cause to the page, and back to green",
    "",
    "Made by `make fault-times`: the whole agent and its simulators in virtual time (with TLS where certificates",
    "matter; in real time where the agent waits for the openssl program), polls 2 s apart. Counted",
    "from the moment at which the box could see it for the first time; of several moments between two polls the",
    "worst. First sentence: its hop says that something is amiss, if only that it was asked and has not answered.",
    "Somebody came to look a few seconds before: ten minutes later, and while no one looks, a printer is asked",
    f"once a minute how it is. More than {SOON:g} s has its reason.",
    "",
    "| fault | first sentence | on the page | green | why |",
    "|---|---|---|---|---|",
)


def main() -> None:
    """Write the table."""
    logging.disable()
    text = []
    for line in lines(worst):
        print(line, file=sys.stderr)
        text.append(line)
    TABLE.write_text("\n".join(text) + "\n")


if __name__ == "__main__":
    main()
