"""What a terminal shows of a line being typed, as pyte sees it: a dumb one and one that knows ANSI's sequences."""

import re

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from agent.console.terminal.editor import Editor, Ended, Entered, Interrupted, Show, WantsHelp, WantsScreenCleared
from agent.console.terminal.screen import shown, spelled

ROWS = 24
WIDTHS = st.sampled_from([10, 11, 16, 20, 40, 80, 132])
PROMPTS = st.sampled_from(
    ["> ", "nightporter> ", "Küche? ", "Which encoder does the front desk use [Front desk]: ", ""]
)
LETTERS = st.text(alphabet='abc  "?<>äß€界\u0301', max_size=30)
_ANSI = re.compile("\x1b\\[([0-9]+[CD]|K)")


class Terminal:
    """A screen, and what ought to stand above the cursor's row."""

    def __init__(self, columns: int, *, is_dumb: bool) -> None:
        self.is_dumb = is_dumb
        self.columns = columns
        self.above: list[str] = []
        self._screen = pyte.Screen(columns, ROWS)
        self._stream = pyte.Stream(self._screen)

    def write(self, text: str) -> None:
        plain = text if self.is_dumb else _ANSI.sub("", text)
        assert re.fullmatch("[ -~\r\n\b\a]*", plain), text
        self._stream.feed(text)

    def show(self, text: str) -> None:
        """What came of typing: where it ends the row, that stays as it is."""
        self.write(text.removesuffix("\r\n"))
        if text.endswith("\r\n"):
            self.above.append(self.row.rstrip())
            self.write("\r\n")

    def resize(self, columns: int) -> None:
        """As a terminal does that cuts off what no longer fits."""
        self.columns = columns
        self._screen.resize(ROWS, columns)
        self.above = [line[:columns].rstrip() for line in self.above]

    @property
    def row(self) -> str:
        return self._screen.display[self._screen.cursor.y]

    @property
    def column(self) -> int:
        return self._screen.cursor.x

    def check_around(self) -> None:
        """Each whole line is there or scrolled away, nothing is below, and the last column is empty."""
        rows, at = [row.rstrip() for row in self._screen.display], self._screen.cursor.y
        assert rows[:at] == self.above[len(self.above) - at :]
        assert len(self.above) == at or at == ROWS - 1
        assert not any(rows[at + 1 :])
        assert self.row[-1] == " "


