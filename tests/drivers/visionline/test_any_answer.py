"""Whatever a server answers: no crash, no second card, a note each; and only a card's answer is a card."""

import json
import re
from functools import partial

import httpx
import trio
from hypothesis import given, settings
from hypothesis import strategies as st
from trio.testing import MockClock

from agent.commands.model import Outcome, Verdict
from agent.drivers.visionline.protocol.verdicts import REFUSED
from agent.foundation.reading.text import PLAIN
from tests.drivers.visionline.lock_bench import replied, scripted_bench

NAMES = st.sampled_from(
    [
        "id",
        "credentialID",
        "serialNumbers",
        "uniqueRegistrationNumber",
        "notIssued",
        "cancelled",
        "error",
        "message",
        "code",
        "card",
        "cards",
    ]
)
WORDS = st.sampled_from(
    ["No card", "Encoder not online", "Encoding interrupted", "card-1", "Unknown door", "{words}", "\x00\x1b[31m"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=8,
)
BODIES = st.one_of(
    st.binary(max_size=200),
    JSON.map(lambda value: json.dumps(value).encode()),
    WORDS.map(str.encode),
    st.just(b'{"id": "card-1", "serialNumbers": ["04"]}'),
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "Location": st.sampled_from(
            ["https://evil.example/api/v1/cards", "/login", "::", "https://10.4.5.7:8443/"]
        ),
        "Date": st.sampled_from(["Sat, 21 Nov 2026 14:00:00 GMT", "nonsense", "Fri, 31 Dec 9999 23:59:59 GMT"]),
        "Content-Type": st.sampled_from(["text/html", "application/json"]),
    },
)


ANSWERS = st.builds(replied, st.integers(200, 599), BODIES, HEADERS)
BATCH = 25  # answers in one virtual day: a loop costs more than a key


async def _ended(answers: list[httpx.Response], *, at_log_in: bool) -> list[tuple[Outcome, int]]:
    """How a key ends for each answer, and how often its card was asked for."""
    shown: list[httpx.Response] = []

    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(shown[-1].status_code, headers=shown[-1].headers, stream=shown[-1].stream)

    found = []
    async with scripted_bench(answer) as (bench, server):
        server.log_in = answer if at_log_in else server.log_in
        for each in answers:
            shown.append(each)
            before = server.card_calls
            found.append((await bench.cut(), server.card_calls - before))
    return found


@settings(max_examples=1000 // BATCH, deadline=None)
@given(st.lists(ANSWERS, min_size=BATCH, max_size=BATCH))
def test_any_answer_ends_a_key_once_and_with_a_note(answers: list[httpx.Response]) -> None:
    ended = trio.run(partial(_ended, answers, at_log_in=False), clock=MockClock(autojump_threshold=0))
    for answer, (outcome, calls) in zip(answers, ended, strict=True):
        is_good = 200 <= answer.status_code < 300
        assert calls == 1 or (calls == 2 and answer.status_code in REFUSED)
        assert (outcome.verdict is Verdict.DONE) == (outcome.note == "")
        assert outcome.verdict is not Verdict.DONE or (is_good and outcome.key)
        assert outcome.verdict is not Verdict.FAILED or not is_good
        assert re.search(PLAIN, outcome.note)


@settings(max_examples=200 // BATCH, deadline=None)
@given(st.lists(ANSWERS, min_size=BATCH, max_size=BATCH))
def test_an_answer_to_the_log_in_that_is_no_session_asks_for_no_card(answers: list[httpx.Response]) -> None:
    for outcome, calls in trio.run(
        partial(_ended, answers, at_log_in=True), clock=MockClock(autojump_threshold=0)
    ):
        assert (outcome.verdict, calls) == (Verdict.FAILED, 0)
        assert outcome.note
