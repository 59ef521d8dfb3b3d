"""A knock as somebody who looks at the page has it: every two seconds."""

from collections.abc import Awaitable, Callable

import trio

from agent.drivers.knocking import KNOCK_SECONDS


class SteadyKnock:
    """`ask` tries the server."""

    def __init__(self, ask: Callable[[], Awaitable[bool | None]]) -> None:
        self._ask = ask

    async def __call__(self) -> bool | None:
        return await self._ask()

    async def rest(self) -> None:
        await trio.sleep(KNOCK_SECONDS)
