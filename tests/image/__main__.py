"""`make test-image`: boots the built image in QEMU and drives it as an installer and a remote supporter would.

    python -m tests.image [--arch amd64|arm64] [--image FILE] [NAMES...]

Journeys run in processes of their own, with a network of their own (`ip`, `unshare`, /dev/net/tun); nothing of
them outlives this command. Results: dist/test-image-ARCH.json; evidence of what failed: dist/test-image/NAME/.
Results of several runs add up while the sources stay as they are: `--rest` plays what was not seen well so far,
and image/stamp is written when nothing of a run without names is missing.
"""

import argparse
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import msgspec

from tests.image.emulator.lan import words
from tests.image.scenarios.bench import Order
from tests.image.scenarios.catalogue import ALONE, Scenario, chosen, known
from tests.image.scenarios.record import Result, load
from tests.image.seen import Seen

LONG_ROUNDS = 10  # power cuts of each kind
_TOOLS = {
    "ip": "iproute2",
    "unshare": "util-linux",
    "mcopy": "mtools",
    "nmap": "nmap",
    "debugfs": "e2fsprogs",
    "grub-editenv": "grub-common",
}
_MACHINES = {
    "amd64": {"qemu-system-x86_64": "qemu-system-x86", "/usr/share/OVMF/OVMF_CODE_4M.fd": "ovmf"},
    "arm64": {"qemu-system-aarch64": "qemu-system-arm", "/usr/lib/u-boot/qemu_arm64/u-boot.bin": "u-boot-qemu"},
}


def main() -> int:
    """0 if all went well, 1 if a scenario failed, 2 if something is missing."""
    options = _options()
    seen = Seen(options.out / f"test-image-{options.arch}.json")
    scenarios = chosen(options.arch, options.names, wants_long=options.long)
    if options.rest:
        scenarios = seen.missing(scenarios)
    if options.list:
        print("\n".join(f"{scenario.name:16} {scenario.sentence}" for scenario in scenarios))
        return 0
    missing = _missing(options)
    if missing:
        print("\n".join(missing), file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the folder with the disks is removed
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="nightporter-image-", ignore_cleanup_errors=True) as folder:
        try:
            _play_all(options, scenarios, Path(folder))
        finally:  # what was seen before it was broken off need not be played again
            results = _results(scenarios, Path(folder))
            seen.add(results)
    print(_summary(results, scenarios, time.monotonic() - began))
    if seen.stamp(options.arch):
        print("All of it was seen well: image/stamp is written.")
    is_good = len(results) == len(scenarios) and all(result.is_good for result in results)
    return 0 if is_good else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.image", description="Drive the built image in QEMU.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="scenarios or journeys; none: all (see --list)")
    parser.add_argument("--arch", choices=("amd64", "arm64"), default="amd64")
    parser.add_argument("--image", type=Path, help="the raw image (dist/nightporter-ARCH.img)")
    parser.add_argument("--bundles", type=Path, default=Path("dist/test"), help="where the update bundles are")
    parser.add_argument("--out", type=Path, default=Path("dist"), help="where results go")
    parser.add_argument(
        "--long", action="store_true", help=f"all scenarios, {LONG_ROUNDS} power cuts of each kind"
    )
    parser.add_argument("--rest", action="store_true", help="only what was not seen well with these sources")
    parser.add_argument("--rounds", type=_at_least_one, help="so many power cuts of each kind")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="where the random moments come from")
    parser.add_argument(
        "--processors", type=_at_least_one, default=2, help="of a machine; one each is quicker on two cores"
    )
    parser.add_argument("--jobs", type=_at_least_one, default=2, help="journeys side by side")
    parser.add_argument("--list", action="store_true", help="only show what would be played")
    options = parser.parse_args()
    unknown = set(options.names) - known()
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; --list shows what there is")
    options.image = options.image or Path("dist") / f"nightporter-{options.arch}.img"
    options.rounds = options.rounds or (LONG_ROUNDS if options.long else 1)
    return options


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 on")
    return int(text)


def _missing(options: argparse.Namespace) -> list[str]:
    """A sentence for everything that is not there."""
    tools = _TOOLS | _MACHINES[options.arch]
    packages = [package for tool, package in tools.items() if not (Path(tool).exists() or shutil.which(tool))]
    lines = [f"Missing here: apt install {' '.join(packages)}"] if packages else []
    if not options.image.exists():
        lines.append(f"There is no {options.image}: make image ARCH={options.arch}")
    if not Path("/dev/net/tun").exists():
        lines.append("There is no /dev/net/tun: the emulated network needs it (modprobe tun).")
    return lines


def _journeys(scenarios: Sequence[Scenario]) -> list[tuple[str, list[str]]]:
    groups = groupby(scenarios, key=lambda scenario: scenario.journey)
    return [(name, [scenario.name for scenario in group]) for name, group in groups]


def _results(scenarios: Sequence[Scenario], folder: Path) -> list[Result]:
    return [result for name, _ in _journeys(scenarios) for result in load(folder / f"{name}.json")]


def _play_all(options: argparse.Namespace, scenarios: Sequence[Scenario], folder: Path) -> None:
    """All journeys: those that time something first and alone, then the others side by side."""
    journeys = _journeys(scenarios)
    for name, names in journeys:
        if name in ALONE:
            _play(options, folder, name, names)
    waiting = [journey for journey in journeys if journey[0] not in ALONE]
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                if not waiting:
                    return
                name, names = waiting.pop(0)
            _play(options, folder, name, names)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(options.jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _play(options: argparse.Namespace, folder: Path, name: str, names: list[str]) -> None:
    place = folder / name
    order = Order(
        options.arch,
        options.image.resolve(),
        options.bundles.resolve(),
        place,
        (options.out / "test-image").resolve(),
        options.rounds,
        options.seed,
        options.processors,
        options.long,
    )
    asked = msgspec.json.encode(order, enc_hook=str).decode()
    command = [sys.executable, "-m", "tests.image.journey", asked, str(folder / f"{name}.json"), *names]
    done = subprocess.run([*words(), *command], stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        print(f"the journey {name} broke off with exit code {done.returncode}", file=sys.stderr)
    shutil.rmtree(place, ignore_errors=True)


def _summary(results: Sequence[Result], scenarios: Sequence[Scenario], seconds: float) -> str:
    lines = ["", f"{'scenario':16} {'':6} {'s':>5}  what it shows"]
    for result in results:
        verdict = "well" if result.is_good else "FAILED"
        lines.append(f"{result.name:16} {verdict:6} {result.seconds:5.0f}  {result.sentence}")
        lines += [f"{'':30}{measure.text}" for measure in result.measures]
        lines += [f"{'':30}! {problem}" for problem in result.problems]
    unplayed = {scenario.name for scenario in scenarios} - {result.name for result in results}
    lines += [f"{name:16} NOT PLAYED" for name in sorted(unplayed)]
    well = sum(result.is_good for result in results)
    return "\n".join([*lines, f"{well} of {len(scenarios)} well, {seconds / 60:.1f} min"])


if __name__ == "__main__":
    sys.exit(main())
