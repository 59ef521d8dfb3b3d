"""The root of a slot: what is in it, and what must not be."""

import json
import re
from collections.abc import Callable
from importlib.metadata import version

import pytest

from tests.image.built.conftest import ARCH
from tests.image.built.elf import needed

SITE = "/opt/nightporter/lib/python3.13/site-packages"
Listing = dict[str, str]
Content = Callable[[str], str]


def test_the_application_is_there_compiled(listing: Listing) -> None:
    for module in (
        "agent/hotel/app",
        "agent/box/prepare",
        "agent/console/__main__",
        "board/linux",
        "provisioning/read",
    ):
        folder, _, name = module.rpartition("/")
        assert f"{SITE}/{folder}/__pycache__/{name}.cpython-313.opt-2.pyc" in listing
    assert "/usr/lib/python3.13/__pycache__/argparse.cpython-313.opt-2.pyc" in listing


def test_documents_can_be_drawn(listing: Listing) -> None:
    assert f"{SITE}/pypdfium2_raw/libpdfium.so" in listing
    assert [path for path in listing if re.fullmatch(r"/usr/lib/.*/libgcc_s\.so\.1", path)]
    assert f"{SITE}/agent/drivers/printing/raster/__pycache__/child.cpython-313.opt-2.pyc" in listing


def test_cups_has_each_filter_that_its_rules_name_and_each_library_of_its_programs(
    listing: Listing, file: Callable[[str], bytes], content: Content
) -> None:
    rules = content("/usr/share/cups/mime/nightporter.convs").splitlines()
    filters = {line.split()[-1] for line in rules if not line.startswith("#")}
    filters |= {"rastertohp", "rastertoepson", "pstops"}  # of the printers' descriptions
    programs = [f"/usr/lib/cups/filter/{name}" for name in sorted(filters)]
    programs += ["/usr/sbin/cupsd", "/usr/sbin/lpadmin", "/usr/bin/lpstat", "/usr/bin/pdftops"]
    programs += ["/usr/lib/cups/backend/socket", "/usr/lib/cups/daemon/cups-driverd"]
    assert [path for path in programs if path not in listing] == []
    libraries = {path.rpartition("/")[2]: path for path in listing if ".so" in path}
    waiting, seen = list(programs), set[str]()
    while waiting:
        new = set(needed(file(waiting.pop()))) - seen
        assert sorted(new - libraries.keys()) == []
        seen |= new
        waiting += [libraries[name] for name in sorted(new)]
    assert any(name.startswith("libpoppler.so.") for name in seen)


def test_nothing_of_cups_starts_by_itself(listing: Listing) -> None:
    assert [path for path in listing if re.match(r"/(usr/lib|etc)/systemd/system/cups", path)] == []
    assert [path for path in listing if re.match(r"/etc/(init|rc.)\.d/.*cups", path)] == []
    assert [path for path in listing if re.match(r"/etc/ssl/private/.", path)] == []


def test_each_unit_of_ours_has_its_user(listing: Listing, content: Content) -> None:
    users = {line.partition(":")[0] for line in content("/etc/passwd").splitlines()}
    units = [path for path in listing if re.fullmatch(r"/usr/lib/systemd/system/nightporter[^/]*\.service", path)]
    wanted = {user for path in units for user in re.findall(r"^User=(.+)$", content(path), re.M)}
    assert {"nightporter", "nightporter-queues"} <= wanted <= users


def test_what_the_start_reads_ahead_is_there(listing: Listing, content: Content) -> None:
    files = content("/usr/lib/nightporter/start.files").splitlines()
    assert "/usr/lib/nightporter/start.pack" in files
    assert f"{SITE}/agent/hotel/__pycache__/app.cpython-313.opt-2.pyc" not in files  # it is in the pack
    assert f"{SITE}/agent/box/away/__pycache__/down.cpython-313.opt-2.pyc" in files
    assert [path for path in files if path not in listing] == []


@pytest.mark.parametrize("unwanted", ["cryptography", "h2", "hypercorn", "board/Adafruit_Blinka", "pytest", "pip"])
def test_what_a_box_must_not_carry_is_not_there(listing: Listing, unwanted: str) -> None:
    assert f"{SITE}/{unwanted}" not in listing


def test_nobody_can_log_in(content: Content) -> None:
    passwords = [line.split(":")[1] for line in content("/etc/shadow").splitlines()]
    assert passwords
    assert set(passwords) <= {"*", "!", "!*", "!!"}


@pytest.mark.parametrize("program", ["sshd", "dropbear", "login", "sudo", "apt", "dpkg", "perl", "gcc", "telnetd"])
def test_no_program_to_log_in_or_to_build_with(listing: Listing, program: str) -> None:
    assert not [path for path in listing if re.fullmatch(rf"/usr/(s?bin|lib/openssh)/{program}", path)]


def test_no_identity_is_baked_in(listing: Listing, content: Content) -> None:
    assert content("/etc/machine-id") == ""
    assert not [path for path in listing if "ssh_host" in path or path == "/var/lib/systemd/random-seed"]


def test_no_program_has_the_rights_of_somebody_else(listing: Listing) -> None:
    assert [path for path, line in listing.items() if line[3] in "sS" or line[6] in "sS"] == []


def test_nothing_but_data_and_memory_is_written(content: Content) -> None:
    for line in content("/etc/fstab").splitlines():
        if line.strip() and not line.startswith("#"):
            _, where, kind, options, *_ = line.split()
            assert "ro" in options.split(",") or kind == "tmpfs" or where == "/bootstate"
            assert "nofail" in options or kind == "tmpfs"


@pytest.mark.arch("amd64")  # U-Boot's variables are in no file system
def test_the_boot_loaders_variables_are_mounted_where_rauc_looks_for_them(content: Content) -> None:
    assert "PARTLABEL=bootstate  /bootstate  vfat  rw,sync," in content("/etc/fstab")
    assert "grubenv=/bootstate/" in content("/etc/rauc/system.conf")


def test_two_builds_on_different_days_are_the_same(content: Content) -> None:
    changed = {line.split(":")[2] for line in content("/etc/shadow").splitlines()}
    assert len(changed) == 1  # the day of the commit, not the days when accounts were made
    assert "direct_url" not in content(f"{SITE}/nightporter-{version('nightporter')}.dist-info/RECORD")


def test_the_release_says_what_it_is(content: Content) -> None:
    release = json.loads(content("/etc/nightporter/release.json"))
    assert release["arch"] == ARCH
    assert re.fullmatch(r"\d+\.\d+\.\d+", release["version"])


def test_updates_are_trusted_from_one_authority_alone(content: Content) -> None:
    assert content("/etc/rauc/keyring.pem").count("BEGIN CERTIFICATE") == 1
    assert f"compatible=nightporter-{ARCH}" in content("/etc/rauc/system.conf")


def test_what_starts_by_itself_is_listed(listing: Listing) -> None:
    wanted = {path.rpartition("/")[2] for path in listing if re.match(r"/etc/systemd/system/[^/]*\.wants/", path)}
    assert "nightporter.service" in wanted
    assert not {unit for unit in wanted if re.search("apt|ssh|getty|cron|motd", unit)}


def test_the_hardware_watchdog_is_armed_by_the_initial_ram_disk_and_fed_by_systemd(content: Content) -> None:
    assert "RuntimeWatchdogSec=" in content("/usr/lib/systemd/system.conf.d/nightporter.conf")
