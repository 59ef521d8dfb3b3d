"""Puts the active provisioning file to work on a running box: what is derived from it is written again, and only
the programs that what changed concerns are told. No restart of the box; the agent finishes a running key first.

What a program refuses is said, and the others are told all the same.
"""

from collections.abc import Iterator

from agent.box.setup import apply
from agent.box.tools import programs
from agent.box.tools.paths import Paths
from agent.box.tools.programs import ProgramTrouble
from agent.handover import steps
from board.networkd_apply import NetworkdApplier

_SECONDS = 60.0  # s; systemd and networkd only take the order

_CHRONY = ("chronyc", "reload", "sources")
_NFT = ("systemctl", "reload-or-restart", "nftables.service")
_AVAHI = ("systemctl", "try-restart", "--no-block", "avahi-daemon.service")
_QUEUES = "nightporter-queues.service"
# What it prints goes on, while its queues are put right; a CUPS without any queue ends.
_QUEUES_CHANGE = ("systemctl", "reload-or-restart", "--no-block", _QUEUES)
_QUEUES_GO = ("systemctl", "stop", "--no-block", _QUEUES)
_AGENT = ("systemctl", "restart", "--no-block", "nightporter.service")
# The agent and the away page hold the socket: systemd ends them before it, and starts the agent after it.
_SOCKET = ("systemctl", "restart", "--no-block", "nightporter-page.socket", "nightporter.service")


def put_to_work(paths: Paths, run: programs.Run = programs.run, *, restarts_agent: bool = True) -> None:
    """Apply the active file. Raises `OSError` for `/run` alone."""
    changes = apply.apply_file(paths, run)
    if changes.network:
        bring_up_network(paths, run)
    for argv in _orders(changes, restarts_agent, has_queues=paths.queues_wanted.is_file()):
        ask(paths, run, argv)


def bring_up_network(paths: Paths, run: programs.Run) -> None:
    """Have networkd take up its settings."""
    applier(paths, run).bring_up()


def applier(paths: Paths, run: programs.Run) -> NetworkdApplier:
    """What puts network settings to use on this box."""
    return NetworkdApplier(lambda argv: ask(paths, run, argv), paths.network, paths.interfaces)


def ask(paths: Paths, run: programs.Run, argv: tuple[str, ...]) -> bool:
    """Run a program; what goes wrong is a step. Whether it did what it was asked."""
    try:
        run(argv, timeout=_SECONDS)
    except ProgramTrouble as trouble:
        steps.say(f"settings: not all is in use before the next start ({trouble})", paths.steps)
        return False
    return True


def _orders(changes: apply.Changes, restarts_agent: bool, *, has_queues: bool) -> Iterator[tuple[str, ...]]:
    if changes.chrony:
        yield _CHRONY
    if changes.nft:
        yield _NFT
    if changes.avahi:
        yield _AVAHI
    if changes.queues:
        yield _QUEUES_CHANGE if has_queues else _QUEUES_GO
    if changes.socket:
        yield _SOCKET
    elif restarts_agent:
        yield _AGENT
