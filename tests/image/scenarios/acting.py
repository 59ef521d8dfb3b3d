"""The page that acts, on the image: over TLS, behind the firewall, with the certificate that the box has made.

From the LAN alone: an installer compares the fingerprint, logs in, and has things done; the box starts again, and
is known by the same certificate.
"""

import re
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

from agent.status.snapshot.snapshot import Snapshot
from tests.image.emulator.acting_page import ActingPage
from tests.image.emulator.console import Console
from tests.image.emulator.hotel import NAME
from tests.image.emulator.machine import Machine
from tests.image.emulator.page import serves
from tests.image.emulator.patience import BOOT_SECONDS, until
from tests.image.scenarios.bench import KEY_SECONDS, Bench

ROOM = "T101"
LANE = "encoder:1"
_MADE_SECONDS = 120.0  # s; the agent's modules for it, and openssl, on an emulated processor
_ACT_SECONDS = _ASK_SECONDS = 120.0
_HALF = 48  # characters of a fingerprint in a line of the console
_PEM = "/data/state/page-certificate"


def the_box_is_acted_on_over_tls_and_is_known_by_its_certificate(bench: Bench) -> None:
    """Fingerprint, ports, log-in, a key, a pause, a bundle, a restart: all by the page that acts."""
    hotel = bench.hotel
    machine = bench.fresh(hotel.file(network=hotel.acting))
    bench.start(machine)
    known = _compare(bench, machine)
    _look_at_ports(bench)
    page = ActingPage()
    _log_in(bench, page)
    _pause_and_go_on(bench, page)
    _cut_a_key(bench, page)
    _fetch_a_bundle(bench, page)
    _restart(bench, machine, page)
    again = until(page.certificate, BOOT_SECONDS, "the page that acts after the restart", 2.0)
    bench.record.check(again == known, "after a restart of the box it is the same certificate", again)
    _log_in(bench, page)
    snapshot = bench.page.wait(serves, "a box that serves")
    kept = {act.what for act in snapshot.acts}
    wanted = {f"pause {LANE}", f"resume {LANE}", "bundle", "restart the box"}
    bench.record.check(wanted <= kept, "the acts of before are on the page that looks", kept)
    _look_for_secrets(bench, machine)
    bench.prove_key()
    bench.settle()
    bench.discard()  # what comes after it expects the usual file


def _compare(bench: Bench, machine: Machine) -> str:
    """The fingerprint, which is the same wherever it can be read."""
    snapshot = bench.page.wait(_has_fingerprint, "the fingerprint on the page", _MADE_SECONDS)
    shown = snapshot.box.fingerprint
    met = ActingPage().certificate()
    bench.record.check(met == shown, f"the certificate that is met is the one on the page: {shown}", met)
    bench.page.wait_text(shown, "the fingerprint on the page for people", _ASK_SECONDS)
    console = Console(machine.serial, bench.record.say)
    console.wait_ready()
    for verb in ("label", "network show"):
        until(
            partial(_says, console, verb, shown), _ASK_SECONDS, f"the fingerprint by the console's `{verb}`", 2.0
        )
        bench.record.check(True, f"the console says it, and where the page is (`{verb}`)")
    modes = machine.sh(f"stat -c '%a %U' {_PEM} {_PEM}/page.pem")
    bench.record.check(
        modes.split() == ["700", "nightporter", "600", "nightporter"], "the agent alone reads it", modes
    )
    made_by = machine.sh(f"openssl x509 -in {_PEM}/page.pem -noout -subject -dates -ext subjectAltName")
    bench.record.say(made_by)
    return shown


def _says(console: Console, verb: str, shown: str) -> bool:
    """Asked again while a loaded machine's page does not answer in the console's time."""
    said = console.obey(verb)
    return shown[: _HALF - 1] in said and shown[_HALF:] in said and f"https://{NAME}.local/" in said


def _look_at_ports(bench: Bench) -> None:
    found = bench.lan.open_ports("-p-", "--min-rate", "2000")
    is_so = set(found) == {"80/tcp", "443/tcp"}
    bench.record.check(is_so, "over TCP the ports of both pages are open, and no other", found)
    status, _ = until(partial(bench.page.get, "/login"), _ASK_SECONDS, "the page that looks, asked for a log-in")
    bench.record.check(status == 404, "the page that looks knows no log-in", status)


