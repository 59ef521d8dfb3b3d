"""Whatever a bridge answers to any of its requests: no crash, no second request for a key, always an end."""

import json
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import trio
from hypothesis import given, settings
from hypothesis import strategies as st
from trio.testing import MockClock

from agent.commands.driver import CardRead
from agent.commands.model import Outcome, Verdict
from agent.drivers.coder_bridge.driver import CoderBridgeDriver
from agent.drivers.lock_server.log_in import Credentials
from agent.foundation.errors import CallFailed
from agent.foundation.http import Peer
from agent.health.health import Health
from agent.simulators.base.presence import Presence
from agent.simulators.base.replies import AnyReply, Drop, Hang, Reply, Request
from provisioning.secret import Secret
from tests.drivers.coder_bridge.bridge_bench import NAMES, SERVER
from tests.drivers.coder_bridge.profile_bench import BUILT_IN, START, changed, job
from tests.in_process import SimulatorTransport

PHONE = "+43 660 1234567"
TOKEN = "a-token-of-some-length"
PROFILE = changed(
    BUILT_IN, rms__send=True, lists__checkout_times__standard="Standard", several_rooms__separator="+"
)
NAME = st.sampled_from(
    ["result", "Result", "msg", "data", "tid", "cid", "rm", "rooms", "status", "id", "name", "time"]
)
VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["", "0", "1", PHONE, TOKEN, "\0\x1b[m"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAME, inner, max_size=4),
    max_leaves=10,
)
BODY = st.binary(max_size=60) | VALUE.map(lambda value: json.dumps(value).encode())
STATUS = st.sampled_from([200, 201, 204, 301, 302, 307, 400, 401, 403, 404, 408, 429, 500, 500, 503])
ANSWER = st.builds(Reply, STATUS, BODY) | st.just(Drop()) | st.just(Hang())
ANSWERS = st.lists(ANSWER, min_size=1, max_size=4)
Act = Callable[[CoderBridgeDriver], Awaitable[object]]


class AnyBridge:
    """A bridge that lets everyone in and then says what it is told to, the last one again and again."""

    def __init__(self, answers: list[AnyReply]) -> None:
        self.presence = Presence()
        self.calls = Counter[str]()
        self._answers = answers

    def date(self) -> str | None:
        """No date."""
        return None

    async def handle(self, request: Request) -> AnyReply:
        """A token, or the next answer."""
        await trio.lowlevel.checkpoint()
        self.calls[request.path.removeprefix("/mst/enc")] += 1
        if request.path.endswith("/auth/auth"):
            return Reply(200, json.dumps({"value": TOKEN}).encode())
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


def asked(answers: list[AnyReply], act: Act) -> tuple[object, str, Counter[str]]:
    """What the act came to, all that is shown of it, and what reached the bridge."""
    bridge, shown = AnyBridge(answers), ""

    async def run() -> object:
        nonlocal shown
        health = Health(trio.current_time)
        async with Peer(SERVER, transport=SimulatorTransport(bridge)) as peer:
            driver = CoderBridgeDriver(
                peer,
                PROFILE,
                Credentials("porter", Secret("a-password")),
                ZoneInfo("Europe/Vienna"),
                health,
                NAMES,
                mobile=("3",),
                allow_unconfirmed=True,
                allow_precheckin=True,
                now=lambda: START,
            )
            try:
                ended = await act(driver)
            except CallFailed as error:
                ended = error
            shown = repr(ended) + repr(health.active())
            return ended

    return trio.run(run, clock=MockClock(autojump_threshold=0)), shown, bridge.calls


def key(**changes: Any) -> Act:
    return lambda driver: driver.carry_out(job(**changes))


KEYS: dict[str, Act] = {
    "/pms/cikey": key(areas=("1",), end=None),
    "/pms/precikey": key(start=START + timedelta(days=1), rooms=("101", "102")),
    "/pms/mkey": key(encoder="3", reservation="s-1"),
    "/pms/mkeypush": key(encoder="3", reservation="s-1", contact=PHONE),
}
ACTS: dict[str, Act] = {
    "/pms/cokey": lambda driver: driver.cancel_key("101", "7"),
    "/pms/ciems": lambda driver: driver.check_in_room("101"),
    "/pms/coems": lambda driver: driver.check_out_room("101"),
    "/pms/readkey": lambda driver: driver.read_card("1"),
}
LISTS: dict[str, Act] = {
    "/config/rooms": lambda driver: driver.list_doors(),
    "/config/sa": lambda driver: driver.list_areas(),
    "/config/cotimes": lambda driver: driver.list_times(),
}


def is_told(outcome: Outcome) -> bool:
    return outcome.verdict is Verdict.DONE or (outcome.code.startswith("E-") and outcome.note.endswith("."))


@pytest.mark.parametrize("path", KEYS)
@settings(max_examples=150)
@given(answers=ANSWERS)
def test_every_answer_to_a_key_is_one_honest_end(path: str, answers: list[AnyReply]) -> None:
    first = list(answers)
    ended, shown, calls = asked(answers, KEYS[path])
    assert isinstance(ended, Outcome)
    assert is_told(ended)
    is_token_refused = any(isinstance(each, Reply) and each.status in (401, 403) for each in first)
    assert calls[path] <= (2 if is_token_refused else 1)
    assert not [secret for secret in (TOKEN, "a-password", "1234567") if secret in shown]


@pytest.mark.parametrize("path", ACTS)
@given(answers=ANSWERS)
def test_every_answer_to_another_act_is_an_outcome_or_a_card(path: str, answers: list[AnyReply]) -> None:
    ended, shown, calls = asked(answers, ACTS[path])
    assert isinstance(ended, CardRead) or (isinstance(ended, Outcome) and is_told(ended))
    assert calls[path] <= 2
    assert TOKEN not in shown


@pytest.mark.parametrize("path", LISTS)
@given(answers=ANSWERS)
def test_every_answer_to_a_list_is_a_list_or_a_reason(path: str, answers: list[AnyReply]) -> None:
    ended, shown, calls = asked(answers, LISTS[path])
    assert TOKEN not in shown
    assert isinstance(ended, tuple) or (isinstance(ended, CallFailed) and ended.reason)
    assert calls[path] <= 2


@pytest.mark.parametrize(
    ("contact", "tid", "kept"),
    [(PHONE, "00436601234567", ""), (PHONE, "100001", "100001"), ("A@b.at", "key-a@B.at", ""), ("", TOKEN, "")],
)
def test_a_key_number_that_holds_a_contact_or_a_secret_is_not_kept(contact: str, tid: str, kept: str) -> None:
    body = json.dumps({"result": 0, "data": {"tid": tid}}).encode()
    ended, _, _ = asked([Reply(200, body)], key(encoder="3", reservation="s-1", contact=contact))
    assert isinstance(ended, Outcome)
    assert (ended.verdict, ended.key) == (Verdict.DONE, kept)
