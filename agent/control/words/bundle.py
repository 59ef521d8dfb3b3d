"""A support bundle on its way to the one who asked for it. Pure."""

import msgspec


class SupportBundle(msgspec.Struct, frozen=True):
    """A packed bundle. `name` is the file's, `left_out` what is not in it, a sentence each."""

    name: str
    content: bytes
    left_out: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"SupportBundle({self.name!r}, {len(self.content)} bytes)"
