"""Where a journey's scenarios work: the hotel, its network, and the one box that they hand on to each other.

A scenario asks for what it needs (`well`: a provisioned box that cuts keys; `fresh`: a blank card), so each can be
run alone, and a row of them does not boot a machine for each.
"""

import random
import re
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from agent.status.snapshot.snapshot import Snapshot
from tests.image.emulator.disk import Disk
from tests.image.emulator.hotel import Hotel, Key, site_profile
from tests.image.emulator.lan import TAP, Lan
from tests.image.emulator.machine import Fittings, Machine
from tests.image.emulator.page import Page, is_all_well, serves, told
from tests.image.emulator.patience import BOOT_SECONDS, NeverCame
from tests.image.emulator.shell import KERNEL_WORDS
from tests.image.scenarios.record import Record

FILE, PROFILE, RESULT = "provisioning.toml", "site.toml", "provisioning-result.txt"
STEP = r"^\d\d:\d\d:\d\d \S.*$"  # how a step of the box's start looks on the serial line
KEY_SECONDS = 120.0  # s; from the order to the final state, a card of 2 s included
# A Pi's watchdog waits 14 s; an emulated processor of another kind may be away for longer on a loaded machine.
_SLOW = {"arm64": ("systemd.watchdog_sec=60",)}
_SHELL_SECONDS = 20.0  # s; for what is only saved as evidence
_REGISTER_LOOKS, _REGISTER_SECONDS = 3, 2.0  # a firmware that waits for its timer turns in a few instructions


class Order(msgspec.Struct, frozen=True):
    """What was asked for on the command line."""

    arch: str
    image: Path
    bundles: Path
    folder: Path
    out: Path
    rounds: int
    seed: int
    processors: int
    is_long: bool = False


class Bench:
    """One journey's place. `record` is the running scenario's."""

    def __init__(self, order: Order, lan: Lan, hotel: Hotel) -> None:
        self.order, self.lan, self.hotel = order, lan, hotel
        self.page = Page()
        self.dice = random.Random(order.seed)
        self.record = Record("", "")
        self.machine: Machine | None = None
        self.can_lose_power = False  # what the next machines are fitted for
        self._machines = 0

    def fresh(
        self, file: str | None, *, kernel_words: Sequence[str] = (), fittings: Fittings | None = None
    ) -> Machine:
        """A machine that is off, with a card that was just flashed and this provisioning file put on it."""
        return self.with_disk(self.flashed(file, kernel_words), fittings)

    def flashed(self, file: str | None, kernel_words: Sequence[str] = ()) -> Disk:
        """A card that was just flashed, with this provisioning file."""
        self._machines += 1
        folder = self._folder()
        folder.mkdir(parents=True)
        disk = Disk(self.order.image, folder / "card.raw", self.order.arch)
        disk.add_to_kernel_line(" ".join((KERNEL_WORDS, *_SLOW.get(self.order.arch, ()), *kernel_words)))
        if file is not None:
            provide(disk, file)
        return disk

    def with_disk(self, disk: Disk, fittings: Fittings | None = None) -> Machine:
        """A machine that is off, with this disk; the one before it loses its power and its disk."""
        self.discard(keep=disk)
        fittings = msgspec.structs.replace(
            fittings or Fittings(), processors=self.order.processors, can_lose_power=self.can_lose_power
        )
        self.machine = Machine(self.order.arch, disk, disk.path.parent, TAP, fittings)
        return self.machine

    def copy_of(self, disk: Disk) -> Disk:
        """Another card with the same content."""
        self._machines += 1
        folder = self._folder()
        folder.mkdir(parents=True)
        return Disk(disk.path, folder / "card.raw", self.order.arch)

    def discard(self, keep: Disk | None = None) -> None:
        """Switch the machine off and throw its disk away, unless that is to be kept."""
        if self.machine is None:
            return
        self.machine.power_cut()
        if keep is None or self.machine.disk.path != keep.path:
            shutil.rmtree(self.machine.folder, ignore_errors=True)
        self.machine = None

    def well(self) -> Machine:
        """A box that is on, provisioned, and cuts keys; the one that is there, if it does."""
        if self.machine is not None and self.machine.is_on:
            try:
                self.page.wait(serves, "a box that serves", 60.0)
                return self.machine
            except NeverCame:
                self.record.say("the box of the scenario before does not serve: a fresh one")
        machine = self.fresh(self.hotel.file())
        self.start(machine)
        return machine

    def start(self, machine: Machine, seconds: float = BOOT_SECONDS) -> float:
        """Switch it on and wait until it can cut keys; how many seconds that took."""
        machine.power_on()
        return self.wait_serving(machine, seconds)

    def wait_serving(self, machine: Machine, seconds: float = BOOT_SECONDS) -> float:
        """Wait until keys can be cut and nothing is wrong; seconds since power-on."""
        self.page.wait(serves, "the page says that keys can be cut", seconds)
        return since_power_on(machine)

    def wait_all_well(self, machine: Machine, seconds: float = BOOT_SECONDS) -> float:
        """Wait until the page has nothing to complain of; seconds since power-on."""
        snapshot = self.page.wait(is_all_well, "the page says that all is well", seconds)
        took = since_power_on(machine)
        self.record.say(f"the page, {took:.1f} s after power-on: {told(snapshot)}")
        return took

    def faults(self, *wanted: str, seconds: float = BOOT_SECONDS) -> Snapshot:
        """Wait until the page shows all of these codes."""
        snapshot = self.page.wait(
            lambda snapshot: set(wanted) <= {fault.code for fault in snapshot.faults},
            f"{' and '.join(wanted)} on the page",
            seconds,
        )
        for fault in snapshot.faults:
            self.record.say(f"the page says {fault.code}: {fault.text}")
        return snapshot

    def prove_key(self, encoder: int = 1) -> Key:
        """Order a key: it has to be cut once, and reported."""
        key = self.hotel.order(encoder)
        command = self.hotel.ended(key, KEY_SECONDS)
        cuts = len(self.hotel.cuts(key))
        is_cut = command.state == "Processed" and cuts == 1
        self.record.check(
            is_cut,
            f"an ordered key is cut once and reported as Processed (room {key.room})",
            f"{command.state}, {cuts} cards, note: {command.notes}",
        )
        return key

    def settle(self, seconds: float = 300.0) -> None:
        """Wait for the end of every command, then have the ledger judge all of them."""
        self.hotel.wait_all_ended(seconds)
        # A card that was asked for before a cut may still be on its encoder.
        self.hotel.wait_encoders_idle()
        found = self.hotel.new_findings()
        self.record.check(not found, f"the promise is kept ({self.hotel.orders()} orders by now)", found)

    def save_evidence(self) -> None:
        """What a person needs to find out why: serial line, journal, page, QEMU's words, the processors."""
        machine = self.machine
        if machine is None:
            return
        folder = self.order.out / self.record.name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in ("serial.log", "qemu.log"):
            if (machine.folder / name).exists():
                shutil.copy(machine.folder / name, folder / name)
        (folder / "events.txt").write_text(_events(machine))
        answer = self.page.get("/status.json") if machine.is_on else None
        (folder / "status.json").write_text(answer[1] if answer else "no answer")
        if machine.is_on:
            (folder / "registers.txt").write_text(_registers(machine))
            (folder / "inside.txt").write_text(_inside(machine))
        self.record.say(f"evidence is in {folder}")

    def _folder(self) -> Path:
        return self.order.folder / f"box{self._machines}"


