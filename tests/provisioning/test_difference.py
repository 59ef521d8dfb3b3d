"""What changes between two files, in sentences a person can say yes or no to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.difference import Change, What, difference, sentences
from provisioning.read import read
from tests.provisioning.text import (
    COMPLETE,
    CURRENT,
    EXAMPLES,
    MINIMAL,
    PASSWORD,
    TRUSTING,
    current,
    good,
    minimal,
)

SECOND = '[[coder_bridge.encoders]]\nname = "Concierge"\nidentifier = "2"\nkey_cutters = ["2", "3"]\n'
GOOD = [
    text
    for path in sorted([*(EXAMPLES / "doubtful").iterdir()], key=str)
    if read(text := path.read_bytes()).provisioning is not None
] + [MINIMAL.encode(), COMPLETE.encode(), TRUSTING.encode(), CURRENT.encode()]


def said(old: str, new: str) -> list[str]:
    return sentences(difference(good(old), good(new))).splitlines()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("aurora-desk", "aurora-bar", "The box's name changes from aurora-desk to aurora-bar."),
        (PASSWORD, "brass key 77", "The Coder Bridge's password is another one."),
        ("active = true\n", "", "The Coder Bridge's switch changes from true to false."),
        ('key_cutters = ["1"]', 'key_cutters = ["1"]\n' + SECOND,
         "Encoder 2 (Concierge) is new: key cutters 2, 3."),
        ('["1"]', '["1", "9"]', "Encoder 1 (Front desk): its list of key cutters changes from 1 to 1, 9."),
        ('identifier = "1"', 'identifier = "7"', "Encoder 1 (Front desk): its identifier changes from 1 to 7."),
        ('dialect = "2016"', 'dialect = "2016"\npoll_seconds = 5', "The pace of asking changes from 2 to 5."),
        ('key_cutters = ["1"]', 'key_cutters = ["1"]\n' + SECOND + "mobile = true\n",
         "Encoder 2 (Concierge) is new: key cutters 2, 3, sending to telephones true."),
        ("active = true\n", "active = true\nallow_precheckin = true\n",
         "The making of keys before the stay changes from false to true."),
        ("active = true\n", 'active = true\ncommon_areas = ["1"]\n', "The list of common areas is set: 1."),
        ('username = "nightporter"', 'username = "night"',
         "The Coder Bridge's user changes from nightporter to night."),
    ],
)  # fmt: skip
def test_a_changed_setting_is_one_sentence(old: str, new: str, sentence: str) -> None:
    assert said(MINIMAL, minimal(old, new)) == [sentence]


@pytest.mark.parametrize(
    ("added", "there", "gone"),
    [
        ('[support]\nphone = "1"\n', "The phone of support is set: 1.",
         "The phone of support is no longer set, and was 1."),
        ('[doors]\n"POOL" = { area = "3" }\n', "Door POOL is new: area 3.", "Door POOL goes."),
        ('[doors]\n"S" = { rooms = ["1", "2"], areas = ["3"], rms = "9" }\n',
         "Door S is new: rooms 1, 2, areas 3, name at the room management 9.", "Door S goes."),
        ('[[printers]]\nname = "Bar"\nuri = "ipp://10.4.5.30/ipp"\n',
         "Printer Bar is new: address ipp://10.4.5.30/ipp.", "Printer Bar goes."),
        ('[limits]\nmax_open_balance = "0 EUR"\n', "The limit of what is owed is set: 0 EUR.",
         "The limit of what is owed is no longer set, and was 0 EUR."),
        ("[room_sync]\nactive = true\n", "Room sync's switch changes from false to true.",
         "Room sync's switch changes from true to false."),
        ('[console]\ncode = "k7mp-3xqd"\n', "The console's code is set.", "The console's code is no longer set."),
        ('[page]\nnames = ["desk.lan"]\n', "The page's list of further names is set: desk.lan.",
         "The page's list of further names is no longer set, and was desk.lan."),
    ],
)  # fmt: skip
def test_what_comes_and_what_goes_is_one_sentence(added: str, there: str, gone: str) -> None:
    assert said(MINIMAL, minimal(add=added)) == [there]
    assert said(minimal(add=added), MINIMAL) == [gone]


def test_a_section_that_comes_is_told_with_what_it_sets_and_goes_in_one_sentence() -> None:
    signing = '[signing]\nkey = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="\nnumber = 7\n'
    assert said(MINIMAL, minimal(add=signing)) == [
        "Signing is new.",
        "The signing key is set: 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=.",
        "The file's number is set: 7.",
    ]
    assert said(minimal(add=signing), MINIMAL) == ["Signing goes."]


def test_the_settings_of_todays_dialect_are_told_one_by_one() -> None:
    assert said(current(), CURRENT)[:3] == [
        "The address by which Mews says that there is news is set: wss://ws.mews.com.",
        "The hotel of a token for several is set: 851df8c8-90f2-4c4a-8e01-a4fc46b25178.",
        "The noting of cards in Mews changes from false to true.",
    ]
    assert said(current(), CURRENT)[-4:] == [
        "The drill is new.",
        "The drill's time is set: 05:30.",
        "The drill's reservation is set: 2bbb5d8a-0492-4271-9941-cd6d89b81d43.",
        "The drill's key cutter is set: 63efb573-fc58-4065-b687-9bdd51568529.",
    ]
    assert said(CURRENT, current())[-1] == "The drill goes."


def test_a_server_of_a_list_comes_with_its_encoders() -> None:
    server = COMPLETE[COMPLETE.index("[[visionline]]") : COMPLETE.index("[doors]")]
    first, second = said(MINIMAL, minimal(add=server))
    assert first.startswith(
        "VisiOnline server https://10.4.5.7/api/v1 is new: user nightporter, password set (hidden)"
    )
    assert second == "Encoder BAR1 (Bar) is new: key cutters 3."


def test_encoders_in_another_order_are_no_change() -> None:
    encoders = COMPLETE.split("[[coder_bridge.encoders]]")
    rest = encoders[2].partition("[[visionline]]")
    swapped = "[[coder_bridge.encoders]]".join([encoders[0], rest[0], encoders[1] + rest[1] + rest[2]])
    assert said(COMPLETE, swapped) == ["Nothing changes: both files say the same."]


def test_two_of_a_list_that_change_their_identifiers_are_new_ones() -> None:
    new = COMPLETE.replace('identifier = "1"', 'identifier = "8"').replace('identifier = "2"', 'identifier = "9"')
    assert [line.split(" (")[0] for line in said(COMPLETE, new)] == [
        "Encoder 8",
        "Encoder 9",
        "Encoder 1",
        "Encoder 2",
    ]


def test_the_same_file_in_other_words_is_no_change() -> None:
    other = "# another comment\n" + MINIMAL.replace('"http://10.4.5.6"', '"http://10.4.5.6:7331/mst/enc"')
    assert difference(good(MINIMAL), good(other)) == ()


def test_without_an_old_file_all_that_is_set_is_told() -> None:
    told = sentences(difference(None, good(COMPLETE))).splitlines()
    assert told[:3] == [
        "The file's format is set: 1.",
        "The box's name is set: aurora-desk.",
        "The time zone is set: Europe/Vienna.",
    ]
    assert "Encoder 2 (Front desk right) is new: key cutters 2, 63efb573-fc58-4065-b687-9bdd51568529." in told


def test_changes_come_in_the_order_of_the_file() -> None:
    told = [change.name for change in difference(good(MINIMAL), good(COMPLETE))]
    assert told[:4] == ["the name of support", "the phone of support", "the box's address", "the gateway"]


@pytest.mark.parametrize("old", [None, MINIMAL])
def test_no_secret_is_in_a_change(old: str | None) -> None:
    new = TRUSTING.replace(PASSWORD, "brass key 77").replace("C66EF7B2", "D77EF7B2")
    text = repr(difference(good(old) if old else None, good(new)))
    for secret in (PASSWORD, "brass key", "k7mp", "wicker", "EF7B2"):
        assert secret not in text


@given(st.sampled_from(GOOD), st.sampled_from(GOOD))
def test_files_that_differ_differ_in_sentences_and_only_those(old: bytes, new: bytes) -> None:
    before, after = read(old).provisioning, read(new).provisioning
    assert before is not None
    assert after is not None
    changes = difference(before, after)
    assert bool(changes) == (before != after)
    assert all(change.sentence.endswith(".") and change.sentence.isprintable() for change in changes)


def test_a_change_keeps_both_values() -> None:
    [change] = difference(good(MINIMAL), good(minimal("aurora-desk", "aurora-bar")))
    assert change == Change("the box's name", "aurora-desk", "aurora-bar", What.VALUE)
