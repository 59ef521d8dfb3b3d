"""Must show 7 and 8: memory, image size, writes at rest; nothing open but page and mDNS; no secret lies about."""

import base64
import re
import time
from pathlib import Path

from tests.image.emulator import mdns
from tests.image.emulator.hotel import NAME
from tests.image.emulator.lan import BOX, HOST, TAP
from tests.image.emulator.machine import Machine
from tests.image.emulator.patience import until
from tests.image.scenarios.bench import FILE, Bench

MEMORY_MB, IMAGE_MB = 160.0, 230.0
REST_SECONDS, SHORT_REST_SECONDS = (
    600.0,
    120.0,
)  # s; the issue wants ten minutes, a quick run shows most of it in two
COMMIT_BYTES = 64 * 1024  # bytes; what ext4 may write of its own accord when it commits what came before
PROTECTED = "data: /provisioning/provisioning.toml"
_CALM_SECONDS = 60.0  # s after a start, or a key, until the machine has come to rest
_WRITERS = "grep -H ^write_bytes /proc/[0-9]*/io 2>/dev/null"
_LISTENING = "ss -H -lntu"
_CLOCK_PORT, _TRACKING = 323, 14  # chrony's; fields of its report
_AS_CONSOLE = "systemd-run --quiet --pipe --wait -p User=nightporter"
_LARGEST = "grep -H ^VmRSS /proc/[0-9]*/status 2>/dev/null | tr -s '\\t :' ' ' | sort -k3 -n -r | head -n 12"


def the_running_system_is_small(bench: Bench) -> None:
    """Memory in use with all running, and the compressed image."""
    machine = bench.well()
    _calm()
    bench.record.measure("memory of the running system", _memory_in_use(machine), "MB", at_most=MEMORY_MB)
    for line in machine.sh(_LARGEST).splitlines():
        process, _, resident, *_ = line.split()
        name = machine.sh(f"tr '\\0' ' ' < {process.removesuffix('status')}cmdline")
        bench.record.say(f"{int(resident) / 1024:5.1f} MB  {name[:90]}")
    has_cups = machine.is_active("nightporter-queues.service")
    bench.record.check(not has_cups, "without a queue in the file CUPS does not run")
    compressed = bench.order.image.with_name(bench.order.image.name + ".xz")
    if compressed.exists():
        size = compressed.stat().st_size / 1e6
        bench.record.measure("image, compressed", size, "MB", at_most=IMAGE_MB)
    else:
        bench.record.check(False, f"{compressed.name} is there to be measured")


def nothing_is_written_at_rest(bench: Bench) -> None:
    """Ten minutes (two without --long) in which no key is ordered: what reaches the disk."""
    seconds = REST_SECONDS if bench.order.is_long else SHORT_REST_SECONDS
    machine = bench.well()
    bench.settle()
    _calm()
    machine.sh("sync")
    before, writers, began = _written(machine), _writers(machine), time.monotonic()
    until(lambda: time.monotonic() - began > seconds, seconds + 60.0, "some minutes of rest", 5.0)
    bytes_written = _written(machine) - before
    name = f"written to the disk in {seconds / 60:g} minutes at rest"
    bench.record.measure(name, bytes_written, "bytes", at_most=COMMIT_BYTES)
    after = _writers(machine)
    grown = {name: size - writers.get(name, 0) for name, size in after.items() if size > writers.get(name, 0)}
    names = {pid: machine.sh(f"tr '\\0' ' ' < /proc/{pid}/cmdline") for pid in grown}
    bench.record.say(f"by process: {[(names[pid], size) for pid, size in grown.items()] or 'none'}")


def the_network_sees_the_page_and_mdns_alone(bench: Bench) -> None:
    """Every TCP port over IPv4 and IPv6, the usual UDP ports, and the box's name by mDNS."""
    machine = bench.well()
    inside = machine.sh("ip -6 -br address show scope link | grep -o 'fe80[^/]*' | head -n 1")
    found = bench.lan.open_ports("-p-", "--min-rate", "2000")
    bench.record.check(set(found) == {"80/tcp"}, "over TCP port 80 alone", found)
    found = bench.lan.open_ports("-p-", "--min-rate", "2000", "-6", target=f"{inside}%{TAP}")
    bench.record.check(set(found) <= {"80/tcp"}, f"over TCP and IPv6 ({inside}) port 80 at most", found)
    found = bench.lan.open_ports("-sU", "--top-ports", "200", "--min-rate", "200")
    bench.record.check(set(found) <= {"5353/udp"}, f"over UDP mDNS alone ({found})", found)
    listening = machine.sh(_LISTENING)
    bench.record.say("listening inside:\n" + listening)
    clock = listens_at(listening, _CLOCK_PORT)
    bench.record.check(clock == {"127.0.0.1", "::1"}, "chrony is asked over the loopback alone", clock)
    asked = machine.sh(f"{_AS_CONSOLE} chronyc -c -n tracking")
    bench.record.check(
        len(asked.split(",")) >= _TRACKING, "the console's user can ask how far off the clock is", asked
    )
    address = [record.value for record in mdns.ask(f"{NAME}.local", "A", HOST) if record.type == mdns.TYPES["A"]]
    bench.record.check(BOX in address, f"mDNS knows {NAME}.local", address)
    services = [record.value for record in mdns.ask("_services._dns-sd._udp.local", "PTR", HOST)]
    bench.record.check(any("nightporter" in name for name in services), "mDNS names our service type", services)


