"""A support bundle over the line: as lines of text that a terminal's log keeps, or sent to a laptop that answers.

The agent packs it; where none runs, a program of its own does, for then support needs it most.
"""

import secrets
import subprocess
import sys
from datetime import datetime
from functools import partial

import trio

from agent.console.box import ConsoleBox
from agent.console.desk_link import DeskLink, NoAgent
from agent.console.talk import Talk
from agent.console.words import requests as asked
from agent.control.words.bundle import SupportBundle
from agent.control.words.sentences import line
from agent.control.words.told import End, Piece, Progress
from agent.foundation.errors import NightPorterError, reason_of
from provisioning.transfer.outcome import Failure
from provisioning.transfer.printed import frames
from provisioning.transfer.sender import NAME_BYTES, Sender

READY = "ready to send"  # the laptop waits for this line
ALONE_SECONDS = 60.0  # s that packing without an agent may take; it takes some
_TURN_SECONDS = 0.5  # s between two looks at a line that is silent
_AT_ONCE = 64  # frames that are put on the line before it is waited for; 8 KB
_ENDING = ".nightporter.tar.gz"  # the laptop knows it, and a head has no room for it


async def bundle(talk: Talk, box: ConsoleBox, desk: DeskLink, request: asked.Bundle) -> None:
    """Have one packed, and bring it over the line."""
    try:
        packed = await _packed(talk, desk)
    except NoAgent:
        await talk.say("No agent answers: the bundle is made without it.")
        packed = await _packed_alone(box)
    name, mark = packed.name.removesuffix(_ENDING)[-NAME_BYTES:].lstrip("-"), secrets.token_hex(2)
    if request.sends:
        await _send(talk, Sender(packed.content, name, mark))
    else:
        await _print(talk, packed, name, mark)


async def _packed(talk: Talk, desk: DeskLink) -> SupportBundle:
    pieces: list[Piece] = []

    def tell(told: Progress) -> None:
        if isinstance(told, Piece):
            pieces.append(told)
        else:
            talk.show(line(told))

    result = await desk.carry_out(["bundle"], tell, talk.broken_off)
    content = b"".join(piece.content for piece in pieces)
    if result.end is not End.DONE or not pieces or len(content) != pieces[0].total:
        raise NightPorterError(result.text)
    return SupportBundle(pieces[0].name, content)


async def _packed_alone(box: ConsoleBox) -> SupportBundle:
    """By `nightporter bundle`, in a process that ends with it: the console's own stays small."""
    argv = (sys.executable, "-m", "agent", "bundle", "--state", str(box.desk.state), "--out", "-")
    run = partial(trio.run_process, argv, capture_stdout=True, check=False, stderr=subprocess.DEVNULL)
    try:
        with trio.fail_after(ALONE_SECONDS):
            done = await run()
    except OSError as error:
        raise NightPorterError(f"The bundle cannot be made ({reason_of(error)}).") from None
    except trio.TooSlowError:
        raise NightPorterError(f"The bundle was not made within {ALONE_SECONDS:g} s.") from None
    if done.returncode or not done.stdout:
        raise NightPorterError("The bundle could not be made: log shows what the box has said.")
    from agent.status.bundle.opening import opened
    from agent.status.bundle.packing import file_name

    made = opened(done.stdout).manifest
    return SupportBundle(file_name(made.box, datetime.fromisoformat(made.made)), done.stdout)


async def _print(talk: Talk, packed: SupportBundle, name: str, mark: str) -> None:
    size = len(packed.content)
    await talk.say(
        f"{packed.name}, {size} bytes, as lines of text. Keep what the terminal shows in a file, then on a "
        "laptop: nightporter provision receive-bundle --from FILE"
    )
    async with talk.raw() as raw:
        for number, each in enumerate(frames(packed.content, name, mark)):
            raw.send(each)
            if number % _AT_ONCE == 0:
                await raw.wait_sent()
        await raw.wait_sent()
    await talk.say("That was all of it.")


async def _send(talk: Talk, sender: Sender) -> None:
    await talk.say(READY)
    async with talk.raw() as raw:
        while not sender.is_over:
            raw.send(sender.frames_due(trio.current_time()))
            with trio.move_on_after(_TURN_SECONDS):
                sender.heard(await raw.receive())
    if isinstance(sender.result, Failure):
        raise NightPorterError(sender.result.text)
    await talk.say("The laptop has all of it.")
