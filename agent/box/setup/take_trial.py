"""`take-trial`: looks whether Mews and the lock servers that were well are reached with the new provisioning file.

They are: the file stays. They are not within two minutes: the file before comes back. Without a trial it notes,
once a start, which of them are well: that is what a file is compared with that is taken at a start.
"""

import time
from collections.abc import Callable
from contextlib import suppress

import msgspec

from agent.box.setup import active_file, live_take, trial_record
from agent.box.setup.adoption import Adoption
from agent.box.setup.decisions import file_trial
from agent.box.setup.decisions.file_trial import FileTrial
from agent.box.tools import programs
from agent.box.tools.lasting_files import LastingFiles
from agent.box.tools.paths import Paths
from agent.box.tools.programs import ProgramTrouble
from agent.foundation.errors import NightPorterError
from agent.status.snapshot import reached
from agent.status.snapshot.snapshot import Hop
from provisioning.model import Provisioning

LOOK_SECONDS = 2.0  # s between two looks
QUIET_SECONDS = 60.0  # s after a start until all have been asked; the processor is the agent's until then
_ASK_SECONDS = 30.0  # s for an answer of systemd
_SHOW = ("systemctl", "show", "nightporter.service", "--property=ActiveState,ExecMainStartTimestampMonotonic")
_STAYS = "the new one is well: it stays"

Hops = tuple[Hop, ...]


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """The box as the trial sees it. `page` gives the hops of the own page, None for no answer."""

    paths: Paths = Paths()
    run: programs.Run = programs.run
    page: Callable[[], Hops | None]
    clock: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep


def main() -> None:
    """Do it on this machine."""
    look = Look(page=own_hops)
    if not judge(look):
        look.pause(QUIET_SECONDS)
        note_well(look)


def own_hops() -> Hops | None:
    """The hops of the box's own page, None where it gives no answer."""
    import trio  # here, because most starts have no trial

    from agent.status import client
    from agent.status.own_address import DROP_IN, page_address

    host, port = page_address(DROP_IN).from_here
    try:
        return trio.run(client.fetch, f"http://{f'[{host}]' if ':' in host else host}:{port}/").hops
    except NightPorterError:
        return None


def judge(look: Look) -> bool:
    """Watch the trial to its end; whether there was one. Another program may end it meanwhile."""
    found = _open(look.paths)
    if found is None:
        return False
    trial, new = found
    begun = look.clock()
    until = begun + file_trial.AGENT_SECONDS + file_trial.SECONDS
    is_running = False
    while True:
        hops = look.page() if _is_new_agent(look, begun) else None
        if hops is not None and not is_running:
            is_running, until = True, min(until, look.clock() + file_trial.SECONDS)
        missed = file_trial.not_reached(trial, new, hops)
        if not missed or look.clock() >= until:
            _conclude(look, trial, missed, hops)
            return True
        look.pause(LOOK_SECONDS)
        if trial_record.read(look.paths) != trial:
            return True


def note_well(look: Look) -> None:
    """Note which hops are well, for a file that is taken at a later start."""
    hops = look.page()
    if hops is not None and _open(look.paths) is None:
        with suppress(OSError):  # a full disk says so itself
            trial_record.keep_well(look.paths, reached.well(hops))


def _open(paths: Paths) -> tuple[FileTrial, Provisioning] | None:
    try:
        active = active_file.load(paths)
    except OSError:
        return None
    if active is None or active.provisioning is None:
        return None
    trial = Adoption(paths, LastingFiles(), lambda words: None).trial(active.text)
    return (trial, active.provisioning) if trial else None


def _conclude(look: Look, trial: FileTrial, missed: tuple[str, ...], hops: Hops | None) -> None:
    with live_take.working(look.paths, look.run, patience=live_take.LONG_SECONDS) as work:
        if work.trial != trial:
            return  # it was ended in this moment
        if not missed:
            work.keep(_STAYS)
            return
        texts = {hop.id: hop.text for hop in hops or ()}
        work.go_back(file_trial.why_back(missed, texts))


def _is_new_agent(look: Look, begun: float) -> bool:
    """Whether the agent that answers has read the new file: it started since that is in its place."""
    try:
        lines = look.run(_SHOW, timeout=_ASK_SECONDS).out.splitlines()
    except ProgramTrouble:
        return False
    told = dict(line.split("=", 1) for line in lines if "=" in line)
    started = told.get("ExecMainStartTimestampMonotonic", "")
    return (
        told.get("ActiveState") == "active"
        and started.isdecimal()
        and int(started) / 1e6 >= _taken_at(look, begun)
    )


def _taken_at(look: Look, begun: float) -> float:
    """CLOCK_MONOTONIC of the moment when the agent's file was handed over; at a start, before any agent."""
    try:
        age = time.time() - (look.paths.credstore / look.paths.active.name).stat().st_mtime
    except OSError:
        return begun
    return min(begun, look.clock() - age)  # a clock that was set meanwhile moves it no further
