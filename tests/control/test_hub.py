"""The hub: all hear it at once, no one waits for anyone, and who does not keep up is dropped and knows it."""

import trio

from agent.control.hub import Hub, Watch
from agent.control.words.events import Event, StepTaken

EVENTS = [StepTaken(str(number)) for number in range(5)]


async def heard(watch: Watch) -> list[Event]:
    return [event async for event in watch]


async def test_every_watcher_hears_all_that_is_told_from_then_on() -> None:
    hub, listened = Hub(), list[Event]()
    hub.publish(StepTaken("before"))
    hub.listen(listened.append)
    with hub.watch() as one, hub.watch() as other:
        for event in EVENTS:
            hub.publish(event)
        hub.close()
        assert await heard(one) == await heard(other) == listened == EVENTS
        assert not one.is_dropped


async def test_a_slow_watcher_is_dropped_and_told_so_by_its_end_while_others_go_on() -> None:
    hub = Hub()
    with hub.watch(room=2) as slow, hub.watch() as quick:
        for event in EVENTS:
            hub.publish(event)
        assert await heard(slow) == EVENTS[:2]
        assert slow.is_dropped
        hub.close()
        assert await heard(quick) == EVENTS


async def test_a_watcher_that_is_dropped_stays_dropped() -> None:
    hub = Hub()
    with hub.watch(room=1) as slow:
        hub.publish(EVENTS[0])
        hub.publish(EVENTS[1])
        assert await heard(slow) == EVENTS[:1]
        hub.publish(EVENTS[2])
        assert await heard(slow) == []


async def test_a_watcher_that_left_costs_nothing() -> None:
    hub = Hub()
    with hub.watch() as watch:
        pass
    hub.publish(EVENTS[0])
    assert await heard(watch) == []
    assert not watch.is_dropped


async def test_a_watcher_waits_for_what_comes(autojump_clock: object) -> None:
    hub, seen = Hub(), list[Event]()

    async def watch() -> None:
        with hub.watch() as watch:
            async for event in watch:
                seen.append(event)

    async with trio.open_nursery() as nursery:
        nursery.start_soon(watch)
        await trio.sleep(1)
        hub.publish(EVENTS[0])
        await trio.sleep(1)
        assert seen == EVENTS[:1]
        hub.close()


async def test_nothing_is_heard_of_a_hub_that_is_closed() -> None:
    hub = Hub()
    hub.close()
    with hub.watch() as watch:
        assert await heard(watch) == []


async def test_a_listener_that_is_forgotten_hears_nothing_more() -> None:
    hub, heard_by = Hub(), list[str]()

    def one(_event: Event) -> None:
        heard_by.append("one")

    def other(_event: Event) -> None:
        heard_by.append("other")

    hub.listen(one)
    hub.listen(other)
    hub.forget(one)
    hub.publish(EVENTS[0])
    assert heard_by == ["other"]


async def test_whoever_takes_hints_hears_of_what_is_no_event_until_it_leaves() -> None:
    hub, seen = Hub(), list[str]()

    def look() -> None:
        seen.append("hint")

    hub.take_hints(look)
    hub.hint()
    hub.publish(EVENTS[0])
    hub.leave_hints(look)
    hub.hint()
    assert seen == ["hint"]
