"""Must show 3: a good version stays, a bad one takes itself back, keys go on, the journal loses nothing.

The bundles are variants of the image: `next` is good, in `broken` the agent does not start, in `deaf` it
cannot reach the lock server, in `hanging` the kernel hangs.
"""

import re
from pathlib import Path

from tests.image.emulator.disk import Stick
from tests.image.emulator.machine import Machine
from tests.image.emulator.page import codes, serves
from tests.image.emulator.patience import LOOK_SECONDS, NeverCame, until
from tests.image.scenarios.bench import Bench

UPDATE_SECONDS = 900.0  # s; download, check, copy of two slots and the shutdown, all emulated
BACK_SECONDS = 1500.0  # s; the longest way back: three tries that hang until the watchdog bites
_GUEST_SECONDS = 10.0  # s between two orders while an update runs
_ROWS = (
    'python3 -c "import sqlite3; '
    "print(*[row[0] for row in sqlite3.connect('file:/data/state/journal.sqlite?mode=ro', uri=True)"
    ".execute('select id from command')])\""
)
_LOG = "/run/test-update.log"


def a_good_update_from_an_address_switches_the_slot_and_loses_nothing(bench: Bench) -> None:
    """`nightporter update URL`: the other slot starts and stays, keys go on, every row of the journal is kept."""
    machine = ready(bench)
    _good(bench, machine, lambda: _begin(machine, _address(bench, "next")))


def a_good_update_from_a_usb_stick_needs_no_command(bench: Bench) -> None:
    """A stick with a bundle is plugged in: the box updates itself from it."""
    bench.discard()  # a box that was updated before would say that this version runs already
    machine = ready(bench)
    stick = Stick.of(bench.order.folder / "stick.img", [_bundle(bench, "next")])
    _good(bench, machine, lambda: bench.record.say(f"plugged in: {machine.plug(stick)}"))
    stick.path.unlink()


def a_version_whose_agent_does_not_start_is_taken_back(bench: Bench) -> None:
    """The old slot is back by itself, and the page says what happened."""
    _bad(bench, "broken")


def a_version_that_cannot_reach_the_lock_server_is_taken_back(bench: Bench) -> None:
    """It was reached before the update, so a version that does not reach it is worse."""
    _bad(bench, "deaf")


def a_version_whose_kernel_hangs_is_taken_back(bench: Bench) -> None:
    """Watchdog and boot counter bring the old slot back, with no one near."""
    _bad(bench, "hanging")


