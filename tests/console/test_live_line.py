"""What the serial line says by itself and when, on a clock of the test's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.console.live_line import PROMPT, BoxState, LiveLine
from agent.console.terminal.page_status import ShownFault, Status
from agent.console.terminal.screen import shown
from agent.console.terminal.typed_line import LONGEST
from board.base import Network, NetworkState

URL = "http://desk.local/"
READY = Network(NetworkState.READY, "eth0", ("10.4.5.20",))
NO_CABLE = Network(NetworkState.NO_CABLE, "eth0")
NO_ADDRESS = Network(NetworkState.NO_ADDRESS, "eth0")
WELL = Status(True, "ok", "All is well.")
STARTING = Status(False, "fault", "Night Porter is starting.")
SILENT = WELL._replace(waits_for_mews="Mews has not answered yet; asked every 2 s.")
FILE = ShownFault("E-FILE-MISSING", "No provisioning file", "There is no file.", "Put it there.")
FAULTY = Status(True, "fault", "No provisioning file: no keys can be cut.", (FILE,))
VIENNA = WELL._replace(timezone="Europe/Vienna", time="2026-03-28T13:00:00+01:00")
WARNED = Status(True, "warning", "Odd.", (FILE,))


class FakeBox:
    def __init__(self) -> None:
        self.network: Network = READY
        self.status: Status | None = None
        self.steps: list[str] = []

    def state(self) -> BoxState:
        return BoxState(self.network, self.status, URL)

    def new_steps(self) -> list[str]:
        steps, self.steps = self.steps, []
        return steps


class Line:
    """A line, what is around it, and time that goes on at each look."""

    def __init__(self, *, echoes: bool = False) -> None:
        self.box = FakeBox()
        self.line = LiveLine(
            self.box, lambda asked: f"you asked {asked}" if asked else "", lambda: 43_200.0, echoes=echoes
        )
        self.now = 0.0

    def later(self, seconds: float = 20.0) -> str:
        self.now += seconds
        return self.line.tick(self.now)

    def ready(self) -> None:
        self.box.status = WELL
        self.later()


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def echoing() -> Line:
    return Line(echoes=True)


def test_the_banner_says_what_this_is() -> None:
    assert Line().line.banner("aurora-desk", "0.2.0").startswith("\nNight Porter 0.2.0: aurora-desk\n")
    assert Line().line.banner("aurora-desk", "").startswith("\nNight Porter: aurora-desk\n")


def test_steps_are_shown_as_they_come(line: Line) -> None:
    line.box.steps = ["12:00:00 UTC one", "12:00:01 UTC two"]
    assert line.later() == "12:00:00 UTC one\n12:00:01 UTC two\n"
    assert line.later() == "12:00:00 UTC waiting for the box's page to answer\n"
    line.box.steps = ["12:00:05 UTC three"]
    assert line.later() == "12:00:05 UTC three\n"


@pytest.mark.parametrize(
    ("network", "status", "said"),
    [
        (NO_CABLE, STARTING, ["waiting for a network cable: eth0 has no link"]),
        (NO_ADDRESS, STARTING, ["waiting for an address: the cable is in, but no router gives eth0 one"]),
        (READY, STARTING, []),
        (READY, None, ["waiting for the box's page to answer"]),
        (READY, SILENT, ["waiting for Mews: Mews has not answered yet; asked every 2 s."]),
        (READY, FAULTY, ["No provisioning file: There is no file. (E-FILE-MISSING)"]),
        (
            NO_CABLE,
            FAULTY._replace(troubles=(FILE._replace(code="E-BOX-CABLE"),)),
            ["waiting for a network cable: eth0 has no link"],
        ),
    ],
)
def test_what_is_waited_for_is_said_once_when_it_holds(
    line: Line, network: Network, status: Status | None, said: list[str]
) -> None:
    line.box.network, line.box.status = network, status
    assert line.later() == ""  # it may be over in a moment
    assert line.later() == shown("\n".join(f"12:00:00 UTC {each}" for each in said))
    assert line.later() == ""
    assert line.later() == ""


def test_a_title_is_not_said_twice(line: Line) -> None:
    line.box.status = FAULTY._replace(troubles=(FILE._replace(text=FILE.title),))
    line.later()
    assert line.later() == "12:00:00 UTC No provisioning file (E-FILE-MISSING)\n"


def test_what_came_and_went_is_not_said(line: Line) -> None:
    line.box.network, line.box.status = NO_CABLE, STARTING
    line.later()
    line.box.network = READY
    assert line.later() == ""


@pytest.mark.parametrize("network", [READY, READY._replace(state=NetworkState.UNKNOWN)])
def test_once_all_is_well_it_says_where_the_page_is_and_prompts(line: Line, network: Network) -> None:
    line.box.network, line.box.status = network, WELL
    assert line.later() == f"12:00:00 UTC ready: {URL} 10.4.5.20\n{PROMPT}"


def test_a_box_with_a_warning_is_ready_too_and_says_so(line: Line) -> None:
    line.box.status = WARNED
    assert "10.4.5.20 (with a warning: type faults)\n" in line.later()


def test_after_that_only_changes_of_the_level_are_said(line: Line) -> None:
    line.ready()
    assert line.later() == ""
    line.box.status = WELL._replace(text="All is well: 3 keys.")
    assert line.later() == ""
    line.box.status = FAULTY
    assert line.later() == f"\n12:00:00 UTC now FAULT: No provisioning file: no keys can be cut.\n{PROMPT}"
    assert line.later() == ""
    line.box.status = WELL
    assert line.later() == f"\n12:00:00 UTC now OK: All is well.\n{PROMPT}"


def test_a_page_that_misses_one_look_is_no_news(line: Line) -> None:
    line.ready()
    line.box.status = None
    assert line.later() == ""
    line.box.status = WELL
    assert line.later() == ""


def test_a_page_that_stays_away_is_said_once(line: Line) -> None:
    line.ready()
    line.box.status = None
    line.later()
    assert line.later() == f"\n12:00:00 UTC now: the box's page does not answer\n{PROMPT}"
    assert line.later() == ""
    line.box.status = WELL
    assert line.later() == f"\n12:00:00 UTC now OK: All is well.\n{PROMPT}"


def test_somebody_who_types_gets_a_prompt_at_once(line: Line) -> None:
    assert line.line.typed(b"\n") == PROMPT
    assert line.line.typed(b"status\n") == f"you asked status\n{PROMPT}"


def test_what_the_line_says_meanwhile_stands_on_lines_of_its_own(line: Line) -> None:
    line.line.typed(b"\n")
    line.box.steps = ["12:00:00 UTC one"]
    assert line.later() == f"\n12:00:00 UTC one\n{PROMPT}"


def test_a_line_may_come_in_pieces_and_several_at_once(line: Line) -> None:
    assert line.line.typed(b"sta") == ""
    assert line.line.typed(b"tus\nnet\rfau") == f"you asked status\n{PROMPT}you asked net\n{PROMPT}"
    assert line.line.typed(b"lts\n") == f"you asked faults\n{PROMPT}"


def test_a_line_without_an_end_takes_no_memory(line: Line) -> None:
    for _ in range(25):
        assert line.line.typed(b"x" * 4096) == ""
    asked = f"you asked {'x' * LONGEST}"
    assert line.line.typed(b"y\nhelp\n") == f"{shown(asked)}{PROMPT}you asked help\n{PROMPT}"


def test_what_is_being_typed_stands_once_more_below_what_the_line_says(echoing: Line) -> None:
    assert echoing.line.typed(b"\n") == f"\n{PROMPT}"
    assert echoing.line.typed(b"stat") == "stat"
    echoing.box.steps = ["12:00:00 UTC one"]
    assert echoing.later() == f"\n12:00:00 UTC one\n{PROMPT}stat"
    assert echoing.line.typed(b"us\r") == f"us\nyou asked status\n{PROMPT}"
    echoing.box.steps = ["12:00:00 UTC two"]
    assert echoing.later(1.5) == f"\n12:00:00 UTC two\n{PROMPT}"


def test_somebody_who_types_before_the_box_is_ready_sees_a_prompt(echoing: Line) -> None:
    assert echoing.line.typed(b"st") == f"{PROMPT}st"


def test_what_ctrl_c_forgot_is_not_shown_again(echoing: Line) -> None:
    echoing.line.typed(b"reboot")
    echoing.line.interrupted()
    echoing.box.steps = ["12:00:00 UTC one"]
    assert echoing.later().endswith(f"one\n{PROMPT}")


def test_times_are_the_hotels_once_the_page_has_told_its_zone_and_it_is_said_once(line: Line) -> None:
    line.box.steps = ["12:00:00 UTC one"]
    assert line.later() == "12:00:00 UTC one\n"
    line.box.status = VIENNA
    assert line.later() == (
        f"Times are from here on those of Europe/Vienna.\n13:00:00 ready: {URL} 10.4.5.20\n{PROMPT}"
    )
    line.box.steps = ["12:00:01 UTC two"]
    assert line.later() == f"\n13:00:01 two\n{PROMPT}"


def test_steps_in_an_answer_are_in_the_hotels_time_too() -> None:
    around = FakeBox()
    around.status = VIENNA
    line = LiveLine(around, lambda _: "The last steps were:\n23:59:59 UTC one", lambda: 43_200.0)
    line.tick(0.0)
    assert line.typed(b"status\n") == f"The last steps were:\n00:59:59 one\n{PROMPT}"


def test_a_narrow_terminal_gets_short_lines() -> None:
    around = FakeBox()
    line = LiveLine(around, lambda asked: "word " * 30, get_columns=lambda: 40)
    assert max(map(len, line.typed(b"status\n").splitlines())) <= 40
    around.steps = ["12:00:00 UTC " + "step " * 30]
    assert max(map(len, line.tick(0.0).splitlines())) <= 40


def test_ctrl_c_forgets_what_was_typed(line: Line) -> None:
    line.line.typed(b"reboot")
    assert line.line.interrupted() == f"\n{PROMPT}"
    assert line.line.typed(b"help\n") == f"you asked help\n{PROMPT}"


def test_looks_are_seldom_once_the_box_is_ready(line: Line) -> None:
    assert line.line.due(0.0) == 0.0
    line.line.tick(0.0)
    assert line.line.due(0.0) == 1.0
    assert line.line.due(9.0) == 0.0
    line.now = 9.0
    line.ready()
    line.later()
    assert line.line.due(line.now) == 5.0


def test_between_two_looks_there_is_nothing_to_say(line: Line) -> None:
    line.later()
    line.box.steps = ["12:00:00 UTC one"]
    assert line.later(0.5) == ""
    assert line.later(1.0) == "12:00:00 UTC one\n"


@given(st.booleans(), st.lists(st.binary(max_size=300)))
def test_whatever_is_typed_only_plain_text_comes_back(echoes: bool, pieces: list[bytes]) -> None:
    line = Line(echoes=echoes).line
    for piece in pieces:
        said = line.typed(piece)
        assert all(letter in "\n\b"[: 1 + echoes] or " " <= letter <= "~" for letter in said)
