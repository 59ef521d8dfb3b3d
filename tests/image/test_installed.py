"""What a root was made of, read from dpkg's status file and from METADATA files."""

from pathlib import Path

import pytest

from image.publish.installed import (
    Distribution,
    Package,
    read_distributions,
    read_metadata,
    read_status,
    shipped,
)

STATUS = """\
Package: zlib1g
Status: install ok installed
Architecture: arm64
Multi-Arch: same
Source: zlib
Version: 1:1.3.dfsg+really1.3.1-1+b1
Description: compression library - runtime
 Several lines, one with Version: 9 in it.
 .
 Package: no

Package: libc6
Status: install ok installed
Architecture: arm64
Source: glibc (2.41-12)
Version: 2.41-12+b2
Conffiles:
 /etc/ld.so.conf.d/aarch64-linux-gnu.conf d4e7a7b88a71b5ffd9e2644e71a0cfab

Package: half
Status: install ok half-configured
Architecture: all
Version: 1

Package: gone
Status: deinstall ok config-files
Architecture: all
Version: 1
"""
ZLIB = Package("zlib1g", "1:1.3.dfsg+really1.3.1-1+b1", "arm64", "zlib", "1:1.3.dfsg+really1.3.1-1+b1")
LIBC = Package("libc6", "2.41-12+b2", "arm64", "glibc", "2.41-12")


def metadata(*lines: str) -> str:
    return "\n".join(["Metadata-Version: 2.4", "Name: thing", "Version: 1.0", *lines]) + "\n\nA long text.\n"


def test_installed_packages_are_read_by_name_with_their_source() -> None:
    assert read_status(STATUS) == (LIBC, ZLIB)


def test_an_empty_status_file_has_no_packages() -> None:
    assert read_status("\n") == ()


def test_packages_whose_files_are_gone_are_left_out_unless_they_are_on_the_card_elsewhere() -> None:
    boot = Package("u-boot-rpi", "1", "arm64", "u-boot", "1")
    packages = (LIBC, boot, ZLIB)
    assert tuple(shipped(packages, frozenset({"u-boot-rpi", "zlib1g"}), frozenset({"u-boot-rpi"}))) == (LIBC, boot)


@pytest.mark.parametrize(
    ("lines", "licence", "is_expression"),
    [
        pytest.param(["License-Expression: MIT OR 0BSD"], "MIT OR 0BSD", True, id="an SPDX expression"),
        pytest.param(["License: BSD"], "BSD", False, id="the author's words"),
        pytest.param(["License: " + "x" * 200, "Classifier: License :: OSI Approved :: MIT License"],
                     "MIT License", False, id="a whole text"),
        pytest.param(["License: UNKNOWN"], None, False, id="said to be unknown"),
        pytest.param(["Classifier: Topic :: Printing"], None, False, id="not said"),
        pytest.param(["Classifier: License :: OSI Approved :: MIT License", "Classifier: License :: Freeware"],
                     "MIT License / Freeware", False, id="two of them"),
    ],
)  # fmt: skip
def test_a_licence_is_taken_where_it_is_said(lines: list[str], licence: str | None, is_expression: bool) -> None:
    assert read_metadata(metadata(*lines)) == Distribution("thing", "1.0", licence, is_expression)


def test_a_file_without_a_name_is_no_metadata() -> None:
    with pytest.raises(ValueError, match="Name and Version"):
        read_metadata("Summary: nothing\n")


def test_every_dist_info_of_a_folder_is_read(tmp_path: Path) -> None:
    for name in ("b-1.0", "a-2.0"):
        folder = tmp_path / f"{name}.dist-info"
        folder.mkdir()
        own, version = name.split("-")
        (folder / "METADATA").write_text(f"Name: {own}\nVersion: {version}\nLicense-Expression: MIT\n")
    assert read_distributions(tmp_path) == (
        Distribution("a", "2.0", "MIT", True),
        Distribution("b", "1.0", "MIT", True),
    )
