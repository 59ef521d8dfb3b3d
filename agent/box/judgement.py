"""Whether this box can work with a provisioning file: what `nightporter check` finds, and what only a box knows.

Writes nothing, and no sentence repeats a secret.
"""

import codecs
import re
from collections.abc import Callable
from pathlib import Path

import msgspec

from agent.box.active import own_profile
from agent.box.derived import derive
from agent.box.offer import COPY_AGAIN, NAME
from agent.commands.text import plain
from agent.drivers.coder_bridge import profile_file
from agent.errors import UserMistake
from provisioning.file import content
from provisioning.model import Provisioning
from provisioning.problems import Level, Problem, render
from provisioning.read import read

# What systemd takes as the name of a credential, and every laptop as that of a file.
_PROFILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_. -]{0,60}\.toml")

_MARK = f"{Level.ERROR:<7}  "  # how the line of an error begins


class Judgement(msgspec.Struct, frozen=True):
    """`provisioning` is None where the file is refused. `lines` are its problems, warnings among them, one a line.

    `profile` is the content of the site's own profile, None where the file uses one that ships with the box.
    """

    provisioning: Provisioning | None
    lines: tuple[str, ...]
    profile: bytes | None = None


def judge(text: bytes, find_profile: Callable[[str], Path | None]) -> Judgement:
    """Judge a file's content; `find_profile` gives the path of a site's own profile by its name."""
    strange = _no_text(text)
    if strange:
        return Judgement(None, (strange.line,))
    reading = read(text)
    lines = tuple(render(reading.problems).splitlines())
    if reading.provisioning is None:
        return Judgement(None, lines)
    try:
        derive(reading.provisioning)
        profile = _profile(own_profile(reading.provisioning), find_profile)
    except UserMistake as mistake:
        return Judgement(None, (*(_MARK + plain(line, 400) for line in str(mistake).splitlines()), *lines))
    return Judgement(reading.provisioning, lines, profile)


def reasons(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The errors among the lines of problems, as sentences."""
    errors = (line.removeprefix(_MARK).rstrip(".") for line in lines if line.startswith(_MARK))
    return tuple(error if error.endswith("?") else f"{error}." for error in errors)


def _no_text(text: bytes) -> Problem | None:
    """What a laptop leaves in the place of a text file, in better words than the reader of TOML has for it."""
    if not text.strip():
        return Problem("file", "is empty", COPY_AGAIN)
    if not text.strip(b"\x00"):
        return Problem("file", "holds nothing but zeros, as after a copy that was cut short", COPY_AGAIN)
    if text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        write = "In Notepad choose File, Save as, and the encoding UTF-8"
        return Problem("file", 'is UTF-16, which Notepad calls "Unicode"', write)
    return None


def _profile(name: str, find_profile: Callable[[str], Path | None]) -> bytes | None:
    if not name:
        return None
    if not _PROFILE_NAME.fullmatch(name) or name.casefold() == NAME:
        raise UserMistake(
            "coder_bridge.profile: is no plain file name. Put the profile beside provisioning.toml, and write its "
            "name of letters, digits, dots and hyphens"
        )
    path = find_profile(name)
    if path is None:
        raise UserMistake(f'coder_bridge.profile: there is no file "{name}". Put it beside provisioning.toml')
    try:
        found = content(path)
    except OSError:
        raise UserMistake(f'coder_bridge.profile: "{name}" cannot be read. {COPY_AGAIN}') from None
    profile_file.load(path.name, path.parent)
    return found
