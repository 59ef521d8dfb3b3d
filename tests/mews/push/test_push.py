"""Which news of commands are worth a poll."""

import pytest

from agent.mews.calls import NewState, Update
from agent.mews.push.events import CommandNews
from agent.mews.push.pace import Pace
from agent.mews.push.push import Push

ID = "aa20961f-6d9e-4b35-ad25-071213530aec"


@pytest.mark.parametrize(
    ("state", "is_hint"),
    [
        *(("Pending", True), ("Received", True), ("Processing", False), ("Processed", False)),
        *(("Cancelled", False), ("Error", False), ("Somehow", False), ("", False)),
    ],
)
def test_only_a_command_that_a_poll_would_list_is_a_hint(state: str, is_hint: bool) -> None:
    assert Push(Pace(1.0, 1.0, 0)).is_hint(CommandNews(ID, state), 0) is is_hint


def test_what_this_box_has_just_told_is_no_hint() -> None:
    push = Push(Pace(1.0, 1.0, 0))
    push.told(Update(ID, NewState.RECEIVED), 0)
    assert not push.is_hint(CommandNews(ID, "Received"), 1)
    assert push.is_hint(CommandNews(ID, "Pending"), 1)
