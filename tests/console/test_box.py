"""The box as the console has it: the files in a folder of the test's own."""

from pathlib import Path

from agent.console.box import ConsoleBox
from agent.console.desk_link import DeskLink
from agent.console.helper import NoHelper
from agent.console.own_page import OwnPage
from agent.handover import identity
from agent.handover.site_facts import SiteFacts
from agent.status.own_address import PageAddress
from board.base import Network


def box(folder: Path) -> ConsoleBox:
    page = OwnPage(lambda: PageAddress("0.0.0.0", 80))
    return ConsoleBox(
        page, DeskLink(folder), NoHelper("There is none."), Network, SiteFacts, run=folder, name=lambda: "desk"
    )


def test_each_step_is_given_once_and_only_when_it_is_whole(tmp_path: Path) -> None:
    asked, steps = box(tmp_path), tmp_path / "steps"
    assert asked.new_steps() == []
    steps.write_bytes(b"one\ntw")
    assert asked.new_steps() == ["one"]
    assert asked.new_steps() == []
    steps.write_bytes(b"one\ntwo\nthree \xff\n")
    assert asked.new_steps() == ["two", "three \ufffd"]
    assert asked.last_steps() == "one\ntwo\nthree \ufffd"


def test_steps_that_begin_again_are_read_again(tmp_path: Path) -> None:
    asked, steps = box(tmp_path), tmp_path / "steps"
    steps.write_text("one\ntwo\n")
    asked.new_steps()
    steps.write_text("one\n")
    assert asked.new_steps() == ["one"]


def test_the_summary_of_the_file_is_shown_as_it_was_written(tmp_path: Path) -> None:
    asked = box(tmp_path)
    assert asked.provision_text() == ""
    (tmp_path / "provision.txt").write_text("  box  desk\n")
    assert asked.provision_text() == "  box  desk\n"


def test_who_the_box_is_stands_in_the_banner_as_far_as_it_is_known(tmp_path: Path) -> None:
    assert box(tmp_path).about == ""
    identity.write(identity.BoxIdentity("100000001", "Raspberry Pi 4"), tmp_path / "identity.json")
    assert box(tmp_path).about == "Raspberry Pi 4, serial number 100000001"
    identity.write(identity.BoxIdentity("100000001"), tmp_path / "identity.json")
    assert box(tmp_path).about == "serial number 100000001"


def test_the_pages_address_is_by_the_boxs_name(tmp_path: Path) -> None:
    assert box(tmp_path).url == "http://desk.local/"
