"""What a person is told of the calls that no one has confirmed."""

import msgspec
import pytest

from agent.commands.driver import HasDoubts, Task
from agent.drivers.coder_bridge.doubts import SLOTS, doubts
from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.drivers.coder_bridge.protocol.words import Slot
from tests.drivers.coder_bridge.bridge_bench import bridge_bench
from tests.drivers.coder_bridge.profile_bench import BUILT_IN, all_confirmed, changed


@pytest.mark.parametrize("task", Task)
def test_where_all_is_confirmed_there_are_no_doubts(task: Task) -> None:
    assert doubts(all_confirmed(), task) == ""


def test_every_call_but_the_log_in_belongs_to_a_task() -> None:
    assert {slot for slots in SLOTS.values() for slot in slots} == set(Slot) - {Slot.AUTH}
    assert set(SLOTS) == set(Task)


@pytest.mark.parametrize("task", [task for task in Task if task not in (Task.CANCEL, Task.ROOM_IN, Task.DOORS)])
def test_a_task_is_doubted_for_what_its_own_call_lacks(task: Task) -> None:
    assert f"{SLOTS[task][0]}: method, path, " in doubts(BUILT_IN, task)


def test_what_a_site_has_proved_is_doubted_no_more() -> None:
    profile = changed(BUILT_IN, calls__read_card__path="/read")
    assert doubts(profile, Task.READ).startswith("read_card: method, answer, ")


def test_both_ways_to_a_telephone_are_named_and_what_they_share_once() -> None:
    line = doubts(BUILT_IN, Task.MOBILE)
    assert "mobile_key: " in line
    assert "mobile_key_push: " in line
    assert line.count("mobile: user") == 1
    assert "\n" not in line


def test_a_key_is_doubted_for_its_areas_and_copies_where_it_has_any() -> None:
    plain, with_areas = doubts(BUILT_IN, Task.KEY), doubts(BUILT_IN, Task.KEY, areas=True)
    copies = doubts(BUILT_IN, Task.KEY, copies=True)
    assert ("areas: use, separator" in plain, "areas: use, separator" in with_areas) == (False, True)
    assert ("duplicates: how" in plain, "duplicates: how" in copies) == (False, True)
    for task in Task:
        assert doubts(all_confirmed(), task, areas=True, copies=True) == ""


def test_a_key_of_the_desk_is_doubted_for_the_mark_that_it_bears() -> None:
    document = msgspec.to_builtins(all_confirmed())
    document["duplicates"]["how"] = {"value": {"dup": "1"}, "confirmed": False, "source": "test"}
    profile = msgspec.convert(document, Profile)
    assert [task for task in Task if doubts(profile, task)] == [Task.KEY, Task.PRECHECKIN]
    assert doubts(profile, Task.KEY) == "duplicates: how"


async def test_an_installer_who_allows_it_proves_nothing() -> None:
    async with bridge_bench(allow_unconfirmed=True) as bench:
        assert isinstance(bench.driver, HasDoubts)
        assert bench.driver.doubts(Task.KEY) == doubts(BUILT_IN, Task.KEY) != ""
