"""Why a server's certificate was refused, in words that name the cause. No I/O.

Reads of a certificate what those words need, and nothing is trusted because of it: refusing is OpenSSL's part.
RFC 5280, section 4.1 (the certificate), X.690 (its encoding), openssl-verification-options(1) (the codes).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address

import msgspec

from agent.foundation.errors import CertificateRefused, Flaw
from agent.foundation.reading.text import plain

_FLAWS = {
    9: Flaw.NOT_YET_VALID,
    10: Flaw.EXPIRED,
    18: Flaw.SELF_SIGNED,
    19: Flaw.UNKNOWN_ISSUER,  # the chain ends in an authority that is not known
    20: Flaw.UNKNOWN_ISSUER,
    21: Flaw.UNKNOWN_ISSUER,
    62: Flaw.OTHER_NAME,
    64: Flaw.OTHER_NAME,  # an IP address
}
_OLDEST_CLOCK = 2024  # a clock that shows an earlier year was never set
_FAR = timedelta(days=366)  # a server in use has no certificate that is off by more
_NAME_LENGTH = 60  # characters; with two of them a note in Mews is not too long
_NAMES_SHOWN = 2
_COMMON_NAME, _ORGANISATION, _ALTERNATIVE_NAMES = b"\x55\x04\x03", b"\x55\x04\x0a", b"\x55\x1d\x11"
_SEQUENCE, _BMP, _UTC_TIME, _TIME = 0x30, 0x1E, 0x17, 0x18
_VERSION, _EXTENSIONS, _DNS, _IP = 0xA0, 0xA3, 0x82, 0x87


class Certificate(msgspec.Struct, frozen=True):
    """What a certificate says of itself: its days, whom it is made out to, who signed it."""

    not_before: datetime
    not_after: datetime
    names: tuple[str, ...] = ()
    issuer: str = ""


def refused(code: int, words: str, der: bytes, host: str, wall: datetime) -> CertificateRefused:
    """What OpenSSL's `verify_code` and `verify_message` mean for the certificate that was shown.

    `der` is that certificate (empty where it could not be had), `host` whom it should be made out to, `wall` the
    time of the box's clock.
    """
    flaw, shown = _FLAWS.get(code, Flaw.OTHER), read(der)
    if flaw in (Flaw.NOT_YET_VALID, Flaw.EXPIRED) and _is_clock_suspect(wall, shown):
        flaw = Flaw.CLOCK
    reason = _reason(flaw, shown, words, host, wall)
    return CertificateRefused(reason, flaw, sha256(der).hexdigest() if der else "")


def read(der: bytes) -> Certificate | None:
    """What a certificate says of itself; None for bytes that are none. Texts are cleaned."""
    try:
        return _certificate(der)
    except (ValueError, IndexError, StopIteration):  # cut short, another form, a date that is none
        return None


def _is_clock_suspect(wall: datetime, shown: Certificate | None) -> bool:
    if wall.year < _OLDEST_CLOCK:
        return True
    return shown is not None and (shown.not_before - wall > _FAR or wall - shown.not_after > _FAR)


def _reason(flaw: Flaw, shown: Certificate | None, words: str, host: str, wall: datetime) -> str:
    match flaw:
        case Flaw.CLOCK:
            return f"the box's clock says {_day(wall)}, and its certificate is {_validity(shown)}"
        case Flaw.NOT_YET_VALID if shown and wall < shown.not_before:
            return f"its certificate is not valid before {_day(shown.not_before)}"
        case Flaw.EXPIRED if shown and wall > shown.not_after:
            return f"its certificate expired on {_day(shown.not_after)}"
        case Flaw.NOT_YET_VALID:
            return "its certificate, or one that it rests on, is not valid yet"
        case Flaw.EXPIRED:
            return "its certificate, or one that it rests on, has expired"
        case Flaw.OTHER_NAME:
            return f"its certificate is made out to {_names(shown)}, not to {plain(host, _NAME_LENGTH)}"
        case Flaw.SELF_SIGNED:
            return "it signed its certificate itself"
        case Flaw.UNKNOWN_ISSUER:
            issuer = shown.issuer if shown and shown.issuer else "an authority"
            return f"its certificate is signed by {issuer}, which the box does not know"
    return f"its certificate is refused ({plain(words, _NAME_LENGTH)})"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _validity(shown: Certificate | None) -> str:
    if shown is None:
        return "not valid then"
    return f"valid from {_day(shown.not_before)} to {_day(shown.not_after)}"


def _names(shown: Certificate | None) -> str:
    if shown is None:
        return "somebody else"
    names, more = shown.names[:_NAMES_SHOWN], len(shown.names) - _NAMES_SHOWN
    return ", ".join(names) + (f" and {more} more" if more > 0 else "") or "no name"


def _certificate(der: bytes) -> Certificate:
    fields = _within(next(_members(der))[1], _SEQUENCE)
    if fields[0][0] == _VERSION:
        del fields[0]
    issuer, validity, subject = (content for _, content in fields[2:5])
    begin, end = (_moment(tag, content) for tag, content in _members(validity))
    extensions = [content for tag, content in fields if tag == _EXTENSIONS]
    names = _alternative_names(extensions[0]) if extensions else ()
    return Certificate(
        not_before=begin,
        not_after=end,
        names=names or tuple(filter(None, [_attribute(subject, _COMMON_NAME)])),
        issuer=_attribute(issuer, _COMMON_NAME) or _attribute(issuer, _ORGANISATION),
    )


def _members(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and content of each element. Raises ValueError or IndexError where the encoding is cut short."""
    at = 0
    while at < len(content):
        tag, size, at = content[at], content[at + 1], at + 2
        if size > 0x7F:
            octets = size & 0x7F
            size, at = int.from_bytes(content[at : at + octets]), at + octets
        if at + size > len(content):
            raise ValueError("an element is longer than what holds it")
        yield tag, content[at : at + size]
        at += size


def _within(content: bytes, tag: int) -> list[tuple[int, bytes]]:
    """The members of the first element in `content`, which has to be of this kind."""
    found, inner = next(_members(content))
    if found != tag:
        raise ValueError("another element was expected")
    return list(_members(inner))


def _moment(tag: int, content: bytes) -> datetime:
    text = content.decode("ascii")
    if tag == _UTC_TIME:
        text = ("19" if text >= "50" else "20") + text
    elif tag != _TIME:
        raise ValueError("no time")
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)


def _attribute(name: bytes, wanted: bytes) -> str:
    """The text of an attribute in a Name; empty where it has none."""
    for _, part in _members(name):
        for _, pair in _members(part):
            (_, oid), (tag, value) = _members(pair)
            if oid == wanted:
                return plain(value.decode("utf-16-be" if tag == _BMP else "utf-8", "replace"), _NAME_LENGTH)
    return ""


def _alternative_names(extensions: bytes) -> tuple[str, ...]:
    for _, extension in _within(extensions, _SEQUENCE):
        (_, oid), *_critical, (_, value) = _members(extension)
        if oid == _ALTERNATIVE_NAMES:
            return tuple(filter(None, (_alternative_name(*member) for member in _within(value, _SEQUENCE))))
    return ()


def _alternative_name(tag: int, content: bytes) -> str:
    if tag == _IP:
        return str(ip_address(content))
    return plain(content.decode("ascii", "replace"), _NAME_LENGTH) if tag == _DNS else ""
