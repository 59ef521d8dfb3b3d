"""Which errand carries out a verb about printers. Decides nothing else."""

from agent.control.errands.errand import Errand, Tell
from agent.control.errands.page import PageErrand
from agent.control.errands.printer_list import PrinterListErrand
from agent.control.errands.printer_search import PrinterSearchErrand
from agent.control.hotel import Hotel
from agent.control.words.requests import PageOrder, PrinterList, PrinterSearch, PrintRequest


def print_errand(request: PrintRequest, order: str, by: str, hotel: Hotel, tell: Tell) -> Errand:
    """The errand; `order` is the id of the order that it may give, for `by`."""
    match request:
        case PrinterSearch():
            return PrinterSearchErrand(hotel, tell)
        case PrinterList():
            return PrinterListErrand(hotel, tell)
        case PageOrder(lane=lane):
            return PageErrand(lane, order, by, hotel, tell)
