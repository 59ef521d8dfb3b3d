"""What can be asked, and that anything else is answered in one sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.console.terminal.page_status import ShownFault, Status
from agent.console.terminal.screen import shown
from agent.console.terminal.typed_line import LONGEST
from agent.console.terminal.verbs import answer, question

WELL = Status(True, "ok", "All is well.")
ILL = Status(True, "fault", "Odd.", (ShownFault("E-X", "Odd", "It is odd.", "Mend it."),))


class AskedBox:
    def __init__(self, status: Status | None = WELL, provision: str | None = "box desk", steps: str = "") -> None:
        self.told, self.provision, self.steps = status, provision, steps

    def status(self) -> Status | None:
        return self.told

    def status_text(self) -> str | None:
        return self.told and f"the status: {self.told.text}"

    def network_text(self) -> str:
        return "eth0"

    def provision_text(self) -> str | None:
        return self.provision

    def last_steps(self) -> str:
        return self.steps


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("", ""),
        ("status", "the status: All is well."),
        ("network", "eth0"),
        ("faults", "There are no faults and no warnings."),
        ("provision show", "box desk"),
    ],
)
def test_each_verb_has_its_answer(asked: str, said: str) -> None:
    assert answer(asked, AskedBox()) == said


def test_help_names_every_verb_and_fits_the_screen() -> None:
    told = answer("help", AskedBox())
    assert [line.split("  ")[0] for line in told.splitlines()[:-1]] == [
        *("status", "network", "faults", "provision show", "help")
    ]
    assert shown(told) == told + "\n"


def test_faults_come_with_what_to_do() -> None:
    assert answer("faults", AskedBox(ILL)) == "Odd (E-X)\n    It is odd.\n    For support: Mend it."


def test_a_box_that_starts_has_no_faults_and_is_not_well() -> None:
    starting = Status(False, "fault", "Night Porter is starting.")
    assert answer("faults", AskedBox(starting)) == "Night Porter is starting."


@pytest.mark.parametrize("asked", ["status", "faults"])
def test_without_a_page_the_last_steps_are_shown(asked: str) -> None:
    assert answer(asked, AskedBox(None, steps="12:00:00 one")) == (
        "The box's page does not answer. The last steps were:\n12:00:00 one"
    )
    assert answer(asked, AskedBox(None)) == "The box's page does not answer."


def test_without_a_file_it_says_where_to_put_one() -> None:
    assert "put provisioning.toml on the boot partition" in answer("provision show", AskedBox(provision=None))


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        *(
            ("statsu", "status"),
            ("net", "network"),
            ("provision", "provision show"),
        ),
        *(("show", "provision show"), ("fault", "faults"), ("hlep", "help"), ("newtork", "network")),
    ],
)
def test_another_word_is_one_sentence_with_the_nearest_verb(typed: str, near: str) -> None:
    told = answer(typed, AskedBox())
    assert told == f"'{typed}' is nothing that can be asked: did you mean {near}?"


@pytest.mark.parametrize("typed", ["?", "quit", "reboot", "start", "192.168.1.1"])
def test_a_word_that_is_like_no_verb_is_not_taken_for_one(typed: str) -> None:
    assert answer(typed, AskedBox()) == f"'{typed}' is nothing that can be asked: type help for a list."


def test_a_long_word_is_not_repeated_in_full() -> None:
    assert answer("x" * LONGEST, AskedBox()).startswith(f"'{'x' * 30}...' is nothing")


def test_blanks_and_capitals_make_no_difference() -> None:
    assert question("  Provision   SHOW  ") == "provision show"


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=LONGEST))
def test_any_line_is_answered_without_a_control_character(line: str) -> None:
    asked = question(line)
    told = answer(asked, AskedBox())
    assert len(told.splitlines()) <= 1 or asked == "help"
    assert all(" " <= letter <= "~" for letter in told.replace("\n", ""))
