"""`nightporter check FILE`: all that is wrong with a file, or in a few lines what the file will do. No secrets."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from provisioning.file import content, why_not
from provisioning.model import CoderBridge, Encoder, Mews, Network, Printer, Provisioning, Visionline
from provisioning.problems import Level, Problem, render
from provisioning.read import Reading, read


class CheckResult(msgspec.Struct, frozen=True):
    """`text` is for the terminal, without a final line break; `exit_code` is 0, or 2 for an unusable file."""

    text: str
    exit_code: int


def check(path: Path, judge: Callable[[bytes], Reading] = read) -> CheckResult:
    """Check the file. Warnings alone leave the exit code at 0. `judge` may know more than the file's rules do."""
    try:
        reading = judge(content(path))
    except OSError as error:
        return CheckResult(why_not(path, error), 2)
    return CheckResult("\n".join(_report(path, reading)), 2 if reading.provisioning is None else 0)


def _report(path: Path, reading: Reading) -> Iterator[str]:
    if reading.problems:
        yield render(reading.problems)
        yield ""
    if reading.provisioning is None:
        yield f"{path.as_posix()} cannot be used: {_count(reading.problems)}."
    else:
        yield f"{path.as_posix()} is good{_count(reading.problems, ', with ')}."
        yield from summary(reading.provisioning)


def _count(problems: tuple[Problem, ...], before: str = "") -> str:
    levels = [problem.level for problem in problems]
    counts = ((levels.count(level), level) for level in Level)
    words = [f"{count} {level}{'s' if count > 1 else ''}" for count, level in counts if count]
    return before + " and ".join(words) if words else ""


def summary(provisioning: Provisioning) -> Iterator[str]:
    """What a box with this file will do, in lines for a person. No secrets."""
    box, limits = provisioning.box, provisioning.limits
    yield f"  box          {box.name}, time zone {box.timezone}, {_network(provisioning.network)}"
    yield f"  Mews         {_mews(provisioning.mews)}"
    if provisioning.coder_bridge:
        yield from _coder_bridge(provisioning.coder_bridge)
    for server in provisioning.visionline:
        yield from _visionline(server)
    yield from (f"  printer      {_printer(printer)}" for printer in provisioning.printers)
    yield f"  doors        {_doors(len(provisioning.doors))} lock id is the room of that name"
    yield f"  refused      keys after {limits.key_age_seconds} s, prints after {limits.print_age_seconds} s,"
    yield f"               more than {limits.keys_per_command} keys in one command"
    yield f"  status page  http, on {provisioning.page.listen}"
    yield from _acting(provisioning)


def _acting(provisioning: Provisioning) -> Iterator[str]:
    """How people can act on the box, and whose files it takes."""
    acting, code, signing = provisioning.page.acting, provisioning.console.code, provisioning.signing
    yield f"  acts by page {f'https, on {acting}, with its password' if acting else 'none'}"
    yield f"  serial line  {'acts with its code' if code else 'only looks, because it has no code'}"
    if signing:
        yield f"  signing      only signed files are taken; this one has number {signing.number}"


def _doors(listed: int) -> str:
    return f"{listed} listed; any other" if listed else "every"


def _network(network: Network) -> str:
    return f"address {network.address}" if network.address else "address by DHCP"


def _mews(mews: Mews) -> str:
    how = "signs in with its connector token" if mews.connector_token else "uses its access token as it is"
    return f"{mews.platform}, dialect {mews.dialect}, {how}, asks every {mews.poll_seconds:g} s"


def _coder_bridge(bridge: CoderBridge) -> Iterator[str]:
    state = "active" if bridge.active else "NOT ACTIVE: keys are refused"
    yield f"  Coder Bridge {bridge.server}, {state}, profile {bridge.profile}"
    if bridge.common_areas:
        yield f"               each key for a room opens {', '.join(bridge.common_areas)} as well"
    if not bridge.allow_unconfirmed:
        yield "               calls that the profile does not mark as confirmed are refused"
    yield from _encoders(bridge.encoders)


def _printer(printer: Printer) -> str:
    behind = f", a queue of the box itself for {printer.device}" if printer.device else ""
    return f"{printer.name} at {printer.uri}{behind}"


def _visionline(server: Visionline) -> Iterator[str]:
    yield f"  VisiOnline   {server.server}"
    yield from _encoders(server.encoders)


def _encoders(encoders: tuple[Encoder, ...]) -> Iterator[str]:
    for encoder in encoders:
        cutters = ", ".join(encoder.key_cutters)
        does = "issues mobile keys" if encoder.mobile else "cuts"
        yield f"    encoder {encoder.identifier} ({encoder.name}) {does} for key cutter {cutters}"
