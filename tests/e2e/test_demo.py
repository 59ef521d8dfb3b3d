"""The demo as a user starts it: a real process, real sockets, the real clock. One run serves several questions."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from urllib.request import urlopen

import pytest

from agent.demo import NO_VISIONLINE, Demo
from agent.demo.tally import Sum
from agent.simulators.mews.commands import State
from agent.simulators.mews.switches import Dialect

PATIENCE = 40.0  # s; a run takes about 4


def started(*flags: str) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "agent", "demo", *flags]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(demo: subprocess.Popen[str]) -> tuple[int, str, str]:
    try:
        out, errors = demo.communicate(timeout=PATIENCE)
    finally:
        demo.kill()
    return demo.returncode, out, errors


pytestmark = pytest.mark.needs("openssl")


@pytest.fixture(scope="module", params=list(Dialect))
def counted(request: pytest.FixtureRequest) -> tuple[int, str, str]:
    return ended(started("--listen", "127.0.0.1:0", "--commands", "5", "--dialect", request.param))


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_a_counted_demo_ends_by_itself_and_well(counted: tuple[int, str, str]) -> None:
    assert (counted[0], counted[1].splitlines()[-1]) == (0, "All went well.")


def test_the_first_line_is_the_address_of_the_page(counted: tuple[int, str, str]) -> None:
    assert re.fullmatch(r"The page: http://127\.0\.0\.1:\d+/", counted[1].splitlines()[0])


def test_the_sum_counts_orders_cuts_and_reports(counted: tuple[int, str, str]) -> None:
    # The second order is a paper, the fourth for two keys, the fifth at VisiOnline.
    assert (
        "5 commands ordered for 5 keys, 5 cut (4 by Coder Bridge, 1 by VisiOnline), 1 paper of which 1 printed; "
        "5 reported in Mews (5 Processed)." in counted[1]
    )


def test_a_room_is_checked_in_and_a_card_is_read_at_the_desk(counted: tuple[int, str, str]) -> None:
    ended = [line for line in counted[1].splitlines() if ") ended: lock" in line]
    assert [line.partition(") ended: ")[2].partition(" until ")[0] for line in ended] == [
        "lock room-in 101: Room 101 is checked in at the lock system.",
        "lock read 1: The card at Front desk left opens 101",
    ]


def test_the_first_lines_name_the_verbs_and_every_simulator(counted: tuple[int, str, str]) -> None:
    head = counted[1].partition("Ctrl-C ends the demo.")[0]
    assert "Simulated VisiOnline: https://127.0.0.1:" in head
    assert all(words in head for words in ("nightporter lock rooms", "lock read 1", "nightporter key 1 101"))


def test_a_pipe_gets_each_step_of_a_key_once_and_in_order(counted: tuple[int, str, str]) -> None:
    steps = [line.rsplit("  ", 1)[1] for line in counted[1].splitlines() if "room 106" in line]
    assert steps == ["ordered", "waiting", "cutting 1 of 2", "cutting 2 of 2", "cut", "cut, Mews knows"]


def test_a_pipe_gets_no_terminal_codes(counted: tuple[int, str, str]) -> None:
    assert "\x1b" not in counted[1]


def test_nothing_is_written_beside_the_display(counted: tuple[int, str, str]) -> None:
    assert counted[2] == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_demo_with_a_sum(number: signal.Signals) -> None:
    demo = started("--listen", "127.0.0.1:0")
    assert demo.stdout is not None
    while "cutting" not in demo.stdout.readline():
        assert demo.poll() is None
    demo.send_signal(number)
    code, out, errors = ended(demo)
    assert (code, out.splitlines()[-1], errors) == (
        0,
        "No key was cut twice, no paper was printed twice, no command was lost.",
        "",
    )


def test_a_reader_that_goes_away_ends_the_demo_without_a_traceback() -> None:
    with started("--listen", "127.0.0.1:0") as demo:
        assert demo.stdout is not None
        assert demo.stderr is not None
        demo.stdout.readline()
        demo.stdout.close()
        errors = demo.stderr.read()
    assert (demo.returncode, errors) == (0, "")


def test_a_port_in_use_is_one_sentence(taken_port: int) -> None:
    code, out, errors = ended(started("--listen", f"127.0.0.1:{taken_port}"))
    assert (code, out, len(errors.splitlines())) == (2, "", 1)
    assert errors.startswith(f"nightporter: Port {taken_port} is in use")


async def test_a_demo_in_which_a_key_fails_does_not_say_that_all_went_well() -> None:
    demo = Demo(StringIO(), 2)
    demo.locks.bridge.fail("encoder-offline", "guest_key", calls=1)
    assert not (await demo.run("127.0.0.1:0")).is_good


async def test_a_demo_in_which_a_card_is_not_read_does_not_say_that_all_went_well() -> None:
    demo = Demo(StringIO(), 1)
    demo.locks.bridge.fail("encoder-offline", "read_card", calls=1)
    sum = await demo.run("127.0.0.1:0")
    assert (sum.is_good, sum.states) == (False, {State.PROCESSED: 1})
    assert "1 errand at the desk did not go well." in sum.text


def test_a_paper_is_printed_and_can_be_seen_while_the_demo_runs() -> None:
    with started("--listen", "127.0.0.1:0") as demo:
        assert demo.stdout is not None
        while "On paper at Reception: " not in (line := demo.stdout.readline()):
            assert demo.poll() is None
        with urlopen(line.split()[-1], timeout=10) as answer:
            assert answer.read(8) == b"\x89PNG\r\n\x1a\n"
        demo.send_signal(signal.SIGTERM)
        ended(demo)


async def test_a_machine_without_openssl_has_the_demo_without_visionline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    out = StringIO()
    demo = Demo(out, 5)
    sum = await demo.run("127.0.0.1:0")
    assert (sum.is_good, sum.cut) == (True, {"Coder Bridge": 5})
    assert NO_VISIONLINE in out.getvalue().splitlines()


async def test_a_failed_key_shows_its_note() -> None:
    out = StringIO()
    demo = Demo(out, 1)
    demo.locks.bridge.fail("encoder-offline", "guest_key", calls=1)
    await demo.run("127.0.0.1:0")
    assert "failed: Key not cut: the lock system says “The encoder does not respond”." in out.getvalue()


@pytest.mark.parametrize(
    "spoilt",
    [
        Sum(3, 4, {"Coder Bridge": 5}, {State.PROCESSED: 3}, 3),  # one key was cut twice
        Sum(3, 4, {"Coder Bridge": 3}, {State.PROCESSED: 3}, 3),  # Mews was told of a key that is not there
        Sum(3, 4, {"Coder Bridge": 4}, {State.PROCESSED: 2, State.ERROR: 1}, 3),
        Sum(3, 4, {"Coder Bridge": 4}, {State.PROCESSED: 2, State.PROCESSING: 1}, 3),
        Sum(2, 2, {"Coder Bridge": 2}, {State.PROCESSED: 2}, 3),  # ended before all were ordered
        Sum(3, 4, {"Coder Bridge": 5}, {State.PROCESSED: 3}),
        Sum(3, 4, {"Coder Bridge": 3}, {State.PROCESSED: 2, State.PROCESSING: 1}),
        Sum(3, 4, {"Coder Bridge": 3, "VisiOnline": 2}, {State.PROCESSED: 3}, 3),  # one too many, by both together
        Sum(3, 4, {"Coder Bridge": 4}, {State.PROCESSED: 3}, 3, errands_left=1),
        Sum(3, 4, {"Coder Bridge": 4}, {State.PROCESSED: 3}, 3, papers=1),
        Sum(3, 4, {"Coder Bridge": 4}, {State.PROCESSED: 3}, 3, papers=1, printed=2),
        Sum(3, 4, {"Coder Bridge": 4}, {State.PROCESSED: 3}, papers=1, printed=2),
    ],
)
def test_a_sum_that_does_not_add_up_is_not_good(spoilt: Sum) -> None:
    assert not spoilt.is_good


def test_a_counted_sum_that_adds_up_over_both_lock_systems_is_good() -> None:
    assert Sum(3, 4, {"Coder Bridge": 3, "VisiOnline": 1}, {State.PROCESSED: 3}, 3).is_good


def test_a_demo_without_end_may_have_keys_that_failed_and_some_that_wait() -> None:
    assert Sum(4, 4, {"Coder Bridge": 2}, {State.PROCESSED: 2, State.ERROR: 1, State.RECEIVED: 1}).is_good
