"""`nightporter simulate KIND --listen HOST:PORT [switches]`: a simulator as a program, every switch as a flag.

Must never show a traceback for a user's mistake: each is a `UserMistake` of one sentence. Signals end it cleanly.
"""

import argparse
import errno
import signal
import sys
from collections.abc import Callable
from typing import Any

import trio

from agent.foundation.arguments import PlainParser
from agent.foundation.errors import UserMistake
from agent.simulators.base.control import CONTROL, decoded
from agent.simulators.base.forms import add_flags, from_flags
from agent.simulators.base.server import serve
from agent.simulators.base.simulator import CommonSwitches, Simulator
from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from agent.simulators.coder_bridge.switches import CoderBridgeSwitches
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.mews.switches import MewsSwitches
from provisioning.host_port import host_and_port

SWITCHES: dict[str, type[CommonSwitches]] = {"mews": MewsSwitches, "coder-bridge": CoderBridgeSwitches}
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `simulate` takes: `kind`, then `--listen`, `--fail` and the flags of that kind.

    Parsing raises UserMistake for a flag that does not exist.
    """
    kinds = parser.add_subparsers(
        dest="kind", metavar="mews|coder-bridge", required=True, parser_class=PlainParser
    )
    for kind, switches in SWITCHES.items():
        of_kind = kinds.add_parser(kind, help=f"a simulated {kind}")
        of_kind.add_argument("--listen", default="127.0.0.1:0", metavar="HOST:PORT", help="port 0: any free one")
        of_kind.add_argument(
            "--fail", action="append", default=[], metavar="JSON", help=f"trouble, as POST {CONTROL}/fail takes it"
        )
        add_flags(of_kind.add_argument_group("switches"), switches)


async def run(
    kind: str, listen: str, arguments: argparse.Namespace, say: Callable[[str], None] | None = None
) -> None:
    """Serve until a signal comes; `say` gets the one line with the address.

    Raises UserMistake for a bad flag, a bad address and a port that cannot be had.
    """
    host, port = _address(listen)
    simulator = _simulator(kind, arguments)
    for text in arguments.fail:
        simulator.script(_form(text))
    refused: OSError | None = None
    with trio.open_signal_receiver(*_SIGNALS) as signals:
        async with trio.open_nursery() as nursery:
            try:
                real_port = await nursery.start(serve, simulator, host, port)
            except OSError as error:
                refused = error
            else:
                (say or _print)(_hint(kind, host, real_port))
                await anext(aiter(signals))
            nursery.cancel_scope.cancel()
    if refused is not None:
        raise UserMistake(f"cannot listen on {listen}: {_reason(refused)}")


def _simulator(kind: str, arguments: argparse.Namespace) -> Simulator[Any]:
    if kind == "mews":
        return MewsSimulator(from_flags(MewsSwitches, arguments))
    return CoderBridgeSimulator(from_flags(CoderBridgeSwitches, arguments))


def _hint(kind: str, host: str, port: int) -> str:
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    return f"{kind} simulator on {address}, control side: {address}{CONTROL}/ (Ctrl-C ends it)"


def _address(listen: str) -> tuple[str, int]:
    found = host_and_port(listen)
    host = found[0].removeprefix("[").removesuffix("]") if found else ""
    if not found or not host:
        raise UserMistake(f"{listen!r} is no address to listen on: write HOST:PORT, for example 127.0.0.1:7331")
    return host, found[1]


def _reason(error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return "another program has this port, choose another one"
        case errno.EACCES:
            return "not permitted, choose a port above 1023"
        case errno.EADDRNOTAVAIL:
            return "this machine does not have that address"
    return "there is no such address"


def _form(text: str) -> dict[str, object]:
    form = decoded(text.encode())
    if form is None:
        raise UserMistake(
            f'--fail takes a JSON object, for example {{"kind": "500", "calls": 3}}, not {text[:60]!r}'
        )
    return form


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
