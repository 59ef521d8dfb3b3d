"""`python -m image.publish`: writes what goes beside a built image (image/steps/publish calls it)."""

import argparse
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from image.publish import checksums, imager, manifest, sbom
from image.publish.installed import read_distributions, read_status, shipped
from image.publish.release import Release

# Their files go from the root, and yet they are on the card: in the boot partition, or in the initial ram disk.
ELSEWHERE = frozenset({"grub-efi-amd64-bin", "raspi-firmware", "u-boot-rpi", "klibc-utils", "libklibc"})


def main(words: Sequence[str]) -> int:
    """Writes manifest, bill of materials, block map, Imager's lists and checksums into the folder `--dist`."""
    given = _parser().parse_args(words)
    release = Release(given.version, given.commit, given.arch, given.epoch)
    gone = frozenset(given.without.split())
    packages = tuple(shipped(read_status((given.work / "dpkg/status").read_text("utf-8")), gone, ELSEWHERE))
    distributions = read_distributions(given.work / "app")
    written = {
        "packages": manifest.text(release, packages, distributions),
        "cdx.json": sbom.text(release, packages, distributions),
    }
    if release.arch == "arm64":
        written |= _imager_lists(release, given.dist, given.url)
        shutil.copy(Path(__file__).with_name(imager.ICON), given.dist / imager.ICON)
    for ending, text in written.items():
        (given.dist / f"{release.name}.{ending}").write_text(text, "utf-8")
    block_map(given.dist / f"{release.name}.img")
    (given.dist / "SHA256SUMS").write_text(checksums.text(_measured(given.dist)))
    return 0


def block_map(image: Path) -> None:
    """IMAGE.bmap: which blocks of the image hold anything, so that `bmaptool copy` writes those alone."""
    command = ["bmaptool", "--quiet", "create", "--output", f"{image}.bmap", str(image)]
    subprocess.run(command, check=True)  # noqa: S603 - the build's own tool and file


def _imager_lists(release: Release, dist: Path, url: str) -> dict[str, str]:
    image = imager.measure(dist / f"{release.name}.img")
    packed = imager.measure(dist / f"{release.name}.img.xz")
    here = dist.resolve().as_uri()
    return {
        "os_list.json": imager.os_list(release, image, packed, url),
        "rpi-imager-manifest": imager.os_list(release, image, packed, here),
    }


def _measured(dist: Path) -> dict[str, imager.File]:
    """What an installer downloads, of all architectures; but not the list that names a folder of this machine."""
    own = (path for path in dist.iterdir() if path.name.startswith("nightporter") and path.is_file())
    return {path.name: imager.measure(path) for path in own if path.suffix != ".rpi-imager-manifest"}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m image.publish", description=__doc__)
    parser.add_argument("--arch", required=True, choices=["amd64", "arm64"])
    parser.add_argument("--work", required=True, type=Path, help="the build's folder: dpkg/status, app")
    parser.add_argument("--dist", required=True, type=Path, help="where the image is")
    parser.add_argument("--version", required=True)
    parser.add_argument("--commit", required=True)
    parser.add_argument("--epoch", required=True, type=int, help="SOURCE_DATE_EPOCH")
    parser.add_argument("--without", default="", help="packages whose files are not in the root")
    parser.add_argument(
        "--url", default="https://downloads.example/nightporter", help="where the files will be published"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
