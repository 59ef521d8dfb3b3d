"""How soon a trouble is asked about again, by its age."""

from agent.health.asking_again import YOUNG_SECONDS, again_after


def pauses(usual: float, longest: float, until: float) -> list[float]:
    """What one trouble is asked about after, from its beginning on."""
    found, age = [], 0.0
    while age < until:
        found.append(again_after(age, usual, longest))
        age += found[-1]
    return found


def test_a_trouble_that_just_began_is_asked_about_at_the_usual_pace() -> None:
    assert {again_after(age, 2.0, 30.0) for age in (0.0, 1.0, 60.0, YOUNG_SECONDS)} == {2.0}


def test_an_old_one_is_asked_about_less_and_less_often() -> None:
    found = pauses(2.0, 300.0, 3600.0)
    assert found == sorted(found)
    assert found[:60] == [2.0] * 60
    assert found[60:68] == [2.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0]


def test_it_is_never_asked_about_less_often_than_the_longest_pause() -> None:
    assert again_after(1e9, 2.0, 30.0) == 30.0


def test_a_usual_pace_that_is_slower_than_that_stays_as_it_is() -> None:
    assert [again_after(age, 60.0, 30.0) for age in (0.0, 1e9)] == [60.0, 60.0]
