"""The provisioning file as frozen values. Names of members are the names in the TOML file.

Only `provisioning.read` makes these from a file, and only from one without errors: code that gets a
`Provisioning` may rely on every rule. Design 3.2 is the contract: later parts add sections, they rename none.
"""

from enum import StrEnum

import msgspec

from provisioning.secret import Secret

FORMAT = 1  # the file format that this box reads
BUILT_IN_PROFILES = ("coder-bridge-v2",)  # site profiles of the Coder Bridge that ship with the box


class Dialect(StrEnum):
    """The form of Mews' Connector API (reference/mews.md section 1)."""

    V2016 = "2016"
    CURRENT = "current"


class Language(StrEnum):
    """What the notes in Mews are written in, and the page for a browser that asks for neither."""

    ENGLISH = "en"
    GERMAN = "de"


class Box(msgspec.Struct, frozen=True):
    """`name` is the host name, `timezone` the hotel's IANA zone, `language` that of its staff."""

    name: str
    timezone: str
    language: Language = Language.ENGLISH


class Support(msgspec.Struct, frozen=True):
    """Who is called when something is wrong, as it is shown beside every fault; "" where the file does not say."""

    name: str = ""
    phone: str = ""


class Network(msgspec.Struct, frozen=True):
    """`address` is "ADDRESS/PREFIX", None for DHCP; `ntp` holds addresses or host names."""

    address: str | None = None
    gateway: str | None = None
    dns: tuple[str, ...] = ()
    ntp: tuple[str, ...] = ("pool.ntp.org",)


class Mews(msgspec.Struct, frozen=True):
    """`platform` is scheme, host and port without a final slash.

    2016: exactly one of `connector_token` (signs in) and `access_token`. Current: `access_token` and
    `client_token`, and no other.
    """

    dialect: Dialect
    platform: str
    connector_token: Secret | None = None
    access_token: Secret | None = None
    client_token: Secret | None = None
    poll_seconds: float = 2.0  # s; 7.5 % of Mews' 200 calls in 30 s (reference/mews.md section 4)
    push: str = ""  # current: the WebSocket's platform; "": by Mews' own names, else the platform's host; "off"
    enterprise: str = ""  # current: the one hotel of a portfolio token, by its id
    card_numbers: bool = False  # current: the number of a card that was cut is written to its reservation


class Encoder(msgspec.Struct, frozen=True):
    """`identifier` is its id in the lock system, `key_cutters` the KeyCutterIds or Device.Ids that it serves.

    `mobile`: it issues mobile keys and cuts no cards (a Coder Bridge's alone).
    """

    name: str
    identifier: str
    key_cutters: tuple[str, ...]
    mobile: bool = False


class CoderBridge(msgspec.Struct, frozen=True):
    """`server` is `scheme://host:port/mst/enc`, `certificate_sha256` 64 lower-case hex digits or None."""

    server: str
    username: str
    password: Secret
    encoders: tuple[Encoder, ...] = ()
    active: bool = False  # switched on last, after the connection test (reference/coder-bridge.md section 7)
    certificate_sha256: str | None = None
    profile: str = BUILT_IN_PROFILES[0]
    allow_unconfirmed: bool = False
    allow_precheckin: bool = False
    cancel_keys_on_checkout: bool = False
    common_areas: tuple[str, ...] = ()  # special areas of every key for a room


class CardFormat(StrEnum):
    """What VisiOnline writes onto a card (reference/visionline.md section 4)."""

    RFID48 = "rfid48"
    TLCODE = "TLCode"


class FirstCard(StrEnum):
    """What the first card of a stay does to the keys that open the room before it."""

    OVERRIDE = "override"
    JOIN = "join"


class DateHeader(StrEnum):
    """Which header carries the signed date (reference/visionline.md section 3)."""

    DATE = "Date"
    AAH = "X-Aah-Date"


class SignedTarget(StrEnum):
    """How an encoder's name with a blank is signed: as it goes over the wire, or as it is called."""

    ESCAPED = "escaped"
    PLAIN = "plain"


