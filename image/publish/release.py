"""Which build it is: the facts that every file beside the image repeats."""

from datetime import UTC, datetime

import msgspec


class Release(msgspec.Struct, frozen=True):
    """`epoch` is SOURCE_DATE_EPOCH: the commit's time in seconds since 1970."""

    version: str
    commit: str
    arch: str
    epoch: int

    @property
    def name(self) -> str:
        """What the names of its files begin with."""
        return f"nightporter-{self.arch}"

    @property
    def moment(self) -> str:
        """Its time: ISO 8601, UTC, to the second."""
        return f"{datetime.fromtimestamp(self.epoch, UTC):%Y-%m-%dT%H:%M:%SZ}"

    @property
    def date(self) -> str:
        """Its day, the same way."""
        return self.moment[:10]
