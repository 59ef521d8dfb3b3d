"""Serves one of the looks: `python -m tests.browser.show NAME` prints the address. It ends with its input.

`--port` is where it listens, `--build` what it says the page is made by.
"""

import sys
from argparse import ArgumentParser
from functools import partial

import trio

from agent.languages.choice import chosen
from agent.status import drawn
from agent.status.looking import Looking
from agent.status.server.address import bind
from agent.status.server.serving import serve_listener
from agent.status.web import looking_app
from tests.browser.looks import LOOKS


async def show(name: str, port: int, build: str) -> None:
    """Until it is cancelled."""
    made = LOOKS[name]()
    looking = Looking(
        lambda: made,
        lambda: made.box.name,
        language=partial(chosen, default="en"),
        build=(lambda: build) if build else drawn.build,
    )
    async with trio.open_nursery() as nursery:
        listener = await bind(f"127.0.0.1:{port}")
        await nursery.start(partial(serve_listener, listener, looking_app(looking)))
        print(f"http://127.0.0.1:{listener.socket.getsockname()[1]}/", flush=True)
        await trio.to_thread.run_sync(sys.stdin.read, abandon_on_cancel=True)
        nursery.cancel_scope.cancel()


if __name__ == "__main__":
    parser = ArgumentParser()
    parser.add_argument("name", choices=LOOKS)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--build", default="")
    asked = parser.parse_args()
    trio.run(show, asked.name, asked.port, asked.build)