class Visionline(msgspec.Struct, frozen=True):
    """`server` is `https://host[:port]/api/v1` (reference/visionline.md section 1)."""

    server: str
    username: str
    password: Secret
    encoders: tuple[Encoder, ...]
    certificate_sha256: str | None = None
    card_format: CardFormat = CardFormat.RFID48
    first_card: FirstCard = FirstCard.OVERRIDE
    date_header: DateHeader = DateHeader.DATE
    signed_target: SignedTarget = SignedTarget.ESCAPED


class Door(msgspec.Struct, frozen=True):
    """What a Mews lock id opens: `room` or `rooms` by the names that keys have for them, or an `area` alone.

    `areas` are common doors that each key for the room opens too, `rms` is the room's name at the lock system's
    room management where that is another one.
    """

    room: str | None = None
    area: str | None = None
    rooms: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    rms: str | None = None


class Printer(msgspec.Struct, frozen=True):
    """`name` is the PrinterName of the command, `uri` begins with ipp, ipps or socket.

    `certificate_sha256` is 64 lower-case hex digits or None, for ipps alone. `device` and `model` are there only
    together, where `uri` is a queue that the box itself makes: where that sends to, and what is understood there.
    """

    name: str
    uri: str
    certificate_sha256: str | None = None
    device: str | None = None
    model: str | None = None


class Limits(msgspec.Struct, frozen=True):
    """When the box refuses instead of working. `max_open_balance`, "0 EUR": who owes more gets no key."""

    key_age_seconds: int = 180  # s; a key that waited longer is stale: its guest has gone another way
    print_age_seconds: int = 3600  # s; paper is harmless for longer
    print_wait_seconds: int = 600  # s that a printer is waited for which is away, busy, or wants a person
    keys_per_command: int = 10  # copies; more is a slip of the keyboard
    max_open_balance: str = ""


class RoomSync(msgspec.Struct, frozen=True):
    """Rooms are checked in and out at the lock system's room management as their reservations begin and end."""

    active: bool = False


class Drill(msgspec.Struct, frozen=True):
    """Each day `at` HH:MM, in the hotel's zone, a key is ordered at Mews for `reservation` at the key cutter whose
    Device.Id is `key_cutter`, to show that keys can be cut."""

    at: str
    reservation: str
    key_cutter: str


class Page(msgspec.Struct, frozen=True):
    """`listen` and `acting` are HOST:PORT, an IPv6 host in brackets; `names` are host names in small letters.

    `acting` is None where the page only looks, and `password`, for acting, is there wherever it is not.
    """

    listen: str = "0.0.0.0:80"  # the status page is for the hotel's LAN
    names: tuple[str, ...] = ()  # by which it may be asked, beside the box's own and any address
    acting: str | None = None
    password: Secret | None = None


class Console(msgspec.Struct, frozen=True):
    """`code` is asked for on the serial line; None where that line only looks."""

    code: Secret | None = None


class Telemetry(msgspec.Struct, frozen=True):
    """Who is told how the box is: addresses with path and query, None where nobody is.

    `remote_write` takes figures, by a user with a password, by a token, or by neither. The address of a `webhook`
    is a secret by itself.
    """

    remote_write: str | None = None
    remote_write_user: str | None = None
    remote_write_password: Secret | None = None
    remote_write_token: Secret | None = None
    webhook: Secret | None = None
    webhook_token: Secret | None = None


class Signing(msgspec.Struct, frozen=True):
    """A box with this takes only files that are signed by `key`, each with a higher `number` than the one before.

    `key` is an Ed25519 public key, Base64 of its 32 bytes (`provisioning/signature.py`).
    """

    key: str
    number: int


class Provisioning(msgspec.Struct, frozen=True):
    """A whole file that passed every rule. `coder_bridge` is None where the section is absent."""

    format: int
    box: Box
    mews: Mews
    support: Support = Support()
    network: Network = Network()
    coder_bridge: CoderBridge | None = None
    visionline: tuple[Visionline, ...] = ()
    doors: dict[str, Door] = {}
    printers: tuple[Printer, ...] = ()
    limits: Limits = Limits()
    room_sync: RoomSync = RoomSync()
    drill: Drill | None = None
    page: Page = Page()
    console: Console = Console()
    telemetry: Telemetry = Telemetry()
    signing: Signing | None = None
