"""What Raspberry Pi Imager reads to offer the image: its `os_list`, for a server, and one for the files beside it.

The fields: `reference/image.md`, section 5, and github.com/raspberrypi/rpi-imager, doc/json-schema. "none" says
that Imager has nothing to fill in: the box is set up by provisioning.toml alone. Pure, but for `measure`.
"""

import hashlib
import json
from pathlib import Path

import msgspec

from image.publish.release import Release

DEVICES = ("pi4-64bit", "pi3-64bit")  # Imager's words for what config.txt and the device trees can start
ICON = "nightporter.svg"
_DESCRIPTION = (
    "Cuts the keys that the front desk orders. Copy provisioning.toml onto the card before the first start."
)
_CHUNK = 1024 * 1024  # bytes


class File(msgspec.Struct, frozen=True):
    """A file's size in bytes and its SHA-256 in hex."""

    size: int
    sha256: str


def measure(path: Path) -> File:
    """Size and digest of a file."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return File(size, digest.hexdigest())


def os_list(release: Release, image: File, packed: File, place: str) -> str:
    """The list with this one image. `place` is the address (https: or file:) of the folder with the files."""
    base = place.rstrip("/")
    entry = {
        "name": f"Night Porter {release.version}",
        "description": _DESCRIPTION,
        "icon": f"{base}/{ICON}",
        "url": f"{base}/{release.name}.img.xz",
        "extract_size": image.size,
        "extract_sha256": image.sha256,
        "image_download_size": packed.size,
        "image_download_sha256": packed.sha256,
        "release_date": release.date,
        "devices": list(DEVICES),
        "init_format": "none",
    }
    return json.dumps({"os_list": [entry]}, indent=2) + "\n"
