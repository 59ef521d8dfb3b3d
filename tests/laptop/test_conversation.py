"""The laptop's words with a console, by value: what is said, what a person sees, what it ends with."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.laptop.conversation.conversation import Conversation, Ended, Step, Wanted
from provisioning.transfer.sender import Sender
from tests.laptop.scripted_console import PROMPT, ScriptedConsole
from tests.provisioning.text import MINIMAL
from tests.provisioning.transfer.line import changing, cut_after

FILE = MINIMAL.encode()
Trouble = Callable[[bytes], bytes]


def clean(data: bytes) -> bytes:
    return data


class Talk:
    """Both ends on a clock of their own. `answers` are what the person says, one by one."""

    def __init__(
        self,
        console: ScriptedConsole,
        *answers: str,
        code: str = "",
        there: Trouble = clean,
        back: Trouble = clean,
    ) -> None:
        self.console = console
        self.conversation = Conversation(Sender(FILE, "provisioning.toml", "k7mp"), code)
        self.answers = list(answers)
        self.wanted: list[Wanted] = []
        self.shown: list[str] = []
        self.written = 0
        self.now = 0.0
        self._there, self._back = there, back

    def run(self) -> Ended:
        while self.conversation.result is None:
            self.step()
            assert self.now < 600
        self.shown += self.conversation.lines()
        return self.conversation.result

    def step(self) -> None:
        going = self.conversation.due(self.now)
        self.written += len(going)
        self.conversation.heard(self._back(self.console.heard(self._there(going), self.now)), self.now)
        self.shown += self.conversation.lines()
        if wanted := self.conversation.wanted:
            self.wanted.append(wanted)
            self.conversation.give(self.answers.pop(0), self.now)
        self.now += 0.1


CHANGE = "The box's name changes from aurora-desk to aurora-bar."
ASKED = "Use it? (yes/no)"


def test_a_file_is_brought_shown_agreed_to_and_taken() -> None:
    talk = Talk(ScriptedConsole(), "yes")
    assert talk.run() == Ended(is_done=True)
    assert talk.console.taken == FILE
    assert talk.shown == [CHANGE, ASKED, "Taken. The box works with it now."]
    assert talk.console.commands == [b"provision receive"]


@pytest.mark.parametrize("answer", ["no", "", "yess", "nope"])
def test_without_a_yes_nothing_is_taken(answer: str) -> None:
    talk = Talk(ScriptedConsole(), answer)
    assert talk.run() == Ended(is_done=False)
    assert (talk.console.received, talk.console.taken) == (FILE, None)
    assert talk.shown[-1] == "Nothing was changed."


def test_a_known_code_is_given_once_and_never_shown() -> None:
    talk = Talk(ScriptedConsole("k7mp-3xqd"), "yes", code="k7mp-3xqd")
    assert talk.run().is_done
    assert talk.wanted == [Wanted.ANSWER]
    assert not [line for line in talk.shown if "k7mp" in line]


def test_a_code_is_asked_for_until_it_is_right() -> None:
    talk = Talk(ScriptedConsole("k7mp-3xqd"), "wrong-code", "k7mp-3xqd", "yes")
    assert talk.run().is_done
    assert (talk.wanted, talk.console.wrong_codes) == ([Wanted.CODE, Wanted.CODE, Wanted.ANSWER], 1)
    assert talk.shown[0] == "That is not the code."


def test_a_wrong_known_code_is_tried_once() -> None:
    talk = Talk(ScriptedConsole("k7mp-3xqd"), "k7mp-3xqd", "yes", code="wrong-code")
    assert talk.run().is_done
    assert talk.console.wrong_codes == 1


def test_a_console_that_takes_no_file_says_why() -> None:
    assert Talk(ScriptedConsole(takes=False)).run() == Ended(
        is_done=False, text="The console takes no file: the disk is full"
    )


def test_a_file_that_the_box_refuses_is_told_in_its_own_lines() -> None:
    talk = Talk(ScriptedConsole(judged=b"error    line 5, box.name: is missing.\r\n", asks=False))
    assert talk.run() == Ended(is_done=False, text="The box did not take the file: its old one stays.")
    assert talk.shown == ["error line 5, box.name: is missing."]


@pytest.mark.parametrize("word", [b"refused: it is an old file.\r\n", b"Not taken: the disk is full.\r\n"])
def test_an_end_that_is_none_in_spite_of_a_yes_is_no_success(word: bytes) -> None:
    assert Talk(ScriptedConsole(done=word), "yes").run() == Ended(is_done=False)


def test_nothing_at_the_other_end_is_told_after_a_while() -> None:
    talk = Talk(ScriptedConsole(), back=cut_after(0))
    text = "Nothing answers on this line: look at the cable, the box's power, and --speed."
    assert talk.run() == Ended(is_done=False, text=text)
    assert 20 <= talk.now < 21


def test_noise_alone_is_no_console() -> None:
    talk = Talk(ScriptedConsole(), back=lambda data: b"\xff\x00login: ")
    assert not talk.run().is_done


def test_pulling_the_cable_at_any_moment_ends_it_and_the_file_is_whole_or_not_there() -> None:
    whole = Talk(ScriptedConsole(), "yes")
    whole.run()
    for begin in range(0, whole.written + 1, 17):
        is_cut = cut_after(begin)
        talk = Talk(ScriptedConsole(), "yes", there=is_cut, back=clean)
        ended = talk.run()
        assert talk.console.taken in (None, FILE)
        assert not ended.is_done or talk.console.taken == FILE, begin


def test_the_way_back_alone_may_be_cut_at_any_moment() -> None:
    heard = 0

    def count(data: bytes) -> bytes:
        nonlocal heard
        heard += len(data)
        return data

    Talk(ScriptedConsole(), "yes", back=count).run()
    for begin in range(0, heard, 17):
        talk = Talk(ScriptedConsole(), "yes", back=cut_after(begin))
        assert not talk.run().is_done or talk.console.taken == FILE, begin


def test_eight_bytes_lost_at_any_place_never_take_another_file() -> None:
    whole = Talk(ScriptedConsole(), "yes")
    whole.run()
    for begin in range(whole.written):
        talk = Talk(ScriptedConsole(), "yes", there=changing(begin, lambda data: data[8:]))
        ended = talk.run()
        assert talk.console.taken in (None, FILE), begin
        assert not ended.is_done or talk.console.taken == FILE, begin


NOISE = [b"\r\n[   12.3] usb 1-1: new device\r\n", b"\x1b[2J", b"\xff\xfe\x00", b"~;", b"Code: ", b"(yes/no) "]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4000), st.sampled_from(NOISE) | st.binary(max_size=30)), max_size=5))
def test_noise_on_the_way_back_never_makes_a_success_of_nothing(noise: list[tuple[int, bytes]]) -> None:
    def one(begin: int, junk: bytes) -> Trouble:
        return changing(begin, lambda data: junk + data)

    each = [one(*harm) for harm in noise]

    def noisy(data: bytes) -> bytes:
        for trouble in each:
            data = trouble(data)
        return data

    talk = Talk(ScriptedConsole(), *["yes"] * 9, back=noisy)
    ended = talk.run()
    assert all(line.isprintable() for line in talk.shown)
    assert not ended.is_done or talk.console.taken == FILE


def test_a_console_that_falls_silent_is_not_waited_for_for_ever() -> None:
    console = ScriptedConsole(asks=False)
    talk = Talk(console, back=lambda data: data.replace(PROMPT, b"") if console.received else data)
    text = "The console fell silent: look there what the box has made of the file."
    assert talk.run() == Ended(is_done=False, text=text)


def test_a_box_that_stops_receiving_is_noticed_at_once() -> None:
    talk = Talk(ScriptedConsole())
    while talk.conversation.progress is None:
        talk.step()
    talk.console = ScriptedConsole()
    talk._there = lambda data: b""
    talk.conversation.heard(b"\r\nThe transfer was broken off here.\r\nnightporter> ", talk.now)
    assert talk.run() == Ended(is_done=False, text="The box has stopped receiving: its old file stays.")


def test_a_transfer_that_fails_says_why() -> None:
    talk = Talk(ScriptedConsole())
    while talk.conversation.progress is None:
        talk.step()
    talk._there = talk._back = cut_after(0)
    assert talk.run() == Ended(is_done=False, text="No answer came: is the other side waiting for a file?")


def test_leaving_in_the_middle_of_the_transfer_tells_the_box() -> None:
    talk = Talk(ScriptedConsole())
    while talk.conversation.progress is None:
        talk.step()
    talk.step()  # the head
    said = talk.console.heard(talk.conversation.cancel(), talk.now)
    assert b"The sender broke the transfer off." in said + talk.console.heard(b"", talk.now)
    assert talk.console.received is None


def test_leaving_before_the_transfer_is_a_ctrl_c() -> None:
    assert Conversation(Sender(FILE, "x")).cancel() == b"\x03"


def test_a_second_question_goes_to_the_person_too() -> None:
    console = ScriptedConsole(done=b"Mews is reached.\r\nKeep it? (yes/no) ")
    talk = Talk(console, "yes", "yes")
    for _ in range(200):
        talk.step()
    assert talk.wanted == [Wanted.ANSWER, Wanted.ANSWER]
    assert "Keep it? (yes/no)" in talk.shown


def test_every_step_has_its_word() -> None:
    assert len(set(Step)) == 6


class CodeWhenCalled(ScriptedConsole):
    """A console as a box has it: anyone may look, and the code is asked for once a file is to be received.

    `damages` are how many codes arrive with noise in them.
    """

    def __init__(self, code: str, damages: int = 0) -> None:
        super().__init__()
        self._wants, self._is_asking_code, self._damages = code.encode(), False, damages
        self.codes: list[bytes] = []

    def _line(self, typed: bytes, now: float) -> bytes:
        if self._is_asking and not typed:
            return b"Type yes or no.\r\nUse it? (yes/no) "
        if not self._is_asking_code:
            if typed != b"provision receive" or self._is_asking:
                return super()._line(typed, now)
            self._is_asking_code = True
            return b"Code: "
        self.codes.append(typed)
        if self._damages:
            self._damages -= 1
            return b"That had a key in it that is no letter: type it again.\r\nCode: "
        if typed != self._wants:
            return b"That is not the console code: it stands on the box's label.\r\nCode: "
        self._is_asking_code = False
        return super()._line(b"provision receive", now)

    def _key(self, key: bytes, now: float) -> bytes:
        if key == b"\x03":
            self._is_asking_code = False
        return super()._key(key, now)


def test_the_code_is_given_where_a_box_asks_for_it() -> None:
    talk = Talk(CodeWhenCalled("k7mp-3xqd"), "yes", code="k7mp-3xqd")
    assert talk.run() == Ended(is_done=True)
    assert talk.wanted == [Wanted.ANSWER]


def test_a_person_gives_it_where_it_was_not_known_or_wrong() -> None:
    console = CodeWhenCalled("k7mp-3xqd")
    talk = Talk(console, "wrong", "k7mp-3xqd", "yes", code="older")
    assert talk.run() == Ended(is_done=True)
    assert console.codes == [b"older", b"wrong", b"k7mp-3xqd"]


def test_a_code_that_was_damaged_on_the_way_is_given_once_more() -> None:
    console = CodeWhenCalled("k7mp-3xqd", damages=1)
    talk = Talk(console, "yes", code="k7mp-3xqd")
    assert talk.run() == Ended(is_done=True)
    assert console.codes == [b"k7mp-3xqd"] * 2


@pytest.mark.parametrize("lost", [b"provision receive\r", b"k7mp-3xqd\r", b"yes\r"])
def test_what_is_lost_on_the_way_is_typed_again(lost: bytes) -> None:
    left = [lost]

    def lose(data: bytes) -> bytes:
        return data.replace(left.pop(), b"") if left and left[0] in data else data

    talk = Talk(CodeWhenCalled("k7mp-3xqd"), "yes", "yes", code="k7mp-3xqd", there=lose)
    assert talk.run() == Ended(is_done=True)
    assert talk.now < 20
    assert not left


def test_a_console_that_never_says_ready_is_called_three_times() -> None:
    talk = Talk(ScriptedConsole(), back=lambda data: data.replace(b"ready to receive", b""))
    assert not talk.run().is_done
    assert talk.console.commands.count(b"provision receive") <= 3


def test_a_box_that_does_not_say_that_it_took_the_file_is_no_success() -> None:
    talk = Talk(ScriptedConsole(done=b"In doubt. The disk is full.\r\n"), "yes")
    text = "The box did not say that it took the file: look there what it has."
    assert talk.run() == Ended(is_done=False, text=text)
