"""What an order says of people is blotted out of a lock system's words, and nothing else is."""

import json

import pytest

from agent.commands.people import KEPT_BYTES, MOST_TEXTS, NO_ONE, People

GUEST = {
    "Id": "2a1a4315-7e6f-4131-af21-402cec59b8b9",
    "FirstName": "Zoë",
    "LastName": "O'Hara Smith",
    "Email": "zoe@example.org",
    "Phone": "+43 660 1234567",
    "NationalityCode": "ITA",
    "Sex": "Female",
    "Address": {"Line1": "Rose Lane 5", "PostalCode": "6020", "Number": "7"},
    "LoyaltyNumbers": ["99887766", "12"],
}
DATA = {
    "KeyCutterId": "Lobby",
    "LockIds": ["101", "Suite Mozart"],
    "Telephone": "+43 660 7654321",
    "Reservation": {
        "Number": "4711",
        "Customer": GUEST,
        "Companions": [{"FirstName": "Key", "LastName": "Li"}, None, 7],
        "Notes": "allergic  to\nfeathers",
    },
}
PEOPLE = People(json.dumps(DATA).encode())


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("zoë o'hara smith is in room 101", "(hidden) (hidden) is in room 101"),
        ("ZOË has (Rose Lane 5)", "(hidden) has ((hidden))"),
        ("mail to zoe@example.org, call +43 660 1234567", "mail to (hidden), call (hidden)"),
        ("+43 660 7654321 of 99887766", "(hidden) of (hidden)"),
        ("Note: Allergic to feathers", "Note: (hidden)"),
        ("Suite Mozart at Lobby: key of a female Li, ITA, 4711, 6020", None),
        ("Zoës Smithson", None),  # other words
        ("", None),
    ],
)
def test_people_go_and_everything_else_stays(words: str, shown: str | None) -> None:
    assert PEOPLE.without(words) == (words if shown is None else shown)


def test_without_data_no_word_goes() -> None:
    assert NO_ONE.without("Zoë is in room 101") == "Zoë is in room 101"


@pytest.mark.parametrize("data", [b"{", b'{"a": "\xff"}', b"[" * 100_000])
def test_of_an_order_that_cannot_be_read_none_of_the_words_is_shown(data: bytes) -> None:
    assert People(data).without("Zoë is in room 101") == "(hidden)"
    assert People(data).without("") == ""


def test_long_data_is_not_kept_but_its_people_are() -> None:
    data = json.dumps({**DATA, "Filler": "x" * KEPT_BYTES}).encode()
    people = People(data)
    assert people._data is None
    assert people.without("Zoë") == "(hidden)"


def test_a_crowd_is_bounded() -> None:
    crowd = [{"FirstName": f"Guest{number:04}x"} for number in range(MOST_TEXTS * 3)]
    assert (
        People(json.dumps({"Companions": crowd}).encode()).without("Guest0000x Guest0599x")
        == "(hidden) Guest0599x"
    )


def test_people_are_in_no_repr_and_equal_by_what_is_said() -> None:
    assert repr(PEOPLE) == "People(hidden)"
    same = People(json.dumps(DATA).encode())
    assert (same == PEOPLE, hash(PEOPLE) == hash(same)) == (True, True)
    assert PEOPLE != NO_ONE
    assert PEOPLE != "People(hidden)"
