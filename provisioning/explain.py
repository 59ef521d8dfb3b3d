"""`nightporter provision explain`: each setting of a file in words, section by section. No secrets. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap

import msgspec

from provisioning.model import Provisioning
from provisioning.secret import HIDDEN, Secret
from provisioning.shapes import Form, Setting, settings
from provisioning.words import words

COLUMNS = 80  # of a line
_DEEPER = "  "


def explain(provisioning: Provisioning) -> str:
    """The whole file, without a final line break. What the file leaves out is told as the default that holds."""
    return "\n".join(_lines(provisioning, tuple(settings()), ""))


def shown(value: object) -> str:
    """A value as a person may see it: a secret only as set or not."""
    match value:
        case None | () | "":
            return "left out"
        case Secret():
            return "set (hidden)"
        case True | False:
            return "true" if value else "false"
        case tuple():
            return ", ".join(map(shown, value))
        case float():
            return f"{value:g}"
        case str() if "://" in value and "?" in value:  # an address's query may be the key to it
            return f"{value.partition('?')[0]}?{HIDDEN}"
        case _:
            return str(value)


def label(path: str, value: msgspec.Struct) -> str:
    """What one of a list of sections is called: "encoder 1 (Front desk)", "printer Front Office"."""
    own = identity(value)
    name = getattr(value, "name", own)
    return f"{words(path).name} {own}" + (f" ({name})" if name != own else "")


def identity(value: msgspec.Struct) -> str:
    """By what one of a list of sections is the same as in another file: its identifier, else its first setting."""
    return shown(getattr(value, _identifying(value)))


def told(part: msgspec.Struct, setting: Setting) -> str:
    """What one of a list is like, in a few words: all that is not as usual, not in its label, and no section of
    its own."""
    assert setting.shape
    labelling = ("name", _identifying(part)) if setting.form is Form.LIST else ()
    inside = [each for each in settings(setting.shape, f"{setting.path}.") if not each.shape]
    values = [(each, getattr(part, each.name)) for each in inside if each.name not in labelling]
    return ", ".join(
        f"{words(each.path).name.removeprefix('its ').removeprefix('list of ')} {shown(value)}"
        for each, value in values
        if value not in (None, (), each.default)
    )


def _identifying(value: msgspec.Struct) -> str:
    return "identifier" if hasattr(value, "identifier") else value.__struct_fields__[0]


def _lines(section: msgspec.Struct, inside: Sequence[Setting], margin: str) -> Iterator[str]:
    for setting in inside:
        value = getattr(section, setting.name)
        if setting.shape:
            yield from _section(setting, value, margin)
        else:
            yield from _setting(setting, value, margin)


def _section(setting: Setting, value: object, margin: str) -> Iterator[str]:
    headline = f"{margin}{_header(setting)}"
    if value in (None, (), {}):
        yield from ("", f"{headline}  not in the file")
        return
    if isinstance(value, Mapping):
        yield from ("", f"{headline}  {words(setting.path).about}")
        yield from (f"{margin}{_DEEPER}{name}: {told(part, setting)}" for name, part in value.items())
        return
    assert setting.shape
    inside = tuple(settings(setting.shape, f"{setting.path}."))
    for title, part in _parts(setting, value):
        yield from ("", f"{headline}  {title or words(setting.path).about}")
        yield from _lines(part, inside, margin + _DEEPER)


def _header(setting: Setting) -> str:
    return f"[[{setting.path}]]" if setting.form is Form.LIST else f"[{setting.path}]"


def _parts(setting: Setting, value: object) -> Iterator[tuple[str, msgspec.Struct]]:
    if isinstance(value, msgspec.Struct):
        yield "", value
    else:
        assert isinstance(value, tuple)
        yield from ((label(setting.path, part), part) for part in value)


def _setting(setting: Setting, value: object, margin: str) -> Iterator[str]:
    is_default = value == setting.default and value not in (None, (), "")
    yield f"{margin}{setting.name}: {shown(value)}{', the default' if is_default else ''}"
    about = words(setting.path).about
    yield from wrap(about, COLUMNS, initial_indent=f"{margin}{_DEEPER}", subsequent_indent=f"{margin}{_DEEPER}")
