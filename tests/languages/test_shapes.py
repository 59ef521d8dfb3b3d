"""Messages with places, found by texts that were made from them."""

import pytest

from agent.languages.mo_file import messages
from agent.languages.shapes import Found, Shapes, filled, shape, values_in

PAIR = "{room} and {room}"


@pytest.mark.parametrize(
    ("message", "text", "values"),
    [
        ("Room {room} at {encoder}.", "Room 12 at 1.", {"room": "12", "encoder": "1"}),
        ("Room {room} at {encoder}.", "Room 12 at at 1.", {"room": "12", "encoder": "at 1"}),
        ("Room {room} at {encoder}.", "Room 12, 1.", None),
        ("Room {room}.", "Room", None),
        ("aba{x}aba", "aba", None),
        (PAIR, "1 and 1", {"room": "1"}),
        (PAIR, "1 and 2", None),
        ("{count} days", "3 days", {"count": "3"}),
        ("{count} days", "some days", None),
        ("at {time}", "at 12:30", {"time": "12:30"}),
        ("at {time}", "at night", None),
        ("{copies}{words} made", "12 for 101 made", {"copies": "12", "words": " for 101"}),
        ("{copies}{words} made", "for 101 made", {"copies": "", "words": "for 101"}),
        ("{a}{b} made", "for 101 made", {"a": "", "b": "for 101"}),
    ],
)
def test_values_are_what_stands_between_the_words(message: str, text: str, values: dict[str, str] | None) -> None:
    assert values_in(text, shape(message)) == values


def test_the_message_with_most_characters_of_its_own_comes_first() -> None:
    shapes = Shapes(["{a} is not cut", "the {a} is not cut", "{x}: {y}", "no place"])
    assert list(shapes.of("the key is not cut")) == [
        Found("the {a} is not cut", {"a": "key"}),
        Found("{a} is not cut", {"a": "the key"}),
    ]
    assert list(shapes.of("no place")) == []


def test_a_word_that_a_value_goes_on_with_is_not_waited_for() -> None:
    assert list(Shapes(["half{a}way there{b}ward"]).of("half a way thereafterward")) == [
        Found("half{a}way there{b}ward", {"a": " a ", "b": "after"})
    ]


def test_a_value_that_looks_like_a_place_is_left_alone() -> None:
    assert filled("{a} {b}", {"a": "{b}", "b": "x"}) == "{b} x"


@pytest.mark.parametrize("content", [b"", b"\xde\x12\x04\x95", b"x" * 40])
def test_what_is_no_compiled_catalogue_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="no compiled catalogue"):
        messages(content)
