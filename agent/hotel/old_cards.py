"""Leaves out loose cards and keys that are old enough. No card goes from the page before its time."""

import trio

from agent.pipeline.loose_cards import LooseCards
from agent.pipeline.pipeline import Pipeline

CARDS_SECONDS = 600.0  # s between two looks


async def forget_old_cards(cards: LooseCards, pipeline: Pipeline) -> None:
    """Now and then, until cancelled."""
    while True:
        await trio.sleep(CARDS_SECONDS)
        cards.look()
        pipeline.forget_old_keys()
