"""Derives at each start all that the system needs from the active provisioning file, into memory.

Nothing that is derived lies on a disk, so nothing can be older than the file. The secrets go into the credential
store alone, byte for byte, for systemd to hand them to the agent. Without a usable file the box asks DHCP.
"""

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from agent.box.setup import active_file as active_file
from agent.box.setup import identity
from agent.box.setup.active_file import Active
from agent.box.setup.announce import why
from agent.box.setup.derived import UTC, Derived, derive
from agent.box.tools import programs, release
from agent.box.tools.lasting_files import settle
from agent.box.tools.paths import Places
from agent.box.tools.programs import ProgramTrouble
from agent.handover import steps
from provisioning.check import summary
from provisioning.file import content
from provisioning.model import Provisioning
from provisioning.problems import render

ZONES = Path(str(resources.files("tzdata") / "zoneinfo"))  # the zone rules that come with the application
_RELOAD_TIMEOUT = 60  # s; systemd reads all units anew


def run(places: Places, run: programs.Run = programs.run, zones: Path = ZONES) -> None:
    """Write everything for this start, and say what the network is set to. Raises `OSError` for `/run` alone."""
    active = _active(places)
    _hand_over(places, active)
    usable = active.provisioning if active else None
    derived = derive(usable, release.read(places.release).version, identity.read(places) or "")
    settle(places.network / "10-nightporter.network", derived.network)
    settle(places.chrony, derived.chrony)
    settle(places.nft, derived.nft)
    _settle_or_remove(places.avahi, derived.avahi)
    places.hostname.write_text(f"{derived.hostname}\n")
    _link_zone(places.localtime, zones, derived.timezone)
    settle(places.summary, "".join(f"{line}\n" for line in _summary(active)))
    if _settle_or_remove(places.page_socket, derived.socket):
        _reload(places, run)
    _say(places, usable, derived)


def _active(places: Places) -> Active | None:
    try:
        return active_file.load(places)
    except OSError as error:
        steps.say(f"settings: the provisioning file cannot be read ({why(error)})", places.steps)
        return None


def _hand_over(places: Places, active: Active | None) -> None:
    """The credential store: the file itself, and the site's own profile under the name that the file uses."""
    contents = {places.active.name: active.text, **_profile(places, active)} if active else {}
    places.credstore.mkdir(parents=True, exist_ok=True)
    places.credstore.chmod(0o700)
    for name, text in contents.items():
        settle(places.credstore / name, text, 0o400)
    for path in places.credstore.glob("*.toml"):
        if path.name not in contents:
            path.unlink()


def _profile(places: Places, active: Active) -> dict[str, bytes]:
    if active.profile is None or not active.profile_name:
        return {}
    try:
        return {active.profile_name: content(active.profile)}
    except OSError as error:  # the agent says that it has none
        steps.say(f"settings: the site's own profile cannot be read ({why(error)})", places.steps)
        return {}


def _link_zone(link: Path, zones: Path, zone: str) -> None:
    coming = link.with_name(f".{link.name}.coming")
    coming.unlink(missing_ok=True)
    coming.symlink_to(zones / zone if (zones / zone).is_file() else zones / UTC)
    coming.replace(link)


def _settle_or_remove(path: Path, text: str | None) -> bool:
    """Whether anything is different from before."""
    before = path.read_text() if path.is_file() else None
    if text is None:
        path.unlink(missing_ok=True)
    else:
        settle(path, text)
    return text != before


def _reload(places: Places, run: programs.Run) -> None:
    try:
        run(("systemctl", "daemon-reload"), timeout=_RELOAD_TIMEOUT)
    except ProgramTrouble as trouble:
        steps.say(f"settings: the page stays at its usual address ({trouble})", places.steps)


def _summary(active: Active | None) -> Iterator[str]:
    if active is None:
        yield "There is no provisioning file yet."
    elif active.provisioning is None:
        yield "This version refuses the provisioning file:"
        yield from render(active.reading.problems).splitlines()
    else:
        yield from summary(active.provisioning)


def _say(places: Places, usable: Provisioning | None, derived: Derived) -> None:
    fixed = usable.network.address if usable else None
    address = f"address {fixed}" if fixed else "address by DHCP"
    steps.say(f"settings: name {derived.hostname}, {address}, time zone {derived.timezone}", places.steps)
