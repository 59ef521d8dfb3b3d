"""One journey: its scenarios, one after the other, in name spaces of its own. Started by `python -m tests.image`.

Must never be the end of the others: what a scenario meets is recorded, and the next one gets a fresh machine.
"""

import argparse
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import msgspec

from tests.image.emulator.hotel import open_hotel
from tests.image.emulator.lan import Lan
from tests.image.scenarios.bench import Bench, Order
from tests.image.scenarios.catalogue import ALL, Scenario
from tests.image.scenarios.record import Record, Result, save

# What a box in trouble, or a tool that finds it so, makes of a scenario. Anything else is a bug of ours.
TROUBLE = (AssertionError, OSError, ValueError, KeyError, IndexError, subprocess.SubprocessError)


def main() -> int:
    """Play the scenarios named on the command line; always 0, what they found is in the results' file."""
    options = argparse.ArgumentParser()
    options.add_argument("order", help="an Order as JSON")
    options.add_argument("results", type=Path)
    options.add_argument("names", nargs="+")
    asked = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    order = msgspec.json.decode(asked.order, type=Order, dec_hook=lambda type, value: type(value))
    by_name = {scenario.name: scenario for scenario in ALL}
    play(order, [by_name[name] for name in asked.names], asked.results)
    return 0


def play(order: Order, scenarios: list[Scenario], results: Path) -> None:
    """Play them in this order; the results' file grows with each."""
    files = order.folder / "files"
    files.mkdir(parents=True)
    with Lan(files) as lan, open_hotel() as hotel:
        bench = Bench(order, lan, hotel)
        found = []
        try:
            for scenario in scenarios:
                found.append(_played(bench, scenario))
                save(found, results)
        finally:
            bench.discard()


def _played(bench: Bench, scenario: Scenario) -> Result:
    """The scenario's result; played once more if it failed and QEMU's own faults had a part in it."""
    for is_last in (False, True):
        result = _played_once(bench, scenario)
        faults = bench.machine.emulator_faults if bench.machine is not None else 0
        if faults:
            bench.record.say(f"QEMU's own faults have cost this machine {faults} starts by now")
        if result.problems:
            bench.discard()
            bench.hotel.give_up()
        if is_last or not (result.problems and faults):
            break
    return result


def _played_once(bench: Bench, scenario: Scenario) -> Result:
    record = bench.record = Record(scenario.name, scenario.sentence)
    record.say(scenario.sentence)
    shutil.rmtree(bench.order.out / scenario.name, ignore_errors=True)
    try:
        scenario.play(bench)
    except TROUBLE as trouble:
        record.fail(f"{type(trouble).__name__}: {trouble}")
    if record.problems:
        bench.save_evidence()
    return record.result()


if __name__ == "__main__":
    sys.exit(main())
