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
    UserId,
    WhenNone,
    Zone,
)

T = TypeVar("T")

UrlPath = Annotated[str, Meta(pattern=r"^(/[A-Za-z0-9._~-]+)+\Z", max_length=200)]
FieldName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]+\Z", max_length=64)]
ShortSeconds = Annotated[float, Meta(gt=0, le=30)]  # a log-in that takes longer is no log-in
KeySeconds = Annotated[float, Meta(gt=0, le=180)]  # by then no one stands at the desk any more
ListSeconds = Annotated[float, Meta(ge=600)]  # kept, not fetched for each key, as the vendor's text asks
NO_LIMIT: Literal["none"] = "none"
REFUSE: Literal["refuse"] = "refuse"
NO_STANDARD: Literal["none"] = "none"


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
    cancelled_already: Entry[tuple[int | Annotated[str, Meta(min_length=1)], ...]]
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


class SeveralRooms(Struct, frozen=True, forbid_unknown_fields=True):
    """What stands between the rooms of one key in the room's field, or that such a key is refused."""

    separator: Entry[Annotated[str, Meta(min_length=1, max_length=8)]]


class Mobile(Struct, frozen=True, forbid_unknown_fields=True):
    """What a mobile key's user is called."""

    user: Entry[UserId]


class TimeList(Struct, frozen=True, forbid_unknown_fields=True):
    """The names in the list of checkout times; `standard` is the id or name of the hotel's usual one."""

    list: Entry[FieldName]
    id: Entry[FieldName]
    name: Entry[FieldName]
    time: Entry[FieldName]
    standard: Entry[Annotated[str, Meta(min_length=1)]]


class AreaList(Struct, frozen=True, forbid_unknown_fields=True):
    """The names in the list of special areas."""

    list: Entry[FieldName]
    id: Entry[FieldName]
    name: Entry[FieldName]


class Lists(Struct, frozen=True, forbid_unknown_fields=True):
    """The lists that a key may need, as the bridge writes them."""

    checkout_times: TimeList
    special_areas: AreaList


class Card(Struct, frozen=True, forbid_unknown_fields=True):
    """The names in what a card says, below `data`."""

    room: Entry[FieldName]
    areas: Entry[FieldName]
    start: Entry[FieldName]
    end: Entry[FieldName]
    tid: Entry[FieldName]
    cid: Entry[FieldName]


class Rms(Struct, frozen=True, forbid_unknown_fields=True):
    """Room management: whether rooms are checked in and out there, and whether a key's check-out does so too."""

    send: Entry[bool]
    key_checkout_ends_occupancy: Entry[bool]


class Limits(Struct, frozen=True, forbid_unknown_fields=True):
    """Deadlines and the age of lists in seconds, and how many calls the server takes at once."""

    short_seconds: Entry[ShortSeconds]
    key_seconds: Entry[KeySeconds]
    lists_seconds: Entry[ListSeconds]
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
    several_rooms: SeveralRooms
    mobile: Mobile
    lists: Lists
    card: Card
    rms: Rms
    limits: Limits


MOBILE_SLOTS = frozenset({Slot.MOBILE_KEY, Slot.MOBILE_KEY_PUSH})
KEY_SLOTS = frozenset({Slot.GUEST_KEY, Slot.GUEST_KEY_PRECHECKIN, *MOBILE_SLOTS})
_ROOM_SLOTS = frozenset({Slot.ROOM_CHECKIN, Slot.ROOM_CHECKOUT})
NamedEntry = tuple[str, Entry[Any]]


def unconfirmed(
    profile: Profile, slot: Slot, *, areas: bool = False, copies: bool = False, rooms: bool = False
) -> tuple[str, ...]:
    """The names of the entries that this request would use without proof, in the profile's order.

    `areas`: the key opens special areas; `copies`: it is one of several cards of an order; `rooms`: it is for
    several rooms.
    """
    used = _used(profile, slot, areas=areas)
    more = _of_more(profile, copies=copies, rooms=rooms)
    return tuple(name for name, entry in (*used, *more) if not entry.confirmed)


def grouped(names: tuple[str, ...]) -> str:
    """Entry names on one line, each group said once: `calls.guest_key: method, path; dates: zone`."""
    groups: dict[str, list[str]] = {}
    for name in names:
        group, _, leaf = name.removeprefix("calls.").replace(".fields.", ".").rpartition(".")
        groups.setdefault(group, []).append(leaf)
    return "; ".join(f"{group}: {', '.join(leaves)}" for group, leaves in groups.items())


def _used(profile: Profile, slot: Slot, *, areas: bool) -> Iterator[NamedEntry]:
    if slot is not Slot.AUTH:
        yield from _used(profile, Slot.AUTH, areas=False)
    yield from _of_call(profile, slot, areas)
    yield from _prefixed("token", profile.token)
    yield from _prefixed("answers", profile.answers)
    if slot in KEY_SLOTS:
        yield from _prefixed("dates", profile.dates)
        yield from _of_areas(profile.areas, areas)
    yield from _of_slot(profile, slot)


def _of_slot(profile: Profile, slot: Slot) -> Iterator[NamedEntry]:
    """What one kind of request alone goes by."""
    if slot in MOBILE_SLOTS:
        yield "mobile.user", profile.mobile.user
    elif slot is Slot.CONFIG_CHECKOUT_TIMES:
        yield from _prefixed("lists.checkout_times", profile.lists.checkout_times)
    elif slot is Slot.CONFIG_SPECIAL_AREAS:
        yield from _prefixed("lists.special_areas", profile.lists.special_areas)
    elif slot is Slot.READ_CARD:
        yield from _prefixed("card", profile.card)
    elif slot in _ROOM_SLOTS:
        yield "rms.send", profile.rms.send


def _of_more(profile: Profile, *, copies: bool, rooms: bool) -> Iterator[NamedEntry]:
    if copies:
        yield "duplicates.how", profile.duplicates.how
    if rooms:
        yield "several_rooms.separator", profile.several_rooms.separator


def _of_call(profile: Profile, slot: Slot, areas: bool) -> Iterator[NamedEntry]:
    call = profile.calls[slot]
    for part in ("method", "path", "answer"):
        yield f"calls.{slot}.{part}", getattr(call, part)
    for role, entry in call.fields.items():
        if _is_sent(profile, slot, role, areas):
            yield f"calls.{slot}.fields.{role}", entry


def _is_sent(profile: Profile, slot: Slot, role: Role, areas: bool) -> bool:
    if role is Role.AREAS:
        return areas or profile.areas.when_none.value is WhenNone.EMPTY_TEXT
    return role is not Role.START or sends_start(profile, slot)


def sends_start(profile: Profile, slot: Slot) -> bool:
    """Whether a key says when it begins: one before check-in always does, or it would open the room at once."""
    return slot is Slot.GUEST_KEY_PRECHECKIN or profile.dates.send_start.value


def _of_areas(rules: Areas, areas: bool) -> Iterator[NamedEntry]:
    if areas:
        yield "areas.use", rules.use
        yield "areas.separator", rules.separator
    else:
        yield "areas.when_none", rules.when_none


def _prefixed(prefix: str, group: Struct) -> Iterator[NamedEntry]:
    entries: Mapping[str, Entry[Any]] = {name: getattr(group, name) for name in group.__struct_fields__}
    return ((f"{prefix}.{name}", entry) for name, entry in entries.items())
