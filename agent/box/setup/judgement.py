"""Whether this box can work with a provisioning file: the one verdict, and where a box finds a site's own profile.

Writes nothing, and no sentence repeats a secret.
"""

import errno
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from agent.drivers import check
from agent.drivers.check import Judgement
from provisioning.file import content
from provisioning.problems import Level
from provisioning.rules.locks import is_beside

_MARK = f"{Level.ERROR:<7}  "  # how the line of an error begins


def judge(text: bytes, find_profile: Callable[[str], Path | None]) -> Judgement:
    """Judge a file's content; `find_profile` gives the path of a site's own profile by its name."""

    def read_profile(written: str) -> bytes:
        name = str(PurePosixPath(written))  # "./site.toml" is "site.toml"
        path = find_profile(name) if is_beside(name) else None
        if path is None:
            raise FileNotFoundError(errno.ENOENT, "no such file")
        return content(path)

    return check.judge(text, read_profile)


def reasons(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The errors among the lines of problems, as sentences."""
    errors = (line.removeprefix(_MARK).rstrip(".") for line in lines if line.startswith(_MARK))
    return tuple(error if error.endswith("?") else f"{error}." for error in errors)
