"""`nightporter update`: one pass from a bundle to the restart into the new version, told in plain words.

Nothing of the running slot or of the agent's state is touched. What the restart leads to is noted first, synced,
in `pending.json`; `agent.box.update.trial` judges it. A running key is finished by the agent, which the restart
tells to stop.
"""

import secrets
import time
from contextlib import suppress
from hashlib import file_digest
from pathlib import Path

import msgspec
import trio

from agent.box.tools.programs import ProgramTrouble
from agent.box.update import download, lock, rauc, running_version
from agent.box.update.decisions import versions
from agent.box.update.decisions.good_version import is_watched
from agent.box.update.effects import Effects
from agent.box.update.rauc import Bundle
from agent.box.update.record import Pending, Stage, encoded, read_pending, read_result
from agent.box.update.running_version import RunningVersion
from agent.foundation.errors import NightPorterError, UserMistake, reason_of
from agent.handover import notices, release

REFUSED = "update-refused"  # notice
REFUSED_SECONDS = 3600.0  # s
RESTART_SECONDS = 60.0  # s; systemd only takes the order


class Wish(msgspec.Struct, frozen=True):
    """`source` is a path or a web address; `again`: also the version that runs; `restart`: at once, then."""

    source: str
    again: bool = False
    restart: bool = True


def main(wish: Wish) -> int:
    """Do what the command line asks. Raises `UserMistake` and `NightPorterError`."""
    update_box(Effects(), wish)
    return 0


def update_box(effects: Effects, wish: Wish) -> None:
    """Fetch, check, install, restart."""
    box = require_box(effects)
    with lock.held(effects):
        refuse_during_trial(effects, box)
        path = _fetched(effects, wish.source)
        try:
            _update(effects, box, path, wish)
        finally:
            _forget_download(effects)


def require_box(effects: Effects) -> RunningVersion:
    """What runs here. Raises `UserMistake` where this is no box."""
    box = running_version.read(effects.paths)
    if not box.slot or box.arch == release.UNKNOWN:
        raise UserMistake("This machine does not run Night Porter's image: only a box can be updated like this.")
    return box


def refuse_during_trial(effects: Effects, box: RunningVersion) -> None:
    """Raise `UserMistake` while the running version is not judged: the other slot is its way back."""
    pending = read_pending(effects.paths.pending_update)
    if not isinstance(pending, Pending) or pending.target != box.slot:
        return
    result = read_result(effects.paths.update_result)
    if result is None or result.id != pending.id:
        raise UserMistake(f"Version {pending.version} is still on trial: try again when the box has judged it.")


def inspect(effects: Effects, box: RunningVersion, path: Path) -> Bundle:
    """The bundle, if this box may take it; a refusal is also put on the page. Raises `UserMistake`."""
    try:
        bundle = rauc.info(effects.run, path)
        _fits(box, bundle, path.name)
    except UserMistake as mistake:
        refuse(effects, str(mistake))
        raise
    return bundle


def install(effects: Effects, box: RunningVersion, path: Path, bundle: Bundle) -> Pending:
    """Install a bundle that was inspected. Raises `UserMistake` or `NightPorterError`; the box then goes on."""
    pending = _announce(effects, box, path, bundle)
    effects.say(f"Installing version {bundle.version} beside {box.version}. Keys go on meanwhile.")
    try:
        rauc.install(effects.follow, path.absolute(), effects.say)
    except rauc.NotInstalled as refusal:
        with suppress(OSError):  # then the next start says that the update was interrupted, which is true as well
            effects.remove(effects.paths.pending_update)
        refuse(effects, str(refusal))
        raise
    pending = msgspec.structs.replace(pending, stage=Stage.INSTALLED)
    with suppress(OSError):  # the trial goes by what starts, not by this word
        effects.keep(effects.paths.pending_update, encoded(pending))
    effects.say(f"Version {bundle.version} is installed.")
    return pending


def restart(effects: Effects, version: str) -> None:
    """Restart into the new version. Raises `NightPorterError`."""
    effects.say(f"Restarting into version {version}. If it is not good, the box goes back by itself.")
    try:
        effects.run(("systemctl", "reboot"), timeout=RESTART_SECONDS)
    except ProgramTrouble as trouble:
        raise NightPorterError(
            f"The box did not take the order to restart ({trouble}): restart it by hand."
        ) from None


def refuse(effects: Effects, words: str) -> None:
    """Say on the page, for an hour, why a bundle was refused."""
    with suppress(OSError):
        notices.put(REFUSED, "E-UPDATE-REFUSED", words, lasts=REFUSED_SECONDS, folder=effects.paths.notices)


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hex. Raises `OSError`."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _fetched(effects: Effects, source: str) -> Path:
    if download.is_url(source):
        trio.run(download.fetch, source, effects.paths.bundle, effects.say)
        return effects.paths.bundle
    path = Path(source)
    if not path.is_file():
        raise UserMistake(f"There is no file {source}.")
    return path


def _update(effects: Effects, box: RunningVersion, path: Path, wish: Wish) -> None:
    effects.say("Checking the bundle's signature.")
    bundle = inspect(effects, box, path)
    if versions.is_same(bundle.version, box.version) and not wish.again:
        effects.say(f"Version {bundle.version} runs already: nothing is done. --again installs it all the same.")
        return
    if versions.rank(bundle.version) < versions.rank(box.version):
        effects.say(f"Version {bundle.version} is older than {box.version}, which runs now.")
    install(effects, box, path, bundle)
    if wish.restart:
        restart(effects, bundle.version)
    else:
        effects.say(f"Version {bundle.version} starts when the box is restarted.")


def _fits(box: RunningVersion, bundle: Bundle, name: str) -> None:
    if bundle.compatible != box.compatible:
        raise UserMistake(
            f"{name} is for another kind of box ({bundle.compatible}): this one is {box.compatible}."
        )
    if versions.rank(bundle.version) < versions.rank(box.floor):
        raise UserMistake(
            f"Version {bundle.version} in {name} is older than {box.floor}, below which this box does not go."
        )


def _announce(effects: Effects, box: RunningVersion, path: Path, bundle: Bundle) -> Pending:
    page = effects.page()
    if page is None:
        effects.say("The status page does not answer: nothing is known to compare the new version with.")
    pending = Pending(
        id=secrets.token_hex(8),
        boot=box.boot,
        origin=box.slot,
        target=box.other_slot,
        from_version=box.version,
        version=bundle.version,
        sha256=digest(path),
        stage=Stage.INSTALLING,
        before={hop.id: hop.level for hop in page.hops if is_watched(hop.id)} if page else {},
        faults=tuple(fault.code for fault in page.faults) if page else (),
        since=time.time(),
    )
    try:
        effects.paths.update.mkdir(parents=True, exist_ok=True)
        effects.keep(effects.paths.pending_update, encoded(pending))
    except OSError as error:
        raise NightPorterError(
            f"The update cannot be noted on the data partition ({reason_of(error)}): it could not be taken "
            "back, so nothing was changed."
        ) from None
    return pending


def _forget_download(effects: Effects) -> None:
    with suppress(OSError):
        effects.paths.bundle.unlink(missing_ok=True)
