"""What `python -m image.publish` writes beside an image: lists for Pi Imager, manifest, checksums, block map."""

import hashlib
import json
import lzma
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from image.publish import checksums, imager, manifest
from image.publish.__main__ import main
from image.publish.imager import File
from image.publish.installed import Distribution, Package
from image.publish.release import Release

RELEASE = Release("0.2.0", "0123456789ab", "arm64", 1767225600)
IMAGE, PACKED = File(1_418_743_808, "a" * 64), File(200_000_000, "b" * 64)
STATUS = "".join(
    f"Package: {name}\nStatus: install ok installed\nArchitecture: arm64\nVersion: 1\n\n"
    for name in ("apt", "libc6", "u-boot-rpi")
)
needs_bmaptool = pytest.mark.needs("bmaptool")


def entry(place: str = "https://downloads.example/np/") -> dict[str, object]:
    listed = json.loads(imager.os_list(RELEASE, IMAGE, PACKED, place))
    assert list(listed) == ["os_list"]
    [only] = listed["os_list"]
    return dict(only)


def build(folder: Path, arch: str) -> Path:
    """A build as `image.publish` finds it. The folder of its results."""
    work, dist = folder / "work", folder / "dist"
    (work / "dpkg").mkdir(parents=True)
    (work / "app/trio-0.35.0.dist-info").mkdir(parents=True)
    dist.mkdir()
    (work / "dpkg/status").write_text(STATUS)
    (work / "app/trio-0.35.0.dist-info/METADATA").write_text(
        "Name: trio\nVersion: 0.35.0\nLicense-Expression: MIT\n"
    )
    image = dist / f"nightporter-{arch}.img"
    with image.open("wb") as file:
        file.write(b"head" + bytes(4092))
        file.truncate(1024 * 1024)
    image.with_name(f"{image.name}.xz").write_bytes(lzma.compress(image.read_bytes()))
    (dist / "another.txt").write_text("not ours")
    words = [
        "--arch",
        arch,
        "--work",
        str(work),
        "--dist",
        str(dist),
        "--version",
        "0.2.0",
        "--commit",
        "0123456789ab",
    ]
    assert main([*words, "--epoch", "1767225600", "--without", "apt u-boot-rpi"]) == 0
    return dist


def test_imager_gets_every_field_that_it_asks_for() -> None:
    assert entry() == {
        "name": "Night Porter 0.2.0",
        "description": entry()["description"],
        "icon": "https://downloads.example/np/nightporter.svg",
        "url": "https://downloads.example/np/nightporter-arm64.img.xz",
        "extract_size": 1_418_743_808,
        "extract_sha256": "a" * 64,
        "image_download_size": 200_000_000,
        "image_download_sha256": "b" * 64,
        "release_date": "2026-01-01",
        "devices": ["pi4-64bit", "pi3-64bit"],
        "init_format": "none",
    }
    assert "provisioning.toml" in str(entry()["description"])


def test_a_folders_address_may_end_in_a_slash_or_not() -> None:
    assert entry("file:///dist") == entry("file:///dist/")


def test_a_file_is_measured_in_pieces(tmp_path: Path) -> None:
    content = bytes(range(256)) * 10_000
    (tmp_path / "file").write_bytes(content)
    assert imager.measure(tmp_path / "file") == File(len(content), hashlib.sha256(content).hexdigest())


def test_the_manifest_is_a_line_for_each_part() -> None:
    packages = [Package("libc6", "2.41-12", "arm64", "glibc", "2.41-12")]
    assert manifest.text(RELEASE, packages, [Distribution("trio", "0.35.0")]) == (
        "# Night Porter 0.2.0, arm64, commit 0123456789ab, 2026-01-01T00:00:00Z\n"
        "debian libc6 2.41-12 arm64\n"
        "python trio 0.35.0\n"
    )


def test_checksums_are_by_name() -> None:
    assert checksums.text({"b": PACKED, "a": IMAGE}) == f"{'a' * 64}  a\n{'b' * 64}  b\n"


@needs_bmaptool
def test_everything_for_a_pi_lies_beside_its_image(tmp_path: Path) -> None:
    dist = build(tmp_path, "arm64")
    endings = (
        "cdx.json",
        "img",
        "img.bmap",
        "img.xz",
        "os_list.json",
        "packages",
        "rpi-imager-manifest",
    )
    files = {f"nightporter-arm64.{ending}" for ending in endings}
    assert {path.name for path in dist.iterdir()} == files | {"another.txt", "nightporter.svg", "SHA256SUMS"}


@needs_bmaptool
def test_a_pc_has_no_lists_for_raspberry_pi_imager(tmp_path: Path) -> None:
    names = {path.name for path in build(tmp_path, "amd64").iterdir()}
    assert not {name for name in names if "os_list" in name or "imager" in name or name.endswith("svg")}


@needs_bmaptool
def test_the_local_list_leads_to_the_files_beside_it(tmp_path: Path) -> None:
    dist = build(tmp_path, "arm64")
    [local] = json.loads((dist / "nightporter-arm64.rpi-imager-manifest").read_text())["os_list"]
    assert local["url"] == (dist / "nightporter-arm64.img.xz").as_uri()
    assert local["icon"] == (dist / "nightporter.svg").as_uri()
    packed = (dist / "nightporter-arm64.img.xz").read_bytes()
    assert local["image_download_sha256"] == hashlib.sha256(packed).hexdigest()
    assert local["extract_sha256"] == hashlib.sha256(lzma.decompress(packed)).hexdigest()


@needs_bmaptool
def test_what_is_in_the_boot_partition_is_listed_and_what_was_removed_is_not(tmp_path: Path) -> None:
    dist = build(tmp_path, "arm64")
    lines = (dist / "nightporter-arm64.packages").read_text().splitlines()
    assert lines[1:] == ["debian libc6 1 arm64", "debian u-boot-rpi 1 arm64", "python trio 0.35.0"]
    parts = json.loads((dist / "nightporter-arm64.cdx.json").read_text())["components"]
    assert [part["name"] for part in parts] == ["libc6", "u-boot-rpi", "trio"]


@needs_bmaptool
def test_the_checksums_hold_and_cover_what_is_published(tmp_path: Path) -> None:
    dist = build(tmp_path, "arm64")
    done = subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=dist, capture_output=True, text=True)
    assert done.returncode == 0
    checked = {line.partition(":")[0] for line in done.stdout.splitlines()}
    endings = ("cdx.json", "img", "img.bmap", "img.xz", "os_list.json", "packages")
    assert checked == {"nightporter.svg", *(f"nightporter-arm64.{ending}" for ending in endings)}


@needs_bmaptool
def test_the_block_map_holds_the_blocks_with_content(tmp_path: Path) -> None:
    dist = build(tmp_path, "amd64")
    mapped = ElementTree.parse(dist / "nightporter-amd64.img.bmap").getroot()
    [block] = mapped.findall("BlockMap/Range")
    assert (block.text or "").strip() == "0"
