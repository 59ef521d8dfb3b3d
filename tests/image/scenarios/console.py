"""The console on the image's serial line: set-up to a cut key, power cuts within trials, a factory reset.

A power cut takes from the disk what was not synced, as in `power_cuts`. What a person types, and what the console
says to it, is in the record; what is typed in secret is not.
"""

import base64
import time
from functools import partial

import msgspec

from agent.console.session import CODE
from agent.handover.helper import SOCKET, Done, End
from tests.image.emulator.console import YES_NO, Console, Step
from tests.image.emulator.hotel import BRIDGE_PORT, MEWS_PORT, NAME, ZONE, Hotel
from tests.image.emulator.lan import BOX, HOST
from tests.image.emulator.machine import Machine
from tests.image.emulator.page import Page, codes, reaches_both, told
from tests.image.emulator.patience import BOOT_SECONDS, until
from tests.image.scenarios.bench import Bench
from tests.image.scenarios.updates import rows

ELSEWHERE = "10.4.5.77"
ROOM = "101"
_HELPER_SECONDS = 180.0  # s; the helper judges a file, and puts it to work
_HOPS_SECONDS = 300.0  # s; the agent starts, and set-up waits a minute and a half for Mews and the lock server
_NETWORK_SECONDS = 60.0  # s until an address is in use
_TRIAL_SECONDS = 120.0 + 60.0 + BOOT_SECONDS  # s; a file's trial, an agent that starts meanwhile, the start before
_CUT_SECONDS = 30.0  # s after an order within which the power goes: well inside two minutes, also if all is slow
SECOND, SHOWN = "keys_per_command = 7", "more than 7 keys"  # the second file's mark, there and on the console
_ACTIVE, _TRIAL = "/data/provisioning/provisioning.toml", "/data/box/file-trial.json"
_STEPS = "cat /run/nightporter/steps"
_OFFERED = "/run/offered.toml"


def a_box_out_of_its_packet_is_set_up_over_the_serial_line_to_a_cut_key(bench: Bench) -> None:
    """No file on the card: `setup` is typed, its questions are answered, and a test key is cut."""
    machine = bench.fresh(None)
    machine.power_on()
    bench.faults("E-FILE-MISSING")
    console = Console(machine.serial, bench.record.say)
    console.wait_ready()
    began = time.monotonic()
    console.begin("setup")
    steps = [*file_steps(bench.hotel), *key_steps()]
    for step in steps:
        console.answer(step)
    said = console.ends(_HOPS_SECONDS)
    bench.record.measure("from `setup` to the end of a test key", time.monotonic() - began, "s")
    bench.record.measure("questions that were answered", len(steps))
    bench.record.check(f"cut for room {ROOM}" in said, "the console says that the key was cut", said)
    cuts = len(bench.hotel.cuts_for(ROOM))
    bench.record.check(cuts == 1, "one card was written", f"{cuts} cards")
    snapshot = bench.page.wait(reaches_both, "a page that reaches Mews and the lock server")
    bench.record.say(f"the page says {told(snapshot)}")
    leaked = [name for name, secret in bench.hotel.secrets.items() if secret in machine.serial.text]
    bench.record.check(not leaked, "nothing that was typed in secret is on the line", leaked)
    bench.prove_key()
    bench.settle()


def network_settings_of_the_console_outlive_a_power_cut_once_they_are_confirmed(bench: Bench) -> None:
    """`network set`, cut: the old address. Confirmed, cut: the new one. `network set file`: the file's again."""
    machine = _well(bench)
    _set_elsewhere(bench, _logged_in(bench, machine))
    _cut(bench, machine)
    bench.start(machine)
    said = machine.sh(_STEPS)
    is_undone = "set on site" not in said and f"settings: name {NAME}, address" in said
    bench.record.check(is_undone, f"unconfirmed, the box is back at {BOX} and says its settings", said)
    bench.record.check(Page(ELSEWHERE).get() is None, f"nothing answers at {ELSEWHERE}")

    console = _logged_in(bench, machine)
    _set_elsewhere(bench, console)
    said = console.obey("network confirm")
    bench.record.check(f"stay: address {ELSEWHERE}/24" in said, "`network confirm` says what stays", said)
    _cut(bench, machine)
    machine.power_on()
    Page(ELSEWHERE).wait(reaches_both, f"confirmed, the box at {ELSEWHERE}")
    said = machine.sh(_STEPS)
    words = f"The network was set on site: address {ELSEWHERE}/24, gateway {HOST}"
    bench.record.check(words in said, "its steps say which settings it has", said)

    console = _logged_in(bench, machine)
    bench.record.say(console.obey("network set file"))
    bench.page.wait(reaches_both, f"the box at {BOX} again", _NETWORK_SECONDS)
    said = console.obey("network confirm")
    bench.record.check("The network settings stay" in said, "the file's own settings are confirmed", said)
    bench.wait_serving(machine)
    bench.prove_key()
    bench.settle()


