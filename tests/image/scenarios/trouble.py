"""Must show 6: disk, clock and network in trouble. Page or serial line says what is wrong, and nothing is lost."""

import time
from datetime import UTC, datetime, timedelta

from tests.image.emulator.machine import Fittings, Machine
from tests.image.emulator.page import codes, serves
from tests.image.emulator.patience import BOOT_SECONDS, NeverCame, until
from tests.image.scenarios.bench import KEY_SECONDS, Bench

_OUT_SECONDS = 30.0  # s that the cable is out: shorter than a key may wait
_SHELF_SECONDS = 400 * 86400.0
_BACK_SECONDS = 240.0  # s; a silent DHCP server is asked again after about a minute
_FILL = (
    "fallocate -l $(df --output=avail -B1 /data | tail -n 1) /data/filler; cat /dev/zero > /data/filler2; df /data"
)


def a_full_disk_is_said_and_costs_no_key(bench: Bench) -> None:
    """`/data` filled to the last byte, a key ordered, a restart on the full disk, room made again."""
    machine = bench.well()
    bench.record.say("filled: " + machine.sh(_FILL).splitlines()[-1])
    _wait_code(bench, "E-BOX-FULL", "E-JOURNAL-WRITE", "E-BOX-STORAGE")
    cuts = _order_in_trouble(bench)
    machine.power_cut()
    machine.power_on()
    bench.page.wait(lambda snapshot: bool(snapshot.faults), "a page after a start on a full disk")
    cuts += _order_in_trouble(bench)
    bench.record.check(cuts == 2, "keys are cut on a full disk, before a restart and after it", f"{cuts} of 2")
    machine.sh("rm -f /data/filler /data/filler2; sync")
    bench.wait_serving(machine)
    bench.settle()
    bench.prove_key()


def a_read_only_disk_is_said_and_a_restart_heals_it(bench: Bench) -> None:
    """What a failing card does: `/data` turns read-only under the running agent."""
    machine = bench.well()
    machine.sh("echo u > /proc/sysrq-trigger")
    bench.record.say(machine.sh("grep ' /data ' /proc/mounts"))
    _order_in_trouble(bench)
    _wait_code(bench, "E-BOX-STORAGE", "E-JOURNAL-WRITE")
    machine.power_cut()
    bench.start(machine)
    bench.settle()
    bench.prove_key()


def a_damaged_journal_is_set_aside_and_said(bench: Bench) -> None:
    """The agent is stopped, its journal overwritten in the middle, the agent started."""
    machine = bench.well()
    machine.sh("systemctl stop nightporter.service")
    page = bench.page.get()
    bench.record.check(page is not None, "port 80 answers while the agent is stopped", page)
    bench.record.say(
        machine.sh("ls -l /data/state; dd if=/dev/urandom of=/data/state/journal.sqlite bs=4k count=8")
    )
    machine.sh("rm -f /data/state/journal.sqlite-wal; sync; systemctl start nightporter.service")
    bench.faults("E-JOURNAL-DAMAGED")
    bench.record.say(machine.sh("ls -l /data/state"))
    bench.wait_serving(machine)
    bench.prove_key()
    bench.settle()


def a_clock_in_1970_is_said_and_keys_are_dated_right(bench: Bench) -> None:
    """Without a clock battery, after a year on a shelf: a key's age and dates do not hang on the box's clock."""
    machine = bench.fresh(bench.hotel.file(), fittings=Fittings(clock="1970-01-01T00:00:00"))
    bench.settle()
    bench.hotel.shift_mews(_SHELF_SECONDS)
    try:
        machine.power_on()
        _wait_code(bench, "E-BOX-CLOCK")
        believed = machine.sh("date -u +%Y")
        bench.record.check(believed != "1970", "a box does not believe in 1970", believed)
        key = bench.prove_key()
        year = str((datetime.now(UTC) + timedelta(seconds=_SHELF_SECONDS)).year)
        starts = [cut.start for cut in bench.hotel.cuts(key)]
        bench.record.check(all(year in start for start in starts), f"the key begins in {year}", starts)
    finally:
        bench.hotel.shift_mews(-_SHELF_SECONDS)
    bench.settle()


