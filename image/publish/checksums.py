"""Checksums in the form that `sha256sum --check` reads. Pure."""

from collections.abc import Mapping

from image.publish.imager import File


def text(files: Mapping[str, File]) -> str:
    """A line for each file, by name."""
    return "".join(f"{files[name].sha256}  {name}\n" for name in sorted(files))
