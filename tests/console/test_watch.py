"""The one look for all lines: what it wakes for, and what it does not wake for."""

from pathlib import Path

import trio

from agent.commands.lifecycle import State
from agent.commands.model import Kind
from agent.commands.record import Record
from agent.console.desk_link import DeskLink
from agent.control.words.events import FaultChanged, OrderChanged, StepTaken
from agent.health.kind import Level
from tests.console.bench import Bench

ORDER = Record("id-1", "Key cutter 1", Kind.KEY, "encoder:1", "101", 1, State.CLAIMED)


async def test_faults_and_steps_are_changes_and_the_orders_of_a_busy_hotel_are_not(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    changes: list[None] = []
    heard = trio.Event()

    def on_change() -> None:
        changes.append(None)
        if len(changes) == 3:
            heard.set()

    async with bench.desk(), trio.open_nursery() as nursery:
        nursery.start_soon(DeskLink(tmp_path).wait_changes, on_change)
        await trio.testing.wait_all_tasks_blocked(0.1)
        for _ in range(100):
            bench.hub.publish(OrderChanged(ORDER))
        bench.hub.publish(FaultChanged("E-X", "mews", Level.FAULT, "It is odd."))
        bench.hub.publish(StepTaken("a step"))
        with trio.fail_after(20):
            await heard.wait()
        nursery.cancel_scope.cancel()
    assert len(changes) == 3
