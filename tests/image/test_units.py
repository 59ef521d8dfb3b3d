"""The units and settings that the image adds: what they promise can be read without building anything."""

import re
import subprocess
from pathlib import Path

import pytest

from agent.box.setup.derived import derive
from agent.box.tools.paths import Paths
from agent.drivers.printing.documents.kinds import MOST_BYTES
from agent.drivers.printing.raster.page.request import Bounds
from tests.provisioning.text import good, minimal

HERE = Path(__file__).parents[2]
ROOT = HERE / "image/root"
UNITS = ROOT / "usr/lib/systemd/system"
OURS = sorted(path for path in UNITS.iterdir() if path.is_file())
# Of systemd-analyze security: what stays and listens or holds secrets; and what runs once, or for a request.
MOST_EXPOSURE = {"stays": 1.6, "once": 5.0}
EXPOSED = {
    "nightporter.service": "stays",
    "nightporter-down.service": "stays",
    "nightporter-console.service": "stays",
    "nightporter-queues.service": "stays",
    "nightporter-check-boot.service": "once",
    "nightporter-gadget.service": "once",
    "nightporter-helper@.service": "once",
    "nightporter-network-trial.service": "once",
    "nightporter-prepare.service": "once",
    "nightporter-stick@.service": "once",
    "nightporter-take-trial.service": "once",
    "nightporter-trial.service": "once",
    "nightporter-warm.service": "once",
}
PASSWORD = '\npassword = "wicker boat 33"'
MEMORY_OF_CUPS = r"run-nightporter\x2dqueues.mount"
MOUNTS_FOR_ALL = ("nightporter-prepare.service", "nightporter-stick@.service")
# systemd.exec(5): each gives the unit a name space of mounts of its own.
OWN_MOUNTS = ("Protect(?:System|Home|Kernel\\w+|ControlGroups|Proc)", "Private\\w+", "ProcSubset", "\\w+Paths")


def settings(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in path.read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def megabytes(unit: str, name: str) -> int:
    """A limit of memory, in bytes."""
    return int(value(unit, name).removesuffix("M")) << 20


def value(unit: str, name: str) -> str:
    return settings(UNITS / unit)[name][-1]


@pytest.mark.needs("systemd-analyze")
@pytest.mark.parametrize("unit", EXPOSED)
def test_a_unit_is_no_more_exposed_than_its_kind_may_be(unit: str) -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--no-pager", "--offline=true", UNITS / unit],
        capture_output=True,
        text=True,
        check=False,
    )
    level = re.search(r"Overall exposure level .*: ([0-9.]+)", done.stdout)
    assert level, done.stderr
    assert float(level[1]) <= MOST_EXPOSURE[EXPOSED[unit]]


def test_each_unit_of_ours_is_of_one_kind() -> None:
    assert {path.name for path in OURS if path.suffix == ".service"} == set(EXPOSED)


@pytest.mark.parametrize("unit", MOUNTS_FOR_ALL)
def test_what_mounts_for_all_has_no_mounts_of_its_own(unit: str) -> None:
    assert [name for name in settings(UNITS / unit) for own in OWN_MOUNTS if re.fullmatch(own, name)] == []


def test_the_helper_answers_on_the_socket_that_it_is_asked_on_and_says_its_steps_elsewhere() -> None:
    from agent.handover.helper import SOCKET

    assert value("nightporter-helper.socket", "ListenStream") == str(SOCKET)
    assert value("nightporter-helper.socket", "SocketMode") == "0600"
    assert value("nightporter-helper@.service", "StandardInput") == "socket"
    assert value("nightporter-helper@.service", "StandardOutput") == "journal"


def test_the_timer_of_a_network_trial_is_as_long_as_a_person_is_told() -> None:
    from agent.box.setup.network_trial import SECONDS

    assert value("nightporter-network-trial.timer", "OnActiveSec") == f"{SECONDS:.0f}s"


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


def test_a_document_can_be_drawn_beside_the_agent_and_what_draws_it_ends_alone() -> None:
    bounds = Bounds()
    at_rest, longest_list = 45 << 20, 64 << 20  # bytes; as the unit says
    needs = at_rest + longest_list + bounds.memory + MOST_BYTES
    high, most = (megabytes("nightporter.service", name) for name in ("MemoryHigh", "MemoryMax"))
    assert needs < high < most
    assert value("nightporter.service", "OOMPolicy") == "continue"


def test_the_agents_service_lets_it_begin_a_process_that_bounds_itself() -> None:
    assert "PrivateNetwork" not in settings(UNITS / "nightporter.service")
    assert int(value("nightporter.service", "TasksMax")) > 8  # its threads, and a process for a document
    refused = " ".join(settings(UNITS / "nightporter.service")["SystemCallFilter"])
    assert refused == "@system-service ~@privileged @resources"  # prlimit64, prctl and memfd_create are in none


def test_cups_runs_only_where_the_file_has_a_queue() -> None:
    for unit in ("nightporter-queues.service", MEMORY_OF_CUPS):
        assert settings(UNITS / unit)["ConditionPathExists"] == [str(Paths().queues_wanted)]


def test_what_cups_keeps_is_in_memory_and_outlives_its_death_alone() -> None:
    files = (ROOT / "usr/share/nightporter/cups/cups-files.conf").read_text()
    places = re.findall(r"^(?:ServerRoot|StateDir|CacheDir|RequestRoot|ServerKeychain) (\S+)$", files, re.M)
    assert len(places) == 5
    assert all(Path(place).is_relative_to(Paths().queues) for place in places)
    assert value(MEMORY_OF_CUPS, "Where") == str(Paths().queues)
    assert (value(MEMORY_OF_CUPS, "Type"), value(MEMORY_OF_CUPS, "StopWhenUnneeded")) == ("tmpfs", "yes")
    assert value("nightporter-queues.service", "Requires") == MEMORY_OF_CUPS
    assert "-/data" in value("nightporter-queues.service", "InaccessiblePaths").split()


