"""The units and settings that the image adds: what they promise can be read without building anything."""

import re
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
ROOT = HERE / "image/root"
UNITS = ROOT / "usr/lib/systemd/system"
OURS = sorted(path for path in UNITS.iterdir() if path.is_file())
MOST_EXPOSURE = 1.6  # of systemd-analyze security, for what listens or holds secrets
SANDBOXED = ("nightporter.service", "nightporter-down.service", "nightporter-console@.service")


def settings(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in path.read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def value(unit: str, name: str) -> str:
    return settings(UNITS / unit)[name][-1]


@pytest.mark.needs("systemd-analyze")
@pytest.mark.parametrize("unit", SANDBOXED)
def test_what_listens_or_holds_secrets_is_hardly_exposed(unit: str) -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--no-pager", "--offline=true", UNITS / unit],
        capture_output=True,
        text=True,
        check=False,
    )
    level = re.search(r"Overall exposure level .*: ([0-9.]+)", done.stdout)
    assert level, done.stderr
    assert float(level[1]) <= MOST_EXPOSURE


def test_the_agent_runs_without_any_capability_as_its_own_user() -> None:
    assert value("nightporter.service", "CapabilityBoundingSet") == ""
    assert value("nightporter.service", "AmbientCapabilities") == ""
    assert value("nightporter.service", "User") == "nightporter"


def test_the_agent_is_watched_and_started_again_for_ever() -> None:
    assert value("nightporter.service", "Type") == "notify"
    assert 10 <= int(value("nightporter.service", "WatchdogSec")) <= 60
    assert value("nightporter.service", "Restart") == "always"
    assert value("nightporter.service", "StartLimitIntervalSec") == "0"


def test_systemd_waits_longer_for_the_stop_than_the_agent_gives_a_running_key() -> None:
    from agent.hotel.app import GRACE_SECONDS

    assert int(value("nightporter.service", "TimeoutStopSec")) > GRACE_SECONDS


def test_the_file_with_the_secrets_reaches_the_agent_as_a_credential() -> None:
    assert value("nightporter.service", "LoadCredential") == "provisioning.toml"
    assert "--config %d/provisioning.toml" in value("nightporter.service", "ExecStart")
    assert "-/data/provisioning" in value("nightporter.service", "InaccessiblePaths")


def test_no_unit_is_enabled_that_is_not_there() -> None:
    preset = (ROOT / "usr/lib/systemd/system-preset/00-nightporter.preset").read_text()
    enabled = re.findall(r"^enable (nightporter\S*)$", preset, re.M)
    assert enabled
    assert [unit for unit in enabled if not (UNITS / unit).exists()] == []
    assert preset.rstrip().endswith("disable *")


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_every_program_of_ours_that_a_unit_starts_exists(path: Path) -> None:
    from agent.box.__main__ import VERBS

    for line in re.findall(r"^Exec\w+=(.*)$", path.read_text(), re.M):
        words = line.lstrip("+-!@:").split()
        if words and words[0] == "/usr/lib/nightporter/box":
            assert words[1] in (*VERBS, "stick")


def test_the_firewall_drops_what_it_does_not_name() -> None:
    rules = (ROOT / "etc/nftables.conf").read_text()
    assert rules.count("policy drop") == 2
    assert sorted(re.findall(r"^ +(?:tcp|udp) dport (\S+) accept", rules, re.M)) == ["$page_port", "5353"]


@pytest.mark.needs("nft", "unshare", "network name space")
def test_the_firewall_is_something_that_nft_takes() -> None:
    done = subprocess.run(
        ["unshare", "--net", "nft", "--check", "--file", ROOT / "etc/nftables.conf"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_nothing_of_the_image_listens_for_a_log_in() -> None:
    packages = "".join((HERE / "image/packages" / name).read_text() for name in ("common", "amd64", "arm64"))
    names = {line.split("#")[0].strip() for line in packages.splitlines()}
    assert not names & {"openssh-server", "dropbear", "telnetd", "login", "sudo"}


def test_the_floor_under_updates_is_not_above_the_version_that_is_built() -> None:
    from agent.box.update.decisions.versions import rank

    project = re.search(r'^version = "(.*)"$', (HERE / "pyproject.toml").read_text(), re.M)
    assert project
    assert rank((HERE / "image/version-floor").read_text().strip()) <= rank(project[1])
