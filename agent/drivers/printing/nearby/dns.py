"""Messages of DNS, as far as multicast DNS needs them: a question written, an answer read. No I/O.

RFC 1035, section 4 (messages, and how names are shortened); RFC 6762, section 18 (what mDNS makes of their heads).
Any machine of the network may send anything: reading ends for every sequence of bytes, and keeps to bounds.
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import IntEnum
from ipaddress import IPv4Address, IPv6Address
from typing import TypeAlias

import msgspec

from agent.foundation.errors import NightPorterError

MOST_BYTES = 9000  # of a message; RFC 6762, section 17
MOST_RECORDS = 400  # in a message; a printer tells some ten
MOST_QUESTIONS = 20  # in a message; their names fit into one packet
_MOST_NAME = 255  # bytes
_MOST_LABEL = 63  # bytes
_HEAD = struct.Struct(">HHHHHH")
_QUESTION = struct.Struct(">HH")
_RECORD = struct.Struct(">HHIH")
_SERVICE = struct.Struct(">HHH")
_IS_ANSWER = 0x8000
_INTERNET = 1
_CLASS = 0x7FFF  # the bit above it says that older answers are void
_POINTER = 0xC0

Name: TypeAlias = tuple[str, ...]  # labels; bytes that are no UTF-8 stay in them as lone surrogates


class NotDns(NightPorterError):
    """The bytes are no message of DNS: what is wrong, as a clause about "it"."""


class Kind(IntEnum):
    """The kinds of record that are read here."""

    A = 1
    PTR = 12
    TXT = 16
    AAAA = 28
    SRV = 33


class Target(msgspec.Struct, frozen=True):
    """Where a service is: the name of its machine, and its port."""

    host: Name
    port: int


class Pointer(msgspec.Struct, frozen=True):
    """Another name, that of one service of a type say."""

    to: Name


class Texts(msgspec.Struct, frozen=True):
    """What a service says of itself, an entry each."""

    entries: tuple[bytes, ...]


Value: TypeAlias = Pointer | Target | Texts | str


class Record(msgspec.Struct, frozen=True):
    """What is said of a name; an address is its text."""

    name: Name
    value: Value


class Question(msgspec.Struct, frozen=True):
    """What is asked of a name."""

    name: Name
    kind: Kind


def key(name: Name) -> Name:
    """A name as it is compared: without case."""
    return tuple(label.lower() for label in name)


def query(questions: Iterable[Question]) -> bytes:
    """A message with the first of these questions, to be answered to all. Raises ValueError for an absurd name."""
    asked = [_named(each.name) + _QUESTION.pack(each.kind, _INTERNET) for each in questions][:MOST_QUESTIONS]
    return _HEAD.pack(0, 0, len(asked), 0, 0, 0) + b"".join(asked)


def read(data: bytes) -> tuple[Record, ...]:
    """What an answer says that is of use here; nothing of a question. Raises `NotDns`."""
    if len(data) > MOST_BYTES:
        raise NotDns("it is too long")
    reader = _Reader(data)
    _, flags, questions, *counts = _HEAD.unpack(reader.take(_HEAD.size))
    if not flags & _IS_ANSWER:
        return ()
    if questions + sum(counts) > MOST_RECORDS:
        raise NotDns("it has too many parts")
    for _ in range(questions):
        reader.name()
        reader.take(_QUESTION.size)
    return tuple(_records(reader, sum(counts)))


def _named(name: Name) -> bytes:
    labels = [label.encode("utf-8", "surrogateescape") for label in name]
    if any(not 0 < len(label) <= _MOST_LABEL for label in labels):
        raise ValueError("a label that no name has")
    written = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    if len(written) > _MOST_NAME:
        raise ValueError("a name that is too long")
    return written


class _Reader:
    """Walks through the bytes once; only names go back, and each time further."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self._data, self._at = data, at

    @property
    def at(self) -> int:
        return self._at

    def elsewhere(self, at: int) -> "_Reader":
        return _Reader(self._data, at)

    def take(self, size: int) -> bytes:
        start, self._at = self._at, self._at + size
        if self._at > len(self._data):
            raise NotDns("it ends too soon")
        return self._data[start : self._at]

    def name(self) -> Name:
        labels: list[str] = []
        size, first = 1, self._at
        reader = self
        while length := reader.take(1)[0]:
            if length & _POINTER == _POINTER:
                to = (length & ~_POINTER) << 8 | reader.take(1)[0]
                if to >= first:
                    raise NotDns("it has a name that points forward")
                first, reader = to, _Reader(self._data, to)
                continue
            if length > _MOST_LABEL:
                raise NotDns("it has a label of an unknown kind")
            size += length + 1
            if size > _MOST_NAME:
                raise NotDns("it has a name that is too long")
            labels.append(reader.take(length).decode("utf-8", "surrogateescape"))
        return tuple(labels)


def _records(reader: _Reader, count: int) -> Iterator[Record]:
    for _ in range(count):
        name = reader.name()
        kind, class_, ttl, size = _RECORD.unpack(reader.take(_RECORD.size))
        start = reader.at
        raw = reader.take(size)
        if class_ & _CLASS == _INTERNET and ttl and kind in _VALUES:  # one without time to live says goodbye
            yield Record(name, _VALUES[kind](reader, start, raw))


def _pointer(reader: _Reader, start: int, raw: bytes) -> Pointer:
    return Pointer(reader.elsewhere(start).name())


def _target(reader: _Reader, start: int, raw: bytes) -> Target:
    if len(raw) < _SERVICE.size:
        raise NotDns("it has a service without a place")
    *_, port = _SERVICE.unpack(raw[: _SERVICE.size])
    return Target(reader.elsewhere(start + _SERVICE.size).name(), port)


def _texts(reader: _Reader, start: int, raw: bytes) -> Texts:
    texts, at = [], 0
    while at < len(raw):
        end = at + 1 + raw[at]
        if end > len(raw):
            raise NotDns("it has a text that ends too soon")
        texts.append(raw[at + 1 : end])
        at = end
    return Texts(tuple(texts))


def _ipv4(reader: _Reader, start: int, raw: bytes) -> str:
    if len(raw) != 4:
        raise NotDns("it has an address of an unknown kind")
    return str(IPv4Address(raw))


def _ipv6(reader: _Reader, start: int, raw: bytes) -> str:
    if len(raw) != 16:
        raise NotDns("it has an address of an unknown kind")
    return str(IPv6Address(raw))


_VALUES: Mapping[int, Callable[[_Reader, int, bytes], Value]] = {
    Kind.A: _ipv4,
    Kind.PTR: _pointer,
    Kind.TXT: _texts,
    Kind.AAAA: _ipv6,
    Kind.SRV: _target,
}
