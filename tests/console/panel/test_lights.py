"""What the lights show: which state matters most, and that a person can tell one from another."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.console.panel.lights import Moment, Shown, fault_shown, manual, pattern_of, patterns, shown_of
from board.pattern import OFF, ON, Pattern

WELL = Moment(is_answering=True, was_answering=True)
HELD = (Shown.PRESSED, Shown.PRESSED_LONG, Shown.PRESSED_VERY_LONG)
OF_THE_BOX = tuple(shown for shown in Shown if shown not in HELD)


def lit(pattern: Pattern) -> float:
    """Which part of the time it is on."""
    on, period = cycle(pattern)
    return on / period


def cycle(pattern: Pattern) -> tuple[int, int]:
    """Milliseconds on, and in all."""
    on = pattern.flashes * pattern.on_ms
    dark = (pattern.flashes - 1) * pattern.off_ms + (pattern.pause_ms or pattern.off_ms)
    return on, on + dark


def can_be_told_apart(one: Pattern, other: Pattern) -> bool:
    if one.is_steady or other.is_steady or one.flashes != other.flashes:
        return one != other
    periods = sorted((cycle(one)[1], cycle(other)[1]))
    return abs(lit(one) - lit(other)) >= 0.3 or periods[1] >= 2.5 * periods[0]


@pytest.mark.parametrize("can_count", [True, False])
@pytest.mark.parametrize("states", [OF_THE_BOX, HELD])
def test_a_person_can_tell_every_state_from_every_other(states: tuple[Shown, ...], can_count: bool) -> None:
    for one, other in combinations(states, 2):
        first, second = (pattern_of(shown, can_count=can_count) for shown in (one, other))
        assert can_be_told_apart(first, second), (one, other)


@pytest.mark.parametrize("shown", [shown for shown in Shown if "fault" in shown])
def test_a_fault_is_counted_where_the_light_can_and_a_rate_of_the_timer_else(shown: Shown) -> None:
    counted, plain = pattern_of(shown, can_count=True), pattern_of(shown)
    assert counted.flashes == ["box", "Mews", "lock", "encoder"].index(first_hop(shown)) + 1
    assert (plain.flashes, plain.pause_ms) == (1, 0)


def first_hop(shown: Shown) -> str:
    return next(word for word in shown.split() if word in ("box", "Mews", "lock", "encoder"))


def test_one_flash_is_blinking_that_every_light_can_show() -> None:
    assert pattern_of(Shown.BOX_FAULT, can_count=True) == Pattern(200, 2000)


@pytest.mark.parametrize("can_count", [True, False])
def test_what_can_be_seen_is_slow_enough_to_be_seen_and_soon_over(can_count: bool) -> None:
    for shown in Shown:
        pattern = pattern_of(shown, can_count=can_count)
        assert pattern.is_steady or min(pattern.on_ms, pattern.off_ms) >= 50
        assert cycle(pattern)[1] <= 6000


def test_well_is_steady_light() -> None:
    assert pattern_of(Shown.WELL) == ON


@pytest.mark.parametrize(
    ("hops", "shown"),
    [
        ((), None),
        (("box",), Shown.BOX_FAULT),
        (("encoder:1", "mews", "lock-server:coder-bridge"), Shown.MEWS_FAULT),
        (("encoder:1", "lock-server:coder-bridge"), Shown.LOCK_SERVER_FAULT),
        (("printer:Front Office",), Shown.DEVICE_FAULT),
        (("encoder:box",), Shown.DEVICE_FAULT),
        (("a-hop-of-tomorrow",), Shown.BOX_FAULT),
    ],
)
def test_of_several_faults_the_one_nearest_to_the_box_is_shown(hops: tuple[str, ...], shown: Shown | None) -> None:
    assert fault_shown(hops) is shown


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (Moment(), Shown.STARTING),
        (Moment(was_answering=True), Shown.BOX_FAULT),
        (WELL, Shown.WELL),
        (WELL._replace(has_warning=True), Shown.WARNING),
        (WELL._replace(has_warning=True, fault_hops=("mews",)), Shown.MEWS_FAULT),
        (WELL._replace(fault_hops=("mews",), is_updating=True), Shown.UPDATING),
        (Moment(is_updating=True), Shown.UPDATING),
        (Moment(is_updating=True, is_identifying=True), Shown.IDENTIFY),
        (WELL._replace(is_identifying=True, pressed=Shown.PRESSED_LONG), Shown.PRESSED_LONG),
    ],
)
def test_what_matters_most_is_shown(moment: Moment, shown: Shown) -> None:
    assert shown_of(moment) is shown


@pytest.mark.parametrize("count", [0, 1, 2])
def test_each_light_has_a_pattern(count: int) -> None:
    assert len(patterns(Shown.MEWS_FAULT, count)) == count


def test_the_second_light_says_that_there_is_power_but_joins_in_to_be_found() -> None:
    assert patterns(Shown.MEWS_FAULT, 2) == (pattern_of(Shown.MEWS_FAULT), ON)
    assert patterns(Shown.PRESSED, 2) == (OFF, ON)
    for shown in (Shown.IDENTIFY, Shown.PRESSED_LONG, Shown.PRESSED_VERY_LONG):
        assert patterns(shown, 2) == (pattern_of(shown), pattern_of(shown))


@pytest.mark.parametrize("can_count", [True, False])
def test_the_manual_has_a_row_for_each_state_in_words(can_count: bool) -> None:
    rows = manual(can_count=can_count)
    assert len(rows) == len(Shown)
    assert all(row.looks and row.means.endswith(".") for row in rows)
    of_the_box = [row.looks for row, shown in zip(rows, Shown, strict=True) if shown in OF_THE_BOX]
    assert len(set(of_the_box)) == len(of_the_box)


def test_the_words_of_the_manual_are_those_of_the_pattern() -> None:
    counted = dict(zip(Shown, manual(can_count=True), strict=True))
    plain = dict(zip(Shown, manual(), strict=True))
    assert counted[Shown.BOX_FAULT].looks == "one flash, then a pause"
    assert counted[Shown.DEVICE_FAULT].looks == "four flashes, then a pause"
    assert plain[Shown.UPDATING].looks == "blinking slowly, a second on and a second off"
    assert plain[Shown.WELL].looks == "on"


@given(
    st.builds(
        Moment,
        st.lists(st.text(max_size=12), max_size=4).map(tuple),
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.none() | st.sampled_from(HELD),
    ),
    st.booleans(),
)
def test_every_moment_is_shown_somehow(moment: Moment, can_count: bool) -> None:
    assert len(patterns(shown_of(moment), 2, can_count=can_count)) == 2
