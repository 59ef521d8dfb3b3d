"""What happens in one round of the kill runs: a busy front desk with most of the trouble that there is.

Every command has a room or a document of its own, so that each card and each sheet can be laid to one command.
Must not take long: there are many rounds, so a card takes 20 ms, a side of paper as much, and whatever waits for a
person takes a fraction of a second.
"""

import trio

from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from agent.simulators.mews.operations import UPDATE
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.printer.simulator import PrinterSimulator
from agent.simulators.visionline.simulator import VisionlineSimulator
from tests.e2e.processes import RealHotel
from tests.print_hotel import LABELS, OFFICE, base64, pdf

CARD_SECONDS = 0.02  # s; time enough for a kill to hit between call and card
SIDE_SECONDS = 0.02  # s
SHEETS = 2  # in the tray at the start: it runs out in the second document
PERSON_SECONDS = 0.2  # s until somebody fills the tray
ENCODERS = 4  # of the Coder Bridge
VISIONLINE_ENCODERS = 2
_CUTTERS = (
    *(str(1 + number) for number in range(ENCODERS)),
    *(f"bar{1 + it}" for it in range(VISIONLINE_ENCODERS)),
)
_NOT_SET_UP = "99"
_PANEL_PAGES = 30  # of the document that a person stops at the printer; no other has so many
# By IPP: pages and copies, in this order. One answer is lost, one request comes to nothing, one is stopped.
_DOCUMENTS = ((1, 1), (2, 2), (1, 3), (_PANEL_PAGES, 1))
_LOST_ANSWER, _LOG_IN_WANTED = 1, 2


def order(hotel: RealHotel, commands: int = 18) -> None:
    """Put all orders into Mews at once, and the trouble into all servers. Today's Mews takes 200 calls in 30 s."""
    hotel.bridge.switch(card_seconds=CARD_SECONDS)
    hotel.visionline.switch(card_seconds=CARD_SECONDS)
    for number in range(commands):
        cutter, rooms = _CUTTERS[number % len(_CUTTERS)], [str(101 + number)]
        hotel.mews.add_key(cutter, rooms, _copies(number), ApiUrl=hotel.visionline_server)
    hotel.mews.add_key(_NOT_SET_UP, ["901"])
    hotel.mews.add_key("1", ["902"], 0)
    _order_documents(hotel.mews, hotel.printer)
    _trouble_at_the_bridge(hotel.bridge)
    _trouble_at_visionline(hotel.visionline)
    _trouble_in_mews(hotel.mews)


async def serve_printer(printer: PrinterSimulator) -> None:
    """A person at the printer: fills its tray once it is empty, and presses the red button for one document."""
    async with trio.open_nursery() as nursery:
        nursery.start_soon(_fill, printer)
        nursery.start_soon(_press, printer)


async def _fill(printer: PrinterSimulator) -> None:
    await printer.engine.wait_until(lambda: printer.engine.is_out_of_paper)
    await trio.sleep(PERSON_SECONDS)
    printer.engine.fill(None)


async def _press(printer: PrinterSimulator) -> None:
    def is_at_it() -> bool:
        job = printer.engine.jobs.current
        return job is not None and job.pages == _PANEL_PAGES and job.sides > 0

    await printer.engine.wait_until(is_at_it)
    printer.press_cancel()


def _order_documents(mews: MewsSimulator, printer: PrinterSimulator) -> None:
    """Those that are printed, one for port 9100, and two that cannot be."""
    printer.switch(page_seconds=SIDE_SECONDS, sheets=SHEETS, queue=4)  # it would take a document twice
    documents = enumerate(_DOCUMENTS)
    ids = [mews.add_print(OFFICE, base64(pdf(number, pages)), copies) for number, (pages, copies) in documents]
    printer.fail("drop", "print-job", match={"job-name": ids[_LOST_ANSWER]}, calls=1, when="after")
    printer.fail("401", "print-job", match={"job-name": ids[_LOG_IN_WANTED]}, calls=1)
    mews.add_print(LABELS, base64(pdf(100)), 2)
    mews.add_print("Nowhere", base64(pdf(101)))
    mews.add_print(OFFICE, base64(b"MZ no document at all"))


def _copies(number: int) -> int:
    return {0: 3, 7: 2, 14: 3, 16: 3}.get(number, 1)  # the last one by VisiOnline


def _trouble_at_the_bridge(bridge: CoderBridgeSimulator) -> None:
    bridge.script({"kind": "unknown-room", "match": {"room": "104"}, "calls": 1})
    bridge.script({"kind": "no-card", "match": {"room": "110"}, "calls": 1, "seconds": 0.2})
    for kind, room, when in (("drop", "107", "after"), ("html-500", "109", "before")):
        bridge.fail(kind, "guest_key", match={"room": room}, calls=1, when=when)
    bridge.fail("drip", "guest_key", match={"room": "113"}, calls=1, when="after", seconds=0.004)


def _trouble_at_visionline(visionline: VisionlineSimulator) -> None:
    visionline.fail("unknown-door", "cards", match={"door": "105"}, calls=1)
    visionline.fail("no-card", "cards", match={"door": "106"}, calls=1, seconds=0.2)
    visionline.fail("interrupted", "cards", match={"door": "112"}, calls=1, written=True)
    for kind, door, when in (("drop", "111", "after"), ("html-500", "118", "before"), ("401", "117", "before")):
        visionline.fail(kind, "cards", match={"door": door}, calls=1, when=when)


def _trouble_in_mews(mews: MewsSimulator) -> None:
    """Answers that are lost after the update took place, and updates that come to nothing."""
    ids = [command.id for command in mews.commands]
    for number, state, kind, when in (
        (2, "Processing", "drop", "after"),
        (6, "Processing", "500", "before"),
        (9, "Processed", "drop", "after"),
        (11, "Processed", "500", "before"),
        (15, "Processing", "reset", "after"),
    ):
        if number < len(ids):
            match = {"CommandId": ids[number], "State": state}
            mews.fail(kind, UPDATE, match=match, when=when, calls=1)
