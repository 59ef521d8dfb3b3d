"""What was heard by multicast DNS, put together to services; and what is still to be asked. No I/O.

RFC 6763: a type points to names, a name has a place (SRV) and texts (TXT), a place has addresses. All of it is
kept within bounds, however much is said.
"""

from collections.abc import Iterable
from typing import TypeVar

from agent.drivers.printing.nearby.dns import Kind, Name, Pointer, Question, Record, Target, Texts, key
from agent.drivers.printing.nearby.found import TYPES, Service
from agent.foundation.reading.text import plain

MOST_NAMES = 100  # of each kind that are kept; more printers than a hotel has
MOST_ADDRESSES = 8  # of one machine
_NAME_LIMIT = 120  # characters
_T = TypeVar("_T")
_TYPES = {(*type_.split("."), "local"): type_ for type_ in TYPES}


def first_questions() -> tuple[Question, ...]:
    """Which printers are there?"""
    return tuple(Question(name, Kind.PTR) for name in _TYPES)


class Heard:
    """All that was heard in one search."""

    def __init__(self) -> None:
        self._names: dict[Name, tuple[Name, str]] = {}  # name without case -> as it is told, and its type
        self._targets: dict[Name, Target] = {}
        self._texts: dict[Name, tuple[bytes, ...]] = {}
        self._addresses: dict[Name, tuple[str, ...]] = {}

    def add(self, records: Iterable[Record]) -> None:
        """Some were told."""
        for record in records:
            self._add(key(record.name), record)

    def services(self) -> tuple[Service, ...]:
        """Those of which the place is known."""
        found = ((name, type_, self._targets.get(id)) for id, (name, type_) in self._names.items())
        return tuple(self._service(name, type_, target) for name, type_, target in found if target is not None)

    def questions(self) -> tuple[Question, ...]:
        """What is lacking."""
        asked = [Question(name, Kind.SRV) for id, (name, _) in self._names.items() if id not in self._targets]
        asked += [Question(name, Kind.TXT) for id, (name, _) in self._names.items() if id not in self._texts]
        hosts = {key(target.host): target.host for target in self._targets.values()}
        asked += [Question(host, Kind.A) for id, host in hosts.items() if host and id not in self._addresses]
        return tuple(asked)

    def _add(self, id: Name, record: Record) -> None:
        match record.value:
            case Pointer(to):
                if id in _TYPES and key(to)[1:] == id and to[0]:
                    _keep(self._names, key(to), (to, _TYPES[id]))
            case Target() as target:
                _keep(self._targets, id, target)
            case Texts(entries):
                _keep(self._texts, id, entries)
            case address:
                others = self._addresses.get(id, ())
                if address not in others and len(others) < MOST_ADDRESSES:
                    _keep(self._addresses, id, (*others, address))

    def _service(self, name: Name, type_: str, target: Target) -> Service:
        addresses = self._addresses.get(key(target.host), ())
        texts = self._texts.get(key(name), ())
        host = plain(".".join(target.host), _NAME_LIMIT)
        return Service(plain(name[0], _NAME_LIMIT), type_, host, target.port, addresses, texts)


def _keep(kept: dict[Name, _T], id: Name, value: _T) -> None:
    """The newest counts; what is new beyond the bound is left out."""
    if id in kept or len(kept) < MOST_NAMES:
        kept[id] = value
