"""A box with two slots on paper: GRUB's choice, RAUC's commands, versions that work or do not, and power cuts.

It stands where `Effects` stands: real files for what the programs note, everything else as documented (image/boot,
RAUC 1.13). Each act that lasts can be the last one before the power goes: before it or after it.
"""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from shutil import rmtree
from typing import TypeVar

import msgspec

from agent.box.tools.paths import Paths
from agent.box.tools.programs import Finished, ProgramTrouble
from agent.box.update import trial, update
from agent.box.update.effects import Effects
from agent.box.update.rauc import Bundle
from agent.box.update.record import Pending, Torn, UpdateResult, read_pending, read_result
from agent.handover.notices import Notice, standing
from agent.status.snapshot.facts import BoxFacts, Counts, HopFacts
from agent.status.snapshot.snapshot import Snapshot, build
from tests.status.samples import WALL, fault

MOST_BOOTS = 12  # more than that is a box that restarts for ever
AGENT_STARTS = 30.0  # s after the machine
Value = TypeVar("Value")


class PowerCut(BaseException):
    """The box stops here; what was written is written."""


class Software(msgspec.Struct, frozen=True):
    """What a slot holds. `starts`: the kernel comes up and the trial is run. `agent` is systemd's word for it."""

    version: str = ""
    starts: bool = True
    agent: str = "active"
    faults: tuple[tuple[str, str], ...] = ()  # (code, hop)
    console: str = "active"
    has_page: bool = True


BROKEN = Software(starts=False)  # half-written


