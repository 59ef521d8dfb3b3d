"""`nightporter simulate KIND --listen HOST:PORT [switches]`: a simulator as a program, every switch as a flag.

Must never show a traceback for a user's mistake: each is a `UserMistake` of one sentence. Signals end it cleanly.
"""

import argparse
import errno
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import trio

from agent.foundation.arguments import PlainParser
from agent.foundation.errors import UserMistake, reason_of
from agent.simulators.base.control import CONTROL, decoded
from agent.simulators.base.forms import add_flags, from_flags
from agent.simulators.base.server import serve, serve_silence
from agent.simulators.base.simulator import CommonSwitches, Simulator
from agent.simulators.coder_bridge.like import LikeRecording, Recorded, read
from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from agent.simulators.coder_bridge.switches import CoderBridgeSwitches
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.mews.switches import MewsSwitches
from agent.simulators.printer.raw import serve_raw
from agent.simulators.printer.simulator import PrinterSimulator
from agent.simulators.printer.switches import PrinterSwitches
from agent.simulators.printer.web import PATH
from agent.simulators.visionline.simulator import VisionlineSimulator
from agent.simulators.visionline.switches import VisionlineSwitches
from provisioning.host_port import host_and_port

SWITCHES: dict[str, type[CommonSwitches]] = {
    "mews": MewsSwitches,
    "coder-bridge": CoderBridgeSwitches,
    "visionline": VisionlineSwitches,
    "printer": PrinterSwitches,
}
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `simulate` takes: `kind`, then `--listen`, `--fail` and the flags of that kind.

    Parsing raises UserMistake for a flag that does not exist.
    """
    kinds = parser.add_subparsers(dest="kind", metavar="|".join(SWITCHES), required=True, parser_class=PlainParser)
    for kind, switches in SWITCHES.items():
        of_kind = kinds.add_parser(kind, help=f"a simulated {kind}")
        of_kind.add_argument("--listen", default="127.0.0.1:0", metavar="HOST:PORT", help="port 0: any free one")
        of_kind.add_argument(
            "--fail", action="append", default=[], metavar="JSON", help=f"trouble, as POST {CONTROL}/fail takes it"
        )
        if kind == "visionline":
            of_kind.add_argument("--pms-listen", metavar="HOST:PORT", help="a port beside it that says nothing")
        if kind == "coder-bridge":
            of_kind.add_argument("--like", metavar="RECORDING", help="answer in the shapes of a site's recording")
        if kind == "printer":
            of_kind.add_argument("--raw", metavar="HOST:PORT", help="a port 9100 beside it")
        add_flags(of_kind.add_argument_group("switches"), switches)


async def run(
    kind: str, listen: str, arguments: argparse.Namespace, say: Callable[[str], None] | None = None
) -> None:
    """Serve until a signal comes; `say` gets the one line with the addresses.

    Raises UserMistake for a bad flag, a bad address and a port that cannot be had.
    """
    simulator = _simulator(kind, arguments)
    for text in arguments.fail:
        simulator.script(_form(text))
    simulator.tls()  # a certificate that cannot be made is said before a port is open
    mistake: UserMistake | None = None
    with trio.open_signal_receiver(*_SIGNALS) as signals:
        async with trio.open_nursery() as nursery:
            try:
                hints = await _open_ports(nursery, simulator, listen, arguments)
            except UserMistake as found:
                mistake = found
            else:
                (say or _print)(f"{kind} simulator on {', '.join(hints)} (Ctrl-C ends it)")
                await anext(aiter(signals))
            nursery.cancel_scope.cancel()
    if mistake is not None:
        raise mistake


async def _open_ports(
    nursery: trio.Nursery, simulator: Simulator[Any], listen: str, arguments: argparse.Namespace
) -> list[str]:
    """Open all ports; what is told of them. Raises UserMistake."""
    address = await _open(nursery, listen, serve, simulator)
    scheme, pin = simulator.switches.tls.scheme, simulator.certificates.sha256(simulator.switches.tls)
    hints = [f"{scheme}://{address}", *([f"certificate SHA-256 {pin}"] if pin else [])]
    if isinstance(simulator, VisionlineSimulator) and arguments.pms_listen is not None:
        silent = await _open(nursery, arguments.pms_listen, serve_silence, simulator.pms_presence)
        hints.append(f"PMS interface on {silent}")
    if isinstance(simulator, PrinterSimulator):
        hints.append(f"IPP at {'ipps' if pin else 'ipp'}://{address}{PATH}")
        if arguments.raw is not None:
            raw = await _open(nursery, arguments.raw, serve_raw, simulator)
            hints.append(f"raw at socket://{raw}")
    return [*hints, f"control side: {scheme}://{address}{CONTROL}/"]


async def _open(nursery: trio.Nursery, listen: str, service: Callable[..., Any], subject: object) -> str:
    """Have a service listen; its real address. Raises UserMistake for one that cannot be had."""
    host, port = _address(listen)
    try:
        real_port = await nursery.start(service, subject, host, port)
    except OSError as error:
        raise UserMistake(f"cannot listen on {listen}: {_reason(error)}") from None
    return f"{f'[{host}]' if ':' in host else host}:{real_port}"


def _simulator(kind: str, arguments: argparse.Namespace) -> Simulator[Any]:
    if kind == "mews":
        return MewsSimulator(from_flags(MewsSwitches, arguments))
    if kind == "visionline":
        return VisionlineSimulator(from_flags(VisionlineSwitches, arguments))
    if kind == "printer":
        return PrinterSimulator(from_flags(PrinterSwitches, arguments))
    bridge = from_flags(CoderBridgeSwitches, arguments)
    return LikeRecording(_recording(arguments.like), bridge) if arguments.like else CoderBridgeSimulator(bridge)


def _recording(file: str) -> tuple[Recorded, ...]:
    try:
        content = Path(file).read_bytes()
    except OSError as error:
        raise UserMistake(f"--like: {file} cannot be read: {reason_of(error)}") from None
    return read(content, file)


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
