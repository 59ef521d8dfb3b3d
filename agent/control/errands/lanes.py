"""The lane that a request names: a new file may have taken it away since."""

from agent.commands.driver import Lane, Prints
from agent.control.hotel import Hotel
from agent.control.words.told import End, Result


def lane_of(hotel: Hotel, id: str) -> Lane | None:
    """The lane, where there still is one."""
    return next((lane for lane in hotel.lanes if lane.id == id), None)


def at_work(hotel: Hotel, lane: Lane) -> str:
    """What a printer does with the document under way, in words behind its name and a colon; "" for nothing."""
    mine = (driver for driver in hotel.printers if driver.hop == lane.driver)
    return next((driver.at_work for driver in mine if isinstance(driver, Prints)), "")


def gone(id: str) -> Result:
    """What becomes of a request for what is there no longer."""
    return Result(End.FAILED, f"{id} is not in the provisioning file any more.")