def a_start_without_a_cable_is_said_on_the_serial_line(bench: Bench) -> None:
    """The box is switched on first and plugged in later."""
    machine = _restarted(bench, Fittings(has_cable=False))
    _wait_line(bench, machine, "E-BOX-CABLE")
    _plugged(bench, machine)


def a_start_without_dhcp_is_said_on_the_serial_line(bench: Bench) -> None:
    """The hotel's DHCP server is silent, and answers later."""
    bench.well()
    bench.lan.dhcp.speaks = False
    try:
        machine = _restarted(bench, Fittings())
        _wait_line(bench, machine, "E-BOX-ADDRESS")
    finally:
        bench.lan.dhcp.speaks = True
    began = time.monotonic()
    bench.wait_serving(machine, _BACK_SECONDS)
    bench.record.measure("from DHCP's first answer until keys can be cut", time.monotonic() - began, "s")
    bench.prove_key()
    bench.settle()


def a_pulled_cable_is_said_and_what_was_ordered_meanwhile_is_cut(bench: Bench) -> None:
    """The cable is out for half a minute with a key on order, then back."""
    machine = bench.well()
    machine.cable(is_in=False)
    key = bench.hotel.order()
    began = time.monotonic()
    _wait_line(bench, machine, "E-BOX-CABLE")
    until(lambda: time.monotonic() - began > _OUT_SECONDS, _OUT_SECONDS + 5.0, "half a minute")
    machine.cable(is_in=True)
    back = time.monotonic()
    bench.wait_serving(machine, _BACK_SECONDS)
    bench.record.measure("from the cable to keys that can be cut", time.monotonic() - back, "s")
    command = bench.hotel.ended(key, KEY_SECONDS)
    is_cut = command.state == "Processed" and len(bench.hotel.cuts(key)) == 1
    bench.record.check(is_cut, "the key that was ordered meanwhile is cut", f"{command.state} {command.notes}")
    bench.settle()


def _restarted(bench: Bench, fittings: Fittings) -> Machine:
    """A box that was provisioned before, shut down, and started into trouble."""
    before = bench.well()
    before.shut_down()
    machine = bench.with_disk(before.disk, fittings)
    machine.power_on()
    return machine


def _plugged(bench: Bench, machine: Machine) -> None:
    machine.cable(is_in=True)
    began = time.monotonic()
    bench.wait_serving(machine, _BACK_SECONDS)
    bench.record.measure("from the cable to keys that can be cut", time.monotonic() - began, "s")
    bench.prove_key()
    bench.settle()


def _wait_code(bench: Bench, *any_of: str) -> None:
    """Wait until the page shows one of these codes."""
    snapshot = bench.page.wait(lambda snapshot: bool(codes(snapshot) & set(any_of)), f"{' or '.join(any_of)}")
    for fault in snapshot.faults:
        bench.record.say(f"the page says {fault.code}: {fault.text}")


def _wait_line(bench: Bench, machine: Machine, code: str) -> None:
    """Wait until the serial line's `faults` shows a code."""
    machine.serial.wait_for("Night Porter [0-9]", BOOT_SECONDS)
    answers = [""]

    def asked() -> bool:
        answers[0] = machine.serial.ask("faults")
        return code in answers[0]

    try:
        until(asked, BOOT_SECONDS, f"{code} on the serial line", 5.0)
    except NeverCame:
        bench.record.say(f"the serial line said: {machine.serial.text[-1500:]}")
        raise
    bench.record.say("the serial line says:\n" + answers[0].strip())


def _order_in_trouble(bench: Bench) -> int:
    """Order a key that perhaps cannot be cut: it has to end, in words. Gives the number of cards."""
    key = bench.hotel.order()
    command = bench.hotel.ended(key, 300.0)
    cuts = len(bench.hotel.cuts(key))
    bench.record.say(f"a key ordered in trouble ends as {command.state}, {cuts} cards, note: {command.notes}")
    bench.page.wait(lambda snapshot: bool(snapshot.faults) or serves(snapshot), "the page")
    return cuts