def a_file_taken_before_a_power_cut_stays_whole_or_goes_and_the_box_says_which(bench: Bench) -> None:
    """A good one, cut within its trial; then one without a way to the lock server: the one before comes back."""
    machine = _well(bench)
    for number in range(1, bench.order.rounds + 1):
        bench.record.say(f"round {number}")
        before = _active(machine)
        new = _other(bench, before)
        _take(bench, machine, new)
        _cut_within(bench, machine)
        bench.start(machine)
        _judge_active(bench, machine, before, new)
        bench.prove_key()
    before = _active(machine)
    deaf = _other(bench, before, bridge=BRIDGE_PORT + 1)
    _take(bench, machine, deaf)
    _cut_within(bench, machine)
    machine.power_on()
    bench.faults("E-TAKE-TRIAL")
    _judge_active(bench, machine, before, deaf, is_over=False)
    snapshot = bench.page.wait(lambda page: "E-TAKE-BACK" in codes(page), "the file before", _TRIAL_SECONDS)
    bench.record.say(f"the page says {told(snapshot)}")
    bench.page.wait(reaches_both, "the lock server with the file before")
    bench.record.check(_active(machine) == before, "the file before is in use again")
    _check_over(bench, machine)
    bench.prove_key()
    bench.settle()


def a_factory_reset_over_the_serial_line_asks_for_code_and_name_and_starts_as_new(bench: Bench) -> None:
    """`factory-reset NAME`: the code, a wrong name refused, no, yes; then no file, no orders, and it says so."""
    machine = _well(bench)
    bench.prove_key()
    bench.settle()
    before = rows(machine)
    bench.record.check(bool(before), f"the journal has {len(before)} orders before")
    console = Console(machine.serial, bench.record.say)
    console.wait_ready()
    console.begin("factory-reset another-box")
    console.answer(Step(CODE.rstrip(), bench.hotel.code, is_secret=True))
    said = console.ends()
    bench.record.check(f"type factory-reset {NAME}" in said, "another name is refused, with the right one", said)
    reset(console, "no")
    said = console.ends()
    bench.record.check(machine.sh("ls /boot").count("factory-reset") == 0, "after a no nothing was begun", said)
    mark, resets = machine.serial.mark(), machine.resets
    reset(console, "yes")
    machine.wait_reset(resets)
    bench.faults("E-FILE-MISSING")
    _check_as_new(bench, machine, before, mark)


def file_steps(hotel: Hotel) -> list[Step]:
    """What a person answers to `setup` up to a file for this hotel: a fixed address, one encoder."""
    return [
        Step("Make one by questions", "questions"),
        *interview_steps(hotel),
        Step(f"Use it? {YES_NO}", "yes", seconds=_HELPER_SECONDS),
    ]


def interview_steps(hotel: Hotel) -> list[Step]:
    """The interview's questions, in its order; an empty answer takes what is proposed."""
    return [
        Step("What is the box called?", NAME),
        Step("In which time zone is the hotel?", ZONE),
        Step("How does the box get its address?", "fixed"),
        Step("Which address, with its prefix?", f"{BOX}/24"),
        Step("Which gateway?", HOST),
        Step("Which name servers?", "-"),
        Step("Which Mews?", "own"),
        Step("At which address is Mews?", f"http://{HOST}:{MEWS_PORT}"),
        Step("Which connector token?", hotel.token, is_secret=True),
        Step("Which lock system?", "coder-bridge"),
        Step("At which address is the lock system's PC?", f"http://{HOST}:{BRIDGE_PORT}"),
        Step("Which user there?", "night-porter"),
        Step("Which password?", hotel.password, is_secret=True),
        Step("What is encoder 1 called?", "Desk 1"),
        Step("Which identifier has encoder 1?", ""),
        Step("Which key cutters of Mews is encoder 1?", ""),
        Step("Is there another encoder?", "no"),
        Step("May the box cut keys?", "yes"),
        Step("May it use calls that the vendor has not confirmed?", "yes"),
        Step("Which code for the serial line?", hotel.code, is_secret=True),
        Step("Which password for the page?", "-"),
    ]


def key_steps() -> list[Step]:
    """The last step of `setup`: `key 1 101`, by questions."""
    return [
        Step(f"Cut one now? {YES_NO}", "yes", seconds=_HOPS_SECONDS),
        Step("At which encoder", "1"),
        Step("For which room?", ROOM),
    ]


def take_command(
    offered: str = _OFFERED, helper: str = str(SOCKET), python: str = "/opt/nightporter/bin/python"
) -> str:
    """What root types to have the helper take a file, as the console does. It prints all that the helper tells.

    No line of a terminal takes more than 4 KB, so the file lies there already.
    """
    return (
        f"{python} -c '"
        "import base64, json, socket; line = socket.socket(socket.AF_UNIX); "
        f'line.connect("{helper}"); '
        f'text = base64.b64encode(open("{offered}", "rb").read()).decode(); '
        'line.sendall(json.dumps({"do": "take-file", "text": text}).encode() + b"\\n"); '
        'print(b"".join(iter(lambda: line.recv(65536), b"")).decode())\''
    )


