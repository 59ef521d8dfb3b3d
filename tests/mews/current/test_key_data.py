"""Today's `Data` of a key: all that the docs show is read, and the custom JSON in it spoils nothing."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.commands.model import Account, KeyRequest
from agent.mews.current.key_data import key_request
from agent.mews.reading.commands import listing
from agent.mews.reading.decoding import Unreadable
from provisioning.secret import Secret

KEY = {
    "KeyCutterId": "1",
    "ApiUrl": "https://10.4.5.7/api/v1",
    "KeyCutterData": None,
    "KeyCount": 2,
    "LockIds": ["101"],
    "StartUtc": "2026-05-04T12:00:00Z",
    "EndUtc": "2026-05-06T10:00:00Z",
    "FirstName": "John",
    "LastName": "Smith",
    "NormalizedFirstName": "John",
    "NormalizedLastName": "Smith",
    "Telephone": "00420 111",
    "Email": "john.smith@example.com",
    "ReservationId": "stay-1",
    "ReservationNumber": "52",
}
FILES = Account("https://10.4.5.7/api/v1", Secret(""), Secret(""))
DEEP = "[" * 10_000 + "]" * 10_000
GOOD = json.dumps({"Type": "", "UserName": "visionline-user", "Password": "visionline-password"})


def read(**members: object) -> KeyRequest:
    return key_request(json.dumps(KEY | members).encode())


def test_a_key_is_read_as_the_docs_show_it() -> None:
    start, end = datetime(2026, 5, 4, 12, tzinfo=UTC), datetime(2026, 5, 6, 10, tzinfo=UTC)
    assert read() == KeyRequest("1", ("101",), start, end, 2, "stay-1", FILES, "00420 111")


def test_no_guest_and_no_password_is_shown() -> None:
    words = repr(read(KeyCutterData=GOOD)) + str(read(KeyCutterData=GOOD).account)
    assert not any(word in words for word in ("Smith", "00420", "john", "password", "visionline-user"))


def test_the_account_at_the_lock_server_may_stand_in_the_custom_json() -> None:
    account = Account("https://10.4.5.7/api/v1", Secret("visionline-user"), Secret("visionline-password"))
    assert read(KeyCutterData=GOOD).account == account


@pytest.mark.parametrize(
    "custom",
    [
        *("", "not JSON", "[]", "7", "null", '{"Type":"FiasProtocol"}', '{"UserName":"one alone"}', DEEP),
        *(
            '{"UserName":"a","UserName":"b","Password":"c"}',
            '{"UserName":7,"Password":"c"}',
            '{"Type":' + DEEP + "}",
        ),
        *("x" * 1_000_000, "\ud83d", 7, [], {"UserName": "a", "Password": "b"}, None),
    ],
)
def test_custom_json_that_is_no_use_changes_nothing(custom: object) -> None:
    assert read(KeyCutterData=custom) == read()


def test_custom_json_that_stands_there_twice_changes_nothing() -> None:
    twice = json.dumps(KEY).encode().replace(b'"KeyCount"', b'"KeyCutterData":"{}","KeyCount"')
    assert key_request(twice) == read()


def test_without_a_lock_server_no_one_looks_at_it() -> None:
    assert read(ApiUrl=None, KeyCutterData=GOOD).account is None


@pytest.mark.parametrize("data", [None, b"[]", b'{"LockIds":[]}'])
def test_what_a_key_needs_is_refused_where_it_is_bad(data: bytes | None) -> None:
    with pytest.raises(Unreadable):
        key_request(data)


@pytest.mark.parametrize("custom", ["x" * 1_000_000, DEEP, "\\u0000"])
def test_the_neighbours_in_a_list_are_untouched(custom: str) -> None:
    device = {"Id": "d", "Name": "Desk", "Type": "KeyCutter"}
    head = {"State": "Pending", "CreatedUtc": "2026-05-04T12:00:00Z", "Device": device}
    keys = [head | {"Id": id, "Data": KEY | {"KeyCutterData": text}} for id, text in (("a", custom), ("b", "{}"))]
    found = listing(json.dumps({"Commands": keys}).encode())
    assert [key_request(command.data) for command in found.commands] == [read(), read()]


@given(
    st.text()
    | st.recursive(st.none() | st.text(), lambda inner: st.dictionaries(st.text(), inner)).map(json.dumps)
)
def test_any_custom_text_leaves_the_key_as_it_is(custom: str) -> None:
    found = read(KeyCutterData=custom)
    assert (found.lock_ids, found.copies, found.reservation) == (("101",), 2, "stay-1")
