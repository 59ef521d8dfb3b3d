"""The words of a verb on the command line: flags and words in any order ask for the same, and a guest's number is
repeated by no mistake."""

from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.control.client import Show
from agent.control.command_line import add_verbs
from agent.control.words.reading import Named, Names, read
from agent.control.words.told import End, Result
from agent.control.words.verbs import TABLE, Argument, Option, Takes, Verb
from agent.foundation.arguments import PlainParser
from agent.foundation.errors import UserMistake

ENCODERS = (Named("encoder:1", ("1",)), Named("encoder:9", ("9",)))
NAMES = Names(hops=ENCODERS, encoders=ENCODERS, lanes=ENCODERS)
CONTACTS = ("guest@hotel.example", "+43 664 1234567", "00436641234567")
LOCK_VERBS = [verb for verb in TABLE if verb.name.startswith("lock ")]
MOBILE = "lock mobile 9 101"
EXTRA = ["lock", "key", "1", "101", "3", "more"]


def asked(words: list[str]) -> msgspec.Struct:
    """What these words, behind `nightporter`, ask of a desk without an agent."""
    heard: list[list[str]] = []

    def desk(config: Path | None, state: Path | None, words: list[str], show: Show) -> Result:
        heard.append(words)
        return Result(End.DONE, "")

    parser = PlainParser(prog="nightporter")
    add_verbs(parser.add_subparsers(required=True), {}, desk, lambda *_: True)
    options = parser.parse_args([*words[:2], "--config", "hotel.toml", "--state", "/nowhere", *words[2:]])
    assert options.command(options) == 0
    [sent] = heard
    return read(sent, NAMES).request


def word_for(argument: Argument) -> st.SearchStrategy[str]:
    if argument.takes in (Takes.ENCODER, Takes.LANE):
        return st.sampled_from(["1", "9"])
    return st.sampled_from(["101", "Suite 12", "-1", "3,5", *(CONTACTS if argument.is_private else ())])


@st.composite
def orders(draw: st.DrawFn) -> tuple[list[str], list[str], dict[str, Any]]:
    """A verb's words with flags anywhere between them, the same with the flags behind, and the fields' values."""
    verb: Verb = draw(st.sampled_from(LOCK_VERBS))
    taken = [each for each in verb.arguments if not each.is_optional or draw(st.booleans())]
    words = [draw(word_for(argument)) for argument in taken]
    numbered = [option for option in verb.options if isinstance(option, Option)]
    numbers = {option: draw(st.integers(option.least, option.most)) for option in numbered}
    flags = [[option.flag, str(numbers[option])] for option in numbered if draw(st.booleans())]
    flags = [["=".join(flag)] if draw(st.booleans()) else flag for flag in flags]
    flags += [[draw(st.sampled_from([each.flag, each.short]))] for each in verb.switches if draw(st.booleans())]
    mixed = [[word] for word in words]
    for flag in flags:
        mixed.insert(draw(st.integers(0, len(mixed))), flag)
    fields = {
        argument.field: word for argument, word in zip(taken, words, strict=True) if argument.field != "lane"
    }
    name = verb.name.split()
    return [*name, *chain.from_iterable(mixed)], [*name, *words, *chain.from_iterable(flags)], fields


@given(orders())
def test_flags_and_words_in_any_order_ask_for_the_same(
    order: tuple[list[str], list[str], dict[str, Any]],
) -> None:
    mixed, behind, fields = order
    request = asked(mixed)
    assert request == asked(behind)
    assert {name: getattr(request, name) for name in fields} == fields


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        (["lock", "key", "1", "101", "--copies", "2", "3,5"], "areas", "3,5"),
        (["lock", "mobile", "9", "101", "--hours", "3", "guest@hotel.example"], "contact", "guest@hotel.example"),
        (["lock", "cancel", "101", "--sure", "4711"], "key", "4711"),
        (["lock", "key", "1", "--copies=2", "--", "--101"], "room", "--101"),
        (["lock", "key", "1", "--", "-s"], "room", "-s"),
    ],
)
def test_a_word_behind_a_flag_is_taken(words: list[str], field: str, value: str) -> None:
    assert getattr(asked(words), field) == value


def test_a_flag_without_its_value_takes_no_word_for_it() -> None:
    for words in ("lock key 1 101 --copies", "lock key 1 101 --copies --hours 3"):
        with pytest.raises(UserMistake, match="--copies needs a value"):
            asked(words.split())


@pytest.mark.parametrize("contact", CONTACTS)
@pytest.mark.parametrize(
    "wrong",
    ["{} more", "{} {}", "--hours {}", "--hours={}", "{} --hors 3", "--sure {} more {}"],
)
def test_no_mistake_repeats_a_guests_number(contact: str, wrong: str) -> None:
    words = [*MOBILE.split(), *(each.format(contact) for each in wrong.split())]
    with pytest.raises(UserMistake) as caught:
        asked(words)
    assert contact not in str(caught.value)


@pytest.mark.parametrize("contact", CONTACTS)
@pytest.mark.parametrize(
    ("before", "behind", "said"),
    [
        ("lock mobile", "101", "stands in another place"),  # where the encoder stands
        ("lock mobile 9", "101", "stands in another place"),  # where the room stands
        ("lock mobile 9 101 --hours", "", "(hidden)"),
        ("lock mobile 9 101", "more", "(hidden)"),
        ("lock mobile 9 101 other", "", "(hidden)"),
    ],
)
def test_the_desk_repeats_it_in_no_mistake_either(contact: str, before: str, behind: str, said: str) -> None:
    with pytest.raises(UserMistake) as caught:
        read([*before.split(), contact, *behind.split()], NAMES)
    assert contact not in str(caught.value)
    assert said in str(caught.value)


def test_where_no_word_is_private_the_wrong_one_is_named() -> None:
    with pytest.raises(UserMistake, match="'more' is one word too many"):
        asked(EXTRA)
    with pytest.raises(UserMistake, match="“more” is one word too many"):
        read(EXTRA, NAMES)


def asked_for(*words: str) -> list[str]:
    """What a desk is asked by these words behind `nightporter print`."""
    heard: list[list[str]] = []

    def desk(config: Path | None, state: Path | None, words: list[str], show: Show) -> Result:
        heard.append(words)
        return Result(End.DONE, "")

    parser = PlainParser(prog="nightporter")
    add_verbs(parser.add_subparsers(required=True), {}, desk, lambda *_: True)
    options = parser.parse_args(["print", *words])
    assert options.command(options) == 0
    [sent] = heard
    return sent


AWAY = ("--config", "hotel.toml", "--state", "/nowhere")


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        (("Office", *AWAY), ["print", "test", "Office"]),
        (("test", "Office", *AWAY), ["print", "test", "Office"]),
        (("Front Office", *AWAY), ["print", "test", "Front Office"]),
        (("test", "test", *AWAY), ["print", "test", "test"]),
        (("test", "find", *AWAY), ["print", "test", "find"]),
        (("status", *AWAY), ["print", "status"]),
        (("find", *AWAY), ["print", "find"]),
    ],
)
def test_a_printers_name_alone_asks_for_a_test_page(words: tuple[str, ...], sent: list[str]) -> None:
    assert asked_for(*words) == sent


@pytest.mark.parametrize(("words", "said"), [((), "find, test, status"), (("a", "b"), "'b' is one word too many")])
def test_print_alone_or_with_too_much_says_what_to_write(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(UserMistake, match=said):
        asked_for(*words)
