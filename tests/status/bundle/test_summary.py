"""A bundle on a screen: the box, the faults, the last orders and lines; also one without a snapshot."""

import random
from datetime import UTC, datetime

import msgspec

from agent.status.bundle.opening import opened
from agent.status.bundle.packing import LeftOut, Part, pack
from agent.status.bundle.summary import summary
from tests.status.samples import fault, snapshot

AT = datetime(2026, 11, 27, 11, 5, tzinfo=UTC)


def shown(*parts: Part, most_bytes: int = 2_000_000) -> str:
    """The summary of a bundle of these."""
    left_out = [LeftOut("steps.txt", "no box")]
    return summary(opened(pack("aurora", "0.2.0", AT, parts, left_out, most_bytes=most_bytes).content))


def status(**changes: object) -> Part:
    """The page's JSON."""
    return Part("status.json", msgspec.json.encode(msgspec.structs.replace(snapshot(), **changes)).decode())


def test_without_a_snapshot_it_says_so() -> None:
    text = shown(Part("a.txt", "a"))
    assert "How the box was is not in this bundle" in text
    assert "not in it: steps.txt: no box" in text
    assert "The last lines" not in text


def test_a_snapshot_that_is_none_is_none() -> None:
    assert "How the box was is not in this bundle" in shown(Part("status.json", "{"))


def test_faults_orders_and_the_last_lines_are_in_it() -> None:
    lines = "".join(f"line {number}\n" for number in range(100))
    says = snapshot(fault("E-MEWS-SILENT", "mews"))
    text = shown(Part("status.json", msgspec.json.encode(says).decode()), Part("log.txt", lines, is_log=True))
    assert says.faults[0].code in text
    assert says.summary.text in text
    assert "Last orders:" in text
    assert "line 99" in text
    assert "line 80" not in text


def test_what_to_do_and_the_tests_that_failed_are_in_it() -> None:
    says = snapshot(fault("E-MEWS-SILENT", "mews"))
    tests = "mews: name: ok, 0 ms. Well.\nmews: connection: FAILS, 9 ms. It does not answer.\n"
    text = shown(Part("status.json", msgspec.json.encode(says).decode()), Part("network.txt", tests))
    assert f"What to do: {says.faults[0].hint}" in text
    assert "Tests that failed:\n  mews: connection: FAILS, 9 ms. It does not answer.\n" in text
    assert "mews: name" not in text


def test_orders_that_went_wrong_are_shown_beyond_the_last_ones_with_their_ids() -> None:
    one = snapshot().commands.recent[0]
    recent = tuple(
        msgspec.structs.replace(one, id=f"order-{number:02}", state="failed" if number % 2 else "done")
        for number in range(40)
    )
    text = shown(status(commands=msgspec.structs.replace(snapshot().commands, recent=recent)))
    assert "Earlier orders that went wrong (the last 10 of 15):" in text
    assert [number for number in range(40) if f"order-{number:02}" in text] == [*range(1, 30, 2)]


def test_without_an_order_none_is_listed() -> None:
    none = msgspec.structs.replace(snapshot().commands, recent=())
    assert "Last orders" not in shown(status(commands=none, faults=()))


def test_how_a_part_was_cut_stands_beside_it() -> None:
    noise = "".join(f"{random.Random(number).getrandbits(400):x}\n" for number in range(300))
    assert "lines are left out" in shown(Part("log.txt", noise, is_log=True), most_bytes=10_000)
