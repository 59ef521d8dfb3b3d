"""The trial of a provisioning file as it lies on the data partition: synced, whole or not at all.

What cannot be read is no trial: the file that is in use then stays.
"""

from collections.abc import Iterable

import msgspec

from agent.box.setup.decisions.file_trial import FileTrial
from agent.box.tools.lasting_files import LastingFiles
from agent.box.tools.paths import Paths
from agent.foundation import files as plain_files

_LARGEST = 16 * 1024  # bytes; a few hundred are usual
_MOST_HOPS = 64


def read(paths: Paths) -> FileTrial | None:
    """The trial that was noted last, None where there is none, or none that can be read."""
    try:
        with paths.file_trial.open("rb") as file:
            return msgspec.json.decode(file.read(_LARGEST), type=FileTrial)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def keep(paths: Paths, trial: FileTrial, lasting: LastingFiles) -> None:
    """Note the trial. Raises `OSError`."""
    paths.box.mkdir(exist_ok=True)
    lasting.write(paths.file_trial, msgspec.json.encode(trial))


def end(paths: Paths, lasting: LastingFiles) -> None:
    """There is no trial any more. Raises `OSError`."""
    if paths.file_trial.exists():
        lasting.remove(paths.file_trial)


def last_well(paths: Paths) -> tuple[str, ...]:
    """The hops that were well when the box last looked; none where that is not known."""
    try:
        lines = paths.well.read_text(errors="replace").splitlines()
    except OSError:
        return ()
    return tuple(lines[:_MOST_HOPS])


def keep_well(paths: Paths, hops: Iterable[str]) -> None:
    """Note them, if they are others than before. Raises `OSError`."""
    now = tuple(sorted(hops))
    if now != last_well(paths):
        paths.box.mkdir(exist_ok=True)
        plain_files.write(paths.well, "".join(f"{hop}\n" for hop in now).encode())
