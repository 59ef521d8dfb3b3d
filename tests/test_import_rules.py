"""The import rules of pyproject.toml: they hold, each notices what would break it, and none leaves a room out."""

import subprocess
import sys
import tomllib
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import pytest

from tests.pure import place, pure

ROOT = Path(__file__).parent.parent
PACKAGES = ("agent", "board", "provisioning")
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS: dict[str, dict[str, Any]] = {contract["id"]: contract for contract in SETTINGS["contracts"]}

# For each contract a file, and an import that this contract alone forbids there.
BREAKS = {
    "order": ("agent/box/prepare.py", "import agent.hotel.log"),
    "circles": ("agent/foundation/tls.py", "import agent.foundation.http"),
    "mews-words": ("agent/pipeline/lane.py", "import agent.mews.line"),
    "room-words": ("agent/rooms/audit/audit.py", "import agent.drivers.lock_server.words"),
    "pure": ("provisioning/model.py", "import socket"),
    "one-way-out": ("agent/status/page/page.py", "import httpx"),
    "one-line-for-news": ("agent/mews/line.py", "import trio_websocket"),
    "one-serial-line": ("agent/hotel/log.py", "import serial"),
    "packages": ("board/base.py", "import agent.foundation.errors"),
    "simulators": ("agent/simulators/base/forms.py", "import agent.commands.model"),
}


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [program, "--no-logo", "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    for package in PACKAGES:
        copytree(ROOT / package, tmp_path / package, ignore=ignore_patterns("__pycache__"))
    return tmp_path


def plant(house: Path, file: str, line: str) -> None:
    path = house / file
    path.write_text(f"{path.read_text()}\n\n{line}\n")


def exists(module: Path) -> bool:
    return module.is_dir() or module.with_suffix(".py").is_file()


def test_the_import_rules_hold() -> None:
    result = linted(ROOT)
    assert result.returncode == 0, result.stdout


def test_every_rule_has_an_import_that_tries_it() -> None:
    assert BREAKS.keys() == CONTRACTS.keys()


@pytest.mark.parametrize("contract", BREAKS)
def test_an_import_that_breaks_a_rule_is_noticed_by_that_rule_alone(house: Path, contract: str) -> None:
    plant(house, *BREAKS[contract])
    result = linted(house)
    broken = [line.partition(" BROKEN")[0] for line in result.stdout.splitlines() if " BROKEN" in line]
    assert (result.returncode, broken) == (1, [CONTRACTS[contract]["name"]]), result.stdout


def test_a_pure_module_may_not_reach_the_network_through_another_one(house: Path) -> None:
    plant(house, "agent/foundation/reading/text.py", "import agent.foundation.timing")
    assert f"{CONTRACTS['pure']['name']} BROKEN" in linted(house).stdout


@pytest.mark.parametrize(
    ("room", "other"), [("rooms/audit/audit", "pipeline.terms"), ("pipeline/terms", "rooms.audit.audit")]
)
def test_rooms_and_the_pass_do_not_know_each_other(house: Path, room: str, other: str) -> None:
    plant(house, f"agent/{room}.py", f"import agent.{other}")
    assert f"{CONTRACTS['order']['name']} BROKEN" in linted(house).stdout


def test_a_new_room_without_a_place_in_the_order_is_noticed(house: Path) -> None:
    (house / "agent" / "attic.py").write_text("")
    assert f"{CONTRACTS['order']['name']} BROKEN" in linted(house).stdout


def test_simulators_are_kept_from_every_room_below_them_but_the_foundation() -> None:
    layers = CONTRACTS["order"]["layers"]
    below = layers[layers.index("simulators | hotel | box | laptop") + 1 :]
    rooms = {room.strip("( )") for layer in below for room in layer.split("|")} - {"foundation"}
    wanted = {f"agent.{room}" for room in rooms if exists(ROOT / "agent" / room)}
    assert set(CONTRACTS["simulators"]["forbidden_modules"]) == wanted | {"board", "provisioning"}


def test_what_is_pure_is_there_and_held_to_full_coverage() -> None:
    assert all((ROOT / place(name)).exists() for name in pure())
    commands = subprocess.run(
        ["make", "--always-make", "--dry-run", "check"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert '--fail-under=100 --include="$(.venv/bin/python -m tests.pure)"' in commands
