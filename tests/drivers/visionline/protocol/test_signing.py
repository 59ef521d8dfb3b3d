"""The five lines and the headers, byte for byte as in reference/visionline.md, section 3."""

from datetime import UTC, datetime, timedelta, timezone

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.drivers.visionline.protocol import requests, signing
from agent.drivers.visionline.protocol.signing import Rules, Session
from provisioning.model import DateHeader, SignedTarget
from provisioning.secret import Secret

BODY = (
    b'{"doorOperations":[{"doors":["101"],"operation":"guest"}],"expireTime":"20261124T1100","format":"rfid48",'
    b'"startTime":"20261121T1500"}'
)
DATE = "Sat, 21 Nov 2026 14:00:00 GMT"
SESSION = Session("sess-0001", Secret("example-access-key-1"))
CARDS = signing.call("POST", ("cards",), {"override": "true", "encoder": "FrontDesk1", "action": "encode"}, BODY)
LINES = (
    "POST\nhR/XG/eM7/NsH0JhydQ9og==\napplication/json;charset=utf-8\n"
    "Sat, 21 Nov 2026 14:00:00 GMT\n/api/v1/cards?action=encode&encoder=FrontDesk1&override=true"
)
PLAIN = Rules()
AAH = Rules(DateHeader.AAH)


def authorization(call: signing.Call, rules: Rules = PLAIN) -> str:
    return signing.headers(call, DATE, rules, SESSION)["Authorization"]


def test_the_worked_example_is_signed_byte_for_byte() -> None:
    assert len(BODY) == 133
    assert signing.to_sign(CARDS, DATE, PLAIN) == LINES
    assert len(LINES) == 151
    assert authorization(CARDS) == "AWS sess-0001:heApvArPLsEQyVhb7E11QWsgl6A="


def test_with_the_other_header_its_name_stands_before_the_date() -> None:
    assert len(signing.to_sign(CARDS, DATE, AAH)) == 162
    assert authorization(CARDS, AAH) == "AWS sess-0001:zkhxdTFl2JXTxZm/w8rHqO6OKvk="
    assert signing.headers(CARDS, DATE, AAH, SESSION)["X-Aah-Date"] == DATE
    assert "Date" not in signing.headers(CARDS, DATE, AAH, SESSION)


def test_a_list_is_signed_with_empty_lines_for_the_body_that_it_has_not() -> None:
    assert len(signing.to_sign(requests.DOORS, DATE, PLAIN)) == 62
    assert authorization(requests.DOORS) == "AWS sess-0001:RHzT7qK6JPmzSXMfFO6XqE3vvz0="
    assert not {"Content-MD5", "Content-Type"} & set(signing.headers(requests.DOORS, DATE, PLAIN, SESSION))


def test_the_end_of_a_session_is_signed() -> None:
    call = requests.log_out("sess-0001")
    assert len(signing.to_sign(call, DATE, PLAIN)) == 65
    assert authorization(call) == "AWS sess-0001:kjq3fvfUaKQ9xqwHnsyKGMszA1o="


def test_a_log_in_is_dated_and_hashed_and_not_signed() -> None:
    call = requests.log_in(Secret("sym"), Secret("sym"))
    assert call.body == b'{"username":"sym","password":"sym"}'
    headers = signing.headers(call, DATE, PLAIN, None)
    assert headers["Content-MD5"] == "62vvvkRi3TRtURahQ++3Zg=="
    assert headers["Date"] == DATE
    assert headers["Content-Type"] == "application/json;charset=utf-8"
    assert "Authorization" not in headers


def test_every_request_has_a_connection_of_its_own() -> None:
    for call in (CARDS, requests.DOORS, requests.log_out("s"), requests.log_in(Secret("a"), Secret("b"))):
        assert signing.headers(call, DATE, PLAIN, SESSION)["Connection"] == "close"


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=1)), timezone(timedelta(hours=-9))], ids=str)
def test_a_date_is_written_in_utc_whatever_zone_it_comes_in(zone: timezone) -> None:
    assert signing.written(datetime(2026, 11, 21, 14, tzinfo=UTC).astimezone(zone)) == DATE


def test_an_encoders_name_with_a_blank_is_signed_as_it_goes_over_the_wire_or_as_it_is_called() -> None:
    call = signing.call("POST", ("cards",), {"encoder": "Front desk/1"}, BODY)
    assert signing.to_sign(call, DATE, PLAIN).endswith("/api/v1/cards?encoder=Front%20desk%2F1")
    plain = Rules(signed_target=SignedTarget.PLAIN)
    assert signing.to_sign(call, DATE, plain).endswith("/api/v1/cards?encoder=Front desk/1")


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    st.text(st.characters(codec="ascii"), min_size=1),
)
def test_what_is_signed_is_what_httpx_puts_on_the_wire(encoder: str, id: str) -> None:
    for call in (signing.call("POST", ("cards",), {"encoder": encoder, "action": "encode"}), requests.log_out(id)):
        sent = httpx.Request(call.method, "https://10.4.5.7/api/v1" + call.path).url.raw_path.decode("ascii")
        assert signing.to_sign(call, DATE, PLAIN).splitlines()[-1] == sent


@given(
    st.dictionaries(
        st.sampled_from(["action", "encoder", "override", "autoJoin", "overwriteValidCard", "details"]),
        st.just("x"),
    )
)
def test_the_query_is_in_alphabetical_order(query: dict[str, str]) -> None:
    names = [
        pair.partition("=")[0] for pair in signing.call("GET", ("cards",), query).path.partition("?")[2].split("&")
    ]
    assert [name for name in names if name] == sorted(query)


def test_the_key_that_signs_is_in_no_repr() -> None:
    assert "example-access-key-1" not in repr(SESSION)
