"""What one site's Coder Bridge is like: every path, name and rule as an entry with its proof. No I/O.

Nothing in here may be used as a fact on its own: an entry that is not `confirmed` is refused by the driver
unless the installer allowed it. Facts: reference/coder-bridge.md, sections 2 and 5; the built-in values are in
profiles/coder-bridge-v2.toml, read by profile_file.py.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Generic, Literal, TypeVar

from msgspec import Meta, Struct

from agent.drivers.coder_bridge.protocol.words import (
    Copies,
    Duplicate,
    Guess,
    Method,
    NameCase,
    NumberTypes,
    Precision,
    Refusal,
    Role,
    Shape,
    Slot,
    WhenNone,
    Zone,
)

T = TypeVar("T")

UrlPath = Annotated[str, Meta(pattern=r"^(/[A-Za-z0-9._~-]+)+\Z", max_length=200)]
FieldName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]+\Z", max_length=64)]
ShortSeconds = Annotated[float, Meta(gt=0, le=30)]  # a log-in that takes longer is no log-in
KeySeconds = Annotated[float, Meta(gt=0, le=180)]  # by then no one stands at the desk any more
NO_LIMIT: Literal["none"] = "none"


class Entry(Struct, Generic[T], frozen=True, forbid_unknown_fields=True):
    """A value and its proof. `guess` only where `confirmed` is false."""

    value: T
    confirmed: bool
    source: Annotated[str, Meta(min_length=1)]
    guess: Guess | None = None

    def __post_init__(self) -> None:
        if self.confirmed and self.guess is not None:
            raise ValueError("an entry is either confirmed or a guess")


class Call(Struct, frozen=True, forbid_unknown_fields=True):
    """One slot: how it is called, by which names, and what comes back."""

    method: Entry[Method]
    path: Entry[UrlPath]
    answer: Entry[Shape]
    fields: dict[Role, Entry[FieldName]] = {}

    def name(self, role: Role) -> str:
        """The bridge's name for a field."""
        return self.fields[role].value


class Answers(Struct, frozen=True, forbid_unknown_fields=True):
    """How answers are read."""

    name_case: Entry[NameCase]
    number_types: Entry[NumberTypes]
    success_code: Entry[int | Annotated[str, Meta(min_length=1)]]
    codes: Entry[dict[str, str]]
    duplicate_names: Entry[Duplicate]
    room_status: Entry[dict[str, str]]
    read_http_500: Entry[bool]


class TokenRules(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the token is, how long it is taken to live (seconds), which refusals ask for a new one."""

    field: Entry[FieldName]
    assumed_seconds: Entry[Annotated[float, Meta(gt=0)] | Literal["none"]]
    log_in_again_on: Entry[tuple[Refusal, ...]]


class Dates(Struct, frozen=True, forbid_unknown_fields=True):
    """How a key's start and end are written (see validity.py)."""

    pattern: Entry[str]
    zone: Entry[Zone]
    precision: Entry[Precision]
    send_start: Entry[bool]


class Areas(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether and how special areas go onto a key."""

    use: Entry[bool]
    separator: Entry[Annotated[str, Meta(min_length=1, max_length=8)]]
    when_none: Entry[WhenNone]


class Duplicates(Struct, frozen=True, forbid_unknown_fields=True):
    """How cards 2 to n of one order are asked for; a table holds fields to add."""

    how: Entry[Copies | dict[FieldName, str]]


class Rms(Struct, frozen=True, forbid_unknown_fields=True):
    """Room management: kept as data, not sent by this driver."""

    send: Entry[bool]
    key_checkout_ends_occupancy: Entry[bool]


class Limits(Struct, frozen=True, forbid_unknown_fields=True):
    """Deadlines in seconds, and how many calls the server takes at once."""

    short_seconds: Entry[ShortSeconds]
    key_seconds: Entry[KeySeconds]
    calls_at_once: Entry[Annotated[int, Meta(ge=1)] | Literal["none"]]


class Profile(Struct, frozen=True, forbid_unknown_fields=True):
    """All entries of a site. The first four groups are for the record: they are set in the provisioning file."""

    name: str
    address: dict[str, Entry[str | int]]
    tls: dict[str, Entry[str]]
    encoder: dict[str, Entry[str]]
    rooms: dict[str, Entry[str]]
    calls: dict[Slot, Call]
    answers: Answers
    token: TokenRules
    dates: Dates
    areas: Areas
    duplicates: Duplicates
    rms: Rms
    limits: Limits


_KEY_SLOTS = frozenset({Slot.GUEST_KEY, Slot.GUEST_KEY_PRECHECKIN})


def unconfirmed(profile: Profile, slot: Slot, *, areas: bool = False, copies: bool = False) -> tuple[str, ...]:
    """The names of the entries that this request would use without proof, in the profile's order.

    `areas`: the key opens special areas; `copies`: it is one of several cards of an order.
    """
    return tuple(name for name, entry in _used(profile, slot, areas, copies) if not entry.confirmed)


def grouped(names: tuple[str, ...]) -> str:
    """Entry names on one line, each group said once: `calls.guest_key: method, path; dates: zone`."""
    groups: dict[str, list[str]] = {}
    for name in names:
        group, _, leaf = name.removeprefix("calls.").replace(".fields.", ".").rpartition(".")
        groups.setdefault(group, []).append(leaf)
    return "; ".join(f"{group}: {', '.join(leaves)}" for group, leaves in groups.items())


def _used(profile: Profile, slot: Slot, areas: bool, copies: bool) -> Iterator[tuple[str, Entry[Any]]]:
    if slot is not Slot.AUTH:
        yield from _used(profile, Slot.AUTH, False, False)
    yield from _of_call(profile, slot, areas)
    yield from _prefixed("token", profile.token)
    yield from _prefixed("answers", profile.answers)
    if slot in _KEY_SLOTS:
        yield from _prefixed("dates", profile.dates)
        yield from _of_areas(profile.areas, areas)
    if copies:
        yield "duplicates.how", profile.duplicates.how


def _of_call(profile: Profile, slot: Slot, areas: bool) -> Iterator[tuple[str, Entry[Any]]]:
    call = profile.calls[slot]
    for part in ("method", "path", "answer"):
        yield f"calls.{slot}.{part}", getattr(call, part)
    for role, entry in call.fields.items():
        if _is_sent(profile, role, areas):
            yield f"calls.{slot}.fields.{role}", entry


def _is_sent(profile: Profile, role: Role, areas: bool) -> bool:
    if role is Role.AREAS:
        return areas or profile.areas.when_none.value is WhenNone.EMPTY_TEXT
    return role is not Role.START or profile.dates.send_start.value


def _of_areas(rules: Areas, areas: bool) -> Iterator[tuple[str, Entry[Any]]]:
    if areas:
        yield "areas.use", rules.use
        yield "areas.separator", rules.separator
    else:
        yield "areas.when_none", rules.when_none


def _prefixed(prefix: str, group: Struct) -> Iterator[tuple[str, Entry[Any]]]:
    entries: Mapping[str, Entry[Any]] = {name: getattr(group, name) for name in group.__struct_fields__}
    return ((f"{prefix}.{name}", entry) for name, entry in entries.items())
