"""The active provisioning file as it lies on the data partition, with the site's own profile where it names one.

A profile lies beside the file that it belongs to, under a name made of that file's content: the two are one, and
the file's own rename is the moment from which both count. Only reads.
"""

from hashlib import sha256
from pathlib import Path

import msgspec

from agent.box.tools.paths import Paths
from provisioning.file import content
from provisioning.model import BUILT_IN_PROFILES, Provisioning
from provisioning.read import Reading, read
from provisioning.rules.locks import plain_name

_DIGITS = 16  # hex digits of a SHA-256: enough to tell a hotel's few files apart


class ActiveFile(msgspec.Struct, frozen=True):
    """`profile` is the path of the site's own profile on the disk, None where there is none."""

    text: bytes
    reading: Reading
    profile: Path | None

    @property
    def provisioning(self) -> Provisioning | None:
        """Its values; None where this version refuses them."""
        return self.reading.provisioning

    @property
    def profile_name(self) -> str:
        """What the file calls the site's own profile, "" where it names none."""
        return own_profile(self.provisioning) if self.provisioning else ""


def load(paths: Paths) -> ActiveFile | None:
    """The active file, None where there is none. Raises `OSError` where there is one that cannot be read."""
    try:
        text = content(paths.active)
    except (FileNotFoundError, NotADirectoryError):
        return None
    profile = profile_path(paths, text)
    return ActiveFile(text, read(text), profile if profile.is_file() else None)


def profile_path(paths: Paths, text: bytes) -> Path:
    """Where the site's own profile of a provisioning file with this content lies."""
    return paths.provisioning / f"profile-{sha256(text).hexdigest()[:_DIGITS]}.toml"


def own_profile(provisioning: Provisioning) -> str:
    """The file name of the site's own profile, "" where the file uses one that ships with the box."""
    bridge = provisioning.coder_bridge
    if bridge is None or bridge.profile in BUILT_IN_PROFILES:
        return ""
    return plain_name(bridge.profile)
