"""`prepare`: makes the box ready at each start, as root, before the network and everything of ours.

What a person or a disk did never ends it: each step says what is wrong and goes on. A bug is a crash.
"""

from agent.box.boot import boot_reason, clock, storage
from agent.box.setup import apply, identity, take
from agent.box.tools import programs
from agent.box.tools.paths import Places


def main() -> None:
    """The steps of a start, on this machine."""
    run(Places())


def run(places: Places, run: programs.Run = programs.run, user: str = storage.USER) -> None:
    """The steps in their order: each leaves what the next ones look for. `user` is the agent's."""
    storage.run(places, run, user)
    clock.run(places)  # before anything is written that has a time
    boot_reason.run(places)
    identity.run(places)
    take.run(places, run)
    apply.run(places, run)
