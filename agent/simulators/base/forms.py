"""Reads what a user of a simulator wrote, in JSON or as flags: switches and forms; a mistake is one sentence.

Must never guess: an unknown name or a value that does not fit changes nothing. Names, types and explanations
come from the structs themselves (`Annotated[..., Meta(description=...)]`), so that flags, `/_sim/` and the
documentation cannot differ.
"""

import argparse
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, get_type_hints

import msgspec
from msgspec import inspect

from agent.foundation.errors import UserMistake
from provisioning.spelling import nearest

S = TypeVar("S", bound=msgspec.Struct)


class Field(msgspec.Struct, frozen=True):
    """A member of a form as a user sees it: `takes` says in words which values fit."""

    name: str
    takes: str
    default: object
    description: str

    @property
    def explained(self) -> dict[str, str]:
        """Which values fit and what they do, for a list of all."""
        return {"takes": self.takes, "what": self.description}


def fields_of(kind: type[msgspec.Struct]) -> tuple[Field, ...]:
    """The members of a form, in order."""
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)
    return tuple(
        Field(field.name, takes(field.type), _default(field), _description(field.type)) for field in info.fields
    )


def filled(kind: type[S], values: Mapping[str, object], *, strict: bool = True, what: str = "name") -> S:
    """A new form of this kind. Raises UserMistake for an unknown, missing or unfitting member."""
    converted = _converted(kind, values, strict=strict, what=what)
    try:
        return kind(**converted)
    except TypeError:
        missing = [field.name for field in fields_of(kind) if field.default is msgspec.NODEFAULT]
        lacking = " and ".join(name for name in missing if name not in values)
        raise UserMistake(f"{lacking} must be given") from None


def changed(form: S, values: Mapping[str, object], *, strict: bool = True, what: str = "switch") -> S:
    """The form with some members changed. Raises UserMistake for an unknown or unfitting one."""
    return msgspec.structs.replace(form, **_converted(type(form), values, strict=strict, what=what))


def refuse_unknown(name: str, known: Iterable[str], what: str) -> None:
    """Raise UserMistake, with the name that was probably meant, if `name` is none of the known ones."""
    known = tuple(map(str, known))
    if name in known:
        return
    near = nearest(name, known)
    hint = f"did you mean {near!r}?" if near else f"write one of {', '.join(known)}"
    raise UserMistake(f"there is no {what} {name[:60]!r}: {hint}")


def add_flags(parser: argparse._ActionsContainer, kind: type[msgspec.Struct]) -> None:
    """A flag for every member: `--name VALUE`, and `--name` or `--no-name` for one that is on or off."""
    for field in fields_of(kind):
        flag = _flag(field.name)
        text = f"{field.description} ({_shown(field.default)})".replace("%", "%%")
        if field.takes == "true or false":
            parser.add_argument(flag, action=argparse.BooleanOptionalAction, default=None, help=text)
        else:
            parser.add_argument(flag, default=None, metavar="VALUE", help=f"{text}: {field.takes}")


def from_flags(kind: type[S], arguments: argparse.Namespace) -> S:
    """The form that the flags say. Raises UserMistake for a value that does not fit, with the flag's own name."""
    given = {name: getattr(arguments, name, None) for name in kind.__struct_fields__}
    return filled(kind, {name: value for name, value in given.items() if value is not None}, strict=False)


def takes(kind: inspect.Type) -> str:
    """Which values fit a type, in words."""
    match kind:
        case inspect.Metadata():
            return takes(kind.type)
        case inspect.BoolType():
            return "true or false"
        case inspect.EnumType():
            return "one of " + ", ".join(str(member.value) for member in kind.cls)
        case inspect.LiteralType():
            return "one of " + ", ".join(str(value) for value in kind.values)
        case inspect.IntType():
            return "a whole number" + _range(kind)
        case inspect.FloatType():
            return "a number" + _range(kind)
        case inspect.UnionType():
            return " or ".join(takes(member) for member in kind.types)
        case inspect.VarTupleType():
            return "a list, of which each is " + takes(kind.item_type)
        case inspect.DateTimeType():
            return "a date and time like 2016-05-04T12:00:00Z"
        case inspect.NoneType():
            return "null"
        case inspect.StrType():
            return "a text" if kind.pattern is None else f"a text that fits {kind.pattern}"
    return "an object"


def _range(kind: inspect.IntType | inspect.FloatType) -> str:
    above = f" above {kind.gt:g}" if kind.gt is not None else ""
    least = f" from {kind.ge:g}" if kind.ge is not None else ""
    most = f" to {kind.le:g}" if kind.le is not None else " up" * bool(least)
    return above + least + most


def _converted(
    kind: type[msgspec.Struct], values: Mapping[str, object], *, strict: bool, what: str
) -> dict[str, Any]:
    types = get_type_hints(kind, include_extras=True)
    for name in values:
        refuse_unknown(name, types, what)
    return {name: _fit(name, value, types[name], strict) for name, value in values.items()}


def _fit(name: str, value: object, kind: Any, strict: bool) -> object:
    if not strict and isinstance(value, str) and isinstance(_bare(kind), inspect.VarTupleType):
        value = [part.strip() for part in value.split(",") if part.strip()]
    try:
        return msgspec.convert(value, kind, strict=strict)
    except msgspec.ValidationError:
        wanted = takes(inspect.type_info(kind))
        shown = name if strict else _flag(name)
        raise UserMistake(f"{shown}: {_brief(value)} does not fit, write {wanted}") from None


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _bare(kind: Any) -> inspect.Type:
    info = inspect.type_info(kind)
    return info.type if isinstance(info, inspect.Metadata) else info


def _brief(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _default(field: inspect.Field) -> object:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default


def _description(kind: inspect.Type) -> str:
    schema = kind.extra_json_schema if isinstance(kind, inspect.Metadata) else None
    return str((schema or {}).get("description", ""))


def _shown(default: object) -> str:
    if default is None or default == ():
        return "default: none"
    if isinstance(default, tuple):
        return "default: " + ", ".join(map(str, default))
    return "default: " + (str(default).lower() if isinstance(default, bool) else str(default))
