"""Why a certificate is refused: each cause in its own words, and no bytes at all that make reading raise."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.foundation.errors import Flaw
from agent.foundation.reading.certificate import Certificate, read, refused

WALL = datetime(2026, 5, 4, tzinfo=UTC)
SEQUENCE, SET, OID, INTEGER, BOOLEAN, OCTETS = 0x30, 0x31, 0x06, 0x02, 0x01, 0x04
UTF8, BMP, UTC_TIME, LONG_TIME = 0x0C, 0x1E, 0x17, 0x18
COMMON_NAME, ORGANISATION, COUNTRY = b"\x55\x04\x03", b"\x55\x04\x0a", b"\x55\x04\x06"
KEY_USAGE, OTHER_NAMES = b"\x55\x1d\x0f", b"\x55\x1d\x11"


def element(tag: int, *contents: bytes) -> bytes:
    content = b"".join(contents)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    return bytes([tag, 0x82]) + len(content).to_bytes(2) + content


def name(*attributes: tuple[bytes, str], tag: int = UTF8, charset: str = "utf-8") -> bytes:
    pairs = (element(SEQUENCE, element(OID, oid), element(tag, text.encode(charset))) for oid, text in attributes)
    return element(SEQUENCE, *(element(SET, pair) for pair in pairs))


def extension(oid: bytes, value: bytes, *, is_critical: bool = False) -> bytes:
    critical = element(BOOLEAN, b"\xff") if is_critical else b""
    return element(SEQUENCE, element(OID, oid), critical, element(OCTETS, value))


def other_names(*names: tuple[int, bytes]) -> bytes:
    return extension(OTHER_NAMES, element(SEQUENCE, *(element(*pair) for pair in names)))


def certificate(
    *extensions: bytes,
    issuer: bytes = name((ORGANISATION, "Authority")),
    subject: bytes = name((COMMON_NAME, "pc-7")),
    begin: tuple[int, bytes] = (UTC_TIME, b"260101000000Z"),
    end: tuple[int, bytes] = (UTC_TIME, b"270101000000Z"),
    version: bytes = element(0xA0, element(INTEGER, b"\x02")),
) -> bytes:
    """A certificate as RFC 5280 has it, but for the signature, which is not read here."""
    fields = [version, element(INTEGER, b"\x07"), element(SEQUENCE), issuer]
    fields += [element(SEQUENCE, element(*begin), element(*end)), subject, element(SEQUENCE)]
    if extensions:
        fields.append(element(0xA3, element(SEQUENCE, *extensions)))
    return element(SEQUENCE, element(SEQUENCE, *fields), element(SEQUENCE), element(0x03, b"\x00"))


def days(shown: Certificate | None) -> tuple[str, str]:
    assert shown is not None
    return shown.not_before.isoformat(), shown.not_after.isoformat()


def test_a_certificate_tells_its_days_its_names_and_its_issuer() -> None:
    names = other_names((0x82, b"pc.example"), (0x87, bytes([10, 4, 5, 6])), (0x86, b"https://x"), (0x82, b""))
    shown = read(certificate(extension(KEY_USAGE, b"", is_critical=True), names))
    assert shown == Certificate(
        not_before=datetime(2026, 1, 1, tzinfo=UTC),
        not_after=datetime(2027, 1, 1, tzinfo=UTC),
        names=("pc.example", "10.4.5.6"),
        issuer="Authority",
    )


@pytest.mark.parametrize("extensions", [(), (extension(KEY_USAGE, b""),), (other_names(),)])
def test_without_other_names_it_is_made_out_to_its_subject(extensions: tuple[bytes, ...]) -> None:
    shown = read(certificate(*extensions))
    assert shown is not None
    assert shown.names == ("pc-7",)


def test_a_certificate_of_the_first_version_is_read_too() -> None:
    assert read(certificate(version=b"")) is not None


def test_the_common_name_of_an_issuer_counts_before_its_organisation() -> None:
    shown = read(certificate(issuer=name((COUNTRY, "AT"), (ORGANISATION, "Wall AG"), (COMMON_NAME, "Wall 7"))))
    assert shown is not None
    assert shown.issuer == "Wall 7"


def test_names_may_be_written_in_sixteen_bits_and_are_cleaned() -> None:
    shown = read(certificate(issuer=name((COMMON_NAME, "Wäll\x1b[2J"), tag=BMP, charset="utf-16-be")))
    assert shown is not None
    assert shown.issuer == "Wäll [2J"


def test_days_come_with_two_digits_or_four() -> None:
    shown = read(certificate(begin=(UTC_TIME, b"991231235959Z"), end=(LONG_TIME, b"99991231235959Z")))
    assert days(shown) == ("1999-12-31T23:59:59+00:00", "9999-12-31T23:59:59+00:00")


@pytest.mark.parametrize(
    "der",
    [
        b"",
        b"\x30",
        b"\x30\x82\xff",
        b"-----BEGIN CERTIFICATE-----",
        element(SEQUENCE, element(INTEGER, b"\x01")),
        certificate(begin=(INTEGER, b"\x01")),
        certificate(begin=(UTC_TIME, b"261301000000Z")),
        certificate(begin=(UTC_TIME, b"\xff\xff")),
        certificate(subject=element(SEQUENCE, element(SET, element(OID, COMMON_NAME)))),
        certificate(other_names((0x87, b"123"))),
    ],
)
def test_what_is_no_certificate_is_none(der: bytes) -> None:
    assert read(der) is None


@given(st.binary(max_size=80))
def test_no_bytes_make_reading_raise(der: bytes) -> None:
    assert read(der) is None or len(der) > 30


@given(st.integers(0, 400), st.binary(max_size=4), st.integers(0, 4))
def test_no_damage_to_a_certificate_makes_reading_raise(at: int, planted: bytes, cut: int) -> None:
    whole = certificate(other_names((0x82, b"pc.example")))
    damaged = whole[:at] + planted + whole[at + cut :]
    shown = read(damaged)
    assert shown is None or shown.not_before.tzinfo is UTC


# -- in words -----------------------------------------------------------------------------------------------------


def said(code: int, der: bytes = b"", *, wall: datetime = WALL, host: str = "10.4.5.6") -> tuple[Flaw, str]:
    error = refused(code, "some words", der, host, wall)
    return error.flaw, error.reason


NAMED = certificate(other_names((0x82, b"a"), (0x82, b"b"), (0x82, b"c"), (0x82, b"d"), (0x82, b"e")))


@pytest.mark.parametrize(
    ("code", "der", "flaw", "reason"),
    [
        (62, certificate(), Flaw.OTHER_NAME, "its certificate is made out to pc-7, not to 10.4.5.6"),
        (64, NAMED, Flaw.OTHER_NAME, "its certificate is made out to a, b and 3 more, not to 10.4.5.6"),
        (
            64,
            certificate(subject=name()),
            Flaw.OTHER_NAME,
            "its certificate is made out to no name, not to 10.4.5.6",
        ),
        (62, b"", Flaw.OTHER_NAME, "its certificate is made out to somebody else, not to 10.4.5.6"),
        (18, b"", Flaw.SELF_SIGNED, "it signed its certificate itself"),
        (
            19,
            certificate(),
            Flaw.UNKNOWN_ISSUER,
            "its certificate is signed by Authority, which the box does not know",
        ),
        (20, b"", Flaw.UNKNOWN_ISSUER, "its certificate is signed by an authority, which the box does not know"),
        (
            21,
            certificate(issuer=name()),
            Flaw.UNKNOWN_ISSUER,
            "its certificate is signed by an authority, which the box does not know",
        ),
        (23, b"", Flaw.OTHER, "its certificate is refused (some words)"),
    ],
)
def test_each_cause_has_its_words(code: int, der: bytes, flaw: Flaw, reason: str) -> None:
    assert said(code, der) == (flaw, reason)


@pytest.mark.parametrize(
    ("code", "wall", "flaw", "reason"),
    [
        (10, datetime(2027, 5, 3), Flaw.EXPIRED, "its certificate expired on 1 January 2027"),
        (10, WALL, Flaw.EXPIRED, "its certificate, or one that it rests on, has expired"),
        (9, datetime(2025, 5, 3), Flaw.NOT_YET_VALID, "its certificate is not valid before 1 January 2026"),
        (9, WALL, Flaw.NOT_YET_VALID, "its certificate, or one that it rests on, is not valid yet"),
        (
            9,
            datetime(1970, 1, 1),
            Flaw.CLOCK,
            "the box's clock says 1 January 1970, and its certificate is valid from 1 January 2026 to "
            "1 January 2027",
        ),
        (
            10,
            datetime(2036, 2, 7),
            Flaw.CLOCK,
            "the box's clock says 7 February 2036, and its certificate is valid from 1 January 2026 to "
            "1 January 2027",
        ),
        (
            9,
            datetime(2024, 6, 1),
            Flaw.CLOCK,
            "the box's clock says 1 June 2024, and its certificate is valid from 1 January 2026 to 1 January 2027",
        ),
    ],
)
def test_dates_that_do_not_fit_are_told_and_a_clock_that_is_far_off_is_suspected_first(
    code: int, wall: datetime, flaw: Flaw, reason: str
) -> None:
    assert said(code, certificate(), wall=wall.replace(tzinfo=UTC)) == (flaw, reason)


@pytest.mark.parametrize("code", [9, 10])
def test_a_clock_that_was_never_set_is_suspected_without_a_certificate_too(code: int) -> None:
    flaw, reason = said(code, wall=datetime(2000, 1, 1, tzinfo=UTC))
    assert (flaw, reason) == (
        Flaw.CLOCK,
        "the box's clock says 1 January 2000, and its certificate is not valid then",
    )


@pytest.mark.parametrize("code", [9, 10])
def test_without_a_certificate_the_cause_is_named_all_the_same(code: int) -> None:
    assert said(code)[0] is {9: Flaw.NOT_YET_VALID, 10: Flaw.EXPIRED}[code]


def test_the_name_that_was_wanted_is_cleaned() -> None:
    assert "\x1b" not in said(62, host="x\x1b[2J")[1]


def test_the_fingerprint_of_what_was_shown_is_told() -> None:
    assert len(refused(18, "", certificate(), "x", WALL).seen) == 64
    assert refused(18, "", b"", "x", WALL).seen == ""
