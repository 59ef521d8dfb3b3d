"""Must show 4: the power goes at random moments, and the box always comes back by itself, keeping the promise.

A cut takes from the disk what was not synced, or any part of it (`emulator/write_log.py`). Where no one has dealt
with the box yet, one start is recorded, and cut at any of its writes: a clock would seldom hit one.
A round each by default, ten with --long. The moments come from --seed, so a round that failed can be had again.
"""

import time
from collections.abc import Callable

from tests.image.emulator.disk import Disk
from tests.image.emulator.machine import Machine
from tests.image.scenarios.bench import Bench, provide
from tests.image.scenarios.updates import begin_update, ready, slot_of

ACTIVE_FILE = "/provisioning/provisioning.toml"  # on the data partition
_UPDATE_SECONDS = 150.0
_GUEST_SECONDS = 3.0  # s between two orders, so that lanes are always busy


def the_power_goes_during_the_first_boot(bench: Bench) -> None:
    """A blank card, cut at any write of its first start: the next start makes it a box that cuts keys."""
    rounds = _rounds(bench)
    first = bench.fresh(bench.hotel.file())
    _record(bench, first)
    _survey(bench, first)
    for number in rounds:
        machine = bench.with_disk(_cut_anywhere(bench, first, number))
        bench.record.say(f"round {number}: back {bench.start(machine):.0f} s after power came")
        bench.prove_key()
    bench.settle()


def the_power_goes_while_the_file_is_taken(bench: Bench) -> None:
    """Cut at any write of the start that takes the file: taken whole or not at all, and the next start goes on."""
    rounds = _rounds(bench)
    disk = _booted_without_file(bench)
    provide(disk, bench.hotel.file())
    taking = bench.with_disk(disk)
    _record(bench, taking)
    for number in rounds:
        disk = _cut_anywhere(bench, taking, number)
        taken = disk.data_file(ACTIVE_FILE)
        is_whole = taken in (None, bench.hotel.file().encode())
        bench.record.check(
            is_whole, f"round {number}: {'taken' if taken else 'not taken'}, nothing between", taken
        )
        bench.start(bench.with_disk(disk))
        bench.prove_key()
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
    """The rounds' numbers; from here on the machines can lose their power."""
    bench.can_lose_power = True
    return range(1, bench.order.rounds + 1)


def _record(bench: Bench, machine: Machine) -> None:
    """Let it start undisturbed, before anybody deals with it, and keep its recording."""
    bench.start(machine)
    machine.power_cut()
    bench.discard(keep=machine.disk)


def _survey(bench: Bench, recorded: Machine) -> None:
    """Look at the disks that cuts leave between any two syncs of a recorded start, without starting them."""
    disk = bench.copy_of(recorded.disk)
    moments = recorded.recording.before_flushes()
    damage = []
    for moment in moments:
        loss = recorded.recording.cut(disk.path, bench.dice, moment)
        if words := disk.damage():
            damage.append(f"{loss.text}: {words}")
    bench.record.check(not damage, f"{len(moments)} cuts between two syncs leave a disk that can start", damage)
    disk.path.unlink()


def _cut_anywhere(bench: Bench, recorded: Machine, number: int) -> Disk:
    """The disk that a power cut at any write of the recorded start leaves."""
    disk = bench.copy_of(recorded.disk)
    recording = recorded.recording
    loss = recording.cut(disk.path, bench.dice, bench.dice.randint(0, recording.requests()))
    bench.record.say(f"round {number}: cut {loss.text}")
    return disk


def _cut_after(bench: Bench, machine: Machine, seconds: float, number: int) -> None:
    time.sleep(seconds)  # the one place where a moment, not a fact, is what is tested
    loss = machine.lose_power(bench.dice)
    bench.record.say(f"round {number}: cut after {seconds:.1f} s, {loss.text}")


def _booted_without_file(bench: Bench) -> Disk:
    """A card whose first start is over, and which was not given a file."""
    machine = bench.fresh(None)
    machine.power_on()
    bench.faults("E-FILE-MISSING")
    machine.shut_down()
    disk = machine.disk
    bench.discard(keep=disk)
    return disk


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
