"""From the bytes of a provisioning file to its values, or to everything that is wrong with it.

Never raises for what is in the file, and no problem repeats a secret of it. Design 3.2 is the contract.
"""

from collections.abc import Iterator

import msgspec

from provisioning import model
from provisioning.document import Document, decode, parse
from provisioning.ledger import SECRET_NAMES, Ledger, Place, is_secret_name
from provisioning.positions import Positions
from provisioning.problems import Level, Problem, kind
from provisioning.rules.box import read_box
from provisioning.rules.doors import read_doors
from provisioning.rules.encoders import EncoderRules
from provisioning.rules.locks import read_coder_bridge, read_visionline
from provisioning.rules.mews import read_mews
from provisioning.rules.network import read_network
from provisioning.rules.printers import read_printers
from provisioning.rules.settings import read_limits, read_page, read_support
from provisioning.rules.sync import check_room_sync, read_drill, read_room_sync
from provisioning.rules.telemetry import read_telemetry
from provisioning.rules.trust import read_console, read_signing
from provisioning.sections import homes
from provisioning.table import Table


class Reading(msgspec.Struct, frozen=True):
    """`provisioning` is None exactly when a problem is an error; problems are in the order of reading."""

    provisioning: model.Provisioning | None
    problems: tuple[Problem, ...]


def read(text: bytes) -> Reading:
    """Read a file's content, with all its problems at once."""
    decoded = decode(text)
    if isinstance(decoded, Problem):
        return Reading(None, (decoded,))
    document = parse(decoded)
    if isinstance(document, Problem):
        return Reading(None, (document,))
    ledger = Ledger(frozenset(_secrets(document)), Positions(decoded))
    provisioning = _provisioning(Table(document, model.Provisioning, ledger))
    has_error = any(problem.level is Level.ERROR for problem in ledger.problems)
    return Reading(None if has_error else provisioning, tuple(ledger.problems))


def _provisioning(document: Table) -> model.Provisioning:
    _check_format(document)
    encoders = EncoderRules(document)
    network = read_network(document.table("network", model.Network))
    own = network.address or None
    limits = read_limits(document.table("limits", model.Limits))
    box = read_box(document.table("box", model.Box))
    support = read_support(document.table("support", model.Support))
    mews = read_mews(document.table("mews", model.Mews), limits.key_age_seconds)
    sync_table = document.table("room_sync", model.RoomSync)
    room_sync = read_room_sync(sync_table)
    bridge = read_coder_bridge(document, encoders, own, room_sync)
    check_room_sync(sync_table, room_sync, bridge)
    provisioning = model.Provisioning(
        format=model.FORMAT,
        box=box,
        support=support,
        network=network,
        mews=mews,
        coder_bridge=bridge,
        visionline=read_visionline(document, encoders, own),
        doors=read_doors(document.table("doors", None)),
        printers=read_printers(document, own),
        limits=limits,
        room_sync=room_sync,
        drill=read_drill(document, mews),
        page=read_page(document.table("page", model.Page), own),
        console=read_console(document.table("console", model.Console)),
        telemetry=read_telemetry(document.table("telemetry", model.Telemetry)),
        signing=read_signing(document),
    )
    _check_purpose(document)
    return provisioning


def _check_format(document: Table) -> None:
    value = document.raw("format")
    if value is None:
        write = f"Write format = {model.FORMAT} as the first line"
        document.ledger.problems.append(Problem("format", "is missing", write, line_number=1))
    elif not isinstance(value, int) or isinstance(value, bool):
        document.error(
            "format", f"is {kind(value)}, not a whole number", f"Write format = {model.FORMAT}, without quotes"
        )
    elif value != model.FORMAT:
        write = f"Write format = {model.FORMAT}, or update the box if the file was made for a newer one"
        document.error("format", f"is not {model.FORMAT}, the only format that this box reads", write)


def _check_purpose(document: Table) -> None:
    if not any(document.has(name) for name in ("coder_bridge", "visionline", "printers")):
        write = "Write [coder_bridge], [[visionline]] or [[printers]]"
        wrong = "names no lock server and no printer, so every command ends in Error"
        document.ledger.warn(Place("file", ()), wrong, write)


def _secrets(document: Document) -> Iterator[str]:
    # Iterative: a dotted name nests as deep as its line is long.
    waiting: list[object] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            waiting.extend(value.values())
            yield from (str(text) for name, text in value.items() if _is_secret(name, text))


def _is_secret(name: str, value: object) -> bool:
    is_meant = name in SECRET_NAMES or (name not in homes() and is_secret_name(name))
    return is_meant and isinstance(value, str | int | float)
