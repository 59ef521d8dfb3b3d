"""Must show 4: the power goes at random moments, and the box always comes back by itself, keeping the promise.

A round each by default, ten with --long. The moments come from --seed, so a round that failed can be had again.
"""

import time
from collections.abc import Callable

from tests.image.emulator.disk import Disk
from tests.image.emulator.machine import Machine
from tests.image.emulator.patience import BOOT_SECONDS, until
from tests.image.scenarios.bench import STEP, Bench, provide
from tests.image.scenarios.updates import begin_update, ready, slot_of

ACTIVE_FILE = "/provisioning/provisioning.toml"  # on the data partition
_FIRST_BOOT_SECONDS = 60.0  # s; the first round's guess, the later ones know
_UPDATE_SECONDS = 150.0
_GUEST_SECONDS = 3.0  # s between two orders, so that lanes are always busy
_MARGIN = 3.0  # s around the steps that are looked for


def the_power_goes_during_the_first_boot(bench: Bench) -> None:
    """A blank card, cut at any moment of its first start: the next start makes it a box that cuts keys."""
    span = _FIRST_BOOT_SECONDS
    for number in _rounds(bench):
        machine = bench.fresh(bench.hotel.file())
        _cut_within(bench, machine, 0.0, span, number)
        span = bench.start(machine)
        bench.record.say(f"round {number}: back {span:.0f} s after power came")
        bench.prove_key()
    bench.settle()


def the_power_goes_while_the_file_is_taken(bench: Bench) -> None:
    """After the cut the file is taken whole or not at all; the next start goes on from there."""
    blank = _booted_without_file(bench)
    begin, end = _window(bench, blank)
    bench.record.say(f"the file is taken between {begin:.1f} and {end:.1f} s after power-on")
    for number in _rounds(bench):
        disk = bench.copy_of(blank)
        provide(disk, bench.hotel.file())
        machine = bench.with_disk(disk)
        _cut_within(bench, machine, begin, end, number)
        taken = disk.data_file(ACTIVE_FILE)
        is_whole = taken is None or taken == bench.hotel.file().encode()
        bench.record.check(
            is_whole, f"round {number}: {'taken' if taken else 'not taken'}, nothing between", taken
        )
        bench.start(machine)
        bench.prove_key()
    bench.discard()
    blank.path.unlink()
    bench.settle()


def the_power_goes_during_an_update(bench: Bench) -> None:
    """Cut while a bundle is copied, or in the new version's first start: a slot starts, and keys go on."""
    span = _UPDATE_SECONDS
    for number in _rounds(bench):
        machine = ready(bench)
        slot = slot_of(machine)
        with bench.hotel.guests(_GUEST_SECONDS * 3):
            begin_update(bench, machine, "next")
            _cut_after(bench, machine, bench.dice.uniform(0.0, span), number)
            bench.start(machine)
        bench.settle()
        bench.record.say(f"round {number}: slot {slot} -> {slot_of(machine)}")
        _wait_no_trial(bench)
        bench.prove_key()


def the_power_goes_while_keys_are_cut(bench: Bench) -> None:
    """Cut with every encoder busy: no key twice, and every order ends in words that a receptionist can act on."""
    for number in _rounds(bench):
        machine = bench.well()
        with bench.hotel.guests(_GUEST_SECONDS):
            bench.hotel.order(1, copies=3)
            bench.hotel.order(2, copies=2)
            _cut_after(bench, machine, bench.dice.uniform(2.0, 20.0), number)
        bench.start(machine)
        bench.settle()
        bench.prove_key()


def _rounds(bench: Bench) -> range:
    return range(1, bench.order.rounds + 1)


def _cut_within(bench: Bench, machine: Machine, begin: float, end: float, number: int) -> None:
    machine.power_on()
    _cut_after(bench, machine, bench.dice.uniform(begin, end), number)


def _cut_after(bench: Bench, machine: Machine, seconds: float, number: int) -> None:
    time.sleep(seconds)  # the one place where a moment, not a fact, is what is tested
    machine.power_cut()
    bench.record.say(f"round {number}: cut after {seconds:.1f} s")


def _booted_without_file(bench: Bench) -> Disk:
    """A card whose first start is over, and which nobody has given a file."""
    machine = bench.fresh(None)
    machine.power_on()
    bench.faults("E-FILE-MISSING")
    machine.shut_down()
    disk = machine.disk
    bench.discard(keep=disk)
    return disk


def _window(bench: Bench, blank: Disk) -> tuple[float, float]:
    """When, after power-on, an undisturbed start takes the file: around its first step."""
    disk = bench.copy_of(blank)
    provide(disk, bench.hotel.file())
    machine = bench.with_disk(disk)
    machine.power_on()
    until(lambda: machine.serial.moment_of(STEP), BOOT_SECONDS, "a step on the serial line")
    bench.wait_serving(machine)
    first = machine.serial.moment_of(STEP) or 0.0
    begin = first - machine.powered_at
    return max(0.0, begin - 2 * _MARGIN), begin + 2 * _MARGIN


def _wait_no_trial(bench: Bench) -> None:
    bench.page.wait(
        lambda snapshot: all(fault.code != "E-UPDATE-TRIAL" for fault in snapshot.faults), "the end of the trial"
    )


ALL: tuple[Callable[[Bench], None], ...] = (
    the_power_goes_during_the_first_boot,
    the_power_goes_while_the_file_is_taken,
    the_power_goes_during_an_update,
    the_power_goes_while_keys_are_cut,
)