def _log_in(bench: Bench, page: ActingPage) -> None:
    wrong = page.log_in("not the password")
    bench.record.check(wrong == 403, "a wrong password is refused", wrong)
    inside = page.get("/")
    bench.record.check(inside.status == 303, "without a log-in there is no act", inside.status)
    right = page.log_in(bench.hotel.page_password)
    inside = page.get("/")
    is_in = right == 303 and inside.status == 200 and "Test key" in inside.text
    bench.record.check(is_in, "the box's password lets in, and the page offers its acts", inside.text[:500])


def _pause_and_go_on(bench: Bench, page: ActingPage) -> None:
    """A key that is ordered meanwhile waits, and is cut once the encoder goes on."""
    said = _done(page, verb="pause", lane=LANE)
    bench.record.check("begins nothing more" in said, "an encoder is paused", said)
    key = bench.hotel.order()
    bench.page.wait(lambda snapshot: snapshot.commands.waiting > 0, "the order that waits", KEY_SECONDS)
    cuts = len(bench.hotel.cuts(key))
    bench.record.check(cuts == 0, "a key that is ordered meanwhile waits", f"{cuts} cards")
    said = _done(page, verb="resume", lane=LANE)
    bench.record.check("goes on" in said, "it goes on", said)
    command = bench.hotel.ended(key, KEY_SECONDS)
    is_cut = command.state == "Processed" and len(bench.hotel.cuts(key)) == 1
    bench.record.check(is_cut, "and the key is cut once", f"{command.state} {command.notes}")


def _cut_a_key(bench: Bench, page: ActingPage) -> None:
    said = _done(page, verb="key", lane=LANE, room=ROOM, copies="1", hours="2")
    is_cut = f"1 key was cut for room {ROOM}" in said and len(bench.hotel.cuts_for(ROOM)) == 1
    bench.record.check(is_cut, "a test key is cut once, and the page says so", said)


def _fetch_a_bundle(bench: Bench, page: ActingPage) -> None:
    """By the button; read as support would."""
    place = page.act(verb="bundle")
    said = page.end(place, _ACT_SECONDS)
    name = re.search(r"Download (\S+?)<", said)
    bench.record.check(name is not None, "a support bundle is packed", said)
    content = page.get(f"{place}/file").content
    file = bench.order.folder / Path(name[1] if name else "bundle").name
    file.write_bytes(content)
    shown = subprocess.run(
        [sys.executable, "-m", "agent", "bundle", "--show", file], capture_output=True, text=True, check=False
    )
    bench.record.say(f"{file.name}, {len(content)} bytes:\n{shown.stdout}{shown.stderr}")
    is_read = shown.returncode == 0 and NAME in file.name and NAME in shown.stdout
    bench.record.check(is_read, "`nightporter bundle --show` reads it")


def _restart(bench: Bench, machine: Machine, page: ActingPage) -> None:
    resets, began = machine.resets, time.monotonic()
    answer = page.send("/restart", box="yes")
    bench.record.check(answer.status == 303, "the box is restarted by the page", answer.status)
    reset_at = machine.wait_reset(resets)
    bench.record.measure("from the form to the machine's restart", reset_at - began, "s")
    bench.wait_serving(machine)
    bench.record.measure("from there to a box that serves", time.monotonic() - reset_at, "s")


def _look_for_secrets(bench: Bench, machine: Machine) -> None:
    secrets = bench.hotel.secrets | {"page's password": bench.hotel.page_password}
    leaked = [name for name, secret in secrets.items() if secret in machine.serial.text]
    bench.record.check(not leaked, "no secret on the serial line", leaked)
    found = machine.sh(f"journalctl --no-pager | grep -c -F -e '{bench.hotel.page_password}'")
    bench.record.check(found.strip() == "0", "the system's journal has no password of the page", found)
    memory = int(machine.sh("systemctl show -P MemoryCurrent nightporter.service")) / (1 << 20)
    bench.record.measure("memory of the agent with the page that acts", memory, "MB")


def _done(page: ActingPage, **form: str) -> str:
    return page.end(page.act(**form), _ACT_SECONDS)


def _has_fingerprint(snapshot: Snapshot) -> bool:
    return snapshot.box.fingerprint != ""
