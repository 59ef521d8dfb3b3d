"""What comes back of what was told, and what is said thrice."""

import pytest

from agent.mews.push.echoes import MOST, OWN_SECONDS, SAID_SECONDS, Echoes
from agent.mews.push.events import CommandNews

ID = "aa20961f-6d9e-4b35-ad25-071213530aec"


def news(state: str = "Pending", id: str = ID) -> CommandNews:
    return CommandNews(id, state)


def test_a_thing_that_is_said_three_times_is_news_once() -> None:
    echoes = Echoes()
    assert [echoes.is_news(news(), now) for now in (0.0, 0.0, 0.1)] == [True, False, False]


def test_another_state_or_another_command_is_news() -> None:
    echoes = Echoes()
    assert echoes.is_news(news(), 0)
    assert echoes.is_news(news("Received"), 0)
    assert echoes.is_news(news(id="other"), 0)


def test_what_was_told_comes_back_as_no_news_however_often_and_in_whatever_spelling() -> None:
    echoes = Echoes()
    echoes.told(ID, "Received", 0)
    assert not echoes.is_news(news("Received"), 0.1)
    assert not echoes.is_news(news("Received", "{" + ID.upper() + "}"), 5)
    assert echoes.is_news(news("Pending"), 5)


@pytest.mark.parametrize(("own", "seconds"), [(True, OWN_SECONDS), (False, SAID_SECONDS)])
def test_what_is_said_much_later_is_news_again(own: bool, seconds: float) -> None:
    echoes = Echoes()
    if own:
        echoes.told(ID, "Pending", 0)
    else:
        assert echoes.is_news(news(), 0)
    assert not echoes.is_news(news(), seconds - 0.1)
    assert echoes.is_news(news(), seconds)


def test_it_remembers_only_so_much_and_the_newest() -> None:
    echoes = Echoes()
    for at in range(MOST + 1):
        echoes.told(str(at), "Received", 0)
    assert echoes.is_news(news("Received", "0"), 0)  # which drops the next oldest
    assert not echoes.is_news(news("Received", str(MOST)), 0)
    echoes.told("2", "Received", 1)
    assert echoes.is_news(news("Received", "1"), 1)
    assert not echoes.is_news(news("Received", "2"), 1)
