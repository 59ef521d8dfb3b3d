"""What can be typed on the console: short forms, help, completions, and that the table is whole."""

import pytest

from agent.console.verbs import carry_out
from agent.console.words import help as help_words
from agent.console.words.completing import Completing
from agent.console.words.short_forms import spelled_out
from agent.console.words.verbs import DESK_VERBS, OWN, VERBS
from agent.control.words.reading import verb_of
from agent.foundation.errors import UserMistake
from agent.health.catalogue import CATALOGUE


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("stat", "status"),
        ("STATUS", "status"),
        ("net sh", "network show"),
        ("net se dhcp", "network set dhcp"),
        ("prov conf", "provision confirm"),
        ("key 1 101", "key 1 101"),
        ("k 1 101", "key 1 101"),
        ("test m", "test m"),
        ("log -f", "log -f"),
        ("dance now", "dance now"),
        ("", ""),
        ("network dance", "network dance"),
    ],
)
def test_a_verb_may_be_as_short_as_it_is_clear(typed: str, meant: str) -> None:
    assert spelled_out(typed.split()) == meant.split()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("re 1", "re may be resume or reload or reboot: write a letter more."),
        ("se", "se may be seen or setup: write a letter more."),
        ("provision r", "r may be receive or rollback: write a letter more."),
    ],
)
def test_what_several_verbs_begin_with_is_not_guessed(typed: str, said: str) -> None:
    with pytest.raises(UserMistake) as caught:
        spelled_out(typed.split())
    assert str(caught.value) == said


def test_every_verb_of_the_console_has_something_that_it_does() -> None:
    elsewhere = {"setup", "login", "logout", "help", "bundle"}
    assert {verb.request for verb in OWN if verb.name not in elsewhere} == set(carry_out._OWN)
    assert len({verb.request for verb in OWN}) == len(OWN)


def test_no_verb_of_the_console_has_the_name_of_one_of_the_desk() -> None:
    assert not DESK_VERBS.intersection(verb.name for verb in OWN)
    assert len(VERBS) == len(DESK_VERBS) + len(OWN)


def test_the_list_has_every_verb_and_each_has_help_of_its_own() -> None:
    whole = help_words.whole()
    for verb in VERBS.values():
        assert f" {verb.name} " in whole
        assert verb.help in whole
        assert help_words.one(verb).startswith(verb.usage)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["st"], "status               how the box"),
        (["provision", ""], "provision show       what the provisioning file says"),
        (["key", ""], "key ENCODER ROOM [--copies N] [--hours H]\n    encoder:1"),
        (["log", "-"], "log [--lines N] [-f]\n    --lines             how many"),
        (["network", "set", ""], "network set ADDRESS/PREFIX|dhcp|file [GATEWAY] [DNS]"),
    ],
)
async def test_help_says_what_may_follow(words: list[str], said: str) -> None:
    async def desk(_: object) -> tuple[str, ...]:
        return ("encoder:1",)

    candidates = await Completing().candidates(words, desk)
    assert said in help_words.at(words, candidates)


def test_the_short_list_has_every_verb_and_fits_a_small_screen() -> None:
    rows = help_words.short().splitlines()
    assert len(rows) < 22
    assert max(map(len, rows)) < 80
    names = " ".join(rows).replace("|", " ").split()
    assert {word for name in VERBS for word in name.split()} <= set(names)


def test_where_nothing_more_fits_help_says_so() -> None:
    assert help_words.at(["dance", ""], ()) == "Nothing more: Enter does it."


@pytest.mark.parametrize(
    ("words", "may_become"),
    [
        (["stat"], ("status",)),
        (["net", "s"], ("show", "set")),
        (["explain", "e-mews-s"], tuple(code for code in CATALOGUE if code.startswith("E-MEWS-S"))),
        (["pause", ""], ("encoder:1",)),
        (["re", ""], ()),
    ],
)
async def test_tab_knows_verbs_codes_and_what_the_desk_has(words: list[str], may_become: tuple[str, ...]) -> None:
    async def desk(_: object) -> tuple[str, ...]:
        return ("encoder:1",)

    assert await Completing().candidates(words, desk) == may_become


async def test_without_a_desk_the_table_still_completes() -> None:
    async def desk(_: object) -> tuple[str, ...]:
        return ()

    assert await Completing().candidates(["key", "--"], desk) == ("--copies", "--hours")


def test_a_verb_of_two_words_that_is_begun_says_how_it_goes_on() -> None:
    with pytest.raises(UserMistake, match=r"^network needs one word more: write network show or network set"):
        verb_of(["network"], VERBS)