def a_bundle_that_is_broken_or_not_ours_is_refused(bench: Bench) -> None:
    """One sentence, no change: a version below the floor, a damaged bundle, a file that is none, and no file."""
    machine = ready(bench)
    slot = slot_of(machine)
    damaged = bench.lan.files / "damaged.raucb"
    content = bytearray(_bundle(bench, "next").read_bytes())
    content[len(content) // 2] ^= 0xFF
    damaged.write_bytes(content[: len(content) - 4096])
    machine.sh("head -c 100000 /dev/urandom > /run/none.raucb")
    address = _address(bench, "old")
    refused = {
        address: "0.0.1",
        bench.lan.url(damaged.name): "damaged",
        "/run/none.raucb": "damaged",
        "/run/not-there.raucb": "no file",
    }
    for source, reason in refused.items():
        said = machine.shell.run(f"nightporter update {source}", UPDATE_SECONDS)
        bench.record.say(f"nightporter update {source} ends with {said.code}: {said.text[-300:]}")
        last = said.text.rpartition("\n")[2]
        is_so = said.code == 2 and reason in last and "Traceback" not in said.text
        bench.record.check(is_so, f"it is refused with the reason ({reason})", said.text[-300:])
    damaged.unlink()
    bench.record.check(slot_of(machine) == slot, "the slot is the same")
    bench.prove_key()


def ready(bench: Bench) -> Machine:
    """A box that is well, and has done looking whether its version works: before that it takes no update."""
    machine = bench.well()
    until(lambda: _has_looked(machine), BACK_SECONDS, "the end of the look that follows a start", 5.0)
    return machine


def _has_looked(machine: Machine) -> bool:
    """Whether this start's nightporter-trial is over; it may not even have begun when the first key is cut."""
    ended = machine.sh("systemctl show --property=ExecMainExitTimestampMonotonic --value nightporter-trial")
    return ended.isdecimal() and int(ended) > 0


def begin_update(bench: Bench, machine: Machine, variant: str) -> None:
    """Start `nightporter update URL` in the machine, in the background."""
    _begin(machine, _address(bench, variant))


def slot_of(machine: Machine) -> str:
    """The slot that runs: A or B."""
    match = re.search(r"rauc\.slot=(\w)", machine.sh("cat /proc/cmdline"))
    return match[1] if match else "none"


def _good(bench: Bench, machine: Machine, begin: object) -> None:
    assert callable(begin)
    bench.prove_key()
    before, slot, version = rows(machine), slot_of(machine), _version(bench)
    resets = machine.resets
    with bench.hotel.guests(_GUEST_SECONDS) as keys:
        begin()
        installed = _wait_new_start(bench, machine, resets)
        machine.shell.wait_ready(BACK_SECONDS)
        bench.wait_serving(machine)
        _wait_judged(bench, machine)
    bench.record.measure("from the order to update to the new start", installed, "s")
    bench.record.say(f"{len(keys)} keys were ordered meanwhile")
    bench.settle()
    bench.record.check(slot_of(machine) != slot, "the other slot runs", slot_of(machine))
    bench.record.say(f"version {version} -> {_version(bench)}")
    lost = before - rows(machine)
    bench.record.check(not lost, f"all {len(before)} rows of the journal are still there", lost)
    snapshot = bench.page.wait(serves, "a page without a fault")
    bench.record.check("E-UPDATE-REVERTED" not in codes(snapshot), "nothing was taken back")
    bench.prove_key()


def _bad(bench: Bench, variant: str) -> None:
    machine = ready(bench)
    bench.prove_key()
    before, slot, version = rows(machine), slot_of(machine), _version(bench)
    resets = machine.resets
    begin_update(bench, machine, variant)
    _wait_new_start(bench, machine, resets)
    bench.record.say("the new version starts; no one does anything from here on")
    snapshot = bench.page.wait(
        lambda snapshot: "E-UPDATE-REVERTED" in codes(snapshot), "E-UPDATE-REVERTED on the page", BACK_SECONDS
    )
    said = next(fault.text for fault in snapshot.faults if fault.code == "E-UPDATE-REVERTED")
    bench.record.say(f"the page says: {said}")
    bench.record.measure("starts until the old version was back", machine.resets - resets, "")
    bench.wait_serving(machine)
    bench.record.check(slot_of(machine) == slot, "the old slot runs", slot_of(machine))
    bench.record.check(_version(bench) == version, f"version {version} again", _version(bench))
    lost = before - rows(machine)
    bench.record.check(not lost, f"all {len(before)} rows of the journal are still there", lost)
    bench.prove_key()
    bench.settle()


def _begin(machine: Machine, source: str) -> None:
    # --again: in a row of scenarios the version of the bundle may run already.
    machine.sh(
        f"rm -f {_LOG}; (nightporter update --again {source}; echo ended with $?) > {_LOG} 2>&1 < /dev/null & true"
    )


def _wait_new_start(bench: Bench, machine: Machine, resets: int) -> float:
    """Seconds until the machine starts again; fails as soon as the update has ended without that."""
    began = machine.seconds_on
    shown = ""
    try:
        until(lambda: machine.resets > resets, UPDATE_SECONDS, "the start of the new version", LOOK_SECONDS)
    except NeverCame:
        shown = machine.sh(f"tail -c 1500 {_LOG}")
        bench.record.say(f"the update said: {shown}")
        raise
    return machine.seconds_on - began


def _wait_judged(bench: Bench, machine: Machine) -> None:
    """Wait until the version on trial has been judged. One that is taken back restarts the box instead."""
    until(lambda: _has_looked(machine), UPDATE_SECONDS, "the end of the trial", LOOK_SECONDS)
    bench.page.wait(lambda snapshot: "E-UPDATE-TRIAL" not in codes(snapshot), "the trial off the page")
    status = machine.sh("rauc status | tail -n 25")
    is_good = re.search(r"booted\)\n.*\n *boot status: good", status) is not None
    bench.record.check(is_good, "the version that runs is marked as good", status)


def rows(machine: Machine) -> set[str]:
    """The ids of the orders in the box's journal."""
    return set(machine.sh(_ROWS).split())


def _version(bench: Bench) -> str:
    return bench.page.wait(lambda _: True, "the page").box.version


def _address(bench: Bench, variant: str) -> str:
    bundle = _bundle(bench, variant)
    link = bench.lan.files / bundle.name
    if not link.exists():
        link.symlink_to(bundle.resolve())
    return bench.lan.url(bundle.name)


def _bundle(bench: Bench, variant: str) -> Path:
    path = bench.order.bundles / f"nightporter-{bench.order.arch}-{variant}.raucb"
    assert path.exists(), f"there is no {path}: it is made by the build's variants"
    return path
