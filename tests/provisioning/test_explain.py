"""A file in words: every setting of the format, no secret of it."""

import pytest

from provisioning.explain import explain
from provisioning.shapes import settings
from provisioning.words import WORDS, words
from tests.provisioning.text import COMPLETE, MINIMAL, PASSWORD, TRUSTING, good, minimal


def line_after(text: str, line: str) -> str:
    lines = explain(good(text)).splitlines()
    return lines[lines.index(line) + 1].strip()


def test_a_setting_is_told_with_its_value_and_what_follows_from_it() -> None:
    told = line_after(MINIMAL, "  timezone: Europe/Vienna")
    assert told == "where the hotel is; it decides when a key begins and ends"


@pytest.mark.parametrize(
    "line",
    [
        "  poll_seconds: 2, the default",
        "  address: left out",
        "  ntp: pool.ntp.org, the default",
        "  allow_unconfirmed: false, the default",
        "  active: true",
        "  push: left out",
        "  card_numbers: false, the default",
        "  max_open_balance: left out",
        "  active: false, the default",
        "[drill]  not in the file",
        "  phone: left out",
        "[[visionline]]  not in the file",
        "  [[coder_bridge.encoders]]  encoder 1 (Front desk)",
    ],
)
def test_what_the_file_leaves_out_is_told_as_what_holds(line: str) -> None:
    assert line in explain(good(MINIMAL)).splitlines()


@pytest.mark.parametrize(
    "line",
    [
        "[doors]  what a lock id of Mews opens; one that is not listed is the room of that name",
        "  101: room 101",
        "  POOL: area 3",
        "[[printers]]  printer Front Office",
        "    key_cutters: 2, 63efb573-fc58-4065-b687-9bdd51568529",
    ],
)
def test_lists_and_doors_are_told_one_by_one(line: str) -> None:
    assert line in explain(good(COMPLETE)).splitlines()


def test_secrets_are_told_as_set() -> None:
    text = explain(good(TRUSTING))
    assert text.count("set (hidden)") == 4
    for secret in (PASSWORD, "k7mp", "wicker", "C66EF7B2"):
        assert secret not in text


def test_an_address_is_told_without_its_query_which_may_be_the_key_to_it() -> None:
    figures = '[telemetry]\nremote_write = "https://metrics.example.com/write?key=s3cret-key"\n'
    text = explain(good(MINIMAL + figures))
    assert "https://metrics.example.com/write?(hidden)" in text
    assert "s3cret-key" not in text


def test_no_line_is_wider_than_a_terminal_but_for_a_value() -> None:
    wide = [line for line in explain(good(MINIMAL)).splitlines() if len(line) > 80 and ": " not in line]
    assert wide == []


def test_every_section_and_setting_has_its_words_and_nothing_else_has() -> None:
    known, waiting = set[str](), list(settings())
    while waiting:
        setting = waiting.pop()
        known.add(setting.path)
        waiting.extend(settings(setting.shape, f"{setting.path}.") if setting.shape else ())
    assert known == set(WORDS)


def test_what_has_no_words_is_called_by_its_name() -> None:
    assert words("box.some_new_thing").name == "some new thing"


def test_a_value_is_kept_as_it_is_read_not_as_it_was_written() -> None:
    assert "  server: http://10.4.5.6:7331/mst/enc" in explain(good(minimal())).splitlines()
