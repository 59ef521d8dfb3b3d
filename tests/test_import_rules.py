"""The import rules of pyproject.toml: they hold, each notices what would break it, and none leaves a room out."""

import subprocess
import sys
import tomllib
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("agent", "board", "provisioning")
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS: dict[str, dict[str, Any]] = {contract["id"]: contract for contract in SETTINGS["contracts"]}

# For each contract a file, and an import that this contract alone forbids there.
BREAKS = {
    "order": ("agent/timing.py", "import agent.log"),
    "pass": ("agent/orders.py", "import agent.outbox"),
    "pass-knows-no-mews": ("agent/lane.py", "import agent.mews.client"),
    "mews-knows-no-pass": ("agent/mews/client.py", "import agent.orders"),
    "pure": ("provisioning/model.py", "import socket"),
    "one-way-out": ("agent/status/page.py", "import httpx"),
    "one-serial-line": ("agent/log.py", "import serial"),
    "three-packages": ("board/base.py", "import agent.errors"),
    "provisioning-and-board": ("board/fake.py", "import provisioning.secret"),
    "simulators": ("agent/simulators/forms.py", "import agent.timing"),
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
    plant(house, "agent/commands/text.py", "import agent.timing")
    assert f"{CONTRACTS['pure']['name']} BROKEN" in linted(house).stdout


def test_a_new_room_without_a_place_in_the_order_is_noticed(house: Path) -> None:
    (house / "agent" / "attic.py").write_text("")
    assert f"{CONTRACTS['order']['name']} BROKEN" in linted(house).stdout


def test_simulators_are_kept_from_every_room_below_them_but_errors_and_arguments() -> None:
    layers = CONTRACTS["order"]["layers"]
    below = layers[layers.index("simulators | app | box") + 1 :]
    rooms = {room.strip("( )") for layer in below for room in layer.replace(":", "|").split("|")}
    wanted = {f"agent.{room}" for room in rooms if exists(ROOT / "agent" / room)}
    wanted -= {"agent.errors", "agent.nearest", "agent.plain_parser"}
    assert set(CONTRACTS["simulators"]["forbidden_modules"]) == wanted | {"board", "provisioning"}


def test_modules_that_may_do_no_io_are_the_ones_held_to_full_coverage() -> None:
    held = subprocess.run(
        ["make", "--always-make", "--dry-run", "check"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    listed = held.rpartition("--include='")[2].partition("'")[0].split(",")
    modules = {name.removesuffix(".py").removesuffix("/*").replace("/", ".") for name in listed}
    # status.weight reads the catalogue of faults, whose module has a clock for a default
    assert modules - {"agent.status.weight"} == set(CONTRACTS["pure"]["source_modules"])
