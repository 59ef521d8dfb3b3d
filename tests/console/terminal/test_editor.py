"""What is typed, and what comes of it, by values; how it looks is judged in `test_on_a_terminal.py`."""

import random
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.console.terminal.editor import (
    LONGEST,
    MOST_AHEAD,
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
from agent.console.terminal.history import History

ENDS = (Entered, Interrupted, Ended)


def asking(*, is_secret: bool = False, history: History | None = None) -> Editor:
    editor = Editor(history=history)
    editor.ask("> ", is_secret=is_secret)
    return editor


def meant(editor: Editor, data: bytes) -> list[Meant]:
    """What came of it but for what shows; each line that ends is followed by another."""
    return list(_meant(editor, data))


def _meant(editor: Editor, data: bytes) -> Iterator[Meant]:
    for typed in editor.type(data):
        if isinstance(typed, ENDS):
            editor.ask("> ")
        if not isinstance(typed, Show):
            yield typed


def shown(editor: Editor, data: bytes) -> str:
    return "".join(typed.text for typed in editor.type(data) if isinstance(typed, Show))


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"status", "status"),
        (b"statt\x7fus", "status"),
        (b"helx\bp", "help"),
        (b"\x7f\x7fhelp", "help"),
        (b"nonsense\x15help", "help"),
        (b"provision shw\x17show", "provision show"),
        (b"tatus\x01s", "status"),
        (b"stats\x1b[Du", "status"),
        (b"stats\x02u\x05!", "status!"),
        (b"xstatus\x1b[H\x04", "status"),
        (b"statusx\x02\x1b[3~", "status"),
        (b"show network\x1bbx\x1bd\x1bby", "show yx"),
        (b"one two\x17\x15\x19\x19", "one one "),
        (b"one two\x01\x0bx\x19", "xone two"),
        (b"\x19\x0b", ""),
        ("für".encode(), "für"),
        ("für".encode("latin-1"), "fr"),
        (b"\x1b[24;80Rstatus", "status"),
        (b"\x1b]0;title\x07help", "help"),
        (b"help\x1b", "help"),
        (b"\x1b[200~one\r\ntwo?\x1b[201~!", "one two?!"),
    ],
)
def test_keys_make_a_line(data: bytes, text: str) -> None:
    assert meant(asking(), data + b"\r") == [Entered(text)]


def test_a_key_at_the_end_of_a_line_costs_one_byte() -> None:
    editor = asking()
    assert [shown(editor, bytes([byte])) for byte in b"status"] == list("status")


def test_enter_leaves_the_row() -> None:
    assert list(asking().type(b"help\r")) == [Show("help\r\n"), Entered("help")]


@pytest.mark.parametrize(("data", "end"), [(b"\x03", Interrupted()), (b"\0", Interrupted()), (b"\x04", Ended())])
def test_a_line_can_end_without_being_one(data: bytes, end: Meant) -> None:
    assert list(asking().type(data)) == [Show("\r\n"), end]


def test_ctrl_d_ends_an_empty_line_only() -> None:
    assert meant(asking(), b"x\x04\x1b[D\x04\x04") == [Ended()]


def test_ctrl_l_asks_for_an_empty_screen() -> None:
    editor = asking()
    assert meant(editor, b"help\x0c") == [WantsScreenCleared()]
    assert editor.redraw() == "\r\x1b[K> help"


def test_what_is_left_is_typed_into_what_is_asked_then() -> None:
    editor = Editor()
    editor.ask("name: ")
    answers = []
    for typed in editor.type(b"admin\rsecret\rstat"):
        if isinstance(typed, Entered):
            answers.append(typed.text)
            editor.ask("code: " if len(answers) == 1 else "> ", is_secret=len(answers) == 1)
    assert (answers, editor.text) == (["admin", "secret"], "stat")


def test_what_a_given_up_iterator_has_left_comes_with_the_next_one() -> None:
    editor = asking()
    next(typed for typed in editor.type(b"one\rtwo\r") if isinstance(typed, Entered))
    editor.ask("> ")
    assert meant(editor, b"three\r") == [Entered("two"), Entered("three")]


def test_a_line_feed_in_the_next_read_is_no_second_enter() -> None:
    editor = asking()
    assert meant(editor, b"one\r") + meant(editor, b"\ntwo\r") == [Entered("one"), Entered("two")]


