"""The parts that an agent has for its life, made and joined; a provisioning file's own are made for each file.

Nothing runs here, and nothing is loaded here that a first poll does not need.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
import trio

from agent.control.hub import Hub
from agent.health.health import Health
from agent.hotel import log
from agent.hotel.attention import Attention
from agent.hotel.history import History
from agent.hotel.news import News
from agent.hotel.present import Present
from agent.hotel.site import Shared, Wires
from agent.hotel.tally import Tally
from agent.journal import state_folder
from agent.journal.journal import Journal
from agent.journal.work import RunSync
from agent.pipeline.desk_orders import DeskOrders
from agent.pipeline.loose_cards import LooseCards
from agent.pipeline.orders import Orders
from agent.pipeline.pipeline import Pipeline
from agent.status.log_ring import LogRing


class Parts(msgspec.Struct, frozen=True):
    """`started` is when they were made, in monotonic seconds."""

    health: Health
    hub: Hub
    ring: LogRing
    orders: Orders
    journal: Journal
    pipeline: Pipeline
    present: Present
    loose_cards: LooseCards
    history: History
    tally: Tally
    news: News
    attention: Attention
    started: float


def make_parts(
    config: Path, state: Path, wires: Wires, run_sync: RunSync | None, wall: Callable[[], datetime]
) -> Parts:
    """Those of an agent with this provisioning file and this directory."""
    health, hub, orders, history = Health(trio.current_time), Hub(), Orders(), History()
    attention = Attention(trio.current_time)
    news = News(health, hub, orders)
    journal = Journal(state / state_folder.JOURNAL, run_sync=run_sync, on_trouble=news.journal_trouble)
    pipeline = Pipeline(journal=journal, health=health, orders=orders, desk=DeskOrders(), on_change=news.order)
    shared = Shared(
        *(health, orders, pipeline, trio.current_time),
        wall=wall,
        hint=hub.hint,
        eyes=attention,
    )
    present = Present(config, shared, wires, wall)
    loose_cards = LooseCards(health, present.unix_now)
    tally = Tally(trio.current_time, log.lost)
    health.on_change = news.fault
    hub.listen(tally.hear)
    news.tell_first(loose_cards.hear, history.hear)
    return Parts(
        *(health, hub, LogRing(), orders, journal, pipeline, present, loose_cards, history, tally, news),
        attention=attention,
        started=trio.current_time(),
    )