def done_of(said: str) -> Done:
    """The last line that the helper told. Raises `ValueError` where that is no end."""
    try:
        return msgspec.json.decode((said.splitlines() or [""])[-1], type=Done)
    except msgspec.MsgspecError:
        raise ValueError(f"the helper told no end: {said}") from None


def _well(bench: Bench) -> Machine:
    """A box that is well and can lose its power."""
    bench.can_lose_power = True
    if bench.machine is not None and not bench.machine.fittings.can_lose_power:
        bench.discard()
    return bench.well()


def _logged_in(bench: Bench, machine: Machine) -> Console:
    console = Console(machine.serial, bench.record.say)
    console.wait_ready()
    console.log_in(bench.hotel.code)
    return console


def _set_elsewhere(bench: Bench, console: Console) -> None:
    said = console.obey(f"network set {ELSEWHERE}/24 {HOST}")
    bench.record.check("network confirm" in said, "`network set` says how to keep the settings", said)
    Page(ELSEWHERE).wait(lambda _: True, f"the page at {ELSEWHERE}", _NETWORK_SECONDS)


def _cut(bench: Bench, machine: Machine) -> None:
    bench.record.say(f"power cut: {machine.lose_power(bench.dice).text}")


def _cut_within(bench: Bench, machine: Machine) -> None:
    """Cut the power at any moment of the trial's first part, whether it is still open or over."""
    moment = bench.dice.uniform(0.0, _CUT_SECONDS)
    time.sleep(moment)  # a moment, not a fact, is what is tested
    bench.record.say(f"cut {moment:.1f} s after the file was taken")
    _cut(bench, machine)


def _take(bench: Bench, machine: Machine, text: str) -> None:
    """Have the helper take a file: on trial, because there is one before it that is well."""
    encoded = base64.b64encode(text.encode()).decode()
    machine.sh(f"printf %s {encoded} | base64 -d > {_OFFERED}")
    said = machine.sh(take_command(), _HELPER_SECONDS)
    bench.record.say(f"the helper says:\n{said}")
    done = done_of(said)
    is_on_trial = done.end is End.DONE and done.confirm_seconds is not None
    bench.record.check(is_on_trial, "the file is taken, on trial", done.text)


def _other(bench: Bench, before: str, bridge: int = BRIDGE_PORT) -> str:
    """A good file that can be told from the one before."""
    more = "" if SECOND in before else f"[limits]\n{SECOND}\n"
    return bench.hotel.file(network=more, bridge=bridge)


def _active(machine: Machine) -> str:
    return machine.sh(f"cat {_ACTIVE}") + "\n"  # the shell takes the last line's end away


def _judge_active(bench: Bench, machine: Machine, before: str, new: str, *, is_over: bool = True) -> None:
    """One of the two is in use, and what the box says of it is so."""
    active = _active(machine)
    bench.record.check(active in (before, new), "one of the two files is in use, whole")
    which = "new" if active == new else "old"
    said = [line for line in machine.sh(_STEPS).splitlines() if "provisioning file" in line.lower()]
    bench.record.check(bool(said), f"its steps speak of the {which} file", said)
    bench.record.say("its steps say:\n" + "\n".join(said))
    console = Console(machine.serial, bench.record.say)
    console.wait_ready()
    shown = console.obey("provision show")
    bench.record.check((SHOWN in shown) == (SECOND in active), f"the console shows the {which} file", shown)
    if is_over:
        _check_over(bench, machine)
    else:
        bench.record.check(active == new, "the new file goes on with its trial")


def _check_over(bench: Bench, machine: Machine) -> None:
    is_over = partial(machine.sh, f"test -e {_TRIAL} || echo over")
    until(lambda: is_over() == "over", _TRIAL_SECONDS, "the end of the file's trial")
    bench.record.say("the trial is over")


def reset(console: Console, answer: str) -> None:
    """Ask for a reset by the right name; of the question a narrow screen shows the beginning."""
    console.begin(f"factory-reset {NAME}")
    console.answer(Step("The provisioning file, the journal", answer))


def _check_as_new(bench: Bench, machine: Machine, before: set[str], mark: int) -> None:
    """What the box kept is gone, and the serial line says so."""
    machine.serial.wait_for("A factory reset was asked for", BOOT_SECONDS, mark)
    console = Console(machine.serial, bench.record.say)
    console.wait_ready(since=mark)
    said = console.says("no provisioning file yet")
    bench.record.check("type setup" in said, "the console says that it has no file yet, and what to type")
    left = machine.sh("ls -A /data/provisioning")
    bench.record.check(left == "", "no provisioning file is left", left)
    kept = before & rows(machine)
    bench.record.check(not kept, f"none of the {len(before)} orders is in its journal", kept)
    asked = machine.sh("ls /boot")
    bench.record.check("factory-reset" not in asked, "the request is gone from the boot partition", asked)
