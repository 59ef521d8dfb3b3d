"""Which version and which slot run on this box, as far as an update has to know. Only reads."""

import re

import msgspec

from agent.box.tools.paths import Paths
from agent.handover import release

_SLOT = re.compile(r"(?:^|\s)rauc\.slot=([AB])(?=\s|$)")


class RunningVersion(msgspec.Struct, frozen=True):
    """`slot` is A, B, or "" where the boot loader did not say; `boot` is this boot's id.

    `floor` is the oldest version that an update may have: the running one, where the image names none.
    """

    version: str
    arch: str
    slot: str
    boot: str
    floor: str

    @property
    def compatible(self) -> str:
        """What a bundle for this kind of box says of itself."""
        return f"nightporter-{self.arch}"

    @property
    def other_slot(self) -> str:
        """The slot that an update is written to."""
        return "A" if self.slot == "B" else "B"


def read(paths: Paths) -> RunningVersion:
    """What runs here; a machine that is no box has the version "unknown" and no slot. Raises `OSError`."""
    image = release.read(paths.release)
    found = _SLOT.search(paths.cmdline.read_text(errors="replace"))
    try:
        floor = paths.version_floor.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        floor = image.version
    boot = paths.boot_id.read_text().strip()
    return RunningVersion(image.version, image.arch, found[1] if found else "", boot, floor)
