"""Two codecs of other people read what ours writes, and ours reads what they write.

10,000 messages made at random go there, and 10,000 come back, of those that these codecs can write.
"""

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from ippx import _codec as ippx

from agent.drivers.printing.ipp.message import Message, decode, encode
from tests.drivers.printing.ipp.foreign import messages, seen_by_ipp_encoder, seen_by_ippx
from tests.tools import NPM

COUNT = 10_000
Written: TypeAlias = list[tuple[Message, bytes]]
SCRIPT = Path(__file__).with_name("foreign_codec.js")


@pytest.fixture(scope="module")
def there() -> Written:
    """Messages as ours writes them."""
    return [(made, encode(made)) for made in messages(COUNT, seed=1)]


def ipp_encoder(asked: Iterable[dict[str, Any]]) -> list[Any]:
    """What npm's codec answers to each line."""
    lines = "".join(f"{json.dumps(each)}\n" for each in asked)
    words = ("node", "--no-deprecation", str(SCRIPT), str(NPM / "ipp-encoder"))
    done = subprocess.run(words, input=lines, env={"TZ": "UTC"}, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.needs("node", "ipp-encoder")
def test_ipp_encoder_reads_what_ours_writes(there: Written) -> None:
    read = ipp_encoder({"read": written.hex()} for _, written in there)
    assert read == [seen_by_ipp_encoder(made) for made, _ in there]


@pytest.mark.needs("node", "ipp-encoder")
def test_ours_reads_what_ipp_encoder_writes_and_writes_the_same_bytes() -> None:
    made = list(messages(COUNT, seed=2, is_plain=True))
    written = [bytes.fromhex(each) for each in ipp_encoder({"write": seen_by_ipp_encoder(each)} for each in made)]
    assert [decode(each) for each in written] == made
    assert [encode(each) for each in made] == written


def test_ippx_reads_what_ours_writes(there: Written) -> None:
    for made, written in there:
        assert ippx.decode(written) == seen_by_ippx(made)


def test_ours_reads_what_ippx_writes_and_writes_the_same_bytes() -> None:
    for each in messages(COUNT, seed=4, is_plain=True):
        written = ippx.encode(seen_by_ippx(each))
        assert (decode(written), encode(each)) == (each, written)


def test_the_messages_hold_what_the_codecs_might_read_differently() -> None:
    tags = {
        value.tag
        for each in messages(1000, seed=1)
        for group in each.groups
        for a in group.attributes
        for value in a.values
    }
    assert {0x10, 0x21, 0x22, 0x23, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x41, 0x47, 0x7F} <= tags