def prompt_on(columns: int, prompt: str) -> str:
    room = columns - 1 - min(20, columns // 2)
    prompt = spelled(prompt)
    return prompt if len(prompt) <= room else prompt[: room - 2] + prompt[-2:]


def cells_of(text: str) -> str:
    return "".join(spelled(letter) or "?" for letter in text)


def can_be_seen(row: str, column: int, cells: str, cursor: int) -> bool:
    """Whether a row without its prompt is a window on these cells, and the cursor on the right one and no mark."""
    start, width = cursor - column, len(row)
    seen = cells[max(0, start) : start + width].ljust(width)
    if start:
        seen = "<" + seen[1:]
    if is_cut := start + width < len(cells):
        seen = seen[:-1] + ">"
    return start >= 0 and seen == row and not (start and column == 0) and not (is_cut and column >= width - 1)


class Typing(RuleBasedStateMachine):
    """A person who types, a box that has news, and a terminal; beside them the plainest line there could be."""

    @initialize(columns=WIDTHS, prompt=PROMPTS, is_dumb=st.booleans())
    def begin(self, columns: int, prompt: str, *, is_dumb: bool) -> None:
        self.terminal = Terminal(columns, is_dumb=is_dumb)
        self.editor = Editor(columns=columns, is_dumb=is_dumb)
        self.ask(prompt)

    def ask(self, prompt: str) -> None:
        self.text, self.at, self.prompt = "", 0, prompt
        self.terminal.write(self.editor.ask(prompt))

    def press(self, data: str) -> None:
        for typed in self.editor.type(data.encode()):
            match typed:
                case Show(text):
                    self.terminal.show(text)
                case Entered() | Interrupted() | Ended():
                    self.ask(self.prompt)
                case WantsHelp():
                    self.terminal.write(self.editor.put("?"))

    @rule(letters=LETTERS)
    def letters(self, letters: str) -> None:
        room = 400 - len(self.text)
        self.text = self.text[: self.at] + letters[:room] + self.text[self.at :]
        self.at += len(letters[:room])
        self.press(letters)

    @rule(times=st.integers(1, 60))
    def left(self, times: int) -> None:
        self.at = max(0, self.at - times)
        self.press("\x1b[D" * times)

    @rule(times=st.integers(1, 60))
    def right(self, times: int) -> None:
        self.at = min(len(self.text), self.at + times)
        self.press("\x1bOC" * times)

    @rule()
    def home(self) -> None:
        self.at = 0
        self.press("\x1b[H")

    @rule()
    def end(self) -> None:
        self.at = len(self.text)
        self.press("\x05")

    @rule(times=st.integers(1, 30))
    def backspace(self, times: int) -> None:
        times = min(times, self.at)
        self.text = self.text[: self.at - times] + self.text[self.at :]
        self.at -= times
        self.press("\x7f" * times)

    @rule(times=st.integers(1, 30))
    def delete(self, times: int) -> None:
        self.text = self.text[: self.at] + self.text[self.at + times :]
        self.press("\x1b[3~" * times)

    @rule()
    def cut_all_before(self) -> None:
        self.text, self.at = self.text[self.at :], 0
        self.press("\x15")

    @rule()
    def cut_all_ahead(self) -> None:
        self.text = self.text[: self.at]
        self.press("\x0b")

    @rule(text=st.text(max_size=200))
    def announce(self, text: str) -> None:
        lines = shown(text, self.terminal.columns - 1)
        self.terminal.write(self.editor.announce(lines))
        self.terminal.above += [line.rstrip() for line in lines.splitlines()]

    @precondition(lambda self: not self.terminal.is_dumb)
    @rule(columns=WIDTHS)
    def resize(self, columns: int) -> None:
        self.terminal.resize(columns)
        self.terminal.write(self.editor.resize(columns))

    @rule()
    def redraw(self) -> None:
        self.terminal.write(self.editor.redraw())

    @rule(key=st.sampled_from("\r\x03"), prompt=PROMPTS)
    def end_the_line(self, key: str, prompt: str) -> None:
        self.prompt = prompt
        self.press(key)

    @invariant()
    def the_row_shows_prompt_and_line_and_the_cursor(self) -> None:
        prompt = prompt_on(self.terminal.columns, self.prompt)
        row, column = self.terminal.row[:-1], self.terminal.column - len(prompt)
        assert self.editor.text == self.text
        assert row.startswith(prompt)
        assert can_be_seen(
            row.removeprefix(prompt), column, cells_of(self.text), len(cells_of(self.text[: self.at]))
        )

    @invariant()
    def all_else_is_as_it_was(self) -> None:
        self.terminal.check_around()


Typing.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestTyping = Typing.TestCase


@pytest.fixture(params=[False, True], ids=["ansi", "dumb"])
def is_dumb(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.mark.parametrize(
    ("columns", "drawn"),
    [(10, "\r> <yz    \b\b\b\b"), (80, "\r> abcdefghijklmnopqrstuvwxyz")],
)
def test_a_dumb_terminal_that_is_said_to_be_resized_is_drawn_over(columns: int, drawn: str) -> None:
    editor = Editor(columns=20, is_dumb=True)
    editor.ask("> ")
    list(editor.type(b"abcdefghijklmnopqrstuvwxyz"))
    assert editor.resize(columns) == drawn


@pytest.mark.parametrize("columns", [10, 11, 20, 40])
def test_the_cursor_is_on_its_letter_and_never_on_a_mark_all_the_way_through_a_line(
    columns: int, *, is_dumb: bool
) -> None:
    terminal, editor = Terminal(columns, is_dumb=is_dumb), Editor(columns=columns, is_dumb=is_dumb)
    terminal.write(editor.ask("> "))
    line = "abcdefghijklmnopqrstuvwxyz" * 2
    ways = [(line, 1), ("\x02" * len(line), -1), ("\x06" * len(line), 1), ("\x7f" * len(line), -1)]
    cursor = 0
    for keys, step in ways:
        for count, key in enumerate(keys, 1):
            for typed in editor.type(key.encode()):
                assert isinstance(typed, Show)
                terminal.write(typed.text)
            cursor += step
            assert editor.text == (line if key < " " else line[:count] if step > 0 else line[:-count])
            assert can_be_seen(terminal.row[:-1].removeprefix("> "), terminal.column - 2, editor.text, cursor)


def bytes_for(editor: Editor, data: bytes) -> int:
    return sum(len(typed.text) for typed in editor.type(data) if isinstance(typed, Show))


def test_typing_at_the_end_costs_hardly_more_than_a_byte_a_key_also_in_a_long_line(*, is_dumb: bool) -> None:
    editor = Editor(is_dumb=is_dumb)
    editor.ask("nightporter> ")
    assert sum(bytes_for(editor, b"x") for _ in range(400)) < 4 * 400


@pytest.mark.parametrize("key", [b"\x01", b"\x05", b"\x15", b"\x1b[A", b"y", b"\x7f", b"\x17", b"\x1bb"])
def test_no_key_costs_more_than_three_rows(key: bytes, *, is_dumb: bool) -> None:
    editor = Editor(is_dumb=is_dumb)
    editor.ask("nightporter> ")
    list(editor.type(b"x" * 40 + b" " + b"z" * 200 + b"\x1b[D" * 10))
    assert bytes_for(editor, key) <= 3 * 80


def test_what_is_typed_in_one_go_is_drawn_once(*, is_dumb: bool) -> None:
    editor = Editor(is_dumb=is_dumb)
    editor.ask("> ")
    assert bytes_for(editor, b"x\x7f" * 1_000 + b"help") == 4


def test_an_ansi_terminal_is_sent_less() -> None:
    dumb, ansi = Editor(is_dumb=True), Editor()
    for editor in dumb, ansi:
        editor.ask("nightporter> ")
        list(editor.type(b"x" * 60))
    assert (bytes_for(ansi, b"\x15"), bytes_for(dumb, b"\x15")) == (8, 13 + 60 + 13 + 2)


def test_the_screen_is_cleared_by_who_is_asked_to_and_drawn_below() -> None:
    terminal, editor = Terminal(80, is_dumb=False), Editor()
    terminal.write(editor.ask("> "))
    for typed in editor.type(b"help\x02\x0c"):
        match typed:
            case Show(text):
                terminal.write(text)
            case WantsScreenCleared():
                terminal._stream.feed("\x1b[2J\x1b[H")
                terminal.write(editor.redraw())
    assert (terminal.row.rstrip(), terminal.column) == ("> help", 5)
    terminal.check_around()


@given(st.lists(st.binary(max_size=40), max_size=20), st.integers(0, 132), st.booleans(), st.booleans())
@settings(deadline=None)
def test_whatever_is_typed_the_terminal_is_not_confused(
    pieces: list[bytes], columns: int, is_dumb: bool, is_secret: bool
) -> None:
    terminal, editor = Terminal(max(columns or 80, 10), is_dumb=is_dumb), Editor(columns=columns, is_dumb=is_dumb)
    terminal.write(editor.ask("> ", is_secret=is_secret))
    for piece in pieces:
        for typed in editor.type(piece):
            match typed:
                case Show(text):
                    terminal.show(text)
                case Entered() | Interrupted() | Ended():
                    terminal.write(editor.ask("> ", is_secret=is_secret))
        terminal.check_around()
        assert terminal.row.startswith(">")
        assert not is_secret or terminal.row.rstrip() == ">"
