"""`Data` of a key command, in both dialects' spellings: what is needed is refused where it is bad."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.commands.model import Account, KeyRequest
from agent.mews.reading import key_data
from agent.mews.reading.decoding import Unreadable
from provisioning.secret import Secret
from tests.mews.reading.orders_of_keys import GONE, KEY, changed

DEEP = b"[" * 2_000 + b"]" * 2_000


def request(**members: Any) -> KeyRequest:
    return key_data.key_request(json.dumps(changed(KEY, **members)).encode())


def test_a_key_is_read_as_the_page_shows_it() -> None:
    start, end = datetime(2015, 9, 2, 12, tzinfo=UTC), datetime(2015, 9, 5, 10, tzinfo=UTC)
    account = Account("https://10.4.5.7", Secret("user"), Secret("secret"))
    assert request() == KeyRequest("1", ("101",), start, end, 1, account=account)


@pytest.mark.parametrize("end", [GONE, None, ""])
def test_a_key_without_an_end_ends_as_the_hotels_stays_do(end: Any) -> None:
    assert request(ValidityEndUtc=end).end is None


@pytest.mark.parametrize(
    ("members", "stay"),
    [
        ({"Reservation": {"Id": "stay-1"}}, "stay-1"),
        ({"Reservation": {"Number": "1"}}, ""),
        ({"Reservation": {"Id": 7}}, ""),
        ({"Reservation": {"Id": "a\x1bb"}}, ""),
        ({"Reservation": {"Id": "x" * 200}}, ""),
        ({"Reservation": ["Id"]}, ""),
        ({"Reservation": None}, ""),
        ({"Reservation": GONE}, ""),
        ({"Reservation": GONE, "ReservationId": "stay-2"}, "stay-2"),
    ],
)
def test_the_stay_of_a_key_is_its_reservation(members: dict[str, Any], stay: str) -> None:
    assert request(**members).reservation == stay


@pytest.mark.parametrize("url", [GONE, None, "", 7, []])
def test_an_order_that_names_no_lock_server_has_no_account(url: Any) -> None:
    assert request(ApiUrl=url).account is None


def test_an_account_that_cannot_be_read_is_an_empty_one() -> None:
    account = request(ApiUrl="https://x", UserName=7, Password=None).account
    assert account == Account("https://x", Secret(""), Secret(""))


@pytest.mark.parametrize(
    ("members", "contact"),
    [
        ({"Telephone": "+43 1 234", "Email": "guest@example.com"}, "+43 1 234"),
        ({"Email": "guest@example.com"}, "guest@example.com"),
        ({}, ""),
    ],
)
def test_a_guest_is_reached_by_telephone_or_else_by_mail(members: dict[str, Any], contact: str) -> None:
    read = request(**members)
    assert read.contact == contact
    assert not contact or contact not in repr(read)


def test_todays_names_of_the_validity_are_read_too() -> None:
    today = request(
        ValidityStartUtc=GONE, ValidityEndUtc=None, StartUtc="2015-09-02T12:00:00Z", EndUtc="2015-09-05T10:00:00Z"
    )
    assert today == request()


@pytest.mark.parametrize("cutter", [GONE, None, "", "  "])
def test_a_key_cutter_may_be_missing(cutter: Any) -> None:
    assert request(KeyCutterId=cutter).key_cutter == ""


@pytest.mark.parametrize(
    ("date", "hour"),
    [
        ("2015-09-02T12:00:00Z", 12),
        ("2015-09-02T12:00:00", 12),
        ("2015-09-02T12:00:00.1234567Z", 12),
        ("2015-09-02T14:00:00+02:00", 12),
    ],
)
def test_a_date_is_utc_however_it_is_written(date: str, hour: int) -> None:
    start = request(ValidityStartUtc=date).start
    assert (start.tzinfo, start.hour) == (UTC, hour)


@pytest.mark.parametrize(
    ("count", "copies"), [(1, 1), (1.0, 1), (10, 10), (0, 0), (-1, -1), (3e0, 3), (999999, 999999)]
)
def test_a_whole_number_of_keys_may_be_written_either_way(count: float, copies: int) -> None:
    assert request(KeyCount=count).copies == copies


@pytest.mark.parametrize("count", [1.5, 10**6, -(10**6), 10**30, 1e300])
def test_a_number_that_is_no_number_of_keys_is_unreadable(count: float) -> None:
    with pytest.raises(Unreadable, match="its number of keys is no whole number"):
        request(KeyCount=count)


@pytest.mark.parametrize(
    ("locks", "names"),
    [(["101", "102"], ("101", "102")), ([101], ("101",)), ([" 101 ", "101"], ("101",)), (["a b"], ("a b",))],
)
def test_locks_are_named_once_each_and_without_blanks(locks: list[Any], names: tuple[str, ...]) -> None:
    assert request(LockIds=locks).lock_ids == names


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"LockIds": GONE}, "its Data has no usable LockIds"),
        ({"LockIds": None}, "its Data has no usable LockIds"),
        ({"LockIds": "101"}, "its Data has no usable LockIds"),
        ({"LockIds": [None]}, "its Data has no usable LockIds"),
        ({"LockIds": [1.5]}, "its Data has no usable LockIds"),
        ({"LockIds": []}, "names no lock"),
        ({"LockIds": ["101", " "]}, "an empty one"),
        ({"LockIds": [str(number) for number in range(65)]}, "far too many"),
        ({"LockIds": ["10\x001"]}, "characters that no lock has"),
        ({"LockIds": ["1" * 81]}, "characters that no lock has"),
        ({"KeyCount": GONE}, "its Data has no usable KeyCount"),
        ({"KeyCount": None}, "its Data has no usable KeyCount"),
        ({"KeyCount": "1"}, "its Data has no usable KeyCount"),
        ({"KeyCount": True}, "its Data has no usable KeyCount"),
        ({"KeyCutterId": 1}, "its Data has no usable KeyCutterId"),
        ({"ValidityStartUtc": GONE}, "the start of the validity is missing"),
        ({"ValidityEndUtc": "soon"}, "the end of the validity is missing or no date"),
        ({"ValidityEndUtc": "2100-01-01T00:00:00Z"}, "the end of the validity is no plausible date"),
    ],
)
def test_what_is_wrong_with_a_key_is_said_in_a_few_words(members: dict[str, Any], reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        request(**members)


@pytest.mark.parametrize("end", ["2015-09-02T12:00:00Z", "2015-09-01T12:00:00Z", "2001-01-01T00:00:00Z"])
def test_a_stay_that_ends_before_it_begins_is_read_as_it_is_written(end: str) -> None:
    assert request(ValidityEndUtc=end) == msgspec.structs.replace(request(), end=datetime.fromisoformat(end))


def test_a_key_without_data_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="missing or far too large"):
        key_data.key_request(None)


@pytest.mark.parametrize(
    "data", [b"", b"null", b'"text"', b"[]", b"7", b"{", b'{"a"}', b"{:1}", b'{"\xff":1}', DEEP]
)
def test_data_that_is_no_object_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable, match="not an object"):
        key_data.key_request(data)


def test_two_rooms_under_one_name_are_no_room() -> None:
    twice = json.dumps(KEY).encode().replace(b'"KeyCount"', b'"LockIds":["999"],"KeyCount"')
    with pytest.raises(Unreadable, match="its Data names LockIds twice"):
        key_data.key_request(twice)


@given(st.binary(max_size=80) | st.text('{}[]":,LockIds1 ', max_size=80).map(str.encode))
def test_garbage_for_a_key_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        key_data.key_request(data)


@given(
    st.fixed_dictionaries(
        {
            name: st.none()
            | st.text()
            | st.integers()
            | st.floats(-1e9, 1e9)
            | st.lists(st.text() | st.integers())
            for name in KEY
        }
    )
)
def test_members_of_any_kind_give_a_key_or_a_reason(data: dict[str, Any]) -> None:
    text = json.dumps(data).encode()
    with suppress(Unreadable):
        assert key_data.key_request(text).lock_ids
