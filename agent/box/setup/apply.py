"""Derives at each start all that the system needs from the active provisioning file, into memory.

Nothing that is derived lies on a disk, so nothing can be older than the file. The secrets go into the credential
store alone, byte for byte, for systemd to hand them to the agent. Without a usable file the box asks DHCP.
"""

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from agent.box.setup import active_file, identity
from agent.box.setup.active_file import ActiveFile
from agent.box.setup.derived import UTC, Derived, derive
from agent.box.tools import programs
from agent.box.tools.paths import Paths
from agent.box.tools.programs import ProgramTrouble
from agent.foundation import files
from agent.foundation.errors import reason_of
from agent.handover import release, steps
from provisioning.check import summary
from provisioning.file import content
from provisioning.model import Provisioning
from provisioning.problems import render

ZONES = Path(str(resources.files("tzdata") / "zoneinfo"))  # the zone rules that come with the application
_RELOAD_TIMEOUT = 60  # s; systemd reads all units again


def apply_file(paths: Paths, run: programs.Run = programs.run, zones: Path = ZONES) -> None:
    """Write everything for this start, and say what the network is set to. Raises `OSError` for `/run` alone."""
    active = _active(paths)
    _hand_over(paths, active)
    usable = active.provisioning if active else None
    derived = derive(usable, release.read(paths.release).version, identity.read(paths) or "")
    _write(paths.network / "10-nightporter.network", derived.network)
    _write(paths.chrony, derived.chrony)
    _write(paths.nft, derived.nft)
    _write_or_remove(paths.avahi, derived.avahi)
    paths.hostname.write_text(f"{derived.hostname}\n")
    _link_zone(paths.localtime, zones, derived.timezone)
    _write(paths.summary, "".join(f"{line}\n" for line in _summary(active)))
    if _write_or_remove(paths.page_socket, derived.socket):
        _reload(paths, run)
    _say(paths, usable, derived)


def _active(paths: Paths) -> ActiveFile | None:
    try:
        return active_file.load(paths)
    except OSError as error:
        steps.say(f"settings: the provisioning file cannot be read ({reason_of(error)})", paths.steps)
        return None


def _hand_over(paths: Paths, active: ActiveFile | None) -> None:
    """The credential store: the file itself, and the site's own profile under the name that the file uses."""
    contents = {paths.active.name: active.text, **_profile(paths, active)} if active else {}
    paths.credstore.mkdir(parents=True, exist_ok=True)
    paths.credstore.chmod(0o700)
    for name, text in contents.items():
        files.write_in_memory(paths.credstore / name, text, 0o400)
    for path in paths.credstore.glob("*.toml"):
        if path.name not in contents:
            path.unlink()


def _profile(paths: Paths, active: ActiveFile) -> dict[str, bytes]:
    if active.profile is None or not active.profile_name:
        return {}
    try:
        return {active.profile_name: content(active.profile)}
    except OSError as error:  # the agent says that it has none
        steps.say(f"settings: the site's own profile cannot be read ({reason_of(error)})", paths.steps)
        return {}


def _link_zone(link: Path, zones: Path, zone: str) -> None:
    coming = files.aside(link)
    coming.unlink(missing_ok=True)
    coming.symlink_to(zones / zone if (zones / zone).is_file() else zones / UTC)
    coming.replace(link)


def _write(path: Path, text: str) -> None:
    files.write_in_memory(path, text.encode())


def _write_or_remove(path: Path, text: str | None) -> bool:
    """Whether anything is different from before."""
    before = path.read_text() if path.is_file() else None
    if text is None:
        path.unlink(missing_ok=True)
    else:
        _write(path, text)
    return text != before


def _reload(paths: Paths, run: programs.Run) -> None:
    try:
        run(("systemctl", "daemon-reload"), timeout=_RELOAD_TIMEOUT)
    except ProgramTrouble as trouble:
        steps.say(f"settings: the page stays at its usual address ({trouble})", paths.steps)


def _summary(active: ActiveFile | None) -> Iterator[str]:
    if active is None:
        yield "There is no provisioning file yet."
    elif active.provisioning is None:
        yield "This version refuses the provisioning file:"
        yield from render(active.reading.problems).splitlines()
    else:
        yield from summary(active.provisioning)


def _say(paths: Paths, usable: Provisioning | None, derived: Derived) -> None:
    fixed = usable.network.address if usable else None
    address = f"address {fixed}" if fixed else "address by DHCP"
    steps.say(f"settings: name {derived.hostname}, {address}, time zone {derived.timezone}", paths.steps)
