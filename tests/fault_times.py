"""How long it takes from a fault's cause to the page, and from its end to green, measured in virtual time.

`make fault-times` writes the table, `tests/FAULT_TIMES.md`. It must never hold a figure that was not measured:
what nothing here can bring about stands in `ELSEWHERE`, with the reason.
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

from agent.health import box_kinds, file_kinds, lock_kinds, mews_kinds, print_kinds, room_kinds
from agent.health.catalogue import CATALOGUE
from agent.health.kind import Level
from agent.status.snapshot.facts import HopState
from agent.status.snapshot.snapshot import Hop
from tests import fault_rows, fault_rows_of_the_box
from tests.fault_rows import POLL, SOON, Act, Row, come_back, heal
from tests.print_hotel import PrintHotel, printers_text
from tests.whole_hotel import visionline_text

TABLE = Path(__file__).with_name("FAULT_TIMES.md")
CALM = 7.3  # s from the start until the cause: nothing is in step with it
CALMS = (CALM, 8.0, 8.7)  # other moments of the polls and looks; the table has the worst of them
LONGEST = 1000.0  # s that a table waits for anything
EXACT = 10.0  # s within which it looks twenty times a second
Look = Callable[[], Awaitable[None]]

ROWS = (*fault_rows.ROWS, *fault_rows_of_the_box.ROWS)
_NO_TLS = "wants a server with a certificate of its own, and this has none: tests/foundation, tests/drivers"
_SOCKETS = "of the page's own sockets and files, which take real ones: tests/hotel/test_page_socket.py, tests/e2e"
_OTHERS = "of a server of somebody else's that is told once a minute; no simulator: tests/status/telling"
_LISTS = "takes what Mews' lists leave out for a week: tests/rooms/sync, tests/hotel/test_room_work.py"
ELSEWHERE: dict[str, str] = {
    mews_kinds.CERTIFICATE.code: _NO_TLS,
    lock_kinds.CERTIFICATE.code: _NO_TLS,
    print_kinds.CERTIFICATE.code: _NO_TLS,
    file_kinds.PAGE_ADDRESS.code: _SOCKETS,
    file_kinds.PAGE_MOVED.code: _SOCKETS,
    file_kinds.PAGE_CERTIFICATE.code: _SOCKETS,
    file_kinds.PAGE_ACTING.code: _SOCKETS,
    box_kinds.TELEMETRY_LATE.code: _OTHERS,
    box_kinds.TELEMETRY_REFUSED.code: _OTHERS,
    box_kinds.TELEMETRY_WEBHOOK.code: _OTHERS,
    room_kinds.ROOMS_HELD.code: _LISTS,
    room_kinds.ROOMS_UNMAPPED.code: "takes a room that Mews does not list: tests/rooms/sync/test_runner.py",
}


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


async def measured(row: Row, folder: Path, calm: float = CALM) -> Measured:
    """The row, once."""
    with hotel_for(row, folder) as hotel:
        if row.at_start:
            await row.cause(hotel)
        async with hotel.agent():
            if not row.at_start:
                await trio.sleep(calm)
            said, shown = await _seen(hotel, row, None if row.at_start else row.cause)
            green = None
            if row.end is not None and shown is not None:
                await trio.sleep(calm)
                green = await _gone(hotel, row, row.end)
            await heal(hotel)
            await come_back(hotel)
        return Measured(said, shown, green)


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


def worst(row: Row) -> Measured:
    """The row, at each of `CALMS`."""
    found = []
    is_quick = max(row.says, row.shows, row.ends) < EXACT
    for calm in CALMS if is_quick and not row.at_start else CALMS[:1]:
        with tempfile.TemporaryDirectory() as folder:
            found.append(trio.run(measured, row, Path(folder), calm, clock=MockClock(autojump_threshold=0)))
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
    yield from ("", "Not measured here:", "", "| fault | why, and where else |", "|---|---|")
    yield from (f"| {code} | {ELSEWHERE[code]} |" for code in CATALOGUE if code in ELSEWHERE)


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
    "Made by `make fault-times`: the whole agent and its simulators in virtual time, polls 2 s apart. Counted",
    "from the moment at which the box could see it for the first time; of several moments between two polls the",
    "worst. First sentence: its hop says that something is amiss, if only that it was asked and has not answered.",
    f"More than {SOON:g} s has its reason.",
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
