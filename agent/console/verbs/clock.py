"""`time`: the hotel's time as the box has it, where it comes from, how far off it is, as far as that is known."""

import time

from agent.console.box import ConsoleBox
from agent.console.talk import Talk
from agent.console.terminal.hotel_time import stamp
from agent.console.words import requests as asked
from board.clock_state import ClockState, read_clock_state

_DOUBT = 1.0  # s; less is no matter for a key's times


async def time_now(talk: Talk, box: ConsoleBox, _request: asked.TimeNow) -> None:
    """All that is known of the clock."""
    status = await box.page.status()
    zone = status.timezone if status and status.is_agent else ""
    hotel = (
        f"In the hotel ({zone}) it is {status.time}." if status and zone else "The hotel's zone is not known yet."
    )
    await talk.say(f"The box's clock says {stamp(time.time())}. {hotel}\n{_words(await _clock())}")


async def _clock() -> ClockState:
    """The clock's state, read in a thread: a program that tells may be slow."""
    import trio

    return await trio.to_thread.run_sync(read_clock_state, abandon_on_cancel=True)


def _words(state: ClockState) -> str:
    if state.is_set is None:
        return "Whether it is right, this machine does not tell."
    source = f" by {state.source}" if state.source else ""
    text = f"It is set{source}" if state.is_set else "It is NOT set yet: no time server has answered"
    if state.offset_seconds is not None and abs(state.offset_seconds) >= _DOUBT:
        text += f", and {abs(state.offset_seconds):.0f} s {'ahead' if state.offset_seconds > 0 else 'behind'}"
    return f"{text}. Keys are dated by Mews' clock, whatever this one says."
