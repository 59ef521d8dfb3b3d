"""Whatever happens at the encoders, each turn ends once, after the one before it, and never with two cards."""

from itertools import pairwise

import trio
from hypothesis import given, settings
from hypothesis import strategies as st
from trio.testing import MockClock

from agent.foundation.errors import UserMistake
from agent.simulators.base.presence import Changes
from agent.simulators.visionline.answers import Refusal, RefusalKind
from agent.simulators.visionline.encoders import Encoders, Turn
from agent.simulators.visionline.reading import Order

PATIENCE = 20.0
ENCODERS = st.sampled_from(["1", "2"])
QUEUED = st.tuples(st.just("queue"), ENCODERS, st.none() | st.sampled_from([0.0, 2.0, 30.0]))
PRESENTED = st.tuples(st.just("present"), ENCODERS, st.none())
PASSED = st.tuples(st.just("pass"), st.just(""), st.sampled_from([0.5, 3.0, 19.0, 50.0]))
STEPS = st.lists(QUEUED | PRESENTED | PASSED, max_size=25)


def order(encoder: str) -> Order:
    return Order(encoder, ("101",), True, False, "", "20160506T1100", "rfid48", "", {}, "")


@settings(max_examples=100, deadline=None)
@given(steps=STEPS)
def test_each_turn_ends_once_and_after_the_one_before_it(steps: list[tuple[str, str, float | None]]) -> None:
    turns: list[Turn] = []
    ended: list[Turn] = []

    def finish(turn: Turn) -> None:
        assert turn.ends <= trio.current_time()
        ended.append(turn)
        turn.end = Refusal(RefusalKind.NO_CARD)

    async def play() -> None:
        encoders = Encoders(Changes(), finish)
        for step, encoder, number in steps:
            await trio.sleep(number or 0 if step == "pass" else 0)
            if step == "queue":
                turns.append(Turn(order(encoder), number, PATIENCE))
                encoders.queue(turns[-1])
            elif step == "present":
                present(encoders, encoder)
        for turn in turns:
            await encoders.wait_end(turn)
        assert encoders.waiting == ()

    trio.run(play, clock=MockClock(autojump_threshold=0))
    assert sorted(map(id, ended)) == sorted(map(id, turns))
    for encoder in "12":
        line = [turn for turn in turns if turn.order.encoder == encoder]
        assert [turn for turn in ended if turn.order.encoder == encoder] == line
        assert all(before.ends <= after.began <= after.ends for before, after in pairwise(line))
        assert all(turn.ends - turn.began <= PATIENCE + 1e-6 for turn in line)


def present(encoders: Encoders, encoder: str) -> None:
    """Put a card on the encoder, which takes it only while it waits for one."""
    is_asking = encoder in {turn.order.encoder for turn in encoders.waiting}
    try:
        encoders.present(encoder, None)
        assert is_asking
    except UserMistake:
        assert not is_asking
