"""Which sections the format has, how their headers are written, and in which of them a name belongs.

Read off the types of `provisioning.model`, so that a section that is added there is known here.
"""

from collections.abc import Iterator
from functools import cache
from types import UnionType
from typing import TypeGuard, get_args, get_origin, get_type_hints

import msgspec

from provisioning.model import Provisioning

Shape = type[msgspec.Struct]


@cache
def headers() -> dict[str, str]:
    """The header of each section by its name: `{"box": "[box]", "printers": "[[printers]]", ...}`."""
    return {name: f"[[{name}]]" if is_list else f"[{name}]" for name, _, is_list in _sections(Provisioning, "")}


@cache
def homes() -> dict[str, tuple[str, ...]]:
    """The headers that each name may stand under."""
    found: dict[str, tuple[str, ...]] = {}
    for section, shape, _ in _sections(Provisioning, ""):
        for name in shape.__struct_fields__:
            found[name] = (*found.get(name, ()), headers()[section])
    return found


def _sections(shape: Shape, prefix: str) -> Iterator[tuple[str, Shape, bool]]:
    """Name, members, and whether it is a list, of each section in a shape; [doors] has no members of its own."""
    for name, hint in get_type_hints(shape).items():
        is_list = get_origin(hint) is tuple
        inner = next((part for part in _parts(hint) if _is_shape(part)), None)
        if inner is not None:
            yield prefix + name, inner, is_list
            yield from _sections(inner, f"{prefix}{name}.")
        elif get_origin(hint) is dict:
            yield prefix + name, msgspec.Struct, False


def _parts(hint: object) -> tuple[object, ...]:
    return get_args(hint) if isinstance(hint, UnionType) or get_origin(hint) is tuple else (hint,)


def _is_shape(hint: object) -> TypeGuard[Shape]:
    return isinstance(hint, type) and issubclass(hint, msgspec.Struct)
