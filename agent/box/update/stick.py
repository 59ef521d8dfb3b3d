"""`stick DEVICE`: a USB stick was put in. The box takes its provisioning file, and an update that is newer.

The stick is mounted read-only, nothing on it is run, and a bundle counts by its signature alone. A version that
was taken back before is left alone, and so is the one that runs: a stick may stay in for ever.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from agent.box.setup import stick_file
from agent.box.tools.filesystem import mounted_options
from agent.box.tools.programs import ProgramTrouble
from agent.box.update import lock, update
from agent.box.update.decisions import versions
from agent.box.update.effects import Effects
from agent.box.update.rauc import Bundle
from agent.box.update.record import Ending, UpdateResult, read_result
from agent.box.update.running_version import RunningVersion
from agent.foundation.errors import NightPorterError, UserMistake, reason_of

SUFFIX = ".raucb"
MOST_BUNDLES = 16  # that are looked at
PATIENCE_SECONDS = 600.0  # s; a stick that is in at the start waits until this start is judged
MOUNT_SECONDS = 60.0  # s
MOST_INTERRUPTIONS = 3  # after which a bundle is left alone: it may be what takes the box down
_DEVICE = re.compile(r"[a-z0-9]{1,32}")


class Found(msgspec.Struct, frozen=True):
    """A bundle on the stick that this box may take."""

    path: Path
    bundle: Bundle


def main(device: str) -> None:
    """Look through the stick's partition `device` (sda1), on this machine."""
    update_from(Effects(), device)


def update_from(effects: Effects, device: str) -> None:
    """Update from the stick, if it has something for this box. What is wrong with it is said, not raised."""
    try:
        version = _updated(effects, device)
        if version:
            update.restart(effects, version)
    except NightPorterError as trouble:
        effects.say(str(trouble))


def _updated(effects: Effects, device: str) -> str:
    """The version that was installed, "" for none."""
    if not _DEVICE.fullmatch(device):
        raise UserMistake("That is no partition of a USB stick.")
    box = update.require_box(effects)
    with _mounted(effects, device) as folder:
        stick_file.take(effects.paths, effects.run, folder)
        bundles = _bundles(folder)
        if not bundles:
            return ""
        with lock.held(effects, PATIENCE_SECONDS):
            return _updated_from(effects, box, bundles)


def _updated_from(effects: Effects, box: RunningVersion, bundles: list[Path]) -> str:
    update.refuse_during_trial(effects, box)
    found = newest(_fit(effects, box, bundles))
    if found is None:
        return ""
    effects.say(f"The USB stick has version {found.bundle.version}.")
    update.install(effects, box, found.path, found.bundle)
    return found.bundle.version


def newest(found: Iterator[Found]) -> Found | None:
    """The one of the newest version, None of none."""
    return max(found, key=lambda one: versions.rank(one.bundle.version), default=None)


def _bundles(folder: Path) -> list[Path]:
    """The bundles in the stick's top folder, in the order of their names."""
    try:
        names = sorted(path for path in folder.iterdir() if path.suffix.lower() == SUFFIX)
        return [path for path in names if not path.name.startswith(".") and path.is_file()][:MOST_BUNDLES]
    except OSError as error:
        raise NightPorterError(f"The USB stick cannot be read: {reason_of(error)}.") from None


def _fit(effects: Effects, box: RunningVersion, bundles: list[Path]) -> Iterator[Found]:
    """Those that this box may take and should; of the others it is said why not."""
    result = read_result(effects.paths.update_result)
    for path in bundles:
        try:
            bundle = update.inspect(effects, box, path)
            objection = _objection(box, bundle, path, result)
        except UserMistake as mistake:
            objection = str(mistake)
        except OSError as error:
            objection = f"{path.name} cannot be read: {reason_of(error)}."
        if objection:
            effects.say(objection)
        else:
            yield Found(path, bundle)


def _objection(box: RunningVersion, bundle: Bundle, path: Path, result: UpdateResult | None) -> str:
    if versions.is_same(bundle.version, box.version):
        return f"The USB stick has version {bundle.version}, which runs already."
    if versions.rank(bundle.version) < versions.rank(box.version):
        return f"The USB stick has version {bundle.version}, which is older than {box.version}."
    if result is None:
        return ""
    if result.ending in (Ending.REVERTED, Ending.KEPT) and versions.is_same(bundle.version, result.version):
        return f"Version {bundle.version} on the USB stick was taken back before: it is not tried again."
    is_worn = result.ending is Ending.INTERRUPTED and result.times >= MOST_INTERRUPTIONS
    if is_worn and result.sha256 == update.digest(path):
        return f"The update to {bundle.version} was interrupted {result.times} times: it is not tried again."
    return ""


@contextmanager
def _mounted(effects: Effects, device: str) -> Iterator[Path]:
    folder = effects.paths.stick / device
    folder.mkdir(parents=True, exist_ok=True)
    if mounted_options(effects.paths.mounts, folder) is not None:  # left by a run that was killed
        _unmount(effects, folder)
    node = effects.paths.devices / device
    try:
        effects.run(("mount", "-o", "ro,nosuid,nodev,noexec", str(node), str(folder)), timeout=MOUNT_SECONDS)
    except ProgramTrouble as trouble:
        raise NightPorterError(f"The USB stick cannot be read ({trouble}).") from None
    try:
        yield folder
    finally:
        _unmount(effects, folder)


def _unmount(effects: Effects, folder: Path) -> None:
    try:
        # Lazily: RAUC lets go of the bundle a moment after it is done.
        effects.run(("umount", "--lazy", str(folder)), timeout=MOUNT_SECONDS)
    except ProgramTrouble as trouble:
        effects.say(f"The USB stick cannot be let go ({trouble}).")
