"""The network settings of a box, and what puts them to use: the same for every program that manages a network.

What is put to use counts for this boot alone: a power cut undoes it by itself, and what lasts is the caller's.
"""

from typing import NamedTuple, Protocol


class NetworkSettings(NamedTuple):
    """`address` is "ADDRESS/PREFIX", None for DHCP; `dns` holds addresses; `host_name` is told to a DHCP server.

    Whoever makes one has checked that no value can be taken for more than a value.
    """

    host_name: str
    address: str | None = None
    gateway: str | None = None
    dns: tuple[str, ...] = ()


class NetworkApplier(Protocol):
    """Puts settings to use on a running box."""

    def apply(self, settings: NetworkSettings) -> bool:
        """Use these from now on, on trial; whether they differ from what was used."""
        ...

    def undo(self) -> bool:
        """Use again what was used before the first `apply` since the last `keep`; whether there was a trial."""
        ...

    def keep(self) -> None:
        """What is used now is no trial any more."""
        ...
