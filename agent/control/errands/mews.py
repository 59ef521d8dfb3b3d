"""Which errand carries out a verb about Mews. Decides nothing else."""

from agent.control.errands.at_once import AtOnce
from agent.control.errands.errand import Errand, Tell
from agent.control.errands.hop_test import HopTestErrand
from agent.control.errands.mews_lists import MewsLists
from agent.control.errands.mews_order import MewsOrderErrand
from agent.control.hotel import Hotel
from agent.control.words.requests import HopTest, MewsOrder, MewsRequest, MewsTest
from agent.control.words.told import End, Result

_NO_FILE = "There is no Mews to ask: the box has no provisioning file."


def mews_errand(request: MewsRequest, hotel: Hotel, tell: Tell) -> Errand:
    """The errand."""
    enquiries = hotel.enquiries
    if enquiries is None:
        return AtOnce(lambda: Result(End.FAILED, _NO_FILE))
    match request:
        case MewsOrder():
            return MewsOrderErrand(request, enquiries, hotel, tell)
        case MewsTest():
            return MewsLists(request, enquiries, hotel, tell, before=HopTestErrand(HopTest("mews"), hotel, tell))
        case _:
            return MewsLists(request, enquiries, hotel, tell)
