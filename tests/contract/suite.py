"""What is asked of every task alike: how it ended, and all that could be read of it afterwards."""

import traceback

import trio
from msgspec import Struct

from agent.commands.driver import Task
from agent.commands.model import Outcome, Verdict
from agent.foundation.errors import CallFailed
from tests.contract.bench import LONGEST, Answer, TaskBench, TaskVariant, Trouble

ACTING = frozenset({Task.CANCEL, Task.ROOM_IN, Task.ROOM_OUT})  # all else changes nothing, so "perhaps" is "not"
OF_CARDS = frozenset({Trouble.NO_CARD})
PERHAPS = {  # troubles after which no one knows, and whether the lock system did it
    Trouble.LOST_BEFORE: False,
    Trouble.LOST_AFTER: True,
    Trouble.HANG_BEFORE: False,
    Trouble.HANG_AFTER: True,
    Trouble.PAGE_BEFORE: False,
    Trouble.PAGE_AFTER: True,
}


class Ended(Struct, frozen=True):
    """How it ended: `words` are for people, `shown` is all that anyone could read of it."""

    verdict: Verdict
    words: str
    shown: str
    answer: Answer | None = None


def troubles(task: Task) -> tuple[Trouble, ...]:
    """Those that a task can meet."""
    return tuple(trouble for trouble in Trouble if task is Task.READ or trouble not in OF_CARDS)


def ending(task: Task, trouble: Trouble) -> tuple[Verdict, bool]:
    """How it must end, and whether the lock system has to have done it."""
    is_acting = task in ACTING
    if trouble is Trouble.TOKEN_ENDED:
        return Verdict.DONE, is_acting
    if trouble in PERHAPS:
        return Verdict.UNKNOWN if is_acting else Verdict.FAILED, is_acting and PERHAPS[trouble]
    return Verdict.FAILED, False


async def ended(bench: TaskBench) -> Ended:
    """Ask for it, within the time that anything may take."""
    with trio.fail_after(LONGEST):
        try:
            answer = await bench.ask()
        except CallFailed as error:
            return Ended(Verdict.FAILED, error.reason, "".join(traceback.format_exception(error)) + repr(error))
    if isinstance(answer, Outcome):
        return Ended(answer.verdict, answer.note, repr(answer), answer)
    return Ended(Verdict.DONE, "", repr(answer), answer)


async def all_endings(variant: TaskVariant) -> dict[Trouble, tuple[Verdict, bool, int]]:
    """What becomes of it in each trouble, at a server of its own: verdict, whether it was done, new cards."""
    found = {}
    for trouble in troubles(variant.task):
        async with variant.open() as bench:
            cards = bench.cards()
            bench.trouble(trouble)
            verdict = (await ended(bench)).verdict
            await trio.sleep(LONGEST)
            found[trouble] = (verdict, bench.is_done(), bench.cards() - cards)
    return found
