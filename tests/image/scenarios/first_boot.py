"""Must show 1 and 2: a blank card becomes a box that cuts keys; a bad file is refused, a good one then works."""

import re
from collections.abc import Callable
from statistics import median

from provisioning.read import read
from tests.image.emulator.patience import BOOT_SECONDS, until
from tests.image.scenarios.bench import RESULT, STEP, Bench, provide, since_power_on

RATIO = 1.15  # issue: time to the page that says all is well, against the same image without the agent
_PAIRS = 3  # starts without and with the agent, in turn; one start differs from the next by a fifth
_SETTLE = 5.0  # s between two looks into a machine whose boot is being timed

BAD_FILE = """format = 1
[box]
name = "aurora-desk"
timezone = "Europe/Wien"
[mews]
dialect = "2016"
platform = "10.4.5.1:9001"
connector_token = "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D"
poll_second = 1.0
"""


def a_blank_card_with_a_good_file_becomes_a_box_that_cuts_keys(bench: Bench) -> None:
    """Flash, copy the file, power on: a key is cut, the page says all is well, hardly later than a bare boot."""
    bare, whole = [], []
    for _ in range(_PAIRS):
        bare.append(_undisturbed(bench, _seconds_without_agent))
        whole.append(_undisturbed(bench, _seconds_to_all_well))
    bench.record.measure("power-on to multi-user.target without the agent", median(bare), "s")
    bench.record.measure("power-on to the page that says all is well", median(whole), "s")
    bench.record.measure("ratio of the two", median(whole) / median(bare), "", at_most=RATIO)
    key = bench.prove_key()
    began, at = bench.hotel.cuts(key)[0].began, bench.hotel.cuts(key)[0].at
    bench.record.say(f"the card was {at - began:.1f} s at the encoder")
    assert bench.machine is not None
    answer = bench.machine.serial.ask("status")
    text = bench.machine.serial.text  # with all that the view had to say before it answered
    bench.record.say("the serial line had:\n" + _last_lines(text))
    steps = re.findall(STEP, text, re.MULTILINE)
    bench.record.check(len(steps) > 2, "the serial line tells the steps of the first start", f"{len(steps)} steps")
    bench.record.check(bench.page.get("/") is not None, "the page for people is served")
    bench.record.check("Mews" in answer, "the serial line answers `status`", answer[-300:])
    shown = bench.machine.serial.ask("provision show")
    bench.record.check("aurora-desk" in shown, "the serial line answers `provision show`", shown[-300:])
    leaked = [name for name, secret in bench.hotel.secrets.items() if secret in bench.machine.serial.text]
    bench.record.check(not leaked, "no secret on the serial line", leaked)
    bench.settle()


def a_bad_file_is_refused_with_its_reasons_and_a_good_one_then_works(bench: Bench) -> None:
    """The reasons are on the page, the serial line and in the result file; no second flashing is needed."""
    problems = [problem for problem in read(BAD_FILE.encode()).problems if problem.level == "error"]
    bench.record.say("the file is wrong at " + ", ".join(problem.path for problem in problems))
    machine = bench.fresh(BAD_FILE)
    machine.power_on()
    bench.faults("E-TAKE-REFUSED")
    page = bench.page.get("/")
    shown = {"page": page[1] if page else ""}
    shown["serial line"] = machine.serial.text + machine.serial.ask("faults")
    machine.shut_down()
    shown["result file"] = (machine.disk.get(RESULT) or b"").decode()
    bench.record.say(f"{RESULT} has:\n{shown['result file']}")
    for place, text in shown.items():
        missing = [problem.path for problem in problems if problem.path not in text]
        bench.record.check(not missing, f"the {place} names every mistake", f"missing: {missing}")
    provide(machine.disk, bench.hotel.file())
    bench.start(machine)
    bench.wait_all_well(machine)
    bench.prove_key()
    bench.settle()


def _undisturbed(bench: Bench, start: Callable[[Bench], float]) -> float:
    """The seconds of a start in which the emulator's own faults cost nothing."""
    while True:
        seconds = start(bench)
        assert bench.machine is not None
        if not bench.machine.emulator_faults:
            assert not bench.machine.resets, "something broke into that start"
            return seconds
        bench.record.say("one of QEMU's own faults was in that start: it does not count")


def _seconds_without_agent(bench: Bench) -> float:
    machine = bench.fresh(bench.hotel.file(), kernel_words=["systemd.mask=nightporter.service"])
    machine.power_on()
    machine.shell.wait_ready(BOOT_SECONDS)
    until(
        lambda: machine.is_active("multi-user.target"),
        BOOT_SECONDS,
        "multi-user.target without the agent",
        _SETTLE,
    )
    # The target tells on the machine's own clock when it was reached: no look of ours comes too late for it.
    said = machine.sh(
        "systemctl show -P ActiveEnterTimestampMonotonic multi-user.target; cat /proc/uptime"
    ).split()
    ago = float(said[1]) - int(said[0]) / 1e6
    seconds = since_power_on(machine) - ago
    bench.record.say(f"without the agent, multi-user.target was reached {seconds:.1f} s after power-on")
    return seconds


def _seconds_to_all_well(bench: Bench) -> float:
    machine = bench.fresh(bench.hotel.file())
    machine.power_on()
    return bench.wait_all_well(machine)


def _last_lines(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return "\n".join(f"        | {line}" for line in lines[-40:])
