"""What changes when one provisioning file takes the place of another, in sentences. No secrets. Pure.

Goes through the types of the model: a section that is added there is compared without a line here. Encoders,
printers, servers and doors are the same where their identifier, name or address is, in whatever order they stand.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum

import msgspec

from provisioning.explain import identity, label, shown, told
from provisioning.model import Provisioning
from provisioning.secret import Secret
from provisioning.shapes import Setting, settings
from provisioning.words import words

NO_CHANGE = "Nothing changes: both files say the same."


class What(StrEnum):
    """What it is that changes."""

    VALUE = "value"
    HIDDEN = "hidden"  # a secret
    PART = "part"  # a section, or one of a list: an encoder


class Change(msgspec.Struct, frozen=True):
    """`before` and `after` are as a person may see them, None for what is not there."""

    name: str
    before: str | None
    after: str | None
    what: What = What.VALUE

    @property
    def sentence(self) -> str:
        """The change as a person reads it, with its full stop."""
        sentence = f"{self.name} {self._does}."
        return sentence[0].upper() + sentence[1:]

    @property
    def _does(self) -> str:
        match self.what, self.before, self.after:
            case What.PART, None, after:
                return "is new" + (f": {after}" if after else "")
            case What.PART, _, _:
                return "goes"
            case What.HIDDEN, None, _:
                return "is set"
            case What.HIDDEN, _, None:
                return "is no longer set"
            case What.HIDDEN, _, _:
                return "is another one"
            case _, None, after:
                return f"is set: {after}"
            case _, before, None:
                return f"is no longer set, and was {before}"
            case _:
                return f"changes from {self.before} to {self.after}"


def difference(old: Provisioning | None, new: Provisioning) -> tuple[Change, ...]:
    """All that changes, in the order of the file. Without an old file, all that the new one sets."""
    return tuple(_changes(old, new, settings(), ""))


def sentences(changes: tuple[Change, ...]) -> str:
    """The changes a line each, or that there are none."""
    return "\n".join(change.sentence for change in changes) or NO_CHANGE


def _changes(
    old: msgspec.Struct | None, new: msgspec.Struct, inside: Iterator[Setting], owner: str
) -> Iterator[Change]:
    for setting in inside:
        default = None if setting.default is msgspec.NODEFAULT else setting.default
        before = getattr(old, setting.name) if old else default
        after = getattr(new, setting.name)
        if before != after:
            yield from (
                _of_section(setting, before, after) if setting.shape else _of_value(setting, before, after, owner)
            )


def _of_value(setting: Setting, before: object, after: object, owner: str) -> Iterator[Change]:
    name = words(setting.path).name
    if owner:
        name = f"{owner}: {name}"
    was, now = (None if value in (None, (), "") else shown(value) for value in (before, after))
    is_secret = issubclass(setting.kind, Secret)
    yield Change(name, was, now, What.HIDDEN if is_secret else What.VALUE)


def _of_section(setting: Setting, before: object, after: object) -> Iterator[Change]:
    assert setting.shape
    if isinstance(after, msgspec.Struct) or isinstance(before, msgspec.Struct):
        yield from _of_one(setting, before, after, "")
        return
    was, now = _by_identity(setting, before), _by_identity(setting, after)
    gone, come = [key for key in was if key not in now], [key for key in now if key not in was]
    if len(gone) == len(come) == 1:  # one that was given another identifier
        was = {come[0] if key == gone[0] else key: part for key, part in was.items()}
        gone = []
    for key, (name, part) in now.items():
        old_name, old_part = was.get(key, (name, None))
        yield from _of_one(setting, old_part, part, old_name)
    yield from (Change(was[key][0], "there", None, What.PART) for key in gone)


def _of_one(setting: Setting, before: object, after: object, owner: str) -> Iterator[Change]:
    """Of a section that there is at most once, or of one out of a list, which has a name of its own."""
    name = owner or words(setting.path).name
    assert setting.shape
    if not isinstance(after, msgspec.Struct):
        yield Change(name, "there", None, What.PART)
        return
    inside = settings(setting.shape, f"{setting.path}.")
    if isinstance(before, msgspec.Struct):
        yield from _changes(before, after, inside, owner)
    elif owner:
        yield Change(name, None, told(after, setting), What.PART)
        yield from _nested(after, setting)
    else:
        if setting.default is not msgspec.NODEFAULT:
            yield Change(name, None, "", What.PART)
        yield from _changes(None, after, inside, "")


def _nested(part: msgspec.Struct, setting: Setting) -> Iterator[Change]:
    assert setting.shape
    for each in settings(setting.shape, f"{setting.path}."):
        if each.shape:
            yield from _of_section(each, (), getattr(part, each.name))


def _by_identity(setting: Setting, value: object) -> dict[str, tuple[str, msgspec.Struct]]:
    """The parts of a list or table by what they are the same by, each with what it is called."""
    if isinstance(value, Mapping):
        return {key: (f"{words(setting.path).name} {key}", part) for key, part in value.items()}
    assert isinstance(value, tuple)
    return {identity(part): (label(setting.path, part), part) for part in value}
