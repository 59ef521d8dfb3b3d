"""Certificates and tokens: only what was seen is told, by the hop that showed it."""

import ssl
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from agent.commands.driver import Driver, TokenLife
from agent.hotel.acting_place import ActingPlace
from agent.hotel.ages import acting_ages, certificate_ages, remaining, token_ages
from agent.status.snapshot.surroundings import AgeFacts
from provisioning.model import Box, CoderBridge, Dialect, Mews, Printer, Provisioning, Visionline
from provisioning.secret import Secret
from tests.fake_drivers import FakeDriver, lock_system

END = datetime(2031, 5, 4, 12, tzinfo=UTC)
SHOWN = "The certificate that it showed last."


@pytest.fixture(scope="module")
def der() -> bytes:
    made = trustme.CA().issue_cert("any.example", not_after=END)
    return ssl.PEM_cert_to_DER_cert(made.cert_chain_pems[0].bytes().decode())


FILE = Provisioning(
    format=1,
    box=Box(name="b", timezone="UTC"),
    mews=Mews(platform="https://api.mews.example/", dialect=Dialect.CURRENT, access_token=Secret("t")),
    coder_bridge=CoderBridge(
        active=True, server="http://10.0.0.2:8080", username="u", password=Secret("p"), encoders=()
    ),
    visionline=(Visionline(server="https://10.0.0.3", username="u", password=Secret("p"), encoders=()),),
    printers=(
        Printer(name="Office", uri="ipps://10.0.0.4/ipp/print"),
        Printer(name="Bar", uri="socket://10.0.0.5:9100"),
    ),
)


def test_each_hop_with_tls_has_the_end_of_its_certificate(der: bytes) -> None:
    shown = dict.fromkeys(
        ("https://api.mews.example", "https://10.0.0.3", "https://10.0.0.4:631", "http://10.0.0.2:8080"), der
    )
    assert certificate_ages(FILE, shown) == tuple(
        AgeFacts(hop, "certificate", SHOWN, until=END)
        for hop in ("mews", "lock-server:10.0.0.3", "printer:Office")
    )


def test_what_was_not_shown_or_is_no_certificate_is_left_out(der: bytes) -> None:
    assert certificate_ages(FILE, {"https://10.0.0.3": b"", "https://10.0.0.4:631": der[:40]}) == ()


class Bridge(FakeDriver):
    token_life: TokenLife | None = TokenLife(10.0, 70.0)


def moment(at: float) -> datetime:
    return END + timedelta(seconds=at)


def test_a_session_and_a_token_are_told_with_their_times() -> None:
    bridge = Bridge("lock-server:x", ())
    session, token = token_ages(5.0, [bridge, lock_system("1")], moment)
    assert (session.hop, session.since, session.until) == ("mews", moment(5), None)
    assert (token.hop, token.what, token.since, token.until) == ("lock-server:x", "token", moment(10), moment(70))


@pytest.mark.parametrize("life", [None, TokenLife(3.0)])
def test_a_token_that_is_not_there_or_says_no_end_has_none(life: TokenLife | None) -> None:
    bridge = Bridge("lock-server:x", ())
    bridge.token_life = life
    drivers: list[Driver] = [bridge]
    assert [each.until for each in token_ages(None, drivers, moment)] == [None] * (life is not None)


def test_what_remains_is_counted_for_certificates_alone_and_negative_once_it_is_over() -> None:
    ages = (
        AgeFacts("mews", "certificate", "", until=END),
        AgeFacts("printer:x", "certificate", "", until=END - timedelta(seconds=90)),
        AgeFacts("mews", "token", "", until=END),
        AgeFacts("other", "certificate", ""),
    )
    assert remaining(ages, END - timedelta(seconds=60)) == (("mews", 60.0), ("printer:x", -30.0))


def test_the_page_that_acts_has_a_line_while_it_is_served() -> None:
    (age,) = acting_ages(ActingPlace("0.0.0.0:443", "AB:CD", END))
    assert (age.hop, age.what, age.until) == ("box", "certificate", END)
    assert remaining([age], END - timedelta(seconds=5)) == (("box", 5.0),)
    assert acting_ages(ActingPlace()) == ()
