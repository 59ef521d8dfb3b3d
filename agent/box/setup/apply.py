"""Derives at each start all that the system needs from the active provisioning file, into memory.

Nothing that is derived lies on a disk, so nothing can be older than the file. The secrets go into the credential
store alone, byte for byte, for systemd to hand them to the agent. Without a usable file the box asks DHCP.
"""

import pwd
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import msgspec

from agent.box.setup import active_file, identity, site_network
from agent.box.setup.active_file import ActiveFile
from agent.box.setup.derived import UTC, Derived, derive
from agent.box.setup.site_network import SiteNetwork
from agent.box.tools import programs
from agent.box.tools.paths import Paths
from agent.box.tools.programs import ProgramTrouble
from agent.foundation import files
from agent.foundation.errors import reason_of
from agent.handover import notices, release, site_facts, steps
from agent.handover.site_facts import SiteFacts, facts_of
from board import networkd_apply
from provisioning.check import summary
from provisioning.file import content
from provisioning.model import Network
from provisioning.problems import render

ZONES = Path(str(resources.files("tzdata") / "zoneinfo"))  # the zone rules that come with the application
USER = "nightporter"  # the console's, as the agent's
ON_SITE = "network"  # notice
_HOUR = 3600.0  # s; who looks at the page after a start sees it, and then it is what is so
_RELOAD_TIMEOUT = 60  # s; systemd reads all units again


class Changes(msgspec.Struct, frozen=True):
    """What is different from before; at a start all is, and nothing has to be told of it."""

    network: bool
    chrony: bool
    nft: bool
    avahi: bool
    socket: bool
    queues: bool


def apply_file(paths: Paths, run: programs.Run = programs.run, zones: Path = ZONES) -> Changes:
    """Write everything for this start, and say what the network is set to. Raises `OSError` for `/run` alone."""
    active = _active(paths)
    _hand_over(paths, active)
    usable = active.provisioning if active else None
    of_file = usable.network if usable else Network()
    on_site = site_network.in_use(paths, of_file)
    network = msgspec.structs.replace(on_site.network, ntp=of_file.ntp) if on_site else None
    derived = derive(usable, release.read(paths.release).version, identity.read(paths) or "", network)
    is_renamed = _rename(paths.hostname, derived.hostname)
    changes = Changes(
        network=networkd_apply.write(derived.network, paths.network),
        chrony=_write(paths.chrony, derived.chrony),
        nft=_write(paths.nft, derived.nft),
        avahi=_write_or_remove(paths.avahi, derived.avahi) or is_renamed,
        socket=_write_or_remove(paths.page_socket, derived.socket),
        queues=_write_or_remove(paths.queues_wanted, derived.queues),
    )
    _link_zone(paths.localtime, zones, derived.timezone)
    _write(paths.summary, "".join(f"{line}\n" for line in _summary(active, on_site)))
    site_facts.write(_site_facts(active), paths.site, _group(USER))
    if changes.socket:
        _reload(paths, run)
    _say(paths, derived, on_site)
    return changes


def _site_facts(active: ActiveFile | None) -> SiteFacts:
    if active is None:
        return SiteFacts()
    return facts_of(active.provisioning) if active.provisioning else SiteFacts(is_provisioned=True)


def _group(user: str) -> int | None:
    """The group of the console's user; None where there is no such user."""
    try:
        return pwd.getpwnam(user).pw_gid
    except KeyError:
        return None


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
        path = paths.credstore / name
        if not path.is_file() or path.read_bytes() != text:  # its time tells which agent has read it
            files.write_in_memory(path, text, 0o400)
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


def _rename(path: Path, name: str) -> bool:
    """Give the kernel the name; whether it is another one."""
    is_other = not path.is_file() or path.read_text().strip() != name
    path.write_text(f"{name}\n")
    return is_other


def _write(path: Path, text: str) -> bool:
    """Whether it is different from before."""
    is_other = not path.is_file() or path.read_text() != text
    files.write_in_memory(path, text.encode())
    return is_other


def _write_or_remove(path: Path, text: str | None) -> bool:
    """Whether anything is different from before."""
    if text is not None:
        return _write(path, text)
    was_there = path.is_file()
    path.unlink(missing_ok=True)
    return was_there


def _reload(paths: Paths, run: programs.Run) -> None:
    try:
        run(("systemctl", "daemon-reload"), timeout=_RELOAD_TIMEOUT)
    except ProgramTrouble as trouble:
        steps.say(f"settings: the page stays at its usual address ({trouble})", paths.steps)


def _summary(active: ActiveFile | None, on_site: SiteNetwork | None) -> Iterator[str]:
    yield from _summary_of_file(active)
    if on_site:
        yield f"  network      set on site: {site_network.sentence(on_site.network)}"


def _summary_of_file(active: ActiveFile | None) -> Iterator[str]:
    if active is None:
        yield "There is no provisioning file yet."
    elif active.provisioning is None:
        yield "This version refuses the provisioning file:"
        yield from render(active.reading.problems).splitlines()
    else:
        yield from summary(active.provisioning)


def _say(paths: Paths, derived: Derived, on_site: SiteNetwork | None) -> None:
    address = f"address {derived.network.address}" if derived.network.address else "address by DHCP"
    steps.say(f"settings: name {derived.hostname}, {address}, time zone {derived.timezone}", paths.steps)
    if on_site is None:
        notices.drop(ON_SITE, paths.notices)
        return
    words = f"The network was set on site: {site_network.sentence(on_site.network)}."
    notices.put(ON_SITE, "E-BOX-SITE-NETWORK", words, lasts=_HOUR, folder=paths.notices)
    steps.say(f"settings: {words}", paths.steps)
