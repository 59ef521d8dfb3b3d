"""The one verdict on a provisioning file: what its rules say, what the site's own profile says, and what this
version cannot do. `nightporter check`, the agent and the box's taking of a file all ask here, and nowhere else.

Writes nothing, and no sentence repeats a secret.
"""

import errno
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

import msgspec

from agent.drivers.coder_bridge import profile_file
from agent.drivers.coder_bridge.protocol.profile import Profile, unconfirmed
from agent.drivers.coder_bridge.protocol.words import Slot
from agent.foundation.errors import UserMistake, reason_of
from agent.foundation.reading.text import LONG_TEXT, plain
from provisioning.document import decode
from provisioning.file import content
from provisioning.model import BUILT_IN_PROFILES, CoderBridge, Provisioning
from provisioning.positions import Keys, Positions
from provisioning.problems import Level, Problem, render
from provisioning.read import Reading, read
from provisioning.rules.locks import is_beside, plain_name

ReadProfile = Callable[[str], bytes]


class Judgement(msgspec.Struct, frozen=True):
    """`provisioning` is None exactly when a problem is an error.

    `profile` is the Coder Bridge's, None where there is no Coder Bridge; `profile_text` is the content of the
    site's own file, None where the profile ships with the box.
    """

    provisioning: Provisioning | None
    problems: tuple[Problem, ...]
    profile: Profile | None = None
    profile_text: bytes | None = None

    @property
    def reading(self) -> Reading:
        """Values and problems."""
        return Reading(self.provisioning, self.problems)


def judge(text: bytes, read_profile: ReadProfile) -> Judgement:
    """Judge a file's content. `read_profile` gives the content of a site's own profile by its name in the file; it
    raises `OSError`."""
    reading = read(text)
    if reading.provisioning is None:
        return Judgement(None, reading.problems)
    place = _Place(text)
    bridge = reading.provisioning.coder_bridge
    found = _profile(bridge, read_profile, place) if bridge else Judgement(reading.provisioning, ())
    more = (*found.problems, *_not_yet(reading.provisioning, found.profile, place))
    is_good = all(problem.level is not Level.ERROR for problem in more)
    provisioning = reading.provisioning if is_good else None
    return msgspec.structs.replace(found, provisioning=provisioning, problems=(*reading.problems, *more))


def beside(path: Path) -> ReadProfile:
    """Profiles where `path`, a provisioning file, has them: a relative name starts at its folder."""
    return lambda name: content(path.parent / name)


def by_plain_name(find: Callable[[str], Path | None]) -> ReadProfile:
    """Profiles of a box, which has them beside its file alone: `find` gives the path of one by its plain name."""

    def read_profile(written: str) -> bytes:
        path = find(plain_name(written)) if is_beside(written) else None
        if path is None:
            raise FileNotFoundError(errno.ENOENT, "no such file")
        return content(path)

    return read_profile


def sound(path: Path, judgement: Judgement) -> Provisioning:
    """The values of a good file. Raises `UserMistake` with a line for each problem, as many as a page shows."""
    if judgement.provisioning is not None:
        return judgement.provisioning
    head = f"{path.name} cannot be used:\n"
    raise UserMistake(head + render(judgement.problems, LONG_TEXT - len(head)))


class _Place:
    """The lines of a file, looked for when the first is asked for."""

    def __init__(self, text: bytes) -> None:
        self._text = text

    def problem(self, keys: Keys, wrong: str, write: str, level: Level = Level.ERROR) -> Problem:
        """A problem of the file at these names."""
        return Problem(".".join(map(str, keys)), wrong, write, level, self._positions.line(keys))

    @cached_property
    def _positions(self) -> Positions:
        text = decode(self._text)
        return Positions(text if isinstance(text, str) else "")


def _profile(bridge: CoderBridge, read_profile: ReadProfile, place: _Place) -> Judgement:
    """The profile, or the problems that keep it from being used."""
    if bridge.profile in BUILT_IN_PROFILES:
        return Judgement(None, (), profile_file.built_in(bridge.profile))
    try:
        text = read_profile(bridge.profile)
    except OSError as error:
        return Judgement(None, (place.problem(("coder_bridge", "profile"), *_why_not(bridge.profile, error)),))
    found = profile_file.read(Path(bridge.profile).name, text)
    return Judgement(None, (), found, text) if isinstance(found, Profile) else Judgement(None, found)


def _why_not(name: str, error: OSError) -> tuple[str, str]:
    if isinstance(error, FileNotFoundError):
        write = f'Put it beside the provisioning file, or write "{BUILT_IN_PROFILES[0]}"'
        return f'there is no file "{plain(name, 60)}"', write
    return f'"{plain(name, 60)}" cannot be read ({reason_of(error)})', "Copy the file again"


def _not_yet(file: Provisioning, profile: Profile | None, place: _Place) -> Iterator[Problem]:
    """What the file asks for and this box would not do, though nothing is wrong with it."""
    bridge = file.coder_bridge
    if bridge and profile and bridge.active and not bridge.allow_unconfirmed:
        yield from _unproven(bridge, profile, place)


def _unproven(bridge: CoderBridge, profile: Profile, place: _Place) -> Iterator[Problem]:
    """Which keys would be refused, because the profile has no proof of how they are asked for."""
    name, write = plain(profile.name, 60), "Have the vendor confirm them in a profile of the site's own"
    if unconfirmed(profile, Slot.GUEST_KEY):
        wrong = f"is false, and {name} has calls for a key that are not confirmed: no key is cut"
        yield place.problem(
            ("coder_bridge", "allow_unconfirmed"),
            wrong,
            f"{write}, or set it to true for a supervised test",
            Level.WARNING,
        )
    if bridge.allow_precheckin and unconfirmed(profile, Slot.GUEST_KEY_PRECHECKIN):
        wrong = f"is true, and {name} has calls for a key before the stay that are not confirmed: none is cut"
        yield place.problem(
            ("coder_bridge", "allow_precheckin"), wrong, f"{write}, or set it to false", Level.WARNING
        )
    slots = (Slot.MOBILE_KEY, Slot.MOBILE_KEY_PUSH)
    if any(each.mobile for each in bridge.encoders) and all(unconfirmed(profile, slot) for slot in slots):
        wrong = f"have one for mobile keys, and {name} has no call for those that is confirmed: none is made"
        yield place.problem(("coder_bridge", "encoders"), wrong, f"{write}, or take it out", Level.WARNING)