def test_the_memory_of_cups_is_its_users_and_holds_what_is_taken() -> None:
    options = dict(each.partition("=")[::2] for each in value(MEMORY_OF_CUPS, "Options").split(","))
    users = (ROOT / "usr/lib/sysusers.d/nightporter.conf").read_text()
    user = value("nightporter-queues.service", "User")
    assert re.search(rf"^u {user} {options['uid']} ", users, re.M)
    conf = (ROOT / "usr/share/nightporter/cups/cupsd.conf").read_text()
    longest = re.search(r"^LimitRequestBody (\d+)m$", conf, re.M)
    assert longest
    assert MOST_BYTES < int(longest[1]) << 20 < int(options["size"].removesuffix("M")) << 20


def test_no_account_has_a_colon_in_its_description() -> None:
    lines = (ROOT / "usr/lib/sysusers.d/nightporter.conf").read_text().splitlines()
    assert [line for line in lines if ":" in line] == []  # the account is not made, and nothing is said


def test_cups_listens_on_the_loopback_and_is_told_of_its_queues_by_its_own_user() -> None:
    conf = (ROOT / "usr/share/nightporter/cups/cupsd.conf").read_text()
    assert re.findall(r"^(?:Listen|Port) (\S+)$", conf, re.M) == ["127.0.0.1:631", str(Paths().queues_control)]
    files = (ROOT / "usr/share/nightporter/cups/cups-files.conf").read_text()
    group = value("nightporter-queues.service", "Group")
    assert re.findall(r"^SystemGroup (\S+)$", files, re.M) == [group]
    users = (ROOT / "usr/lib/sysusers.d/nightporter.conf").read_text()
    assert re.search(rf"^u {group} ", users, re.M)


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


def test_the_agents_user_may_listen_where_the_page_that_acts_is_usually() -> None:
    lines = (ROOT / "usr/lib/sysctl.d/60-nightporter.conf").read_text().splitlines()
    assert "net.ipv4.ip_unprivileged_port_start = 443" in lines


@pytest.mark.needs("nft", "unshare", "network name space")
def test_the_firewall_is_something_that_nft_takes() -> None:
    done = subprocess.run(
        ["unshare", "--net", "nft", "--check", "--file", ROOT / "etc/nftables.conf"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.needs("nft", "unshare", "network name space")
@pytest.mark.parametrize(
    ("page", "ports"),
    [
        (None, "80"),
        ("", "80"),
        ('listen = "[::]:8080"', "8080"),
        (f'acting = "0.0.0.0:443"{PASSWORD}', "{ 80, 443 }"),
        (f'acting = "0.0.0.0:8443"{PASSWORD}', "{ 80, 8443 }"),
        (f'listen = "10.4.5.20:8080"\nacting = "[::]:443"{PASSWORD}', "{ 443, 8080 }"),
        (f'listen = "127.0.0.1:65535"\nacting = "localhost:65534"{PASSWORD}', "{ 65534, 65535 }"),
    ],
    ids=["no file", "no page", "another port", "acting", "acting elsewhere", "both elsewhere", "the box itself"],
)
def test_the_firewall_opens_the_ports_of_the_file_and_no_other(
    tmp_path: Path, page: str | None, ports: str
) -> None:
    file = None if page is None else good(minimal(add=f"[page]\n{page}\n"))
    (tmp_path / "page.nft").write_text(derive(file).nft)
    rules = (ROOT / "etc/nftables.conf").read_text()
    assert rules.count("/run/nightporter/nft/") == 1
    (tmp_path / "rules").write_text(rules.replace("/run/nightporter/nft/", f"{tmp_path}/"))
    done = subprocess.run(
        [
            "unshare",
            "--net",
            "sh",
            "-c",
            'nft --check --file "$0" && nft --file "$0" && nft list ruleset',
            "rules",
        ],
        capture_output=True,
        cwd=tmp_path,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert re.findall(r"tcp dport (.+) accept", done.stdout) == [ports]


def test_the_clock_is_asked_over_the_loopback_alone() -> None:
    lines = (ROOT / "etc/chrony/chrony.conf").read_text().splitlines()
    words = [line.split() for line in lines if line and not line.startswith("#")]
    assert ["port", "0"] in words
    assert [at for name, *at in words if name == "cmdport"] == [["323"]]
    assert [at for name, *at in words if name == "bindcmdaddress"] == [["127.0.0.1"], ["::1"]]
    assert [name for name, *_ in words if name in ("allow", "cmdallow")] == []


def test_nothing_of_the_image_listens_for_a_log_in() -> None:
    packages = "".join((HERE / "image/packages" / name).read_text() for name in ("common", "amd64", "arm64"))
    names = {line.split("#")[0].strip() for line in packages.splitlines()}
    assert not names & {"openssh-server", "dropbear", "telnetd", "login", "sudo"}


def test_the_floor_under_updates_is_not_above_the_version_that_is_built() -> None:
    from agent.box.update.decisions.versions import rank

    project = re.search(r'^version = "(.*)"$', (HERE / "pyproject.toml").read_text(), re.M)
    assert project
    assert rank((HERE / "image/version-floor").read_text().strip()) <= rank(project[1])
