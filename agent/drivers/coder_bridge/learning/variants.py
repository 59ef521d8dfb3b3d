"""What a site may have instead of the built-in profile's unproven values: one table, each with its source.

None of it is a fact. The order is that of trust: the reference's words first, then words by their pattern.
Facts: reference/coder-bridge.md, sections 2, 2.1 and 5.
"""

from msgspec import Struct

from agent.drivers.coder_bridge.protocol.words import Guess, Method, Role, Slot


class Variant(Struct, frozen=True):
    """A value that may be a site's, how good a guess it is, and where it comes from."""

    value: str
    guess: Guess
    source: str


def _inferred(value: str, source: str) -> Variant:
    return Variant(value, Guess.INFERRED, source)


def _guessed(value: str, source: str) -> Variant:
    return Variant(value, Guess.PLACEHOLDER, source)


_BY_COKEY = "by the pattern of ciems and cokey"
_PLAIN = "a plain word for it"
_SHIM = "a site's own script"
_WRAPPER = "a cloud service's own interface"

METHODS = (Method.POST, Method.PUT)  # POST is inferred from ciems and cokey

PATHS: dict[Slot, tuple[Variant, ...]] = {
    Slot.CONFIG_CHECKOUT_TIMES: (
        _guessed("/config/cotimes", "placeholder of the reference"),
        _guessed("/config/checkouttimes", _PLAIN),
        _guessed("/config/times", _PLAIN),
        _guessed("/config/cotime", _PLAIN),
    ),
    Slot.CONFIG_SPECIAL_AREAS: (
        _guessed("/config/sa", "placeholder of the reference"),
        _guessed("/config/specialareas", _PLAIN),
        _guessed("/config/areas", _PLAIN),
        _guessed("/config/sa_guest", "by the field sa_guest"),
    ),
    Slot.ROOM_CHECKOUT: (
        _inferred("/pms/coems", "mirror of ciems and cokey"),
        _guessed("/pms/checkout", _PLAIN),
    ),
    Slot.GUEST_KEY: (
        _guessed("/pms/cikey", _BY_COKEY),
        _guessed("/pms/gkey", _BY_COKEY),
        _guessed("/pms/guestkey", _PLAIN),
        _guessed("/pms/key", _PLAIN),
        _guessed("/pms/newkey", _PLAIN),
        _guessed("/pms/checkin", _PLAIN),
    ),
    Slot.GUEST_KEY_PRECHECKIN: (
        _guessed("/pms/precikey", _BY_COKEY),
        _guessed("/pms/prekey", _BY_COKEY),
        _guessed("/pms/precheckin", _PLAIN),
    ),
    Slot.MOBILE_KEY: (
        _guessed("/pms/mkey", _BY_COKEY),
        _guessed("/pms/mobilekey", _PLAIN),
    ),
    Slot.MOBILE_KEY_PUSH: (
        _guessed("/pms/mkeypush", _BY_COKEY),
        _guessed("/pms/mobilekeypush", _PLAIN),
    ),
    Slot.READ_CARD: (
        _guessed("/pms/readkey", _BY_COKEY),
        _guessed("/pms/read", _PLAIN),
        _guessed("/pms/readcard", _PLAIN),
    ),
}

FIELDS: dict[Role, tuple[Variant, ...]] = {
    Role.ROOM: (_inferred("rm", "the vendor's word in other calls"), _guessed("room", _PLAIN)),
    Role.ENCODER: (
        _guessed("enco", _SHIM),
        _guessed("encoder", _PLAIN),
        _guessed("enc", _PLAIN),
        _guessed("encid", _PLAIN),
    ),
    Role.START: (
        _guessed("movein", _SHIM),
        _guessed("checkin_date", f"mirror of checkout_date in {_WRAPPER}"),
        _guessed("from", _PLAIN),
        _guessed("start", _PLAIN),
    ),
    Role.END: (
        _guessed("moveout", _SHIM),
        _guessed("checkout_date", _WRAPPER),
        _guessed("to", _PLAIN),
        _guessed("end", _PLAIN),
    ),
    Role.AREAS: (_inferred("sa_guest", _WRAPPER), _guessed("sa", _PLAIN), _guessed("areas", _PLAIN)),
    Role.USER: (_guessed("user_id", _WRAPPER), _guessed("uid", _WRAPPER), _guessed("user", _PLAIN)),
    Role.PUSH_ADDRESS: (_guessed("push_address", "placeholder"), _guessed("address", _PLAIN)),
}

DATE_PATTERNS: tuple[Variant, ...] = (
    _guessed("MM/dd/yyyy", _SHIM),
    _inferred("yyyy-MM-dd'T'HH:mm:ss", "untildate is a date and time, ISO 8601 is likely"),
    _guessed("yyyy-MM-dd", "ISO 8601"),
    _guessed("dd.MM.yyyy", "as dates are written where the vendor is"),
    _guessed("dd.MM.yyyy HH:mm", "as dates are written where the vendor is"),
    _guessed("yyyy-MM-dd HH:mm", "as databases write it"),
    _guessed("yyyyMMddHHmm", "digits alone"),
    _guessed("yyyyMMdd", "digits alone"),
)

SEPARATORS: tuple[Variant, ...] = (
    _guessed(",", "placeholder of the reference"),
    _guessed(";", "as lists are written where the vendor is"),
    _guessed(" ", "a blank"),
    _guessed("|", "a sign that no name has"),
)


def in_order(first: str, variants: tuple[Variant, ...]) -> tuple[str, ...]:
    """The values to try: the profile's own first, then those of the table that it is not."""
    return (first, *(variant.value for variant in variants if variant.value != first))
