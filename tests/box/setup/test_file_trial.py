"""A file that is taken on a running box, and what becomes of it within two minutes; power cuts in all of that."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.box.setup import live_take, stick_file, take_trial
from agent.box.setup.take_trial import Hops, Look
from agent.box.tools.lasting_files import LastingFiles
from agent.foundation.errors import NightPorterError, UserMistake
from agent.health.kind import Level
from agent.status.snapshot.facts import HopState
from agent.status.snapshot.snapshot import Hop
from tests.box.setup.taking import Box, provisioning
from tests.box.setup.test_power_cut_while_taking import CutAfter, PowerCut
from tests.provisioning.text import QUEUE

OLD, NEW, NEWEST = (provisioning(f"{word} kettle 1212") for word in ("old", "new", "newest"))
BAD = NEW.replace(b"Europe/Vienna", b"Europe/Wien")
MEWS = Hop("mews", Level.OK, "Mews answers.", "", HopState.SEEN)
NO_MEWS = Hop("mews", Level.FAULT, "Mews refuses the token.", "", HopState.SEEN)
ENOUGH = 60  # operations; more than any case has


@pytest.fixture
def box(tmp_path: Path) -> Box:
    """A box that has taken OLD at an earlier start, and runs."""
    return running(tmp_path)


def running(folder: Path) -> Box:
    box = Box(folder)
    box.put("provisioning.toml", OLD)
    box.start()
    box.apply()
    box.programs.ran.clear()
    return box


def take(box: Box, text: bytes, files: LastingFiles | None = None) -> bool:
    with live_take.working(box.paths, box.programs, files) as work:
        return work.take(work.judge(text, lambda name: None, "here"), ("mews",))


def look(box: Box, page: Callable[[], Hops | None], started: float = 1e9) -> Look:
    """Time goes on by the pauses alone; the agent that answers started at `started`."""
    now = [1000.0]

    def pause(seconds: float) -> None:
        now[0] += seconds

    box.programs.says["systemctl show"] = (
        f"ActiveState=active\nExecMainStartTimestampMonotonic={started * 1e6:.0f}\n"
    )
    return Look(paths=box.paths, run=box.programs, page=page, clock=lambda: now[0], pause=pause)


def codes(box: Box) -> set[str]:
    return {notice.code for notice in box.notices}


def test_a_taken_file_is_on_trial_and_put_to_work_without_a_restart_of_the_box(box: Box) -> None:
    assert take(box, NEW)
    assert box.kept == {"provisioning.toml": NEW, "previous.toml": OLD}
    assert (box.paths.credstore / "provisioning.toml").read_bytes() == NEW
    assert box.programs.ran == [
        ("systemctl", "restart", "--no-block", "nightporter.service"),
        ("systemctl", "restart", "--no-block", "nightporter-take-trial.service"),
    ]
    assert codes(box) == {"E-TAKE-TRIAL"}


def test_a_file_with_a_queue_starts_cups_one_with_another_tells_it_and_one_without_ends_it(box: Box) -> None:
    with_queue = NEW + QUEUE.encode()
    ran = []
    for text in (with_queue, with_queue.replace(b"10.4.5.31", b"10.4.5.32"), NEW):
        box.programs.ran.clear()
        take(box, text)
        ran.append([argv[1:] for argv in box.programs.ran if "nightporter-queues.service" in argv])
    change = ("reload-or-restart", "--no-block", "nightporter-queues.service")
    assert ran == [[change], [change], [("stop", "--no-block", "nightporter-queues.service")]]


def test_a_file_that_leaves_the_queues_as_they_are_does_not_touch_cups(box: Box) -> None:
    take(box, NEW + QUEUE.encode())
    box.programs.ran.clear()
    take(box, NEWEST + QUEUE.encode())
    assert [argv for argv in box.programs.ran if "nightporter-queues.service" in argv] == []


def test_only_what_changed_is_told_of_it(box: Box) -> None:
    other = NEW.replace(b'address = "10.4.5.20/24"', b'address = "10.4.5.21/24"').replace(
        b'name = "aurora-desk"', b'name = "aurora-bar"'
    )
    (box.paths.interfaces / "eth0" / "device").mkdir(parents=True)
    (box.paths.interfaces / "eth0" / "type").write_text("1\n")
    take(box, other)
    assert [argv[:2] for argv in box.programs.ran[:3]] == [
        ("networkctl", "reload"),
        ("networkctl", "reconfigure"),
        ("systemctl", "try-restart"),
    ]
    assert box.paths.hostname.read_text() == "aurora-bar\n"


def test_the_first_file_of_a_box_is_on_no_trial(tmp_path: Path) -> None:
    box = Box(tmp_path)
    assert not take(box, NEW)
    assert box.kept == {"provisioning.toml": NEW}


def test_a_refused_file_changes_nothing_and_says_why_on_the_page(box: Box) -> None:
    with pytest.raises(UserMistake, match="timezone"):
        take(box, BAD)
    assert box.kept == {"provisioning.toml": OLD}
    assert codes(box) == {"E-TAKE-REFUSED"}
    assert box.programs.ran == []


def test_a_full_disk_leaves_the_file_before(box: Box) -> None:
    def full(operation: str) -> None:
        if operation == "write .provisioning.toml.new":
            raise OSError(28, "No space left on device")

    with pytest.raises(NightPorterError, match="no space left"):
        take(box, NEW, LastingFiles(full))
    assert box.paths.active.read_bytes() == OLD


def test_a_file_with_which_all_is_well_stays(box: Box) -> None:
    take(box, NEW)
    assert take_trial.judge(look(box, lambda: (MEWS,)))
    assert box.kept == {"provisioning.toml": NEW, "previous.toml": OLD}
    assert not box.paths.file_trial.exists()
    assert codes(box) == set()


def test_a_file_that_does_not_reach_mews_is_taken_back_after_two_minutes(box: Box) -> None:
    take(box, NEW)
    seen = look(box, lambda: (NO_MEWS,))
    assert take_trial.judge(seen)
    assert 120 <= seen.clock() - 1000 < 125
    assert box.kept == {"provisioning.toml": OLD}
    assert (box.paths.credstore / "provisioning.toml").read_bytes() == OLD
    assert codes(box) == {"E-TAKE-BACK"}
    assert "within two minutes: Mews refuses the token." in box.notices[0].text
    assert "Mews refuses the token." in box.result
    assert box.holding(b"new kettle 1212") == set()


def test_the_answers_of_the_agent_before_do_not_count(box: Box) -> None:
    take(box, NEW)
    seen = look(box, lambda: (MEWS,), started=1.0)
    assert take_trial.judge(seen)
    assert seen.clock() - 1000 >= 180
    assert box.paths.active.read_bytes() == OLD


def test_a_trial_that_is_confirmed_meanwhile_ends_without_a_word(box: Box) -> None:
    take(box, NEW)

    def confirmed() -> Hops:
        with live_take.working(box.paths, box.programs) as work:
            work.keep("confirmed")
        return (NO_MEWS,)

    assert take_trial.judge(look(box, confirmed))
    assert box.paths.active.read_bytes() == NEW


def test_a_third_file_on_trial_goes_back_to_the_first(box: Box) -> None:
    take(box, NEW)
    take(box, NEWEST)
    assert box.kept == {"provisioning.toml": NEWEST, "previous.toml": OLD}
    take_trial.judge(look(box, lambda: (NO_MEWS,)))
    assert box.kept == {"provisioning.toml": OLD}


def test_the_file_before_taken_again_by_hand_ends_the_trial(box: Box) -> None:
    take(box, NEW)
    assert not take(box, OLD)
    assert box.kept == {"provisioning.toml": OLD}
    assert not box.paths.file_trial.exists()


def test_without_a_trial_it_is_noted_what_is_well(box: Box) -> None:
    seen = look(box, lambda: (MEWS,))
    assert not take_trial.judge(seen)
    take_trial.note_well(seen)
    assert box.paths.well.read_text() == "mews\n"


def test_a_file_of_the_boot_partition_is_compared_with_what_was_well_last(box: Box) -> None:
    take_trial.note_well(look(box, lambda: (MEWS,)))
    box.put("provisioning.toml", NEW)
    box.start()
    assert codes(box) == {"E-TAKE-TRIAL"}
    take_trial.judge(look(box, lambda: (NO_MEWS,)))
    assert box.kept == {"provisioning.toml": OLD}


def test_a_start_within_a_trial_gives_it_once_more_and_the_second_ends_it(box: Box) -> None:
    take(box, NEW)
    box.start()
    assert box.paths.active.read_bytes() == NEW
    assert "came back with it" in box.notices[0].text
    box.start()
    assert box.kept == {"provisioning.toml": OLD}
    assert codes(box) == {"E-TAKE-BACK"}
    assert "started twice" in box.steps
    box.start()
    assert box.kept == {"provisioning.toml": OLD}


@pytest.mark.parametrize("page", [(MEWS,), (NO_MEWS,)], ids=["stays", "goes"])
def test_a_power_cut_anywhere_leaves_one_of_the_two_files_whole(tmp_path: Path, page: Hops) -> None:
    for operations in range(1, ENOUGH):
        box = running(tmp_path / str(operations))
        try:
            take(box, NEW, CutAfter(operations))
        except PowerCut:
            box.start()
            assert box.paths.active.read_bytes() in (OLD, NEW), operations
            box.apply()
            take_trial.judge(look(box, lambda: page))
            is_new = page == (MEWS,) and box.paths.active.read_bytes() == NEW
            kept = {"provisioning.toml": NEW, "previous.toml": OLD} if is_new else {"provisioning.toml": OLD}
            assert box.kept == kept, operations
            assert not box.paths.file_trial.exists(), operations
        else:
            return
    pytest.fail("there are more operations than were tried")


def test_a_power_cut_while_going_back_is_finished_and_told_by_the_next_start(tmp_path: Path) -> None:
    for operations in range(1, ENOUGH):
        box = running(tmp_path / str(operations))
        take(box, NEW)
        try:
            with live_take.working(box.paths, box.programs, CutAfter(operations)) as work:
                work.go_back("Mews was not reached.")
        except PowerCut:
            box.start()
            box.start()
            box.start()
            assert box.kept == {"provisioning.toml": OLD}, operations
            assert "taken back" in box.steps, operations
        else:
            return
    pytest.fail("there are more operations than were tried")


# A USB stick


@pytest.fixture
def stick(box: Box) -> Path:
    folder = box.folder / "stick"
    folder.mkdir()
    (folder / "provisioning.toml").write_bytes(NEW)
    return folder


def test_a_file_on_a_stick_is_taken_once_and_stays_on_it(box: Box, stick: Path) -> None:
    stick_file.take(box.paths, box.programs, stick, lambda: (MEWS,))
    assert box.kept == {"provisioning.toml": NEW, "previous.toml": OLD}
    assert (stick / "provisioning.toml").read_bytes() == NEW
    take_trial.judge(look(box, lambda: (NO_MEWS,)))
    stick_file.take(box.paths, box.programs, stick, lambda: (MEWS,))  # it is still in
    assert box.kept == {"provisioning.toml": OLD}
    assert "it was taken before" in box.steps


@pytest.mark.parametrize("text", [BAD, b"", b"\0" * 100])
def test_a_bad_file_on_a_stick_is_said_and_nothing_is_changed(box: Box, stick: Path, text: bytes) -> None:
    (stick / "provisioning.toml").write_bytes(text)
    stick_file.take(box.paths, box.programs, stick, lambda: None)
    assert box.kept == {"provisioning.toml": OLD}
    assert codes(box) == {"E-TAKE-REFUSED"}


def test_a_stick_without_a_file_is_no_news(box: Box, stick: Path) -> None:
    (stick / "provisioning.toml").unlink()
    before = box.steps
    stick_file.take(box.paths, box.programs, stick, lambda: None)
    assert box.steps == before


# One at a time


def test_two_never_work_on_the_files_at_once(box: Box) -> None:
    with (
        live_take.working(box.paths, box.programs),
        pytest.raises(UserMistake, match="try again"),
        live_take.working(box.paths, box.programs, patience=0.0),
    ):
        pass
    assert take(box, NEW)  # the lock goes with its holder
