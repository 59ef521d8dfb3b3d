"""Canaries through the real thing: a running agent with every secret set and guests who are recognised, and all
that it lets out by any face, file, message or trace. Nothing of it holds a secret, however it is written.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trio

from tests.canaries import routes, walk
from tests.canaries.encodings import SHORTEST, base64_ways, found, ways
from tests.canaries.house import COMPANION, House, house
from tests.canaries.walk import Seen
from tests.console.person import Person as Typist
from tests.e2e.processes import PATIENCE, AgentProcess, running
from tests.faults.canaries import TOKEN

WELL = {200, 303, 503}  # 503: what /healthz says while something is wrong
# A page of a machine that is no box shows no form for these, so they have no token there: the answers of a box are
# looked at in tests/status/acting/test_box_acts.py.
ONLY_OF_A_BOX = {("POST", "/restart"), ("POST", "/update")}


async def seen_of(folder: Path) -> tuple[Seen, tuple[str, ...]]:
    """All that a whole life of an agent lets out, and what must not be in it."""
    seen = Seen()
    async with house(folder) as one:
        ours, theirs = os.openpty()
        typist = Typist(ours)
        argv = [*one.hotel.command(), "--console", os.ttyname(theirs)]
        async with running(argv) as agent:
            await _a_day(one, agent, typist, seen)
            agent.send(signal.SIGTERM)
            assert await agent.wait_exit() == 0
            seen.add("stderr of the agent", agent.log.encode())
        os.close(theirs)
        typist.unplug()
        state = ["--state", str(one.hotel.state)]
        await walk.command(
            one, seen, ["bundle", *state, "--config", str(one.hotel.config), "--out", str(folder / "b")]
        )
        walk.add_bundle(seen, "bundle without an agent", (folder / "b").read_bytes())
        await walk.command(one, seen, ["bundle", "--show", str(folder / "b")])
        walk.add_files(seen, one.hotel.state)
        for kind, bodies in one.receiver.bodies.items():
            seen.add(f"what {kind} was told", b"\n".join(bodies))
        return seen, one.secrets()


async def _a_day(one: House, agent: AgentProcess, typist: Typist, seen: Seen) -> None:
    await agent.wait_line("page for acting at")
    await typist.looks_until(lambda: typist.last_line == walk.PROMPT, "a prompt")
    with trio.fail_after(2 * PATIENCE):
        await one.everything_goes_wrong()
    await walk.look(agent, seen)
    one.mews_turns_hostile()
    await agent.wait_snapshot(lambda now: any("No way with" in fault.text for fault in now.faults))
    await walk.look(agent, seen)
    await walk.act(one, agent, seen)
    page = (await agent.wait_page()).rstrip("/")
    for words in walk.VERBS:
        place = ["--url", page] if words[0] == "status" else ["--state", str(one.hotel.state)]
        await walk.command(one, seen, [*words, *([] if words[0] == "manual" else place)])
    await walk.type_at_the_console(typist, seen)
    with trio.fail_after(2 * PATIENCE):
        await one.receiver.wait_for_both()
    one.hotel.mews.heal()


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> tuple[Seen, tuple[str, ...]]:
    """One day for all tests of this file."""
    return trio.run(seen_of, tmp_path_factory.mktemp("canaries"))


pytestmark = [pytest.mark.needs("openssl")]
Day = tuple[Seen, tuple[str, ...]]


def test_no_secret_and_no_guest_is_in_anything_that_the_box_lets_out(day: Day) -> None:
    seen, secrets = day
    assert "\n".join(seen.leaks(secrets)) == ""


def test_every_address_of_both_pages_was_asked_and_has_answered_well(day: Day) -> None:
    seen, _ = day
    for all_of_them, answered in ((routes.looking(), seen.looking), (routes.acting(), seen.acting)):
        well = {(method, path) for method, path, status in answered if status in WELL}
        assert all_of_them - well <= ONLY_OF_A_BOX
    assert {400, 404, 405, 421, 403} <= {status for *_, status in seen.looking}
    assert {400, 403, 404, 405, 303, 200} <= {status for *_, status in seen.acting}


def test_what_was_looked_through_tells_of_what_went_wrong(day: Day) -> None:
    """It is not clean because it is empty."""
    seen, _ = day
    text = {place: material.decode("utf-8", "replace") for place, material in seen.places.items()}
    assert "No card was presented" in text["looking GET / 200"]
    assert "10.9.9.9" in text["looking GET /status.json 200"]
    assert "(hidden)" in text["looking GET /status.json 200"]
    assert "E-LOCK" in text["stderr of the agent"]
    assert "nightporter_orders_total" in text["what /api was told"]
    assert "aurora-desk" in text["what /hooks was told"]
    for bundle in ("bundle of the page", "bundle of the console", "bundle without an agent"):
        assert "E-KEY-" in text[f"{bundle}, journal.json"]
        assert "page" in text[f"{bundle}, file.txt"]


@pytest.mark.parametrize("key_cutter", ["1", "phones", "bar1"])
async def test_the_trace_of_a_crash_in_the_middle_of_a_key_names_the_bug_alone(
    tmp_path: Path, key_cutter: str
) -> None:
    async with house(tmp_path) as one:
        one.order("101", key_cutter)
        main = (sys.executable, "-m", "tests.canaries.buggy_agent")
        async with one.hotel.agent(main=main) as agent:
            assert await agent.wait_exit() == 1
            seen = Seen()
            seen.add("trace", agent.log.encode())
        walk.add_files(seen, one.hotel.state)
        assert "LookupError: a bug" in agent.log
        assert seen.leaks(one.secrets()) == []


@pytest.mark.parametrize("secret", [TOKEN, COMPANION["FirstName"], COMPANION["LastName"]])
@pytest.mark.parametrize("written", [ways, base64_ways])
def test_a_leak_would_be_seen_in_whatever_way_it_is_written(
    day: Day, secret: str, written: Callable[[str], Iterator[tuple[str, bytes]]]
) -> None:
    clean, secrets = day
    for way, leak in written(secret):
        spoilt = Seen()
        spoilt.places = {**clean.places, "planted": b"some text <" + leak + b"> and more"}
        assert any(each.startswith(f"planted: {secret} (") for each in spoilt.leaks([secret])), way
    assert secret in secrets


def test_each_canary_is_long_enough_to_be_nowhere_by_chance(day: Day) -> None:
    _, secrets = day
    assert [secret for secret in secrets if len(secret) < SHORTEST] == []
    assert found(secrets, b"a plain sentence without any of them") == []
