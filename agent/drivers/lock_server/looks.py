"""How soon a lock server is looked at again, by what the last look found. No I/O; times are seconds."""

from agent.drivers.lock_server.log_in import LogInRefused, StrangeAnswer, Unanswered
from agent.foundation.errors import CallFailed, NotSent
from agent.health.asking_again import again_after

CHECK_SECONDS = 60.0  # s between two looks at a server; a fault shows before the next guest stands there
AWAY_SECONDS = 2.0  # s between two looks for one that is not there: the page is green right after it is back


def is_away(error: CallFailed | None) -> bool:
    """Whether no one answered."""
    return isinstance(error, NotSent | Unanswered)


def rest_after(error: CallFailed | None, age: float) -> float:
    """Until the next look; `age` is since when looks went wrong.

    What may lock the account is never asked often: a log-in that was refused, or answered as none should be.
    """
    if is_away(error):
        return AWAY_SECONDS
    if error is None or isinstance(error, LogInRefused | StrangeAnswer):
        return CHECK_SECONDS
    return again_after(age, AWAY_SECONDS, CHECK_SECONDS)
