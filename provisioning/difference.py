"""What is different between two provisioning files, a sentence each. No secret is ever in one. Pure."""

import msgspec

from provisioning.model import Provisioning


class Change(msgspec.Struct, frozen=True):
    """A setting that is another one."""

    name: str
    sentence: str


def difference(old: Provisioning | None, new: Provisioning) -> tuple[Change, ...]:
    """The sections that differ, in the order of the file."""
    return tuple(
        Change(name, f"[{name}] is {'another one' if old else 'new'}.")
        for name in new.__struct_fields__
        if old is None or getattr(old, name) != getattr(new, name)
    )
