"""What a press means: by its length, through bounces, and never before the button is let go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.console.panel.button import LONG, SETTLE, STUCK, VERY_LONG, Press, PressedButton, press_of
from agent.console.panel.lights import Shown

T = 1000.0
NEVER = float("inf")


def pressed(held: float) -> Press | None:
    """A clean press of so many seconds."""
    button = PressedButton()
    assert button.edge(True, T) is None
    assert button.edge(False, T + held) is None
    return button.tick(T + held + SETTLE)


@pytest.mark.parametrize(
    ("held", "press"),
    [
        (0.01, None),
        (0.06, Press.SHORT),
        (1.0, Press.SHORT),
        (4.99, Press.SHORT),
        (5.0, Press.LONG),
        (14.99, Press.LONG),
        (15.0, Press.VERY_LONG),
        (29.99, Press.VERY_LONG),
        (30.0, None),
        (86_400.0, None),
    ],
)
def test_the_length_of_a_press_says_what_is_asked_for(held: float, press: Press | None) -> None:
    assert pressed(held) is press
    assert press_of(held) is press


def test_nothing_is_asked_for_before_the_button_is_let_go_and_has_come_to_rest() -> None:
    button = PressedButton()
    button.edge(True, T)
    assert button.tick(T + 20) is None
    assert button.edge(False, T + 20.1) is None
    assert button.tick(T + 20.1 + SETTLE / 2) is None
    assert button.tick(T + 20.1 + SETTLE) is Press.VERY_LONG
    assert button.tick(T + 60) is None


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        (0.0, None),
        (0.1, Shown.PRESSED),
        (4.9, Shown.PRESSED),
        (5.0, Shown.PRESSED_LONG),
        (14.9, Shown.PRESSED_LONG),
        (15.0, Shown.PRESSED_VERY_LONG),
        (29.9, Shown.PRESSED_VERY_LONG),
        (30.0, None),
    ],
)
def test_the_light_says_what_letting_go_would_mean(held: float, shown: Shown | None) -> None:
    button = PressedButton()
    assert button.shown() is None
    button.edge(True, T)
    button.tick(T + held)
    assert button.shown() is shown
    button.edge(False, T + held + 0.01)
    assert button.shown() is None


def test_there_is_something_to_do_only_while_the_button_is_used() -> None:
    button = PressedButton()
    dues = [button.due()]
    button.edge(True, T)
    for step in (SETTLE, LONG, VERY_LONG, STUCK):
        assert button.due() == T + step
        button.tick(T + step)
    dues.append(button.due())
    button.edge(False, T + 40)
    assert button.due() == T + 40 + SETTLE
    button.tick(T + 41)
    assert [*dues, button.due()] == [NEVER, NEVER, NEVER]


def test_a_contact_that_bounces_makes_one_press() -> None:
    button = PressedButton()
    edges = [(True, 0.0), (False, 0.002), (True, 0.004), (False, 3.0), (True, 3.003), (False, 6.0), (True, 6.01)]
    for is_down, at in [*edges, (False, 6.02)]:
        assert button.edge(is_down, T + at) is None
    assert button.tick(T + 7) is Press.LONG


def test_two_presses_in_a_row_are_two() -> None:
    button = PressedButton()
    button.edge(True, T)
    button.edge(False, T + 1)
    assert button.edge(True, T + 2) is Press.SHORT
    button.edge(False, T + 8)
    assert button.tick(T + 9) is Press.LONG


def test_a_release_without_a_press_is_nothing() -> None:
    button = PressedButton()
    assert button.edge(False, T) is None
    assert button.tick(T + 10) is None
    assert button.due() == NEVER


def test_a_press_or_a_release_that_comes_twice_counts_once() -> None:
    button = PressedButton()
    button.edge(True, T)
    button.edge(True, T + 4)
    button.edge(False, T + 6)
    button.edge(False, T + 6.01)
    assert button.tick(T + 6.06) is Press.LONG


def test_a_release_that_is_told_late_counts_when_it_was() -> None:
    button = PressedButton()
    button.edge(True, T)
    button.tick(T + 20)  # the process stood still, and has not read the release yet
    assert button.edge(False, T + 2) is None
    assert button.tick(T + 20) is Press.SHORT


def test_time_that_goes_backwards_makes_no_press_longer() -> None:
    button = PressedButton()
    button.edge(True, T)
    button.edge(False, T - 500)
    assert button.tick(T - 400) is None
    assert button.tick(T + 1) is None
    button.edge(True, T - 300)
    button.tick(T - 1000)
    assert button.shown() is Shown.PRESSED
    button.edge(False, T + 1)
    assert button.tick(T + 2) is Press.SHORT


def test_a_button_that_is_unplugged_while_held_asks_for_nothing() -> None:
    button = PressedButton()
    button.edge(True, T)
    button.gone()
    assert (button.shown(), button.due()) == (None, NEVER)
    assert button.edge(False, T + 20) is None
    assert button.tick(T + 30) is None


EVENTS = st.lists(st.tuples(st.sampled_from(["down", "up", "tick", "gone"]), st.floats(0, 40)), max_size=30)


@given(EVENTS)
def test_a_press_is_told_once_for_each_time_the_button_went_down(events: list[tuple[str, float]]) -> None:
    button, now, downs, told = PressedButton(), T, 0, 0
    for kind, pause in [*events, ("tick", 100.0)]:
        now += pause
        if kind == "gone":
            button.gone()
            continue
        press = button.tick(now) if kind == "tick" else button.edge(kind == "down", now)
        downs += kind == "down"
        told += press is not None
        assert told <= downs
        assert button.due() > T
    assert button.tick(now) is None


@given(st.floats(0.1, 29), st.lists(st.tuples(st.floats(0, 1), st.floats(0.0001, SETTLE * 0.9)), max_size=6))
def test_no_bounce_within_a_press_changes_what_it_means(held: float, bounces: list[tuple[float, float]]) -> None:
    button = PressedButton()
    button.edge(True, T)
    at = T
    for place, gap in sorted(bounces):
        at = max(at, T + place * held)
        button.edge(False, at)
        at += gap
        assert button.edge(True, at) is None
    end = max(T + held, at)
    button.edge(False, end)
    assert button.tick(end + 1) is press_of(end - T)


@given(st.lists(st.tuples(st.booleans(), st.floats(allow_nan=False, allow_infinity=False)), max_size=20))
def test_no_times_whatever_make_an_error(edges: list[tuple[bool, float]]) -> None:
    button = PressedButton()
    for is_down, at in edges:
        button.edge(is_down, at)
        button.shown()
        button.due()
