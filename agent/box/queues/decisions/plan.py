"""Which queues are made and which go, and how CUPS is told. No I/O. lpadmin(8), lpstat(1), of CUPS 2.4.

A queue that is as it should be is left alone, so that what it prints just now goes on.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from agent.box.queues.decisions.wanted import Queue

_LISTED = re.compile(r"device for (\S+): (\S+)")
# Hotels of this box's countries; and poppler makes PostScript, because nothing else is there to do it.
_SETTINGS = ("-o", "PageSize=A4", "-o", "pdftops-renderer-default=pdftops", "-o", "printer-is-shared=false")


class Plan(msgspec.Struct, frozen=True):
    """`goes` are names."""

    goes: tuple[str, ...]
    comes: tuple[Queue, ...]


def listed(said: str) -> dict[str, str]:
    """The device of each queue that there is, by what `lpstat -v` says in English."""
    return dict(_LISTED.findall(said))


def plan(wanted: Sequence[Queue], there: Mapping[str, str], made: Iterable[Queue]) -> Plan:
    """`there` is what CUPS lists, `made` what this program has made before, by which it knows the models."""
    names, known = {queue.name for queue in wanted}, set(made)
    return Plan(
        goes=tuple(name for name in there if name not in names),
        comes=tuple(queue for queue in wanted if queue not in known or there.get(queue.name) != queue.device),
    )


def make(queue: Queue, control: str) -> tuple[str, ...]:
    """The words that make a queue, or change it."""
    what = ("-v", queue.device, "-m", queue.model, *_SETTINGS)
    return ("lpadmin", "-h", control, "-p", queue.name, "-E", *what)


def remove(name: str, control: str) -> tuple[str, ...]:
    """The words that remove one, with the jobs that wait there."""
    return ("lpadmin", "-h", control, "-x", name)


def look(control: str) -> tuple[str, ...]:
    """The words that list all of them."""
    return ("lpstat", "-h", control, "-v")
