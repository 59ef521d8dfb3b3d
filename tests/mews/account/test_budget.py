"""The budget of calls: no window ever holds more than Mews allows, and each rank has a share when they are few."""

from collections import Counter
from contextlib import AbstractContextManager
from math import nextafter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.mews.account.budget import RESERVED, SHORTEST_WAIT, UNLIMITED, Budget, Rank

CALLS, SECONDS = 200, 30.0


def spend(budget: Budget, rank: Rank, now: float, took: float = 0.0) -> None:
    """A call that leaves at `now`."""
    assert budget.pause(rank, now) == 0.0
    with budget.spent(rank, lambda: now + took):
        pass


def spend_all(budget: Budget, rank: Rank, now: float) -> int:
    """How many calls of a rank may leave at once."""
    count = 0
    while budget.pause(rank, now) == 0.0:
        spend(budget, rank, now)
        count += 1
    return count


def test_a_dialect_without_a_limit_never_waits_and_remembers_nothing() -> None:
    budget = Budget(UNLIMITED, SECONDS)
    for _ in range(10_000):
        spend(budget, Rank.WORD, 0.0)
    assert (budget.longest_wait, list(vars(budget)["_ended"])) == (0.0, [])


@pytest.mark.parametrize(
    ("rank", "most"), [(Rank.CLAIM, 120), (Rank.REPORT, 100), (Rank.POLL, 60), (Rank.WORD, 40)]
)
def test_a_rank_leaves_the_shares_of_the_others(rank: Rank, most: int) -> None:
    assert spend_all(Budget(CALLS, SECONDS), rank, 0.0) == most


@pytest.mark.parametrize("greedy", Rank)
@pytest.mark.parametrize("rank", RESERVED)
def test_a_share_is_there_however_greedy_another_rank_was(rank: Rank, greedy: Rank) -> None:
    budget = Budget(CALLS, SECONDS)
    spend_all(budget, greedy, 0.0)
    if rank is not greedy:
        assert spend_all(budget, rank, 1.0) == RESERVED[rank] * CALLS


def test_words_go_only_while_there_is_more_than_the_shares() -> None:
    budget = Budget(CALLS, SECONDS)
    for rank in (Rank.POLL, Rank.CLAIM):
        spend_all(budget, rank, 0.0)
    assert budget.pause(Rank.WORD, 0.0) == SECONDS


def test_a_call_counts_until_so_long_after_its_answer() -> None:
    budget = Budget(1, SECONDS)
    spend(budget, Rank.WORD, 0.0, took=5.0)
    assert [budget.pause(Rank.WORD, now) for now in (5.0, 34.0, 35.0)] == [30.0, 1.0, 0.0]


def test_a_call_that_broke_counts_like_any_other() -> None:
    budget = Budget(1, SECONDS)
    with pytest.raises(OSError, match="broken"), budget.spent(Rank.WORD, lambda: 5.0):
        raise OSError("broken")
    assert budget.pause(Rank.WORD, 6.0) == 29.0


def test_a_call_under_way_counts_and_when_it_will_end_is_not_known() -> None:
    budget = Budget(1, SECONDS)
    with budget.spent(Rank.WORD, lambda: 5.0):
        assert budget.pause(Rank.WORD, 100.0) == SECONDS


def test_no_wait_is_too_short_to_move_the_clock() -> None:
    budget = Budget(1, SECONDS)
    spend(budget, Rank.WORD, 0.1)
    assert budget.pause(Rank.WORD, nextafter(0.1 + SECONDS, 0.0)) == SHORTEST_WAIT


@given(
    st.lists(st.tuples(st.sampled_from(Rank), st.floats(0, 3), st.floats(0, 20)), min_size=1, max_size=120),
    st.integers(1, 12),
)
def test_no_window_holds_more_calls_than_allowed_whenever_each_of_them_arrives(
    wishes: list[tuple[Rank, float, float]], most: int
) -> None:
    """A call arrives at any moment from its leaving to its answer; `wishes` are rank, gap before, time taken."""
    budget, now = Budget(most, SECONDS), 0.0
    running: list[tuple[float, AbstractContextManager[None]]] = []
    spans: list[tuple[float, float]] = []
    for rank, gap, took in wishes:
        now += gap
        running.sort(key=lambda call: call[0])
        while running and running[0][0] <= now:
            running.pop(0)[1].__exit__(None, None, None)
        if budget.pause(rank, now) == 0.0:
            end = now + took
            call = budget.spent(rank, lambda end=end: end)  # type: ignore[misc]
            call.__enter__()
            running.append((end, call))
            spans.append((now, end))
    assert spans
    for begin, _ in spans:
        assert sum(start <= begin and end > begin - SECONDS for start, end in spans) <= most


@given(st.lists(st.sampled_from(Rank), max_size=400))
def test_a_rank_with_a_share_waits_no_longer_than_a_window(ranks: list[Rank]) -> None:
    budget, used = Budget(CALLS, SECONDS), Counter[Rank]()
    for rank in ranks:
        if budget.pause(rank, 0.0) == 0.0:
            spend(budget, rank, 0.0)
            used[rank] += 1
    assert used.total() <= CALLS
    for rank in RESERVED:
        assert (budget.pause(rank, 0.0) == 0.0) or used[rank] >= RESERVED[rank] * CALLS
        assert budget.pause(rank, budget.longest_wait) == 0.0