def no_password_lets_anybody_in(bench: Bench) -> None:
    """No account has a password, an empty one least of all."""
    machine = bench.well()
    accounts = [line.split(":")[:2] for line in machine.sh("cat /etc/shadow").splitlines() if ":" in line]
    open_ones = [name for name, password in accounts if not password.startswith(("!", "*"))]
    bench.record.check(bool(accounts) and not open_ones, f"none of {len(accounts)} accounts can log in", open_ones)
    keys = machine.sh("find / -xdev -name authorized_keys -o -xdev -name 'ssh_host_*_key' 2>/dev/null")
    bench.record.check(not keys, "no ssh key came with the image", keys)


def a_secret_is_in_its_one_protected_place_alone(bench: Bench) -> None:
    """After a clean shutdown every byte of the disk is searched for the file's token, password and code."""
    machine = bench.well()
    bench.prove_key()
    bench.settle()
    mode = machine.sh("stat -c '%a %U %n' /data/provisioning /data/provisioning/provisioning.toml")
    bench.record.check(mode.startswith("700 root") and "\n600 root" in mode, "its place is for root alone", mode)
    words = " ".join(f"-e '{secret}'" for secret in bench.hotel.secrets.values())
    journal = machine.sh(f"journalctl --no-pager | grep -c -F {words}")
    bench.record.check(journal.strip() == "0", "the system's journal has none of them", journal)
    machine.shut_down()
    for name, secret in bench.hotel.secrets.items():
        for how, needle in _forms(secret).items():
            places = machine.disk.places_of(needle)
            wanted = [PROTECTED] if how == "plain" else []
            bench.record.check(places == wanted, f"the {name}, {how}, is at {wanted or 'no place'}", places)
    _say_what_is_left(bench, machine)


def listens_at(sockets: str, port: int) -> set[str]:
    """The addresses at which a port is listened on, by `ss -H -lntu`; "*" and "0.0.0.0" are all."""
    places = [line.split()[4].rpartition(":") for line in sockets.splitlines() if len(line.split()) > 4]
    return {address.strip("[]").partition("%")[0] for address, _, number in places if number == str(port)}


def _forms(secret: str) -> dict[str, bytes]:
    encoded = {f"as Base64 after {shift} bytes": _base64(secret.encode(), shift) for shift in range(3)}
    return {"plain": secret.encode(), "as UTF-16": secret.encode("utf-16-le"), **encoded}


def _base64(secret: bytes, shift: int) -> bytes:
    """The characters that hold nothing but the secret where it begins `shift` bytes into a group of three."""
    whole = base64.b64encode(bytes(shift) + secret)
    return whole[-(-shift * 8 // 6) : (shift + len(secret)) * 8 // 6]


def _say_what_is_left(bench: Bench, machine: Machine) -> None:
    left = machine.disk.get(FILE)
    words = "is gone" if left is None else f"has {len(left)} bytes"
    bench.record.say(f"{Path(FILE).name} on the boot partition {words}")


def _calm() -> None:
    began = time.monotonic()
    until(lambda: time.monotonic() - began > _CALM_SECONDS, _CALM_SECONDS + 10.0, "a minute", 5.0)


def _memory_in_use(machine: Machine) -> float:
    """MB that are not available to anybody else."""
    sizes = dict(re.findall(r"(\w+): +(\d+) kB", machine.sh("cat /proc/meminfo")))
    return (int(sizes["MemTotal"]) - int(sizes["MemAvailable"])) / 1024


def _written(machine: Machine) -> int:
    return int(machine.sh("cat /sys/block/vda/stat").split()[6]) * 512


def _writers(machine: Machine) -> dict[str, int]:
    """What each process had written by now, by its number."""
    found = re.findall(r"/proc/(\d+)/io:write_bytes: (\d+)", machine.sh(_WRITERS))
    return {pid: int(size) for pid, size in found}