def provide(disk: Disk, file: str) -> None:
    """What an installer's laptop does: copy the file and the site's profile onto the card's first partition."""
    disk.put(FILE, file)
    disk.put(PROFILE, site_profile())


def since_power_on(machine: Machine) -> float:
    """Seconds since the machine was switched on."""
    return machine.seconds_on


_LOOKS = (
    "systemctl --failed --no-pager --plain",
    "systemctl list-jobs --no-pager",
    "ip -br address",
    "df -h /data /run",
    "cat /proc/cmdline",
    "rauc status",
    "tail -n +1 /run/nightporter/notices/* /run/nightporter/steps",
    "journalctl -b --no-pager -o short-monotonic | tail -n 2500",
)


def _events(machine: Machine) -> str:
    """Resets, watchdogs and the rest, in seconds after power-on."""
    lines = (f"{event.at - machine.powered_at:7.1f} {event.name} {event.data}" for event in machine.qmp.events)
    return "\n".join(lines) + "\n"


def _registers(machine: Machine) -> str:
    """What each processor is at, three times: tells a machine that hangs from one that is slow, or idle."""
    looks = []
    for _ in range(_REGISTER_LOOKS):
        registers = machine.qmp.monitor("info registers -a")
        places = re.findall(r"\b(?:RIP|PC)=([0-9a-f]+)", registers)
        looks += [registers, *(machine.qmp.monitor(f"x/16i 0x{place}") for place in places)]
        time.sleep(_REGISTER_SECONDS)
    return "\n".join(looks)


def _inside(machine: Machine) -> str:
    told = []
    for look in _LOOKS:
        try:
            told.append(f"$ {look}\n{machine.sh(look, _SHELL_SECONDS)}\n")
        except NeverCame as late:
            return "\n".join([*told, f"$ {look}\n{late}\n"])
    return "\n".join(told)
