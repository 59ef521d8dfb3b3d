"""Printers found over a wire: a box and a printer in networks of their own, multicast between them for real."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.e2e.namespaces import inside, needs_net

PATIENCE = 120  # s; a busy machine

# A wire between this network and another one, in which the printer is started; `up` is written as it answers.
WIRE = """cd {folder}
mkfifo made plugged up
ip link set lo up
ip link add box type veth peer name wire
unshare --net sh -ec 'echo > made; read -r _ < plugged; ip link set lo up
    ip addr add 10.99.0.30/24 dev wire; ip link set wire up
    cd {here}; exec sh {folder}/printer' &
read -r _ < made
ip link set wire netns $!
ip addr add 10.99.0.2/24 dev box
ip link set box up
echo > plugged
read -r _ < up"""
HERE = Path(__file__).parents[2]
RESPONDER = f"exec {sys.executable} -m tests.drivers.printing.responder 10.99.0.30 {{folder}}/up"
pytestmark = needs_net


def find(folder: Path, printer: str, *words: str) -> subprocess.CompletedProcess[str]:
    """What `nightporter print find` says in a network with that printer, with no agent."""
    (folder / "printer").write_text(printer.format(folder=folder))
    script = WIRE.format(folder=folder, here=HERE)
    return run([*inside(script, "--net"), sys.executable, "-m", "agent", "print", "find", *words], folder)


def run(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Until the search has ended; the printer ends with it."""
    out, err = folder / "out", folder / "err"
    with (
        out.open("w") as said,
        err.open("w") as failed,
        subprocess.Popen(command, stdout=said, stderr=failed, cwd=HERE, start_new_session=True) as box,
    ):
        try:
            code = box.wait(PATIENCE)
        finally:
            os.killpg(box.pid, signal.SIGKILL)  # the printer outlives the box
    return subprocess.CompletedProcess(command, code, out.read_text(), err.read_text())


def test_a_printer_over_a_wire_is_found_by_our_own_question(tmp_path: Path) -> None:
    found = find(tmp_path, RESPONDER)
    assert (found.returncode, "Traceback" in found.stderr) == (0, False)
    lines = found.stdout.splitlines()
    assert lines[-1] == "1 printer."
    assert 'uri = "ipp://10.99.0.30/ipp/print"' in lines
    assert '# uri = "ipps://10.99.0.30/ipp/print"' in lines


# -- avahi, as printers have it, and as the box may have it --

SERVICE = """<?xml version="1.0" standalone="no"?><!DOCTYPE service-group SYSTEM "avahi-service.dtd">
<service-group><name>Büro; (A.B)</name><service><type>_ipp._tcp</type><port>8631</port>
<txt-record>rp=ipp/print</txt-record><txt-record>ty=La"ser;1000</txt-record></service></service-group>
"""
DAEMON = """[server]
host-name={name}
use-ipv6=no
enable-dbus={has_bus}
[publish]
publish-hinfo=no
publish-workstation=no
"""
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={folder}/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*"/>
<allow receive_sender="*"/><allow send_type="method_call"/></policy></busconfig>
"""
# Its services are those of a folder, and what it keeps in /run is its own.
START = """mount -t tmpfs tmpfs /run; mkdir /run/avahi-daemon /run/dbus
mount --bind {folder}/{services} /etc/avahi/services
"""
FLAGS = "--no-drop-root --no-chroot --no-rlimits --no-proc-title"
PRINTER = "{start}echo > {folder}/up; exec avahi-daemon -f {folder}/printer.conf {flags}"
BOX = """{start}dbus-daemon --config-file={folder}/bus.conf --nofork &
until test -S {folder}/bus; do sleep 0.1; done
export DBUS_SYSTEM_BUS_ADDRESS=unix:path={folder}/bus
avahi-daemon -f {folder}/box.conf {flags} &
until avahi-browse --all --terminate >/dev/null 2>&1; do sleep 0.1; done"""
ASK = """import trio
from agent.drivers.printing.search import look_around, usual_wire
from board.addresses import places
look = trio.run(look_around, places(), lambda address: False, usual_wire())
print(look.by, *((each.name, each.address, each.port) for each in look.services))
"""
needs_avahi = pytest.mark.needs("avahi-daemon", "avahi-browse", "dbus-daemon", "mount", "mount name space")


def avahi_house(folder: Path) -> str:
    """Write what both sides need; the script of a network with a printer that has avahi."""
    for services in ("printers", "none"):
        (folder / services).mkdir()
    (folder / "printers" / "printer.service").write_text(SERVICE)
    (folder / "printer.conf").write_text(DAEMON.format(name="laser", has_bus="no"))
    (folder / "box.conf").write_text(DAEMON.format(name="box", has_bus="yes"))
    (folder / "bus.conf").write_text(BUS.format(folder=folder))
    start = START.format(folder=folder, services="printers")
    (folder / "printer").write_text(PRINTER.format(start=start, folder=folder, flags=FLAGS))
    return WIRE.format(folder=folder, here=HERE).replace("unshare --net", "unshare --net --mount")


@needs_avahi
def test_a_printer_with_avahi_answers_our_own_question(tmp_path: Path) -> None:
    script = avahi_house(tmp_path)
    found = run([*inside(script, "--net"), sys.executable, "-m", "agent", "print", "find"], tmp_path)
    assert found.returncode == 0
    lines = found.stdout.splitlines()
    assert lines[-3:-1] == ['name = "Büro; (A.B)"', 'uri = "ipp://10.99.0.30:8631/ipp/print"']


@needs_avahi
def test_where_the_box_has_avahi_that_is_asked(tmp_path: Path) -> None:
    start = START.format(folder=tmp_path, services="none")
    script = f"{avahi_house(tmp_path)}\n{BOX.format(start=start, folder=tmp_path, flags=FLAGS)}"
    found = run([*inside(script, "--net", "--mount"), sys.executable, "-c", ASK], tmp_path)
    assert found.stdout == "avahi-browse ('Büro; (A.B)', '10.99.0.30', 8631)\n"


def test_a_network_without_a_printer_says_where_it_was_asked(tmp_path: Path) -> None:
    found = find(tmp_path, "echo > {folder}/up; exec sleep 600", "--json")
    said = json.loads(found.stdout)
    assert (found.returncode, said["end"], said["rows"]) == (1, "failed", [])
    assert "at box (10.99.0.2) for 4 seconds" in said["text"]
