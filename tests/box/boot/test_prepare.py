"""A start as a whole, on a box on paper: what one step leaves, the next one finds."""

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from agent.box import prepare
from agent.box.boot import boot_reason
from agent.box.setup import identity
from agent.box.tools.paths import Paths
from agent.handover import identity as handed
from agent.handover import notices
from board.identity import Identity
from tests.box.paper_box import ME, PaperBox, PowerCut

EXAMPLE = (files("provisioning") / "examples" / "provisioning.toml").read_bytes()


@pytest.fixture
def box(tmp_path: Path) -> PaperBox:
    return PaperBox(tmp_path)


WHO = Identity("5CD1234XYZ", "HP t640")


def start(box: PaperBox) -> None:
    prepare.make_ready(box.paths, box, ME, lambda: WHO)


def test_the_first_start_ends_with_a_box_that_has_its_file(box: PaperBox) -> None:
    (box.paths.boot / "provisioning.toml").write_bytes(EXAMPLE)
    start(box)
    assert notices.standing(box.paths.notices) == ()
    assert (box.paths.credstore / "provisioning.toml").read_bytes() == EXAMPLE
    assert identity.read(box.paths)
    assert handed.read(box.paths.who) == handed.BoxIdentity(*WHO)
    assert box.paths.running.read_text() == "b00t\n"


def test_a_box_that_has_no_disk_for_its_data_goes_on_to_the_end(box: PaperBox) -> None:
    box.label = "dos"
    box.paths.data.rmdir()
    start(box)
    assert "E-BOX-STORAGE" in {notice.code for notice in notices.standing(box.paths.notices)}
    assert (box.paths.network / "10-nightporter.network").exists()


def test_the_second_start_says_no_more_than_it_has_to(box: PaperBox) -> None:
    (box.paths.boot / "provisioning.toml").write_bytes(EXAMPLE)
    start(box)
    boot_reason.ended(box.paths)
    box.restart()
    box.paths.boot_id.write_text("n3xt\n")
    start(box)
    assert "lost its power" not in box.steps()
    assert "being made" not in box.steps()
    assert (box.paths.credstore / "provisioning.toml").read_bytes() == EXAMPLE


@pytest.mark.parametrize("programs", range(1, 20))
def test_a_power_cut_at_any_program_of_the_first_start_ends_well(box: PaperBox, programs: int) -> None:
    (box.paths.boot / "provisioning.toml").write_bytes(EXAMPLE)
    box.power = programs
    try:
        start(box)
    except PowerCut:
        box.restart()
        start(box)
    assert notices.standing(box.paths.notices) == ()
    assert (box.paths.credstore / "provisioning.toml").read_bytes() == EXAMPLE


def test_it_loads_nothing_that_speaks_to_the_network() -> None:
    code = (
        "import agent.box.prepare, sys; print(sorted({'trio', 'httpx', 'starlette', 'jinja2'} & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-OO", "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert ran.stdout == "[]\n"


def test_all_that_lasts_is_under_data_and_all_else_is_in_memory() -> None:
    paths = Paths()
    lasting = (paths.active, paths.state, paths.box_id, paths.update, paths.rauc, paths.running)
    assert all(path.is_relative_to("/data") for path in lasting)
    passing = (paths.notices, paths.steps, paths.summary, paths.credstore, paths.network, paths.units)
    assert all(path.is_relative_to("/run") for path in passing)
