"""What the command line says to an agent."""

from pathlib import Path

import msgspec


class Options(msgspec.Struct, frozen=True):
    """Where the provisioning file and the agent's directory are. `listen` is the page's address, None: as in the
    file.
    """

    config: Path
    state: Path
    listen: str | None = None
