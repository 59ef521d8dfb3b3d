"""Must show 5, and safe mode: whatever dies or freezes comes back by itself, and the page says why it was away."""

import re
import time

from tests.image.emulator.machine import Machine
from tests.image.emulator.page import codes, told
from tests.image.emulator.patience import BOOT_SECONDS
from tests.image.emulator.watcher import Watcher
from tests.image.scenarios.bench import Bench

RETRY_SECONDS = 600.0  # s; in safe mode the agent is tried again every 5 min
_DROP_IN = "/run/systemd/system/nightporter.service.d/test.conf"


def a_killed_agent_is_back_and_port_80_was_never_silent(bench: Bench) -> None:
    """SIGKILL with a key on its way: the away page answers meanwhile, the key's end is told truly."""
    machine = _well(bench)
    with Watcher(bench.page) as watcher:
        key = bench.hotel.order()
        began = time.monotonic()
        machine.sh("systemctl kill --signal=KILL nightporter.service")
        bench.faults("E-BOX-AGENT")
        bench.wait_serving(machine)
        bench.record.measure("until keys can be cut again", time.monotonic() - began, "s")
    _told_by(bench, watcher)
    bench.record.say(f"the key that was on its way: {bench.hotel.ended(key, 300.0).state}")
    bench.settle()


def a_frozen_agent_is_found_by_its_watchdog(bench: Bench) -> None:
    """SIGSTOP: it neither polls nor answers. systemd kills and restarts it, and the page says so."""
    machine = _well(bench)
    bench.hotel.order()
    began = time.monotonic()
    with Watcher(bench.page) as watcher:
        machine.sh("systemctl kill --signal=STOP nightporter.service")
        bench.faults("E-BOX-AGENT")
        bench.wait_serving(machine)
    bench.record.measure("until keys can be cut again", time.monotonic() - began, "s")
    _told_by(bench, watcher, is_always=False)
    bench.settle()
    bench.prove_key()


def a_crashed_kernel_restarts_and_the_page_says_so(bench: Bench) -> None:
    """A panic with a key on its way. A processor that is stuck ends in one as well."""
    machine = bench.well()
    limits = machine.sh("sysctl -n kernel.softlockup_panic kernel.watchdog_thresh").split()
    bench.record.check(limits == ["1", "30"], "a processor stuck for 60 s is a panic", limits)
    bench.hotel.order()
    _crash(bench, machine, "echo c > /proc/sysrq-trigger", "E-BOX-CRASHED")


def a_hung_kernel_is_reset_by_the_hardware_watchdog(bench: Bench) -> None:
    """A panic that does not restart by itself: only the watchdog chip is left."""
    machine = bench.well()
    watchdogs = machine.qmp.count("WATCHDOG")
    _crash(bench, machine, "sysctl -w kernel.panic=0; echo c > /proc/sysrq-trigger", "E-BOX-CRASHED")
    bench.record.check(machine.qmp.count("WATCHDOG") > watchdogs, "it was the watchdog that did it")


def an_agent_that_does_not_start_ends_in_safe_mode(bench: Bench) -> None:
    """Three failed starts: the page and the serial line say so and show the last words; it is tried again."""
    machine = _well(bench)
    machine.sh(f"mkdir -p $(dirname {_DROP_IN})")
    machine.sh(f"printf '[Service]\\nExecStart=\\nExecStart=/bin/false\\n' > {_DROP_IN}; systemctl daemon-reload")
    machine.sh("systemctl kill --signal=KILL nightporter.service")
    page = bench.page.wait_text("safe mode", "a page that says safe mode")
    bench.record.say("the away page says:\n" + _text(page)[:1200])
    line = machine.serial.ask("faults")
    bench.record.check("E-BOX-SAFE" in line, "the serial line answers `faults` with E-BOX-SAFE", line[-300:])
    network = machine.serial.ask("network show")
    bench.record.check("10.4.5.20" in network, "the serial line answers `network show`", network[-300:])
    machine.sh(f"rm {_DROP_IN}; systemctl daemon-reload")
    began = time.monotonic()
    bench.wait_serving(machine, RETRY_SECONDS)
    bench.record.measure("from the repair until keys can be cut, with no one near", time.monotonic() - began, "s")
    bench.settle()
    bench.prove_key()


def _well(bench: Bench) -> Machine:
    """A box that is well, with what scenarios before did to its agent forgotten: failures are counted together."""
    machine = bench.well()
    machine.sh("systemctl reset-failed nightporter.service")
    return machine


def _crash(bench: Bench, machine: Machine, command: str, code: str) -> None:
    resets = machine.resets
    began = time.monotonic()
    machine.shell.type(f"sync; {command}")
    at = machine.wait_reset(resets)
    bench.record.measure("until the reset", at - began, "s")
    snapshot = bench.page.wait(lambda snapshot: code in codes(snapshot), f"{code} on the page", BOOT_SECONDS)
    bench.record.say(f"the page says: {told(snapshot)}")
    bench.wait_serving(machine)
    bench.record.measure("until keys can be cut again", time.monotonic() - began, "s")
    bench.settle()
    bench.prove_key()


def _told_by(bench: Bench, watcher: Watcher, *, is_always: bool = True) -> None:
    bench.record.measure("port 80: looks that were answered", watcher.answers)
    bench.record.measure("port 80: longest wait for an answer", watcher.longest, "s")
    bench.record.say(f"port 80: silent for {', '.join(watcher.silences) or 'not a moment'}")
    if is_always:
        bench.record.check(not watcher.silences, "port 80 answered at every look", watcher.silences)
        bench.record.check(
            len(watcher.cut_off) <= 1, "one answer at most broke off, with the agent", watcher.cut_off
        )
    for text in sorted(_text(text)[:160] for text in watcher.texts if "agent" in text.lower())[:3]:
        bench.record.say(f"port 80 said: {text}")


def _text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<style.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)).strip()
