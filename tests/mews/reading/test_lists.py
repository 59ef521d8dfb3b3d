"""The elements of a list in an answer, whatever is wrong with the answer around them."""

from codecs import BOM_UTF8

import pytest

from agent.foundation.reading.json_text import Text
from agent.mews.reading.decoding import Unreadable
from agent.mews.reading.items import Item
from agent.mews.reading.lists import MOST_ITEMS, items, items_if_any, whole_list


def read(text: Text) -> str:
    return Item(text, "it").id("Id")


@pytest.mark.parametrize(
    "body",
    [
        b'{"A":[{"Id":"x"},{"Id":"y"}]}',
        BOM_UTF8 + b' {"A" : [{"Id":"x"},{"Id":"y"}]} \0',
        '{"A":[{"Id":"x"},{"Id":"y"}]}'.encode("utf-16"),
        b'{"B":NaN,"A":[{"Id":"x"},{"Id":"y"}],"C":"\\ud83d"}',
    ],
)
def test_a_list_is_found_in_any_wrapping_and_beside_anything(body: bytes) -> None:
    assert items(body, "A", read) == (("x", "y"), 0)
    assert items_if_any(body, "A", read) == ("x", "y")
    assert len(whole_list(body, "A")) == 2


def test_what_cannot_be_read_is_counted_or_left_out() -> None:
    body = b'{"A":[{"Id":"x"},{},{"Id":"y"},7]}'
    assert items(body, "A", read) == (("x", "y"), 2)
    assert items_if_any(body, "A", read) == ("x", "y")


def test_an_empty_list_is_one() -> None:
    assert items(b'{"A":[]}', "A", read) == ((), 0)


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"A":null}', b'{"A":{}}', b'[{"A":[]}]', b"\xff\xfe\x00", b'{"A":[']
)
def test_no_list_is_told_from_an_empty_one(body: bytes) -> None:
    assert items_if_any(body, "A", read) == ()
    for call in (lambda: items(body, "A", read), lambda: whole_list(body, "A")):
        with pytest.raises(Unreadable):
            call()


def test_of_a_broken_answer_what_stands_before_and_behind_the_break_is_kept_but_it_is_no_whole_list() -> None:
    body = b'{"A":[{"Id":"x"},{"Id":"torn" "oh"},{"Id":"y"}],"B":[{"No":1}]}'
    assert items(body, "A", read) == (("x", "y"), 1)
    assert items_if_any(body, "A", read) == ()
    with pytest.raises(Unreadable, match="no list of A"):
        whole_list(body, "A")


def test_a_break_between_two_elements_is_counted_too() -> None:
    assert items(b'{"A":[{"Id":"x"} {"Id":"y"}]}', "A", read)[1] == 1


def test_of_more_elements_than_any_list_has_the_first_are_read_and_it_is_not_whole() -> None:
    body = b'{"A":[' + b",".join([b'{"Id":"x"}'] * (MOST_ITEMS + 5)) + b"]}"
    found, unreadable = items(body, "A", read)
    assert (len(found), unreadable) == (MOST_ITEMS, 1)


def test_an_answer_that_is_nothing_but_brackets_is_not_begun() -> None:
    with pytest.raises(Unreadable):
        items(b'{"A":[' + b",".join([b"{}"] * 400_000) + b"]}", "A", read)