def test_a_line_takes_so_many_letters_and_then_rings_once() -> None:
    editor = asking()
    assert shown(editor, b"x" * 1_000_000).count("\a") == 1
    assert (editor.text, shown(editor, b"y")) == ("x" * LONGEST, "")


def test_the_bell_rings_again_after_room_was_made() -> None:
    editor = asking()
    shown(editor, b"x" * (LONGEST + 1))
    assert shown(editor, b"\x7f\x7fxx\x7f") == "\b \b"
    assert shown(editor, b"xy").endswith("\a")


# history


def test_the_lines_of_before_come_back() -> None:
    editor = asking()
    meant(editor, b"one\rtwo\rbegun\x1b[A\x1b[A")
    assert editor.text == "one"
    meant(editor, b"\x10\x1b[B\x0e")
    assert editor.text == "begun"


def test_a_line_from_before_is_entered_as_it_was_changed() -> None:
    assert meant(asking(), b"one\r\x1b[A!\r") == [Entered("one"), Entered("one!")]


def test_a_secret_is_in_no_history() -> None:
    history = History()
    editor = asking(is_secret=True, history=history)
    assert meant(editor, b"hunter2\r") == [Entered("hunter2")]
    assert history.walk().older("") is None


def test_an_answer_may_be_kept_out_of_the_history() -> None:
    history = History()
    history.keep("verb")
    editor = Editor(history=history)
    editor.ask("name: ", has_history=False)
    assert meant(editor, b"\x1b[Aaurora\r") == [Entered("aurora")]
    assert history.walk().older("") == "verb"


# completion and help


def test_tab_asks_with_what_stands_before_the_cursor() -> None:
    assert meant(asking(), b"sta tus\x1bb\t\tx\t") == [
        WantsCompletion("sta ", is_again=False),
        WantsCompletion("sta ", is_again=True),
        WantsCompletion("sta x", is_again=False),
    ]


def test_a_tab_in_another_line_is_not_the_same_one_again() -> None:
    editor = asking()
    assert meant(editor, b"\t") == [WantsCompletion("", is_again=False)]
    editor.ask("> ")
    assert meant(editor, b"\t") == [WantsCompletion("", is_again=False)]


def test_a_completion_is_put_at_the_cursor() -> None:
    editor = asking()
    meant(editor, b"st 1\x02\x02")
    assert editor.put("atus\x1b") == "atus 1\b\b"
    assert (editor.text, editor.is_empty) == ("status 1", False)


def test_a_completion_may_take_the_place_of_what_was_begun() -> None:
    editor = asking()
    meant(editor, b"key fr")
    editor.put('"Front desk" ', instead_of=2)
    assert editor.text == 'key "Front desk" '


def test_without_a_line_nothing_is_put() -> None:
    assert (Editor().put("x"), Editor().redraw(), Editor().is_empty) == ("", "", True)


@pytest.mark.parametrize(
    ("data", "before"),
    [
        (b"?", ""),
        (b"key ?", "key "),
        (b"key?", "key"),
        (b"key 1\x01?", ""),
        (b"key 1\x1bb\x02?", "key"),
        (b"key 1\x1bb?", "key "),
        (b'key "Front"?', 'key "Front"'),
    ],
)
def test_a_question_mark_between_words_asks_for_help(data: bytes, before: str) -> None:
    editor = asking()
    assert meant(editor, data) == [WantsHelp(before)]
    assert "?" not in editor.text


@pytest.mark.parametrize("data", [b'key "Front ?', b"key\x02?", b"\x1b[200~why?\x1b[201~"])
def test_any_other_question_mark_is_a_letter(data: bytes) -> None:
    editor = asking()
    assert meant(editor, data) == []
    assert "?" in editor.text


def test_help_that_there_is_not_may_put_the_question_mark_itself() -> None:
    editor = asking()
    for typed in editor.type(b"http://x/?a=b"):
        if isinstance(typed, WantsHelp):
            editor.put("?")
    assert editor.text == "http://x/?a=b"


# secrets


