"""The simulated Mews, whole: its operations, and its control side under `/_sim`."""

from agent.simulators.base.control import Route
from agent.simulators.mews import control, hotel_control
from agent.simulators.mews.operations import MewsOperations


class MewsSimulator(MewsOperations):
    """What `nightporter simulate` serves, and tests talk to."""

    def _routes(self) -> list[Route]:
        return super()._routes() + control.routes(self) + hotel_control.routes(self)
