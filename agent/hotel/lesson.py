"""`nightporter lock learn`: a lesson at a site's Coder Bridge, with a person at this terminal and at the encoder.

Holds the state directory, so that no agent drives an encoder meanwhile. What is proved is on disk at once; Ctrl-C,
or any other signal to end, ends it at any moment, and says what that leaves behind.
"""

import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from textwrap import wrap
from typing import Protocol
from zoneinfo import ZoneInfo

import trio

from agent.drivers.check import beside, judge, sound
from agent.drivers.coder_bridge import profile_file
from agent.drivers.coder_bridge.bridge import open_peer
from agent.drivers.coder_bridge.learner import Learner, RunSync
from agent.drivers.coder_bridge.learning.lesson import Place
from agent.drivers.coder_bridge.learning.steps import Question
from agent.drivers.lock_server.log_in import Credentials
from agent.foundation import streams
from agent.foundation.errors import UserMistake
from agent.foundation.http import Peer
from agent.foundation.reading.text import LONG_TEXT, plain
from agent.foundation.timing import utc_now
from agent.journal import state_folder
from provisioning.file import content, why_not
from provisioning.model import BUILT_IN_PROFILES, Provisioning

SITE = "site.toml"
COLUMNS = 80
_PROMPT = "> "
_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Face(Protocol):
    """A person at a terminal."""

    def tell(self, text: str) -> None:
        """Show a paragraph."""
        ...

    async def ask(self, question: Question) -> str | None:
        """What was typed; None where no one answers."""
        ...


async def learn(
    config: Path,
    site: Path | None,
    state: Path | None,
    face: Face,
    *,
    open_bridge: Callable[[str, str | None], Peer] = open_peer,
    now: Callable[[], datetime] = utc_now,
    run_sync: RunSync = trio.to_thread.run_sync,
) -> bool:
    """Take the lesson at the Coder Bridge of the file `config`; whether a key can be cut with what is proved.

    The proofs go to `site`, or beside the file; `run_sync` writes them. Raises `UserMistake`.
    """
    file = _file(config)
    bridge = file.coder_bridge
    if bridge is None:
        raise UserMistake(f"{config.name} has no [coder_bridge], and only a Coder Bridge has anything to learn.")
    place = Place(
        {encoder.identifier: encoder.name for encoder in bridge.encoders},
        ZoneInfo(file.box.timezone),
        now,
        tuple(encoder.identifier for encoder in bridge.encoders if encoder.mobile),
    )
    site = site or config.with_name(SITE)
    with state_folder.held_for_a_verb(state):
        async with open_bridge(bridge.server, bridge.certificate_sha256) as peer:
            learner = Learner(
                peer,
                Credentials(bridge.username, bridge.password),
                profile_file.built_in(BUILT_IN_PROFILES[0]),
                place,
                site,
                face.ask,
                face.tell,
                run_sync=run_sync,
            )
            return await _taken(learner, site, face)


async def _taken(learner: Learner, site: Path, face: Face) -> bool:
    with trio.CancelScope() as scope:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_end_at_a_signal, scope)
            ended = await learner.run()
            nursery.cancel_scope.cancel()
        for line in ended.lines:
            face.tell(line)
        if ended.is_ready:
            face.tell(f'Write profile = "{site.name}" in [coder_bridge] of the provisioning file, and check it.')
        return ended.is_ready
    face.tell(learner.left_behind())
    return False


def _file(config: Path) -> Provisioning:
    try:
        return sound(config, judge(content(config), beside(config)))
    except OSError as error:
        raise UserMistake(why_not(config, error)) from None


async def _end_at_a_signal(scope: trio.CancelScope) -> None:
    with trio.open_signal_receiver(*_ENDS) as signals:
        async for _ in signals:
            scope.cancel()


class Terminal:
    """Standard input and output. `read` gives a line, or raises EOFError."""

    def __init__(self, read: Callable[[str], Awaitable[str]] | None = None) -> None:
        self._read = read or _typed

    def tell(self, text: str) -> None:
        """A paragraph, as wide as the terminal; what a lock system says of its rooms may hold anything."""
        for line in text.splitlines():
            words = line.lstrip(" ")
            indent = line.removesuffix(words)
            width = streams.columns(sys.stdout, COLUMNS)
            print("\n".join(wrap(plain(words, LONG_TEXT), width, initial_indent=indent)))

    async def ask(self, question: Question) -> str | None:
        """The question with its choices, and what was typed."""
        self.tell(f"\n{question.text}")
        for choice in question.choices:
            self.tell(f"  {choice.word}: {choice.text}" if choice.word != choice.text else f"  {choice.word}")
        sys.stdout.flush()
        try:
            return await self._read(_PROMPT)
        except EOFError:
            return None


async def _typed(prompt: str) -> str:
    return await trio.to_thread.run_sync(input, prompt, abandon_on_cancel=True)
