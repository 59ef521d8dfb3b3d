"""[[printers]] without IPP, each behind a queue that the box itself makes: `device` and `model` beside its uri.

Source: reference/printing.md sections 3 and 4.3 (CUPS on the loopback). Nothing is connected to.
"""

import re

from provisioning.addresses import Address, address
from provisioning.model import Printer
from provisioning.problems import Wrong
from provisioning.spelling import nearest
from provisioning.table import Table

QUEUE = "ipp://127.0.0.1:631/printers/back-office"  # an example
DEVICE = "socket://10.4.5.31:9100"  # an example
_HOST, _PORT = "127.0.0.1", 631
_FOLDER = "/printers/"
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_OWN_NAMES = ("device", "model")
# Of the descriptions that come with CUPS (sample.drv) those of printers that print on sheets.
_KINDS = ("laserjet", "generpcl", "generic", "deskjet", "epson9", "epson24", "okidata9", "okidat24")
MODELS = tuple(f"drv:///sample.drv/{kind}.ppd" for kind in _KINDS)


def socket(found: Address) -> str:
    """The address of a printer that takes bytes as they come. Raises `Wrong`."""
    if found.port is None:
        raise Wrong("has no port", f'Write "{found.origin}:9100"')
    if found.path.strip("/"):
        raise Wrong("goes on after the port", f'Write "{found.origin}"')
    return found.origin


def device(text: str) -> str:
    """Where the queue sends what it has made. Raises `Wrong`."""
    return socket(address(text, ("socket",), DEVICE))


def model(text: str) -> str:
    """One of `MODELS`. Raises `Wrong`."""
    if text in MODELS:
        return text
    meant = nearest(text, MODELS) or nearest(text, _KINDS)
    write = f'Write "{MODELS[_KINDS.index(meant)] if meant in _KINDS else meant or MODELS[0]}"'
    raise Wrong(
        "is no description of a printer that comes with the box", f"{write}, or one of {', '.join(_KINDS)}"
    )


def queue_name(uri: str) -> str | None:
    """The name of the queue of this machine that a checked address means, "" where none can have it; None for an
    address of the network."""
    found = address(uri, ("ipp", "ipps", "socket"), QUEUE)
    if found.scheme != "ipp" or found.host != _HOST or found.port not in (None, _PORT):
        return None
    if not found.path.startswith(_FOLDER):
        return None
    name = found.path.removeprefix(_FOLDER)
    return name if _NAME.fullmatch(name) else ""


def check_queue(table: Table, printer: Printer) -> None:
    """Whether `device` and `model` are there where the box makes the queue, and nowhere else."""
    name = queue_name(printer.uri)
    written = [each for each in _OWN_NAMES if table.has(each)]
    if name is None:
        if written:
            wrong = "is for a queue of the box itself, and uri is the address of another printer"
            table.error(written[0], wrong, f"Write an address like {QUEUE} in uri, or take device and model out")
    elif not written:
        wrong = "is a queue of the box itself, which it makes only with device and model"
        table.warn("uri", wrong, "Write the printer's own address in device, and what it understands in model")
    elif not name:
        wrong = "does not end with a name of 1 to 63 lower-case letters, digits and inner hyphens"
        table.error("uri", wrong, f'Write something like "{QUEUE}"')
    else:
        for each, like in zip(_OWN_NAMES, (DEVICE, MODELS[0]), strict=True):
            if each not in written:
                table.error(each, "is missing, and the box makes no queue without", f'Write {each} = "{like}"')
