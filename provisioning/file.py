"""The provisioning file on disk: its bytes, or one sentence why there are none. Only reads."""

from pathlib import Path

from provisioning.document import LIMIT_BYTES


def content(path: Path) -> bytes:
    """The file's bytes, at most one more than the limit: enough to see that it is too large. Raises OSError."""
    with path.open("rb") as file:
        return file.read(LIMIT_BYTES + 1)


def why_not(path: Path, error: OSError) -> str:
    """One sentence on why the file could not be read."""
    name = path.as_posix()
    if isinstance(error, FileNotFoundError):
        return f"There is no file {name}: check the name and the folder."
    if isinstance(error, IsADirectoryError):
        return f"{name} is a folder: name the file in it."
    if isinstance(error, PermissionError):
        return f"{name} may not be read by this user: change its permissions."
    return f"{name} cannot be read: {error.strerror or 'the reason is not known'}."
