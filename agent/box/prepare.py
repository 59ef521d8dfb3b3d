"""`prepare`: makes the box ready at each start, as root, before the network and everything of ours.

What a person or a disk did never ends it: each step says what is wrong and goes on. A bug is a crash.
"""

from collections.abc import Callable

from agent.box.boot import boot_reason, clock, storage
from agent.box.setup import apply, identity, take
from agent.box.tools import programs
from agent.box.tools.paths import Paths
from board.identity import Identity, read_identity


def main() -> None:
    """The steps of a start, on this machine."""
    make_ready(Paths())


def make_ready(
    paths: Paths,
    run: programs.Run = programs.run,
    user: str = storage.USER,
    who: Callable[[], Identity] = read_identity,
) -> None:
    """The steps in their order: each leaves what the next ones look for. `user` is the agent's.

    `who` reads what the maker wrote down, of which some is root's alone.
    """
    storage.mount_data(paths, run, user)
    clock.set_forward(paths)  # before anything is written that has a time
    boot_reason.tell_last(paths)
    identity.ensure(paths)
    identity.tell(paths, who())
    take.take_offer(paths, run)
    apply.apply_file(paths, run)
