"""How the printers of the file are: each is asked now, all of them at once. Prints nothing."""

from collections.abc import Callable, Sequence

import trio

from agent.commands.driver import Driver, PrinterNow, TellsHowItIs
from agent.commands.lifecycle import State
from agent.commands.record import Record
from agent.control.errands.errand import Tell
from agent.control.errands.lanes import at_work
from agent.control.hotel import Hotel
from agent.control.words.told import End, Result, Table
from agent.foundation.errors import CallFailed
from agent.foundation.reading.text import duration

COLUMNS = ("PRINTER", "PDF", "COPIES", "FORMATS", "ORDERS", "LAST ANSWER", "STATE")
_SHORT = {  # what people call the formats that printers list most
    "application/pdf": "PDF",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/pwg-raster": "PWG",
    "image/urf": "URF",
    "application/postscript": "PostScript",
    "application/vnd.hp-pcl": "PCL",
    "text/plain": "text",
}
_NO_PROMISE = "application/octet-stream"  # every printer lists it, and it says nothing


class PrinterListErrand:
    """One look at all of them. `clock` gives monotonic seconds."""

    def __init__(self, hotel: Hotel, tell: Tell, clock: Callable[[], float] = trio.current_time) -> None:
        self._hotel, self._tell, self._clock = hotel, tell, clock
        self._said: dict[str, PrinterNow | CallFailed] = {}

    async def run(self) -> Result:
        """Ask, and show a row each; one that does not answer has a row that says so."""
        drivers = self._hotel.printers
        if not drivers:
            return Result(End.FAILED, "The file has no printer: nightporter print find looks for some.")
        async with trio.open_nursery() as nursery:
            for driver in drivers:
                nursery.start_soon(self._ask, driver)
        self._tell(Table(COLUMNS, tuple(self._row(driver) for driver in drivers)))
        silent = [hop for hop, said in self._said.items() if isinstance(said, CallFailed)]
        if silent:
            names = ", ".join(driver.lanes[0].name for driver in drivers if driver.hop in silent)
            return Result(End.FAILED, f"{len(silent)} of {_counted(len(drivers))} did not answer: {names}.")
        return Result(End.DONE, f"{_counted(len(drivers))}.")

    def left_behind(self) -> Result:
        """Nothing: it only asked."""
        return Result(End.FAILED, "Nothing was changed.")

    async def _ask(self, driver: Driver) -> None:
        if not isinstance(driver, TellsHowItIs):
            raise TypeError("a printer that cannot be asked")
        try:
            self._said[driver.hop] = await driver.ask_how_it_is()
        except CallFailed as error:
            self._said[driver.hop] = error

    def _row(self, driver: Driver) -> tuple[str, ...]:
        lane, said = driver.lanes[0], self._said[driver.hop]
        orders = in_words(self._hotel.orders_at(lane.id), at_work(self._hotel, lane))
        answered = self._answered(driver)
        if isinstance(said, CallFailed):
            return lane.name, "", "", "", orders, answered, f"does not answer: {said.reason}"
        state = f"{said.model}: {said.state}" if said.model else said.state
        copies = "" if said.copies is None else str(said.copies)
        return lane.name, said.pdf, copies, formats(said.formats), orders, answered, state

    def _answered(self, driver: Driver) -> str:
        if driver.last_answer is None:
            return "never"
        return f"{duration(max(0.0, self._clock() - driver.last_answer))} ago"


def in_words(orders: Sequence[Record], doing: str) -> str:
    """What is under way, and how many wait; "" for nothing."""
    is_at_it = any(order.state is State.DISPATCHED for order in orders)
    waiting = sum(order.state in (State.WAITING, State.CLAIMED) for order in orders)
    words = [(doing or "at work") if is_at_it else "", f"{waiting} wait" if waiting else ""]
    return ", ".join(filter(None, words))


def formats(listed: tuple[str, ...]) -> str:
    """Formats as people call them."""
    return ", ".join(_SHORT.get(each, each) for each in listed if each != _NO_PROMISE)


def _counted(number: int) -> str:
    return "1 printer" if number == 1 else f"{number} printers"
