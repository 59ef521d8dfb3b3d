"""A user's mistake that comes out of the agent's nurseries is still one sentence; anything else is not hidden."""

import pytest

from agent.errors import CallFailed, NightPorterError, NoAnswer, NotSent, UserMistake, mistake_in

MISTAKE = UserMistake("Write a port.")
BUG = KeyError("bug")


@pytest.mark.parametrize(
    "errors",
    [
        [MISTAKE],
        [ExceptionGroup("nursery", [MISTAKE])],
        [ExceptionGroup("nursery", [ExceptionGroup("nursery", [MISTAKE])])],
        [MISTAKE, UserMistake("Another.")],
    ],
)
def test_a_mistake_is_found_however_deep(errors: list[Exception]) -> None:
    assert mistake_in(ExceptionGroup("nursery", errors)) is MISTAKE


@pytest.mark.parametrize(
    "errors", [[BUG], [MISTAKE, BUG], [BUG, MISTAKE], [MISTAKE, ExceptionGroup("nursery", [MISTAKE, BUG])]]
)
def test_a_mistake_hides_no_bug_beside_it(errors: list[Exception]) -> None:
    assert mistake_in(ExceptionGroup("nursery", errors)) is None


@pytest.mark.parametrize("error", [NotSent("it refused"), NoAnswer("it refused")])
def test_a_failed_call_is_expected_trouble_with_a_reason(error: CallFailed) -> None:
    assert isinstance(error, NightPorterError)
    assert (error.reason, str(error)) == ("it refused", "it refused")
