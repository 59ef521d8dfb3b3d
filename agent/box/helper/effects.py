"""What the helper's requests work with: where things lie, programs, the own page. A test has its own."""

from collections.abc import Callable

import msgspec

from agent.box.setup.take_trial import Hops, own_hops
from agent.box.tools import programs
from agent.box.tools.paths import Paths

USER = "nightporter"  # the agent's, and the console's


class Effects(msgspec.Struct, frozen=True, kw_only=True):
    """The real box."""

    paths: Paths = Paths()
    run: programs.Run = programs.run
    page: Callable[[], Hops | None] = own_hops
    user: str = USER
