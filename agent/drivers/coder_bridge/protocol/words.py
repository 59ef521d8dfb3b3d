"""The closed sets of words that a site profile is written in. Values stand in files: never rename one.

Facts: reference/coder-bridge.md, sections 2 and 5.
"""

from enum import IntEnum, StrEnum


class Slot(StrEnum):
    """The twelve requests (reference section 2)."""

    AUTH = "auth"
    CONFIG_ROOMS = "config_rooms"
    CONFIG_CHECKOUT_TIMES = "config_checkout_times"
    CONFIG_SPECIAL_AREAS = "config_special_areas"
    ROOM_CHECKIN = "room_checkin"
    ROOM_CHECKOUT = "room_checkout"
    GUEST_KEY = "guest_key"
    GUEST_KEY_CHECKOUT = "guest_key_checkout"
    GUEST_KEY_PRECHECKIN = "guest_key_precheckin"
    MOBILE_KEY = "mobile_key"
    MOBILE_KEY_PUSH = "mobile_key_push"
    READ_CARD = "read_card"


class Role(StrEnum):
    """What a field of a request carries, whatever the bridge calls it."""

    USERNAME = "username"
    PASSWORD = "password"  # noqa: S105 - a role, not a password
    ROOM = "room"
    ENCODER = "encoder"
    START = "start"
    END = "end"
    AREAS = "areas"
    TID = "tid"
    USER = "user"
    PUSH_ADDRESS = "push_address"


class Guess(StrEnum):
    """How good a value is that no one confirmed."""

    INFERRED = "inferred"
    PLACEHOLDER = "placeholder"


class Method(StrEnum):
    """HTTP methods that a slot may use."""

    GET = "GET"
    POST = "POST"
    PUT = "PUT"


class Shape(StrEnum):
    """What an answer looks like: `result` is `{result, msg, data}`, `list` rows, `open` is unknown."""

    TOKEN = "token"  # noqa: S105 - a shape, not a token
    ROOMS = "rooms"
    RESULT = "result"
    LIST = "list"
    OPEN = "open"


class NameCase(StrEnum):
    """Whether `Result` and `result` are one name."""

    ANY = "any"
    EXACT = "exact"


class NumberTypes(StrEnum):
    """Which JSON types a number may come as."""

    LENIENT = "lenient"
    STRICT = "strict"


class Duplicate(StrEnum):
    """Which of two equal names in a list of rooms counts."""

    FIRST = "first"
    LAST = "last"


class Zone(StrEnum):
    """Whose clock the key's times are written in."""

    HOTEL = "hotel"
    UTC = "utc"


class Precision(StrEnum):
    """How exact the key's times are; what is finer is cut off."""

    DAY = "day"
    MINUTE = "minute"


class WhenNone(StrEnum):
    """What a key without special areas sends."""

    LEAVE_OUT = "leave_out"
    EMPTY_TEXT = "empty_text"


class Copies(StrEnum):
    """How cards 2 to n of one order are asked for, where no extra fields do it."""

    REPEAT = "repeat"
    REFUSE = "refuse"


class UserId(StrEnum):
    """What the user id of a mobile key is made of."""

    RESERVATION = "reservation"  # the id of the stay
    CONTACT = "contact"  # the guest's telephone number or e-mail address


class Refusal(IntEnum):
    """Statuses that prove, without a `result`, that the bridge did nothing."""

    UNAUTHORIZED = 401
    FORBIDDEN = 403