def test_a_secret_shows_nothing() -> None:
    editor = asking(is_secret=True)
    assert list(editor.type(b"hunter2?\x7f")) == []
    assert (editor.text, editor.redraw(), editor.announce("news\n")) == ("hunter2", "\r\x1b[K> ", "\rnews\r\n> ")
    assert "hunter2" not in repr(Entered("hunter2"))


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"what? ever\xc3\xa4\r", "what? ever\u00e4"),
        (b"a\x7f\bhunter2\r", "hunter2"),
        (b"one\x15two\r", "two"),
        (b"one two\x17three\r", "three"),
        (b"\x1b[200~hunter2\x1b[201~\r", "hunter2"),
        (b"hun\x1b[24;80Rter2\r", "hunter2"),
    ],
)
def test_a_secret_is_taken_as_typed(data: bytes, text: str) -> None:
    assert meant(asking(is_secret=True), data) == [Entered(text)]


@pytest.mark.parametrize(
    "inside",
    [
        b"\x1b[A", b"\x1b[31m", b"\x1b]0;x\x07", b"\x1bPx\x1b\\", b"\x1bq", b"\x1b", b"\t", b"\x02", b"\x19",
        b"\x04", b"\xe4", b"\xc2\x9b", b"\x1b[200~a\nb\x1b[201~", b"x" * LONGEST,
    ],
)  # fmt: skip
def test_a_secret_with_anything_else_in_it_says_so(inside: bytes) -> None:
    editor = asking(is_secret=True)
    assert set(shown(editor, b"hun" + inside)) <= {"\a"}
    (end,) = meant(editor, b"\r")
    assert isinstance(end, Entered)
    assert SPOILED in end.text


def test_a_secret_is_no_longer_for_all_that_is_wrong_with_it() -> None:
    editor = asking(is_secret=True)
    assert meant(editor, b"x" + b"x\t" * LONGEST) == []
    assert len(editor.text) == LONGEST


def test_a_slip_in_a_secret_can_be_taken_back() -> None:
    assert meant(asking(is_secret=True), b"hunter\x1b[A\x1b[B\x7f2\r") == [Entered("hunter2")]


def test_a_secret_is_neither_cut_nor_completed_nor_put_back() -> None:
    editor = asking(is_secret=True)
    assert meant(editor, b"hunter2\x15\t?\x15hunter2\x17\x04") == [Ended()]
    assert meant(editor, b"\x19") == []
    assert editor.is_empty


def test_nothing_is_put_into_a_secret() -> None:
    editor = asking(is_secret=True)
    assert (editor.put("x"), editor.text) == ("", "")


# between lines


def test_what_is_typed_ahead_waits_for_the_next_line() -> None:
    editor = asking()
    assert list(editor.type(b"verb\r")) == [Show("verb\r\n"), Entered("verb")]
    assert editor.stop() == ""
    assert list(editor.type(b"stat")) == []
    assert list(editor.type(b"us\r")) == []
    assert editor.ask("> ") == "> "
    assert list(editor.type(b"")) == [Show("status\r\n"), Entered("status")]


def test_ctrl_c_between_lines_drops_what_waits() -> None:
    editor = Editor()
    assert list(editor.type(b"status\r\x03re")) == [Interrupted()]
    editor.ask("> ")
    meant(editor, b"")
    assert editor.text == "re"


def test_ctrl_c_behind_an_enter_interrupts_what_that_began() -> None:
    editor = asking()
    assert list(editor.type(b"verb\rx\x03")) == [Show("verb\r\n"), Entered("verb"), Interrupted()]


def test_a_line_that_has_no_room_ahead_is_dropped_whole() -> None:
    editor = Editor()
    for piece in b"status\r", b"x" * MOST_AHEAD, b"factory-", b"reset\rnetwork\r":
        assert list(editor.type(piece)) == []
    editor.ask("> ")
    assert meant(editor, b"") == [Entered("status"), Entered("network")]


def test_nor_is_its_end_a_line_once_one_is_asked_for() -> None:
    editor = Editor()
    assert list(editor.type(b"x" * MOST_AHEAD + b"y")) == []
    editor.ask("> ")
    assert meant(editor, b"reboot\rhelp\r") == [Interrupted(), Entered("help")]


def test_an_enter_that_has_no_room_enters_nothing() -> None:
    editor = Editor()
    assert list(editor.type(b"x" * MOST_AHEAD + b"\rhelp\r")) == []
    editor.ask("> ")
    assert meant(editor, b"") == [Entered("help")]


def test_ctrl_c_ends_the_dropping() -> None:
    editor = Editor()
    list(editor.type(b"x" * MOST_AHEAD + b"y"))
    editor.ask("> ")
    assert meant(editor, b"z\x03help\r") == [Interrupted(), Entered("help")]


