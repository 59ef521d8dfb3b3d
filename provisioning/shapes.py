"""What the types of `provisioning.model` say of each setting: its kind, whether it is a list, its default. Pure.

Read off the types, so that a section or setting that is added there is known to all that goes through this: the
explanation, the difference, the schema.
"""

from collections.abc import Iterator
from enum import StrEnum
from types import NoneType, UnionType
from typing import get_args, get_origin, get_type_hints

import msgspec

from provisioning.model import Provisioning
from provisioning.words import WORDS


class Form(StrEnum):
    """How the values of a setting are held."""

    ONE = "one"
    LIST = "list"
    NAMED = "named"  # a table whose names are the installer's own


class Setting(msgspec.Struct, frozen=True):
    """`path` is like `coder_bridge.encoders.name`, `kind` the type of the value, or of each in a list or table.

    `default` is msgspec.NODEFAULT where the model has none.
    """

    path: str
    name: str
    kind: type
    form: Form
    default: object

    @property
    def shape(self) -> type[msgspec.Struct] | None:
        """Its own settings, where it is a section."""
        return self.kind if issubclass(self.kind, msgspec.Struct) else None


def settings(shape: type[msgspec.Struct] = Provisioning, prefix: str = "") -> Iterator[Setting]:
    """The settings of a section, or of the whole file, in the order of the words."""
    hints = get_type_hints(shape)
    fields = {field.name: field for field in msgspec.structs.fields(shape)}
    ranks = {path: at for at, path in enumerate(WORDS)}
    for name in sorted(fields, key=lambda name: ranks.get(prefix + name, len(ranks))):
        kind, form = _kind(hints[name])
        make = fields[name].default_factory
        default = fields[name].default if make is msgspec.NODEFAULT else make()
        yield Setting(prefix + name, name, kind, form, default)


def _kind(hint: object) -> tuple[type, Form]:
    if isinstance(hint, UnionType):
        [hint] = (part for part in get_args(hint) if part is not NoneType)
    if get_origin(hint) is tuple:
        return get_args(hint)[0], Form.LIST
    if get_origin(hint) is dict:
        return get_args(hint)[1], Form.NAMED
    assert isinstance(hint, type)
    return hint, Form.ONE
