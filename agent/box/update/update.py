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

from agent.box.tools import release
from agent.box.tools.programs import ProgramTrouble
from agent.box.update import download, lock, rauc, running_version
from agent.box.update.effects import World
from agent.box.update.rauc import Bundle
from agent.box.update.record import Pending, Stage, encoded, read_pending, read_result
from agent.box.update.running_version import Here
from agent.box.update.verdict import versions
from agent.box.update.verdict.good_version import is_watched
from agent.foundation.errors import NightPorterError, UserMistake
from agent.handover import notices

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
    run(World(), wish)
    return 0


def run(world: World, wish: Wish) -> None:
    """Fetch, check, install, restart."""
    box = running(world)
    with lock.held(world):
        refuse_during_trial(world, box)
        path = _fetched(world, wish.source)
        try:
            _update(world, box, path, wish)
        finally:
            _forget_download(world)


def running(world: World) -> Here:
    """What runs here. Raises `UserMistake` where this is no box."""
    box = running_version.read(world.places)
    if not box.slot or box.arch == release.UNKNOWN:
        raise UserMistake("This machine does not run Night Porter's image: only a box can be updated like this.")
    return box


def refuse_during_trial(world: World, box: Here) -> None:
    """Raise `UserMistake` while the running version is not judged: the other slot is its way back."""
    pending = read_pending(world.places.pending)
    if not isinstance(pending, Pending) or pending.target != box.slot:
        return
    result = read_result(world.places.verdict)
    if result is None or result.id != pending.id:
        raise UserMistake(f"Version {pending.version} is still on trial: try again when the box has judged it.")


def inspect(world: World, box: Here, path: Path) -> Bundle:
    """The bundle, if this box may take it; a refusal is also put on the page. Raises `UserMistake`."""
    try:
        bundle = rauc.info(world.run, path)
        _fits(box, bundle, path.name)
    except UserMistake as mistake:
        refuse(world, str(mistake))
        raise
    return bundle


def install(world: World, box: Here, path: Path, bundle: Bundle) -> Pending:
    """Install a bundle that was inspected. Raises `UserMistake` or `NightPorterError`; the box then goes on."""
    pending = _announce(world, box, path, bundle)
    world.say(f"Installing version {bundle.version} beside {box.version}. Keys go on meanwhile.")
    try:
        rauc.install(world.follow, path.absolute(), world.say)
    except rauc.NotInstalled as refusal:
        with suppress(OSError):  # then the next start says that the update was interrupted, which is true as well
            world.remove(world.places.pending)
        refuse(world, str(refusal))
        raise
    pending = msgspec.structs.replace(pending, stage=Stage.INSTALLED)
    with suppress(OSError):  # the trial goes by what starts, not by this word
        world.keep(world.places.pending, encoded(pending))
    world.say(f"Version {bundle.version} is installed.")
    return pending


def restart(world: World, version: str) -> None:
    """Restart into the new version. Raises `NightPorterError`."""
    world.say(f"Restarting into version {version}. If it is not good, the box goes back by itself.")
    try:
        world.run(("systemctl", "reboot"), timeout=RESTART_SECONDS)
    except ProgramTrouble as trouble:
        raise NightPorterError(
            f"The box did not take the order to restart ({trouble}): restart it by hand."
        ) from None


def refuse(world: World, words: str) -> None:
    """Say on the page, for an hour, why a bundle was refused."""
    with suppress(OSError):
        notices.put(REFUSED, "E-UPDATE-REFUSED", words, lasts=REFUSED_SECONDS, folder=world.places.notices)


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hex. Raises `OSError`."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _fetched(world: World, source: str) -> Path:
    if download.is_url(source):
        trio.run(download.fetch, source, world.places.bundle, world.say)
        return world.places.bundle
    path = Path(source)
    if not path.is_file():
        raise UserMistake(f"There is no file {source}.")
    return path


def _update(world: World, box: Here, path: Path, wish: Wish) -> None:
    world.say("Checking the bundle's signature.")
    bundle = inspect(world, box, path)
    if versions.is_same(bundle.version, box.version) and not wish.again:
        world.say(f"Version {bundle.version} runs already: nothing is done. --again installs it all the same.")
        return
    if versions.rank(bundle.version) < versions.rank(box.version):
        world.say(f"Version {bundle.version} is older than {box.version}, which runs now.")
    install(world, box, path, bundle)
    if wish.restart:
        restart(world, bundle.version)
    else:
        world.say(f"Version {bundle.version} starts when the box is restarted.")


def _fits(box: Here, bundle: Bundle, name: str) -> None:
    if bundle.compatible != box.compatible:
        raise UserMistake(
            f"{name} is for another kind of box ({bundle.compatible}): this one is {box.compatible}."
        )
    if versions.rank(bundle.version) < versions.rank(box.floor):
        raise UserMistake(
            f"Version {bundle.version} in {name} is older than {box.floor}, below which this box does not go."
        )


def _announce(world: World, box: Here, path: Path, bundle: Bundle) -> Pending:
    page = world.page()
    if page is None:
        world.say("The status page does not answer: nothing is known to compare the new version with.")
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
        world.places.update.mkdir(parents=True, exist_ok=True)
        world.keep(world.places.pending, encoded(pending))
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        raise NightPorterError(
            f"The update cannot be noted on the data partition ({reason}): nobody could take it back, so nothing "
            "was changed."
        ) from None
    return pending


def _forget_download(world: World) -> None:
    with suppress(OSError):
        world.places.bundle.unlink(missing_ok=True)
