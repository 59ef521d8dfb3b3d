"""The simulated Coder Bridge, whole: its slots, and its control side under `/_sim`."""

from agent.simulators.base.control import Route
from agent.simulators.coder_bridge import control
from agent.simulators.coder_bridge.operations import CoderBridgeOperations


class CoderBridgeSimulator(CoderBridgeOperations):
    """What `nightporter simulate` serves, and tests talk to."""

    def _routes(self) -> list[Route]:
        return super()._routes() + control.routes(self)
