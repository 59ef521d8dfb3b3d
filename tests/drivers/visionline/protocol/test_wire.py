"""Sessions, cards, doors and words out of whatever a server sends."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.commands.driver import LockDoor
from agent.drivers.visionline.protocol import wire
from agent.drivers.visionline.protocol.wire import Card

CARD = {
    "id": "card-77",
    "credentialID": 4711,
    "uniqueRegistrationNumber": "0001",
    "serialNumbers": ["04A2B3"],
    "created": "20261121T1400",
    "format": "rfid48",
    "notIssued": False,
    "expired": False,
    "cancelled": False,
    "discarded": False,
    "overridden": False,
    "overwritten": False,
    "pendingAutoUpdate": False,
    "numberOfIssuedCards": 1,
}


def as_bytes(value: Any) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    "value",
    [
        {"id": "s-1", "accessKey": "k-1"},
        {"ID": "s-1", "accesskey": " k-1 "},
        {"id": "s-1", "accessKey": "k-1", "more": None},
    ],
)
def test_a_session_is_an_id_and_a_key(value: Any) -> None:
    found = wire.session(as_bytes(value))
    assert found is not None
    assert (found.id, found.key.reveal()) == ("s-1", "k-1")


def test_a_session_s_id_may_be_a_number() -> None:
    found = wire.session(as_bytes({"id": 17, "accessKey": "k"}))
    assert found is not None
    assert found.id == "17"


@pytest.mark.parametrize(
    "value",
    [
        [],
        {},
        {"id": "s"},
        {"accessKey": "k"},
        {"id": "", "accessKey": "k"},
        {"id": "s\r\nX: y", "accessKey": "k"},
        {"id": "s", "accessKey": "k" * 1025},
        {"id": "s", "accessKey": True},
        {"id": ["s"], "accessKey": {}},
        "text",
    ],
    ids=repr,
)
def test_what_could_not_sign_is_no_session(value: Any) -> None:
    assert wire.session(as_bytes(value)) is None


@pytest.mark.parametrize(
    ("value", "id"),
    [
        (CARD, "card-77"),
        ([CARD], "card-77"),
        ({"card": CARD}, "card-77"),
        ({"cards": [CARD]}, "card-77"),
        ({"Data": {"Card": CARD}}, "card-77"),
        ({"credentialID": 4711}, "4711"),
        ({"uniqueRegistrationNumber": "0001"}, "0001"),
        ({"serialNumbers": ["04A2B3", "x"]}, "04A2B3"),
        ({"id": 5}, "5"),
        ({"Id": "c", "doorOperations": []}, "c"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_card_s_answer_has_the_card_s_id(value: Any, id: str) -> None:
    assert wire.card(as_bytes(value)) == Card(id, is_good=True)


@pytest.mark.parametrize("flag", ["notIssued", "cancelled", "discarded"])
def test_a_card_that_is_called_useless_is_not_good(flag: str) -> None:
    assert wire.card(as_bytes({**CARD, flag: True})) == Card("card-77", is_good=False)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        [CARD, CARD],
        {"id": ""},
        {"id": None, "serialNumbers": []},
        {"serialNumbers": "x"},
        {"result": {"data": {"card": {"cards": CARD}}}},
        {"id": "e-1", "error": "no card"},
        {"id": "e-1", "errorCode": 5},
        "card-77",
        7,
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_names_no_card_is_no_card_s_answer(value: Any) -> None:
    assert wire.card(as_bytes(value)) is None


def test_doors_have_name_kind_and_state() -> None:
    rows = [
        {"doorID": 1, "doorName": "101", "doorCategory": "guest", "online": True},
        {"doorName": "POOL", "doorType": "common", "online": False},
        {"localName": "Garage"},
        {"doorName": 102, "online": "yes"},
        {"doorName": ""},
        "no row",
    ]
    expected = (
        LockDoor("101", "guest", "online"),
        LockDoor("POOL", "common", "offline"),
        LockDoor("Garage"),
        LockDoor("102"),
    )
    assert wire.doors(as_bytes(rows)) == expected
    assert wire.doors(as_bytes({"doors": rows})) == expected
    assert wire.doors(b"[]") == ()


@pytest.mark.parametrize("value", [{}, {"doors": 1}, "doors", None, 3])
def test_what_is_no_list_has_no_doors(value: Any) -> None:
    assert wire.doors(as_bytes(value)) is None


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (as_bytes({"message": "No card"}), "No card"),
        (as_bytes({"code": 17, "message": "No card"}), "17: No card"),
        (as_bytes({"error": {"errorCode": "E17", "details": "No card"}}), "E17: No card"),
        (as_bytes({"errors": [{"message": "One"}, {"message": "Two"}]}), "One: Two"),
        (as_bytes({"error": "Same", "message": "Same"}), "Same"),
        (as_bytes(["One"]), "One"),
        (as_bytes("EncoderNotOnline"), "EncoderNotOnline"),
        (as_bytes({"unknown": "x"}), ""),
        (as_bytes({"a": {"b": {"message": "deep"}}}), ""),
        (b"Encoder is busy\r\n", "Encoder is busy"),
        (b"<html><title>500</title>Encoder is busy</html>", ""),
        ("Kodierer läuft nicht".encode("cp1252"), "Kodierer läuft nicht"),
        (b"\x81\x8d", ""),
        (b"", ""),
        (as_bytes({"message": "x" * 400}), "x" * 299 + "…"),
    ],
)
def test_words_of_a_failure_are_found(body: bytes, words: str) -> None:
    assert wire.said(body) == words


def test_the_card_holder_of_an_error_is_not_among_its_words() -> None:
    assert (
        wire.said(as_bytes({"message": "No", "card": {"cardHolder": "Mr Smith"}, "cardHolder": "Mr Smith"}))
        == "No"
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "card", "error", "message", "serialNumbers", "doors", "accessKey"]), inner
        )
    ),
    max_leaves=12,
)


@given(st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_comes_is_read_without_a_crash(body: bytes) -> None:
    card = wire.card(body)
    assert card is None or card.id
    assert len(wire.said(body)) <= wire.WORDS_LENGTH
    session = wire.session(body)
    assert session is None or session.id.isprintable()
    assert all(door.name for door in wire.doors(body) or ())
