"""The simulated VisiOnline, whole: its web API, and its control side under `/_sim`."""

from agent.simulators.base.control import Route
from agent.simulators.visionline import control
from agent.simulators.visionline.operations import VisionlineOperations


class VisionlineSimulator(VisionlineOperations):
    """What `nightporter simulate` serves, and tests talk to."""

    def _routes(self) -> list[Route]:
        return super()._routes() + control.routes(self)
