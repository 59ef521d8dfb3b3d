"""A provisioning file over the line: received, or made by questions; shown as a difference; taken if wanted.

The text is in memory here alone, and goes to the box's helper; nothing of it but the helper's words is shown.
"""

from collections.abc import Callable

import trio

from agent.console.box import ConsoleBox
from agent.console.helper import Hear
from agent.console.talk import Raw, Talk, confirm
from agent.console.words import requests as asked
from agent.foundation.errors import NightPorterError
from agent.handover.helper import Done, End, TakeFile
from provisioning.interview import Interview, Question
from provisioning.transfer.outcome import Received
from provisioning.transfer.receiver import Receiver

READY = "ready to receive"  # the sender waits for this line
MOST_BYTES = 1024 * 1024  # of a provisioning file
_TURN_SECONDS = 0.5  # s between two looks at a line that is silent
# The sender looks for the first two at the beginning of a line.
_CAME_OF_IT = {End.DONE: "Taken.", End.REFUSED: "Refused.", End.FAILED: "In doubt."}
_BACK, _MORE = "<", "?"


async def receive(talk: Talk, box: ConsoleBox, _request: asked.ProvisionReceive) -> None:
    """Take a file that is sent."""
    await offer(talk, box, await _received(talk))


async def check(talk: Talk, box: ConsoleBox, _request: asked.ProvisionCheck) -> None:
    """Say what a file that is sent would do, and change nothing."""
    await _tried(talk, box, await _received(talk), talk.show)


async def new(talk: Talk, box: ConsoleBox, _request: asked.ProvisionNew) -> None:
    """Make a file by questions, and take it."""
    text = await interview(talk, Interview(None))
    await offer(talk, box, text)


async def offer(talk: Talk, box: ConsoleBox, text: bytes) -> bool:
    """Show what a file would change, and take it if that is wanted. Whether it was taken."""
    said: set[str] = set()

    def hear(line: str) -> None:
        if line not in said:  # what was said of it before it was taken is said once
            said.add(line)
            talk.show(line)

    if (await _tried(talk, box, text, hear)).end is not End.DONE:
        return False
    if not await confirm(talk, "Use it?"):
        await talk.say("Nothing was changed.")
        return False
    done = await box.helper.ask(TakeFile(text), hear)
    await talk.say(f"{_CAME_OF_IT[done.end]} {done.text}")
    if done.confirm_seconds is not None:
        await talk.say(
            f"For {done.confirm_seconds:.0f} s the box looks whether all that was well is reached with it, and"
            " goes back to the file before if not. To keep it whatever comes of that, type: provision confirm"
        )
    return done.end is End.DONE


async def interview(talk: Talk, questions: Interview) -> bytes:
    """Ask question after question; `<` goes back one, `?` says more."""
    await talk.say(
        f"Enter takes what stands in brackets. {_MORE} says more, {_BACK} goes back a question, Ctrl-C ends it."
    )
    while (question := questions.question) is not None:
        await talk.say(_text(question))
        answer = await talk.ask(_prompt(question), is_secret=question.is_secret)
        if answer.strip() == _BACK:
            questions.back()
        elif answer.strip() == _MORE:
            await talk.say(question.help or "There is no more to say about it.")
        else:
            await talk.say(questions.answer(answer) or questions.remark)
    return questions.text()


async def _tried(talk: Talk, box: ConsoleBox, text: bytes, hear: Hear) -> Done:
    done = await box.helper.ask(TakeFile(text, is_trial_only=True), hear)
    await talk.say(done.text)
    return done


async def _received(talk: Talk) -> bytes:
    await talk.say(READY)
    receiver = Receiver(MOST_BYTES)
    async with talk.raw() as line:
        await _run(receiver, line, trio.current_time)
    if isinstance(receiver.result, Received):
        return receiver.result.content
    raise NightPorterError(receiver.result.text if receiver.result else "Nothing came.")


async def _run(receiver: Receiver, line: Raw, clock: Callable[[], float]) -> None:
    """Until the file is here, or its sender gave up."""
    while not receiver.is_over:
        data = b""
        with trio.move_on_after(_TURN_SECONDS):
            data = await line.receive()
        line.send(receiver.heard(data, clock()))


def _text(question: Question) -> str:
    choices = f" ({', '.join(question.choices)})" if question.choices else ""
    return question.text + choices


def _prompt(question: Question) -> str:
    return f"[{question.shown}] > " if question.shown else "> "
