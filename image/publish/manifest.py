"""The package manifest: a line for each part, for people and for `diff`. Pure."""

from collections.abc import Iterable

from image.publish.installed import Distribution, Package
from image.publish.release import Release


def text(release: Release, packages: Iterable[Package], distributions: Iterable[Distribution]) -> str:
    """Name, version and architecture of each Debian package; name and version of each Python distribution."""
    lines = [
        f"# Night Porter {release.version}, {release.arch}, commit {release.commit}, {release.moment}",
        *(f"debian {each.name} {each.version} {each.architecture}" for each in packages),
        *(f"python {each.name} {each.version}" for each in distributions),
    ]
    return "".join(f"{line}\n" for line in lines)