class UpdatedBox:
    """Runs `old` from slot `origin`; the other slot holds rubbish. `coming` is what the next bundle brings."""

    def __init__(self, folder: Path, origin: str = "A", old: Software | None = None) -> None:
        self.folder = folder
        self.paths = _paths(folder)
        self.slots = {origin: old or Software("0.2.0"), _other(origin): BROKEN}
        self.order = [origin, _other(origin)]
        self.ok = {origin: True, _other(origin): False}
        self.tries = {"A": 0, "B": 0}
        self.coming = Software("0.3.0")
        self.bundles: dict[str, Bundle | str] = {}  # by file name; a text is RAUC's refusal
        self.install_fails = ""
        self.marks_fail = False
        self.reboot_fails = False
        self.writes_fail = False
        self.power: int | None = None  # acts until the power goes
        self.acts: list[str] = []
        self.boots = 0
        self.running = ""
        self.stick: list[str] = []
        self._now = 0.0
        self._restarting = False

    # -- what a test does ---------------------------------------------------------------------------------------

    def boot(self) -> None:
        """Switch on, and let it start again as often as it wants. The power may go in between."""
        wants = True
        while wants:
            try:
                wants = self._boot_once()
            except PowerCut:
                self.power = None

    def update(self, *, again: bool = False, restart: bool = True, source: str = "") -> None:
        """`nightporter update` on the running box, and the boots that follow from it."""
        path = source or self.put("new.raucb", Bundle(f"nightporter-{self.arch}", self.coming.version))
        try:
            update.update_box(self.effects, update.Wish(path, again=again, restart=restart))
        except PowerCut:
            self.power = None
            self.boot()
        else:
            if self._restarting:
                self.boot()

    def put(self, name: str, bundle: Bundle | str) -> str:
        """A bundle's file on the box; returns its path."""
        path = self.folder / name
        path.write_bytes(name.encode() + b" " + (bundle if isinstance(bundle, str) else bundle.version).encode())
        self.bundles[name] = bundle
        return str(path)

    @property
    def arch(self) -> str:
        return "amd64"

    @property
    def version(self) -> str:
        """The version that runs."""
        return self.slots[self.running].version

    @property
    def pending(self) -> Pending | Torn | None:
        return read_pending(self.paths.pending_update)

    @property
    def result(self) -> UpdateResult | None:
        return read_result(self.paths.update_result)

    @property
    def notices(self) -> tuple[Notice, ...]:
        return standing(self.paths.notices)

    @property
    def codes(self) -> list[str]:
        return [notice.code for notice in self.notices]

    @property
    def steps(self) -> str:
        return self.paths.steps.read_text() if self.paths.steps.exists() else ""

    @property
    def effects(self) -> Effects:
        return Effects(
            paths=self.paths,
            run=self.run,
            follow=self.follow,
            page=self.page,
            keep=self.keep,
            remove=self.remove,
            clock=lambda: self._now,
            pause=self.pause,
        )

    # -- the effects ----------------------------------------------------------------------------------------------

    def run(
        self, argv: Sequence[str], *, timeout: float, stdin: str = "", fine: Collection[int] = (0,)
    ) -> Finished:
        words = " ".join(argv)
        if words.startswith("rauc info"):
            return self._info(Path(argv[-1]).name)
        if words.startswith("rauc status mark-"):
            self._act(words, lambda: self._mark(argv[2], argv[3]))
        elif words == "systemctl reboot":
            self._act(words, self._reboot)
        elif words.startswith("systemctl show nightporter.service"):
            return Finished(0, self.slots[self.running].agent + "\n", "")
        elif words.startswith("systemctl show nightporter-console.service"):
            return Finished(0, self.slots[self.running].console, "")
        elif words.startswith("mount"):
            self._mount(Path(argv[-1]), words)
        elif words.startswith("umount"):
            self._unmount(Path(argv[-1]))
        else:
            assert words == "systemctl stop rauc.service", words
        return Finished(0, "", "")

    def follow(self, argv: Sequence[str], hear: Callable[[str], None], *, timeout: float) -> int:
        assert argv[:2] == ("rauc", "install")
        assert Path(argv[2]).is_absolute()
        target = _other(self.running)
        hear("installing")
        hear("  0% Installing")
        hear(" 20% Checking bundle")
        if self.install_fails:
            hear("100% Installing failed.")
            hear(f"LastError: {self.install_fails}")
            return 1
        self._act("rauc install: mark", lambda: self.ok.update({target: False}))
        self._act("rauc install: half", lambda: self.slots.update({target: BROKEN}))
        hear(" 46% Copying image to rootfs.1")
        self._act("rauc install: all", lambda: self.slots.update({target: self.coming}))
        hear(" 99% Copying image to rootfs.1 done.")
        self._act("rauc install: activate", lambda: self._mark_first(target))
        hear("100% Installing done.")
        return 0

    def page(self) -> Snapshot | None:
        software = self.slots[self.running]
        if not software.has_page:
            return None
        box = BoxFacts("aurora-desk", software.version, "Europe/Vienna", AGENT_STARTS, self._now, WALL)
        names = ("mews", "box", "lock-server:coder-bridge", "encoder:1")
        faults = [fault(code, hop) for code, hop in software.faults]
        return build(box, [HopFacts(name, "is well", 0.0) for name in names], faults, Counts(), ())

    def keep(self, path: Path, content: bytes) -> None:
        self._disk()
        self._act(f"write {path.name}", lambda: path.write_bytes(content))

    def remove(self, path: Path) -> None:
        self._disk()
        self._act(f"remove {path.name}", lambda: path.unlink(missing_ok=True))

    def pause(self, seconds: float) -> None:
        self._now += seconds

    # -- inside -------------------------------------------------------------------------------------------------

    def _boot_once(self) -> bool:
        """Whether it starts again by itself."""
        self.boots += 1
        assert self.boots <= MOST_BOOTS, f"it restarts for ever: {self.acts}"
        self.running = self._choose()
        self._restarting = False
        self._now = AGENT_STARTS
        rmtree(self.paths.run, ignore_errors=True)
        self.paths.cmdline.write_text(f"quiet rauc.slot={self.running} panic=10\n")
        self.paths.boot_id.write_text(f"boot-{self.boots}\n")
        software = self.slots[self.running]
        if not software.starts:
            return True  # panic=10, or the watchdog
        release = {"version": software.version, "commit": "c", "arch": self.arch}
        self.paths.release.write_bytes(msgspec.json.encode(release))
        trial.judge_start(self.effects)
        return self._restarting

    def _choose(self) -> str:
        for slot in self.order:
            if self.ok[slot] and self.tries[slot] < 3:
                self.tries[slot] += 1
                return slot
        self.tries = {"A": 0, "B": 0}
        return next((slot for slot in self.order if self.ok[slot]), self.order[0])

    def _act(self, name: str, effect: Callable[[], Value]) -> Value:
        self._tick()
        value = effect()
        self.acts.append(name)
        self._tick()
        return value

    def _tick(self) -> None:
        if self.power == 0:
            raise PowerCut
        if self.power is not None:
            self.power -= 1

    def _disk(self) -> None:
        if self.writes_fail:
            raise OSError(30, "Read-only file system")

    def _mark(self, how: str, which: str) -> None:
        if self.marks_fail:
            raise ProgramTrouble("rauc", 1, "Failed marking slot")
        slot = self.running if which == "booted" else _other(self.running)
        if how == "mark-active":
            self._mark_first(slot)
        else:
            self.ok[slot], self.tries[slot] = how == "mark-good", 0

    def _mark_first(self, slot: str) -> None:
        self.ok[slot], self.tries[slot], self.order = True, 0, [slot, _other(slot)]

    def _reboot(self) -> None:
        if self.reboot_fails:
            raise ProgramTrouble("systemctl", 1, "Transport endpoint is not connected")
        self._restarting = True

    def _info(self, name: str) -> Finished:
        bundle = self.bundles[name]
        if isinstance(bundle, str):
            raise ProgramTrouble("rauc", 1, bundle)
        return Finished(0, msgspec.json.encode(bundle).decode(), "")

    def _mount(self, folder: Path, words: str) -> None:
        assert words.startswith("mount -o ro,nosuid,nodev,noexec ")
        for name in self.stick:
            self.put(name, self.bundles[name]) if name in self.bundles else None
            (folder / name).write_bytes((self.folder / name).read_bytes() if name in self.bundles else b"x")
        self.acts.append("mount")

    def _unmount(self, folder: Path) -> None:
        for path in folder.iterdir():
            path.unlink()
        self.acts.append("unmount")


def worse(hop: str) -> tuple[tuple[str, str], ...]:
    """Faults of a version that cannot reach `hop`."""
    code = "E-MEWS-UNREACHABLE" if hop == "mews" else "E-LOCK-UNREACHABLE"
    return ((code, hop),)


def _other(slot: str) -> str:
    return "B" if slot == "A" else "A"


def _paths(folder: Path) -> Paths:
    for name in ("data", "data/update", "dev"):
        (folder / name).mkdir()
    paths = Paths(
        data=folder / "data",
        run=folder / "run",
        release=folder / "release.json",
        version_floor=folder / "version-floor",
        cmdline=folder / "cmdline",
        mounts=folder / "mounts",
        boot_id=folder / "boot-id",
        devices=folder / "dev",
    )
    paths.mounts.write_text(f"/dev/vda7 {paths.data} ext4 rw,noatime 0 0\n")
    paths.version_floor.write_text("0.1.0\n")
    return paths
