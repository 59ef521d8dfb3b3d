"""RAUC, which checks bundles, writes slots and keeps the boot order (rauc.readthedocs.io; the box has 1.13).

The command talks to RAUC's service over D-Bus, which starts it and does the work.
"""

import re
from collections.abc import Callable
from pathlib import Path

import msgspec

from agent.box.tools.live_program import Follow
from agent.box.tools.programs import ProgramTrouble, Run
from agent.foundation.errors import UserMistake
from agent.foundation.reading.text import plain

PROGRAM = "rauc"
INFO_SECONDS = 120.0  # s; reads the signature at the end of the file, the rest is a slow stick
MARK_SECONDS = 60.0  # s; D-Bus gives the service 25 s to start
INSTALL_SECONDS = 1800.0  # s; 600 MB onto the slowest card are ten minutes
_PROGRESS = re.compile(r" *([0-9]{1,3})% (.*)")
_ERROR = "LastError: "


class Bundle(msgspec.Struct, frozen=True):
    """What a bundle's signed manifest says."""

    compatible: str = ""
    version: str = ""


class NotInstalled(UserMistake):
    """RAUC refused the bundle, or could not write it; the running slot is untouched."""


def info(run: Run, path: Path) -> Bundle:
    """What the bundle is, its signature checked against the box's keyring. Raises `UserMistake`."""
    try:
        said = run((PROGRAM, "info", "--output-format=json", str(path)), timeout=INFO_SECONDS)
    except ProgramTrouble as trouble:
        raise UserMistake(f"{path.name} {_refusal(str(trouble))}.") from None
    try:
        return msgspec.json.decode(said.out, type=Bundle)
    except (msgspec.MsgspecError, RecursionError):
        raise UserMistake(f"{path.name} is no update bundle that this box understands.") from None


def _refusal(words: str) -> str:
    if "verif" in words:
        return "is not signed by a key that this box trusts"
    if "bundle" in words or "ignature" in words:
        return "is no update bundle, or is damaged"
    return f"cannot be checked: {words}"


def install(follow: Follow, path: Path, tell: Callable[[str], None]) -> None:
    """Write the bundle into the slot that does not run, and make that one the next to start.

    `tell` hears how far it is. Raises `NotInstalled` when RAUC gave up, `ProgramTrouble` when that is not known.
    """
    progress = _Progress(tell)
    code = follow((PROGRAM, "install", str(path)), progress.hear, timeout=INSTALL_SECONDS)
    if code == 1:
        raise NotInstalled(f"RAUC did not install {path.name}: {progress.error or 'it gives no reason'}.")
    if code:
        raise ProgramTrouble(PROGRAM, code, progress.error or "its service went away while it was installing")


class _Progress:
    """Turns RAUC's lines into few and plain ones."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._told = ""
        self.error = ""

    def hear(self, line: str) -> None:
        if line.startswith(_ERROR):
            self.error = plain(line.removeprefix(_ERROR), 200).rstrip(".")
        elif found := _PROGRESS.fullmatch(line):
            words = _words(int(found[1]), found[2])
            if words and words != self._told:
                self._told = words
                self._tell(words)


def _words(percent: int, doing: str) -> str:
    if doing in ("Checking bundle", "Verifying signature"):
        return "Checking the bundle."
    if doing.startswith("Copying image"):
        return f"Copying: {percent // 10 * 10} %."
    return ""


def mark_good(run: Run) -> None:
    """The running slot is good: its tries are counted from 0 again. Raises `ProgramTrouble`."""
    _mark(run, "mark-good", "booted")


def mark_bad(run: Run) -> None:
    """The running slot is not started again. Raises `ProgramTrouble`."""
    _mark(run, "mark-bad", "booted")


def mark_other_bad(run: Run) -> None:
    """The slot that does not run is not started. Raises `ProgramTrouble`."""
    _mark(run, "mark-bad", "other")


def mark_first(run: Run) -> None:
    """The running slot is good, and starts first, also where it was marked bad before. Raises `ProgramTrouble`."""
    _mark(run, "mark-active", "booted")


def _mark(run: Run, how: str, slot: str) -> None:
    run((PROGRAM, "status", how, slot), timeout=MARK_SECONDS)


def stop_service(run: Run) -> None:
    """Let RAUC's service go, which D-Bus starts again when it is needed. Raises `ProgramTrouble`."""
    run(("systemctl", "stop", "rauc.service"), timeout=MARK_SECONDS)
