"""Serves the page that acts of a made-up box: `python -m tests.browser.show_acting FOLDER` prints its address.

A stand-in for the box's root helper says what it was asked for, and ends at the next line of input, as slow as the
real one. `--port` is where it listens; the certificate stays in the folder.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from pathlib import Path

import trio

from agent.control.acts import Acts
from agent.control.desk import Desk
from agent.control.hub import Hub
from agent.handover.helper import Done, End, Request, Update
from agent.status.acting import certificate
from agent.status.acting.web import ActingPage, acting_app
from agent.status.server.address import bind
from agent.status.server.serving import serve_listener
from tests.control.fake_hotel import FakeHotel, FakeRows
from tests.status.acting.test_box_acts import face_in


class ToldHelper:
    """Ends what it was asked for when it is told to."""

    async def ask(self, request: Request, hear: Callable[[str], None]) -> Done:
        """Say what it is, wait for a line, and say so again."""
        what = type(request).__name__
        if isinstance(request, Update):
            what += f" of {(await trio.Path(request.source).stat()).st_size} bytes"
        hear(f"{what} has begun.")
        await trio.to_thread.run_sync(sys.stdin.readline, abandon_on_cancel=True)
        return Done(End.DONE, f"{what} is done.")


async def show(folder: Path, port: int) -> None:
    """Until it is killed."""
    hub = Hub()
    desk = Desk(FakeHotel(), hub, Acts(FakeRows(), hub, lambda: 7))
    pem = certificate.ensure(folder, ("aurora",))
    async with trio.open_nursery() as nursery:
        face = face_in(folder, ToldHelper(), desk, nursery)
        listener, app = await bind(f"127.0.0.1:{port}"), acting_app(ActingPage(face))
        await nursery.start(partial(serve_listener, listener, app, tls=certificate.context_of(pem)))
        print(f"https://127.0.0.1:{listener.socket.getsockname()[1]}/", flush=True)


if __name__ == "__main__":
    parser = ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=0)
    asked = parser.parse_args()
    trio.run(show, asked.folder, asked.port)
