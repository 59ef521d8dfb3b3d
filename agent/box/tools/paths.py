"""Where everything lies that the box's programs read and write: one set of paths, handed to each of them.

Nothing here looks at a disk. A test hands over folders of its own.
"""

from pathlib import Path

import msgspec

from agent.handover.release import RELEASE

_DATA = Path("/data")
_RUN = Path("/run/nightporter")


class Paths(msgspec.Struct, frozen=True, kw_only=True):
    """Paths on a running box. What depends on `data`, `boot` or `run` is given by a property."""

    # The partitions as they are mounted.
    boot: Path = Path("/boot")  # FAT, read-only but for a moment's writing; what the installer writes
    bootstate: Path = Path("/bootstate")
    data: Path = _DATA

    # Memory only.
    run: Path = _RUN
    credstore: Path = Path("/run/credstore")
    network: Path = Path("/run/systemd/network")  # networkd's files for this boot
    units: Path = Path("/run/systemd/system")  # units and drop-ins for this boot

    queues: Path = Path("/run/nightporter-queues")  # CUPS' own folder, where it runs

    # The image.
    release: Path = RELEASE
    version_floor: Path = Path("/etc/nightporter/version-floor")

    # The kernel's.
    root: Path = Path("/")
    cmdline: Path = Path("/proc/cmdline")
    mounts: Path = Path("/proc/self/mounts")
    boot_id: Path = Path("/proc/sys/kernel/random/boot_id")
    hostname: Path = Path("/proc/sys/kernel/hostname")
    devices: Path = Path("/dev")
    by_partlabel: Path = Path("/dev/disk/by-partlabel")
    by_number: Path = Path("/sys/dev/block")  # an entry a block device, named MAJOR:MINOR
    watchdogs: Path = Path("/sys/class/watchdog")
    interfaces: Path = Path("/sys/class/net")
    pstore: Path = Path("/sys/fs/pstore")  # what a crashing kernel could still put down

    @property
    def notices(self) -> Path:
        """Facts for page and console (`agent.handover.notices`)."""
        return self.run / "notices"

    @property
    def steps(self) -> Path:
        """The steps of this boot (`agent.handover.steps`)."""
        return self.run / "steps"

    @property
    def summary(self) -> Path:
        """The active provisioning file in plain words, without its secrets."""
        return self.run / "provision.txt"

    @property
    def site(self) -> Path:
        """What the console may know of the active file (`agent.handover.site_facts`)."""
        return self.run / "site.json"

    @property
    def who(self) -> Path:
        """Serial number and model (`agent.handover.identity`)."""
        return self.run / "identity.json"

    @property
    def localtime(self) -> Path:
        """A link to the hotel's zone; /etc/localtime leads here."""
        return self.run / "localtime"

    @property
    def chrony(self) -> Path:
        """chrony's sources for this boot."""
        return self.run / "chrony.d" / "nightporter.sources"

    @property
    def nft(self) -> Path:
        """The page's port, for the rules in /etc/nftables.conf."""
        return self.run / "nft" / "page.nft"

    @property
    def avahi(self) -> Path:
        """What mDNS tells of the box; the folder is avahi's /etc/avahi/services."""
        return self.run / "avahi-services" / "nightporter.service"

    @property
    def page_socket(self) -> Path:
        """The page's address, where it is not the usual one."""
        return self.units / "nightporter-page.socket.d" / "listen.conf"

    @property
    def queues_wanted(self) -> Path:
        """The queues of the active file; not there where it has none."""
        return self.run / "queues.json"

    @property
    def queues_made(self) -> Path:
        """The queues that were made in the CUPS that runs."""
        return self.queues / "made.json"

    @property
    def queues_control(self) -> Path:
        """The socket by which CUPS is told of its queues."""
        return self.queues / "control"

    @property
    def offered(self) -> Path:
        """The provisioning file as the installer put it on the boot partition."""
        return self.boot / "provisioning.toml"

    @property
    def result(self) -> Path:
        """What became of it, beside it."""
        return self.boot / "provisioning-result.txt"

    @property
    def provisioning(self) -> Path:
        """The folder of the active provisioning file: root's alone."""
        return self.data / "provisioning"

    @property
    def active(self) -> Path:
        """The active provisioning file."""
        return self.provisioning / "provisioning.toml"

    @property
    def previous(self) -> Path:
        """The last good provisioning file before the active one."""
        return self.provisioning / "previous.toml"

    @property
    def state(self) -> Path:
        """The agent's own folder."""
        return self.data / "state"

    @property
    def identity(self) -> Path:
        """What makes this box this one."""
        return self.data / "identity"

    @property
    def box_id(self) -> Path:
        """16 hex digits, made once."""
        return self.identity / "box-id"

    @property
    def update(self) -> Path:
        """What is being updated, and what came of it."""
        return self.data / "update"

    @property
    def pending_update(self) -> Path:
        """The update that is not judged yet."""
        return self.update / "pending.json"

    @property
    def update_result(self) -> Path:
        """What became of the last update."""
        return self.update / "result.json"

    @property
    def bundle(self) -> Path:
        """A bundle that is being fetched."""
        return self.update / "bundle.raucb"

    @property
    def uploaded(self) -> Path:
        """A bundle that came through the page, in the agent's own folder."""
        return self.state / "upload.raucb"

    @property
    def update_lock(self) -> Path:
        """Held by the program that updates or judges."""
        return self.run / "update.lock"

    @property
    def stick(self) -> Path:
        """Under it USB sticks are mounted while they are looked through."""
        return self.run / "stick"

    @property
    def rauc(self) -> Path:
        """RAUC's own status."""
        return self.data / "rauc"

    @property
    def box(self) -> Path:
        """What the box's programs remember from boot to boot."""
        return self.data / "box"

    @property
    def taken(self) -> Path:
        """Which provisioning files the box has taken, a SHA-256 a line."""
        return self.box / "taken"

    @property
    def running(self) -> Path:
        """Holds the id of a boot that has not ended cleanly."""
        return self.box / "running"

    @property
    def file_trial(self) -> Path:
        """The provisioning file that is on trial."""
        return self.box / "file-trial.json"

    @property
    def well(self) -> Path:
        """The hops that were well when the box last looked, a line each."""
        return self.box / "well"

    @property
    def site_network(self) -> Path:
        """The network as it was set on site."""
        return self.box / "network.toml"

    @property
    def network_trial(self) -> Path:
        """The network settings that are on trial: in memory, so a power cut ends the trial."""
        return self.run / "network-trial.toml"

    @property
    def take_lock(self) -> Path:
        """Held by the program that takes a file, judges one or sets the network."""
        return self.run / "take.lock"
