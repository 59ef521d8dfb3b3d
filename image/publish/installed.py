"""What a root was made of: Debian's packages from dpkg's status, the application's parts from their dist-info.

Reads and never runs anything; must give the same order on every machine.
deb-control(5); packaging.python.org, "Core metadata specifications".
"""

from collections.abc import Iterator
from email.parser import HeaderParser
from pathlib import Path

import msgspec

_LONGEST_NAME = 80  # characters; a longer "licence" is a licence's whole text


class Package(msgspec.Struct, frozen=True, order=True):
    """A Debian package. `source` and `source_version` are what Debian's security notices go by."""

    name: str
    version: str
    architecture: str
    source: str
    source_version: str


class Distribution(msgspec.Struct, frozen=True, order=True):
    """A Python distribution. `licence` is an SPDX expression, or a name in the author's words; None if unknown."""

    name: str
    version: str
    licence: str | None = None
    is_expression: bool = False


def read_status(text: str) -> tuple[Package, ...]:
    """The installed packages of a dpkg status file, by name."""
    paragraphs = (_fields(paragraph) for paragraph in text.split("\n\n"))
    return tuple(sorted(_package(each) for each in paragraphs if each.get("Status") == "install ok installed"))


def read_distributions(folder: Path) -> tuple[Distribution, ...]:
    """The distributions whose `*.dist-info` lie in this folder, by name."""
    return tuple(sorted(read_metadata(path.read_text("utf-8")) for path in folder.glob("*.dist-info/METADATA")))


def read_metadata(text: str) -> Distribution:
    """A distribution from its METADATA. Raises `ValueError` where name or version are missing."""
    headers = HeaderParser().parsestr(text)
    if not headers["Name"] or not headers["Version"]:
        raise ValueError("no METADATA: Name and Version are missing")
    name, version = str(headers["Name"]), str(headers["Version"])
    if headers["License-Expression"]:
        return Distribution(name, version, str(headers["License-Expression"]), is_expression=True)
    said = str(headers["License"] or "").strip()
    if said and "\n" not in said and len(said) <= _LONGEST_NAME and said != "UNKNOWN":
        return Distribution(name, version, said)
    classified = [_last(each) for each in headers.get_all("Classifier", []) if str(each).startswith("License ::")]
    return Distribution(name, version, " / ".join(classified) or None)


def _fields(paragraph: str) -> dict[str, str]:
    """The one-line fields. What goes on in further lines (they begin with a space) is of no interest here."""
    lines = (line.partition(":") for line in paragraph.splitlines() if line[:1].strip())
    return {name: value.strip() for name, _, value in lines}


def _package(fields: dict[str, str]) -> Package:
    name, version = fields["Package"], fields["Version"]
    source, _, source_version = fields.get("Source", name).partition(" ")
    return Package(name, version, fields["Architecture"], source, source_version.strip("()") or version)


def _last(classifier: object) -> str:
    return str(classifier).rpartition("::")[2].strip()


def shipped(packages: tuple[Package, ...], gone: frozenset[str], kept: frozenset[str]) -> Iterator[Package]:
    """The packages without those whose files were removed from the root, `kept` ones excepted."""
    return (package for package in packages if package.name not in gone or package.name in kept)
