"""What a message of Mews says, and that none of them can do any harm."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agent.mews.push.events import MOST_EVENTS, CommandNews, Heard, SpaceNews, StayNews, heard
from agent.mews.records import SpaceState, StayState

COMMAND = {"Type": "DeviceCommand", "Id": "aa20961f-6d9e-4b35-ad25-071213530aec", "State": "Pending"}
STAY = {
    "Type": "Reservation",
    "Id": "bfee2c44-1f84-4326-a862-5289598f6e2d",
    "State": "Started",
    "StartUtc": "2016-02-20T13:00:00Z",
    "EndUtc": "2016-02-22T11:00:00Z",
    "AssignedResourceId": "5ee074b1-6c86-48e8-915f-c7aa4702086f",
}
SPACE = {"Type": "Resource", "Id": "5ee074b1-6c86-48e8-915f-c7aa4702086f", "State": "Clean"}
PRICE = {"Type": "PriceUpdate", "Id": "0fc8d2a4-4ac9-4fd0-a9d6-1d2f6a9c5b0e", "StartUtc": "2016-02-20T00:00:00Z"}


def message(*events: Any) -> str:
    return msgspec.json.encode({"Events": events}).decode()


def test_events_are_told_in_their_order_and_those_of_other_kinds_are_counted() -> None:
    assert heard(message(COMMAND, PRICE, STAY, SPACE)) == Heard(
        (
            CommandNews("aa20961f-6d9e-4b35-ad25-071213530aec", "Pending"),
            StayNews(
                "bfee2c44-1f84-4326-a862-5289598f6e2d",
                StayState.STARTED,
                datetime(2016, 2, 20, 13, tzinfo=UTC),
                datetime(2016, 2, 22, 11, tzinfo=UTC),
                "5ee074b1-6c86-48e8-915f-c7aa4702086f",
            ),
            SpaceNews("5ee074b1-6c86-48e8-915f-c7aa4702086f", SpaceState.CLEAN),
        ),
        1,
    )


@pytest.mark.parametrize("absent", [{}, {"AssignedResourceId": None}])
def test_a_reservation_may_have_no_room(absent: dict[str, None]) -> None:
    stay = {name: value for name, value in STAY.items() if name != "AssignedResourceId"} | absent
    [news] = heard(message(stay)).news
    assert isinstance(news, StayNews)
    assert news.space == ""


@pytest.mark.parametrize("date", [None, "soon", "9999-12-31T00:00:00Z", ""])
def test_a_date_that_cannot_be_read_is_not_told(date: str | None) -> None:
    [news] = heard(message(STAY | {"StartUtc": date})).news
    assert isinstance(news, StayNews)
    assert (news.start, news.state) == (None, StayState.STARTED)


@pytest.mark.parametrize("room", [7, {}, "", "x" * 101, "a\nb"])
def test_a_reservation_whose_room_cannot_be_read_is_passed_over(room: object) -> None:
    assert heard(message(STAY | {"AssignedResourceId": room}, COMMAND)).passed_over == 1


def test_words_of_later_versions_are_told_as_unknown() -> None:
    assert heard(message(STAY | {"State": "Frozen"}, SPACE | {"State": "Haunted"})).news == (
        StayNews(
            STAY["Id"],
            StayState.UNKNOWN,
            datetime(2016, 2, 20, 13, tzinfo=UTC),
            datetime(2016, 2, 22, 11, tzinfo=UTC),
            STAY["AssignedResourceId"],
        ),
        SpaceNews(SPACE["Id"], SpaceState.UNKNOWN),
    )


def test_a_resource_by_its_old_name_is_one_as_well() -> None:
    assert heard(message(SPACE | {"Type": "Space"})).news == heard(message(SPACE)).news


@pytest.mark.parametrize(
    "bad",
    [
        *(None, 1, [], {}, "x", {"Type": "DeviceCommand"}, COMMAND | {"Id": None}, COMMAND | {"Id": ""}),
        *(
            COMMAND | {"Id": "x" * 101},
            COMMAND | {"Id": "a\u202eb"},
            COMMAND | {"State": 1},
            COMMAND | {"Type": 1},
        ),
    ],
)
def test_an_event_that_cannot_be_read_spoils_no_other(bad: object) -> None:
    assert heard(message(bad, COMMAND)) == Heard((CommandNews(COMMAND["Id"], "Pending"),), 1)


def test_members_that_are_not_known_are_passed_over() -> None:
    assert heard(message(COMMAND | {"New": {"a": [1]}})).passed_over == 0
    assert heard('{"New": 1, "Events": [], "Other": null}') == Heard()


@pytest.mark.parametrize(
    "text",
    [
        *("", "pong", "{", "null", "[]", "{}", '{"Events":null}', '{"Events":{}}', '{"Events":"x"}', b"\xff\xfe"),
        *(
            "[" * 100_000,
            '{"Events":' + "[" * 100_000,
            '{"Events":[' * 10_000,
            "\ud800",
            '{"Events":[],"Events":[]}',
        ),
        '{"Events":"' + "x" * 200_000 + '"}',
    ],
)
def test_what_is_no_message_counts_as_one_thing_passed_over(text: str | bytes) -> None:
    assert heard(text) == Heard((), 1)


def test_an_event_that_is_broken_inside_spoils_no_other() -> None:
    deep = '{"Type":"DeviceCommand","Id":"a","State":"Pending","x":' + "[" * 50_000 + "]" * 50_000 + "}"
    odd = '{"Type":"Space","Id":"b","State":"\\ud800"}'
    text = f'{{"Events":[{deep},{odd},{msgspec.json.encode(COMMAND).decode()}]}}'
    found = heard(text)
    assert found.news[-1] == CommandNews(COMMAND["Id"], "Pending")
    assert len(found.news) + found.passed_over == 3


def test_a_message_in_bytes_is_the_same_one() -> None:
    assert heard(message(COMMAND).encode()) == heard(message(COMMAND))


def test_of_a_flood_in_one_message_the_first_are_read() -> None:
    found = heard(message(*[COMMAND] * (MOST_EVENTS + 5)))
    assert (len(found.news), found.passed_over) == (MOST_EVENTS, 1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9**20) | st.text(max_size=9)
    | st.sampled_from(["DeviceCommand", "Reservation"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from([*STAY, "Events", "x"]), inner, max_size=6),
    max_leaves=20,
)  # fmt: skip


@given(st.binary(max_size=200) | st.text(max_size=200))
@example(b'{"Events":[{"Type":"DeviceCommand","Id":"\\ud800","State":"Pending"}]}')
def test_no_bytes_do_any_harm(text: str | bytes) -> None:
    found = heard(text)
    assert found.news == () or "Events" in str(text)


@given(JSON)
def test_no_json_does_any_harm(value: Any) -> None:
    found = heard(msgspec.json.encode({"Events": [value, COMMAND]}))
    assert found.news[-1] == CommandNews(COMMAND["Id"], "Pending")
