"""One line of the console: a person types, verbs answer, events print between. One task reads, one writes.

A verb at a time; Ctrl-C breaks it off, and what is typed meanwhile waits for the next question. Whatever comes
over the line, only what ends with Enter is carried out.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import NoReturn

import trio

from agent.console.box import ConsoleBox
from agent.console.line import Line
from agent.console.login import Access, LineLogin
from agent.console.talk import YES_NO, Raw
from agent.console.terminal import choice, quoting
from agent.console.terminal.editor import (
    SPOILED,
    Editor,
    Ended,
    Entered,
    Interrupted,
    Meant,
    Show,
    WantsCompletion,
    WantsHelp,
    WantsScreenCleared,
)
from agent.console.terminal.hotel_time import HotelTime
from agent.console.terminal.screen import fitting, shown
from agent.console.typed import LineGone, RawLine, Typed
from agent.console.verbs.carry_out import CarryOut
from agent.console.words import help as help_words
from agent.console.words.completing import Completing
from agent.console.words.short_forms import spelled_out
from agent.console.words.verbs import VERBS
from agent.control.words.reading import verb_of
from agent.control.words.verbs import May, Verb
from agent.foundation.errors import NightPorterError

PROMPT = "nightporter> "
CODE = "Code: "
ROOM = 24  # columns for an answer
INTERRUPT = b"\x03"
LAST_WORDS_SECONDS = 1.0  # s that a line has to take what was said last
RAW_PAUSE_SECONDS = 1.0  # s; Ctrl-C behind it is no noise in a transfer, which sends again only after two
_CLEAR = "\x1b[2J\x1b[H"


class Session:
    """`login` None: a terminal of the box itself, whose user may act already."""

    def __init__(
        self, line: Line, box: ConsoleBox, carry_out: CarryOut, time: HotelTime, login: LineLogin | None
    ) -> None:
        self._line, self._box, self._carry_out, self._time, self._login = line, box, carry_out, time, login
        self._desk = box.desk.at(line.ends.name)
        self._completing = Completing()
        self._editor = Editor(columns=line.ends.columns() or 80, is_dumb=line.ends.is_dumb)
        self._typed = Typed()
        self._is_asking = self._is_raw = self._has_progress = False
        self._doing: _Doing | None = None
        self._raw_at = float("-inf")  # when bytes came to a raw line last
        self._kept: list[str] = []  # what happened while the line was raw
        line.on_left_out = self._draw_again

    async def run(self, banner: str) -> None:
        """Talk until the line is gone, or its person goes (Ctrl-D)."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._line.write)
            nursery.start_soon(self._read)
            self._line.put(self._fit(banner))
            with suppress(LineGone):
                await self._converse()
            with trio.move_on_after(LAST_WORDS_SECONDS):
                await self._line.wait_written()
            nursery.cancel_scope.cancel()

    def announce(self, text: str) -> None:
        """Something happened: it stands on lines of its own, and what is being typed below it once more."""
        if self._is_raw:
            self._kept.append(text)
        elif not self._is_asking:
            self.show(text)
        elif not self._line.is_full():
            self._put(self._editor.announce(self._fit(text)))

    # -- what a verb has of the line ----------------------------------------------------------------------------

    @property
    def place(self) -> str:
        """The name of the line."""
        return self._line.ends.name

    @property
    def columns(self) -> int:
        """How long a line of text may be."""
        return fitting(self._line.ends.columns())

    @property
    def broken_off(self) -> trio.Event:
        """Set at Ctrl-C."""
        if self._doing is None:
            raise AssertionError("no verb is being carried out")
        return self._doing.broken_off

    def gives_last_words(self) -> None:
        """From now on Ctrl-C only sets `broken_off`."""
        if self._doing is not None:
            self._doing.is_patient = True

    async def say(self, text: str) -> None:
        """Show text, once the line has taken what was said before."""
        await self._line.wait_written()
        self.show(text)

    def show(self, text: str) -> None:
        """Show text."""
        if not self._line.is_full():
            self.progress("")
            self._line.put(self._fit(text))

    def progress(self, text: str) -> None:
        """Show a line that the next one takes the place of; empty: it is over."""
        if text:
            self._line.put(f"\r{shown(text, self.columns).splitlines()[0]:<{self.columns - 1}}")
        elif self._has_progress:
            self._line.put("\n")
        self._has_progress = bool(text)

    async def ask(self, question: str, *, is_secret: bool = False, is_fresh: bool = False) -> str:
        """Ask for a line. A question that would not leave room for an answer stands above it."""
        self.progress("")
        if len(question) > self.columns - ROOM:
            above, begin, _ = question.partition(YES_NO)
            self.show(above)
            question = begin or "> "
        if is_fresh:
            self._editor.drop_waiting()
        while True:
            text = await self._answer(question, is_secret=is_secret)
            if text is not None and SPOILED not in text:
                return text
            if text is not None:
                self.show("That had a key in it that is no letter: type it again.")
            elif self._doing is not None:
                self._doing.break_off()
                await trio.lowlevel.checkpoint()

    @asynccontextmanager
    async def raw(self) -> AsyncIterator[Raw]:
        """The line byte for byte, as long as the block runs."""
        self._is_raw, self._raw_at = True, float("-inf")
        try:
            yield RawLine(self._typed, self._line)
        finally:
            self._is_raw = False
            self._typed.take()
            kept, self._kept = self._kept, []
            for text in kept:
                self.show(text)

    # -- the conversation ---------------------------------------------------------------------------------------

    async def _converse(self) -> None:
        while True:
            text = await self._answer(PROMPT)
            if text is not None:
                await self._obey(text)

    async def _obey(self, text: str) -> None:
        """Carry out what was typed."""
        try:
            words = spelled_out(quoting.words(text))
            if words:
                await self._begin(verb_of(words, VERBS), words)
        except NightPorterError as mistake:
            self.show(str(mistake))

    async def _begin(self, verb: Verb, words: Sequence[str]) -> None:
        with trio.CancelScope() as scope:
            self._doing = _Doing(scope, is_act=verb.may is May.ACT)
            self._type_ahead(self._typed.take())  # Ctrl-C may have come right behind the verb
            try:
                if verb.may is May.LOOK or await self._may_act():
                    await self._carry_out(self, self._box, self._desk, verb, words)
            finally:
                self._doing = None
        if scope.cancelled_caught:
            self.show("Broken off.")
        self.progress("")

    async def _may_act(self) -> bool:
        if self._login is None:
            return True
        facts = self._box.facts()
        has_code = facts.code is not None
        access = self._login.access(trio.current_time(), is_provisioned=facts.is_provisioned, has_code=has_code)
        if access is Access.LOOKS:
            self.show("This line only looks: the provisioning file sets no code under [console].")
        if access is Access.LOCKED:
            return await self.log_in()
        return access in (Access.OPEN, Access.LOGGED_IN)

    async def log_in(self) -> bool:
        """Ask for the code, as often as it takes."""
        check = self._box.facts().code
        if self._login is None or check is None:
            self.show("No code is asked for on this line.")
            return self._login is None
        while True:
            if pause := self._login.pause(trio.current_time()):
                self.show(f"Too many wrong codes: the next one can be tried in {pause:.0f} s.")
                return False
            code = await self.ask(CODE, is_secret=True)
            if not code:
                return False
            is_right = check.fits(code)
            self._login.tried(trio.current_time(), is_right=is_right)
            if is_right:
                return True
            self.show("That is not the console code: it stands on the box's label.")

    def log_out(self) -> None:
        """Only look again."""
        self.show("Logged out: this line only looks." if self._log_out() else "You are not logged in.")

    def _log_out(self) -> bool:
        self._editor.forget_history()
        return self._login is not None and self._login.log_out()

    async def _answer(self, prompt: str, *, is_secret: bool = False) -> str | None:
        """A whole line; None at Ctrl-C. Raises `LineGone`, also at Ctrl-D."""
        self._put(self._editor.resize(self._line.ends.columns() or 80))
        self._put(self._editor.ask(prompt, is_secret=is_secret, has_history=prompt == PROMPT))
        self._is_asking = True
        try:
            data = b""  # what was typed ahead comes first
            while True:
                for item in self._editor.type(data):
                    if isinstance(item, Entered):
                        return item.text
                    if isinstance(item, Interrupted):
                        return None
                    if isinstance(item, Ended):
                        self._go()
                    await self._show_item(item, is_prompt=prompt == PROMPT)
                data = await self._typed_or_idle()
                if not data:
                    raise LineGone
        finally:
            self._is_asking = False
            if self._doing is not None:
                self._type_ahead(self._typed.take())

    def _go(self) -> NoReturn:
        self._line.put("\n")
        self._log_out()
        raise LineGone

    async def _show_item(self, item: Meant, *, is_prompt: bool) -> None:
        match item:
            case Show(text=text):
                self._put(text)
            case WantsScreenCleared():
                self._put(("" if self._line.ends.is_dumb else _CLEAR) + self._editor.redraw())
            case WantsCompletion(text=text, is_again=is_again) if is_prompt:
                await self._complete(text, is_again=is_again)
            case WantsHelp(text=text) if is_prompt:
                await self._help(text)
            case WantsHelp():
                self._put(self._editor.put("?"))

    async def _complete(self, text: str, *, is_again: bool) -> None:
        begun = quoting.begun(text)
        candidates = await self._completing.candidates([*begun.words, begun.word], self._desk.completions)
        word = candidates[0] if len(candidates) == 1 else begun.word + choice.common(candidates, begun.word)
        more = quoting.completion(text, word, is_whole=len(candidates) == 1)
        if more.put:
            self._put(self._editor.put(more.put, more.instead_of))
        elif candidates and is_again:
            self._put(self._editor.announce(choice.listing(candidates, self.columns)))

    async def _help(self, text: str) -> None:
        begun = quoting.begun(text)
        words = [*begun.words, begun.word]
        candidates = await self._completing.candidates(words, self._desk.completions)
        self._put(self._editor.announce(self._fit(help_words.at(words, candidates))))

    # -- what is typed ------------------------------------------------------------------------------------------

    async def _read(self) -> None:
        while data := await self._line.receive():
            if self._login is not None:
                self._login.touched(trio.current_time())
            if self._is_raw:
                self._take_raw(data)
            elif self._is_asking:
                self._typed.put(data)
            else:
                self._type_ahead(data)
        self._typed.close()
        self._break_off()

    def _take_raw(self, data: bytes) -> None:
        """Bytes of a transfer; where none has come for a while, or at all, Ctrl-C breaks it off."""
        now = trio.current_time()
        is_quiet, self._raw_at = now - self._raw_at >= RAW_PAUSE_SECONDS, now
        if is_quiet and data.startswith(INTERRUPT):
            self._break_off()
        else:
            self._typed.put(data)

    def _type_ahead(self, data: bytes) -> None:
        """What is typed while nothing is asked: Ctrl-C counts at once, the rest waits for the next question."""
        for item in self._editor.type(data):
            if isinstance(item, Interrupted):
                self._break_off()

    def _break_off(self) -> None:
        """End the verb that is being carried out. What it said and the line has not taken is not waited for."""
        if self._doing is not None:
            self._line.forget()
            self._doing.break_off()

    async def _typed_or_idle(self) -> bytes:
        """What is typed next; says when the log-in ends by itself meanwhile."""
        while self._login is not None and (end := self._login.idle_end()) is not None:
            with trio.move_on_at(end):
                return await self._typed.get()
            if self._log_out():
                self.announce("Logged out: the line was idle for ten minutes.")
                if self._doing is not None and self._doing.is_act:
                    self._doing.break_off()  # its question is none for the next person
        return await self._typed.get()

    def _draw_again(self) -> None:
        if self._is_asking:
            self._put(self._editor.redraw())

    def _put(self, text: str) -> None:
        """What the editor gives: its row ends are whole."""
        self._line.put_raw(text.encode("ascii", "replace"))

    def _fit(self, text: str) -> str:
        return shown(self._time.local(text), self.columns)


class _Doing:
    """A verb that is being carried out. `is_patient`: it ends by itself when `broken_off` is set."""

    def __init__(self, scope: trio.CancelScope, *, is_act: bool) -> None:
        self._scope, self.is_act = scope, is_act
        self.broken_off = trio.Event()
        self.is_patient = False

    def break_off(self) -> None:
        """The second Ctrl-C ends a patient one, too."""
        if not self.is_patient or self.broken_off.is_set():
            self._scope.cancel()
        self.broken_off.set()