def test_what_waits_can_be_dropped_before_a_question_that_must_have_been_seen() -> None:
    editor = asking()
    for typed in editor.type(b"factory-reset\ryes\r"):
        if isinstance(typed, Entered):
            editor.ask("Really? ")
            editor.drop_waiting()
    assert editor.is_empty


def test_to_stop_ends_the_row_of_the_line_that_was_begun() -> None:
    editor = asking()
    meant(editor, b"beg")
    assert (editor.stop(), editor.stop(), editor.text) == ("\r\n", "", "")


def test_a_question_in_the_middle_of_a_line_is_asked_below_it() -> None:
    assert asking().ask("code: ", is_secret=True) == "\r\ncode: "


def test_an_announcement_between_lines_is_just_its_lines() -> None:
    editor = Editor()
    assert (editor.announce("one\r\ntwo\n"), editor.announce("one"), editor.announce("")) == (
        "one\r\ntwo\r\n",
        "one\r\n",
        "",
    )
    assert editor.resize(40) == ""


# noise


def sequences() -> Iterator[bytes]:
    """Every control and control sequence but Enter's, whole and broken off."""
    yield from (bytes([byte]) for byte in range(32) if byte not in b"\r\n")
    for final in range(0x40, 0x60):  # C1: as ESC and a letter, as one byte, in UTF-8
        yield from (bytes([0x1B, final]), bytes([final + 0x40]), bytes([0xC2, final + 0x40]))
    for introducer in b"\x1b[", b"\x1bO", b"\x9b", b"\x8f":
        for parameters in b"", b"1", b"1;5", b"?25", b"9" * 40, b";;;", b"1 ", b"[":
            yield from (introducer + parameters + bytes([final]) for final in range(0x40, 0x7F))
    for kind in b"]PX^_":
        for content in b"", b"0;t\xc3\xa4", b"x" * 5_000, b"\x18", b"\x1b[A":
            yield from (bytes([0x1B, kind]) + content + end for end in (b"", b"\x07", b"\x1b\\", b"\x9c"))
    yield from (bytes([0x1B, between, final]) for between in range(0x20, 0x30) for final in range(0x30, 0x7F))
    yield from (b"\x1b[200~", b"\x1b[200~\x1b[201", b"\x1b[201~")


@pytest.mark.parametrize("is_secret", [False, True])
def test_no_sequence_enters_a_line_or_keeps_the_next_one_from_working(*, is_secret: bool) -> None:
    editor = asking(is_secret=is_secret)
    for sequence in sequences():
        assert not [typed for typed in meant(editor, sequence) if isinstance(typed, Entered)], sequence
        assert meant(editor, b"\x03x\r")[-1] == Entered("x"), sequence


@given(st.binary(max_size=400).map(lambda data: data.translate(None, b"\r\n")))
def test_nothing_is_entered_without_an_enter(data: bytes) -> None:
    assert not [typed for typed in meant(asking(), data) if isinstance(typed, Entered)]


def test_a_million_random_bytes_are_survived_in_time_that_grows_with_them() -> None:
    noise = random.Random(13).randbytes(1_000_000)
    editor, seconds, lines = asking(), list[float](), 0
    for at in range(0, len(noise), 100_000):
        begun = time.process_time()
        for start in range(at, at + 100_000, 4_096):
            for typed in meant(editor, noise[start : min(start + 4_096, at + 100_000)]):
                lines += isinstance(typed, Entered)
        seconds.append(time.process_time() - begun)
    assert max(seconds) < 5 * min(seconds)
    assert 0 < lines <= sum(noise.count(end) for end in (b"\r", b"\n"))
    assert (meant(editor, b"\x03x")[-1], editor.text) == (Interrupted(), "x")


def test_noise_while_nothing_is_asked_costs_no_more() -> None:
    editor = Editor()
    begun = time.process_time()
    for typed in editor.type(random.Random(13).randbytes(200_000)):
        assert typed == Interrupted()
    assert time.process_time() - begun < 10
    editor.ask("> ")
    assert meant(editor, b"\x03x\r")[-1] == Entered("x")


def test_what_one_person_entered_and_cut_out_is_forgotten_for_the_next() -> None:
    editor = Editor()
    editor.ask("> ")
    list(editor.type(b"status\r"))
    editor.ask("> ")
    list(editor.type(b"word\x17"))
    editor.forget_history()
    editor.ask("> ")
    list(editor.type(b"\x10\x19"))
    assert editor.is_empty
