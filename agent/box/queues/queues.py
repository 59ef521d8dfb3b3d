"""Makes the queues of the provisioning file in the box's own CUPS, and removes those that it has no more.

Runs as the user of CUPS, after each start of it and after each new file. What CUPS lists afterwards counts, not
the end of lpadmin: once that made no queue, and said nothing (reference/printing.md, section 4.2).
"""

import socket
import sys
import time
from collections.abc import Callable, Collection
from pathlib import Path

import msgspec

from agent.box.queues.decisions import plan
from agent.box.queues.decisions.wanted import Queue, read
from agent.box.tools import programs
from agent.box.tools.paths import Paths
from agent.box.tools.programs import ProgramTrouble
from agent.foundation import files

LOOKS, LOOK_SECONDS = 600, 0.2  # for a CUPS that is just starting; two minutes, as on a busy small box
TRIES = 3  # for a queue that is not listed after it was made
_SECONDS = 30.0  # s; a description is put together in less than one, on a Pi in some
_NOTHING = (0, 1)  # lpstat's exit codes; 1 where there is no queue yet

Say = Callable[[str], None]


def main() -> None:
    """Make them, on this machine; 1 as exit code where one could not be made, which is in the journal."""
    paths = Paths()
    if not has_started(paths.queues_control):
        _log("CUPS does not answer")
    sys.exit(0 if put_right(paths, programs.run) else 1)


def has_started(control: Path, pause: Callable[[float], None] = time.sleep) -> bool:
    """Whether CUPS takes connections, within two minutes: it tells systemd nothing when it begins to."""
    for _ in range(LOOKS):
        with socket.socket(socket.AF_UNIX) as line:
            try:
                line.connect(str(control))
            except (FileNotFoundError, ConnectionRefusedError):
                pause(LOOK_SECONDS)
            else:
                return True
    return False


def put_right(paths: Paths, run: programs.Run, say: Say | None = None) -> bool:
    """Whether all that the file asks for are there, and no other. Raises `OSError` for `/run` alone."""
    say = say or _log
    wanted, made = _read(paths.queues_wanted), _read(paths.queues_made)
    for _ in range(TRIES):
        todo = plan.plan(wanted, _there(paths, run, say), made)
        if not todo.goes and not todo.comes:
            break
        made = _carried_out(todo, made, paths, run, say)
    left = plan.plan(wanted, _there(paths, run, say), made)
    for name in (*left.goes, *(queue.name for queue in left.comes)):
        say(f"the queue {name} is not as the provisioning file has it")
    return not left.goes and not left.comes


def _there(paths: Paths, run: programs.Run, say: Say) -> dict[str, str]:
    finished = _tried(plan.look(str(paths.queues_control)), run, say, _NOTHING)
    return plan.listed(finished.out) if finished else {}


def _carried_out(
    todo: plan.Plan, made: tuple[Queue, ...], paths: Paths, run: programs.Run, say: Say
) -> tuple[Queue, ...]:
    """The queues that were made by now."""
    control = str(paths.queues_control)
    for name in todo.goes:
        _tried(plan.remove(name, control), run, say)
    done = tuple(queue for queue in todo.comes if _tried(plan.make(queue, control), run, say))
    gone = {*todo.goes, *(queue.name for queue in todo.comes)}
    made = (*(queue for queue in made if queue.name not in gone), *done)
    files.write_in_memory(paths.queues_made, msgspec.json.encode(made))
    return made


def _tried(
    argv: tuple[str, ...], run: programs.Run, say: Say, fine: Collection[int] = (0,)
) -> programs.Finished | None:
    try:
        return run(argv, timeout=_SECONDS, fine=fine)
    except ProgramTrouble as trouble:
        say(str(trouble))
        return None


def _read(path: Path) -> tuple[Queue, ...]:
    return read(path.read_bytes()) if path.is_file() else ()


def _log(sentence: str) -> None:
    sys.stderr.write(f"queues: {sentence}\n")
