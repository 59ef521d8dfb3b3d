"""A network printer: a document of Mews becomes paper, by IPP and through a queue of the box itself."""

from agent.simulators.printer.prints import Print
from tests.image.emulator.hotel import BACK, FRONT, PRINTERS, Key
from tests.image.emulator.machine import Machine
from tests.image.emulator.patience import until
from tests.image.scenarios.bench import Bench

PRINT_SECONDS = 240.0  # s; an emulated processor draws a page in some
AGENT_MB, CUPS_MB = 368.0, 192.0  # MemoryHigh of both units
_A4 = b"\x1b&l26A"  # PCL: the size of the paper
_SPOOL = "ls /run/nightporter-queues/spool"


def a_document_of_mews_becomes_paper_at_a_network_printer(bench: Bench) -> None:
    """A page drawn by the box goes over IPP, another through CUPS to port 9100; no document is left in the box."""
    machine = bench.fresh(bench.hotel.file() + PRINTERS)
    bench.start(machine)
    by_ipp = _printed(bench, bench.hotel.order_print(FRONT))
    bench.record.check(by_ipp.format == "image/pwg-raster", "the box has drawn it", by_ipp.format)
    through_cups = _printed(bench, bench.hotel.order_print(BACK), by_name=False)
    is_pcl = _A4 in (through_cups.document or b"")
    bench.record.check(is_pcl, "CUPS has made PCL of it, on A4", (through_cups.document or b"")[:200])
    _measure(bench, machine)
    until(
        lambda: not any(name.startswith("d") for name in machine.sh(_SPOOL).split()),
        60.0,
        "a spool without documents",
        2.0,
    )
    bench.record.say(f"left in CUPS' spool: {machine.sh(_SPOOL).split()}")
    bench.prove_key()
    bench.settle()
    bench.discard()  # what comes after it expects the usual file


def _printed(bench: Bench, order: Key, *, by_name: bool = True) -> Print:
    """The one paper of an order, which has to be reported as well."""
    before = len(bench.hotel.papers())
    command = bench.hotel.ended(order, PRINT_SECONDS)
    found = [paper for paper in bench.hotel.papers() if paper.job_name == order.id] if by_name else []
    found = found or bench.hotel.papers()[before:]
    is_good = command.state == "Processed" and len(found) == 1
    words = f"{command.state}, {len(found)} papers, note: {command.notes}"
    bench.record.check(is_good, f"an ordered document comes out once (room {order.room})", words)
    assert found, words
    return found[0]


def _measure(bench: Bench, machine: Machine) -> None:
    for unit, most in (("nightporter", AGENT_MB), ("nightporter-queues", CUPS_MB)):
        peak = int(machine.sh(f"systemctl show -P MemoryPeak {unit}.service")) / (1 << 20)
        bench.record.measure(f"most memory of {unit}.service while it printed", peak, "MB", at_most=most)
