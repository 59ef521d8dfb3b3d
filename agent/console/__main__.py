"""`python -OO -m agent.console`: all serial lines of a box, its lights and its button, in one process."""

import signal
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import trio

from agent.console.box import box_itself
from agent.console.front import Front
from agent.console.helper import Helper
from agent.console.panel.button import Press
from agent.console.server import ConsoleServer
from agent.handover.helper import ConfirmNetwork, Done, End, FactoryReset, Request, SetNetwork
from board.linux import LinuxBoard
from board.serial_line import SPEED

PRESS_SECONDS = 120.0  # s; after that the button is free again, whatever the helper does


def main() -> None:
    """Serve until systemd ends it."""
    for number in (signal.SIGHUP, signal.SIGINT):  # a line that is gone, or Ctrl-C on one, ends no process
        signal.signal(number, signal.SIG_IGN)
    trio.run(serve, LinuxBoard())


async def serve(board: LinuxBoard) -> None:
    """Serve this machine's lines, lights and button."""
    box = box_itself(board)
    front = Front(board.lights(), _acts(box.helper, lambda: box.name))
    box.identify = front.identify
    server = ConsoleServer(box, front.hear)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(front.run, board.button)
        await server.serve_all(
            board.serial_lines, lambda name: board.open_serial(name, SPEED), board.watch_devices()
        )


def _acts(helper: Helper, get_name: Callable[[], str]) -> Mapping[Press, Callable[[], Awaitable[None]]]:
    return {
        Press.LONG: partial(_have_done, helper, lambda: (SetNetwork(), ConfirmNetwork())),
        Press.VERY_LONG: partial(_have_done, helper, lambda: (FactoryReset(get_name()),)),
    }


async def _have_done(helper: Helper, requests: Callable[[], tuple[Request, ...]]) -> None:
    """One after the other, as long as it goes well; the helper says in its steps what it does."""
    with trio.move_on_after(PRESS_SECONDS):
        for request in requests():
            done: Done = await helper.ask(request, lambda _: None)
            if done.end is not End.DONE:
                return


if __name__ == "__main__":
    main()
