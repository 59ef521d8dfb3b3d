"""An update from the command to the verdict, on a box with two slots: what runs then, and what people read."""

from pathlib import Path

import msgspec
import pytest

from agent.box.tools.programs import Finished, ProgramTrouble
from agent.box.update import trial, update
from agent.box.update.rauc import Bundle
from agent.box.update.record import Ending, Pending, Stage, encoded
from agent.foundation.errors import NightPorterError, UserMistake
from agent.status.snapshot.snapshot import Snapshot
from tests.box.updated_box import Software, UpdatedBox, worse

LOCK = "lock-server:coder-bridge"


@pytest.fixture(params=["A", "B"])
def box(tmp_path: Path, request: pytest.FixtureRequest) -> UpdatedBox:
    """Version 0.2.0, running from one slot or the other."""
    started = UpdatedBox(tmp_path, origin=request.param)
    started.boot()
    return started


# -- good ---------------------------------------------------------------------------------------------------------


def test_a_good_version_is_installed_judged_and_kept(box: UpdatedBox) -> None:
    before = box.running
    box.update()
    assert (box.version, box.running != before, box.ok[box.running]) == ("0.3.0", True, True)
    assert box.tries[box.running] == 0
    assert box.pending is None
    assert box.result is not None
    assert box.result.ending is Ending.GOOD
    assert box.codes == []
    assert "Version 0.3.0 is good." in box.steps


def test_the_result_on_the_disk_is_what_the_versions_before_this_one_read(box: UpdatedBox) -> None:
    box.update()
    told = msgspec.json.decode(box.paths.update_result.read_bytes())
    assert (told["outcome"], told["from_version"], told["version"]) == ("good", "0.2.0", "0.3.0")


def test_the_way_is_told_in_plain_words(box: UpdatedBox) -> None:
    box.update(restart=False)
    told = [line.partition("update: ")[2] for line in box.steps.splitlines()]
    assert told == [
        "Checking the bundle's signature.",
        "Installing version 0.3.0 beside 0.2.0. Keys go on meanwhile.",
        "Checking the bundle.",
        "Copying: 40 %.",
        "Copying: 90 %.",
        "Version 0.3.0 is installed.",
        "Version 0.3.0 starts when the box is restarted.",
    ]


def test_the_notice_of_a_trial_stands_while_it_lasts(box: UpdatedBox) -> None:
    seen: list[list[str]] = []
    page = box.page

    def look() -> Snapshot | None:
        seen.append(box.codes)
        return page()

    box.page = look  # type: ignore[method-assign]
    box.update()
    assert seen[0] == []  # before the restart
    assert {tuple(codes) for codes in seen[1:]} == {("E-UPDATE-TRIAL",)}
    assert box.codes == []


def test_a_trial_lasts_until_everybody_has_been_asked_and_then_ten_seconds(box: UpdatedBox) -> None:
    box.update()
    assert 80 + 10 <= box.effects.clock() <= 80 + 10 + 4  # the agent is asked for 50 s, 30 s after the start


@pytest.mark.parametrize("hop", ["mews", LOCK])
def test_a_hop_that_was_at_fault_before_may_be_at_fault_afterwards(tmp_path: Path, hop: str) -> None:
    box = UpdatedBox(tmp_path, old=Software("0.2.0", faults=worse(hop)))
    box.coming = Software("0.3.0", faults=worse(hop))
    box.boot()
    box.update()
    assert box.version == "0.3.0"
    assert box.pending is None


def test_an_encoder_at_fault_says_nothing_against_a_version(box: UpdatedBox) -> None:
    box.coming = Software("0.3.0", faults=(("E-ENCODER", "encoder:1"),))
    box.update()
    assert box.version == "0.3.0"


def test_a_box_whose_console_is_switched_off_needs_none(box: UpdatedBox) -> None:
    box.coming = Software("0.3.0", console="inactive")
    box.update()
    assert box.version == "0.3.0"


def test_a_box_whose_page_was_away_before_is_judged_without_comparison(tmp_path: Path) -> None:
    box = UpdatedBox(tmp_path, old=Software("0.2.0", agent="failed", has_page=False))
    box.boot()
    box.coming = Software("0.3.0", faults=worse("mews"))
    box.update()
    assert box.version == "0.3.0"
    assert isinstance(box.result, msgspec.Struct)


# -- bad ----------------------------------------------------------------------------------------------------------

BAD: dict[str, tuple[Software, str]] = {
    "safe mode": (Software("0.3.0", agent="failed"), "The agent does not start: the box is in safe mode."),
    "never ready": (Software("0.3.0", agent="activating"), "The agent has not started."),
    "no page": (Software("0.3.0", has_page=False), "The status page does not answer."),
    "lock server": (
        Software("0.3.0", faults=worse(LOCK)),
        "The lock server coder-bridge was well before the update and is at fault (E-LOCK-UNREACHABLE) now.",
    ),
    "Mews": (
        Software("0.3.0", faults=worse("mews")),
        "Mews was well before the update and is at fault (E-MEWS-UNREACHABLE) now.",
    ),
    "journal": (
        Software("0.3.0", faults=(("E-JOURNAL-DAMAGED", "box"),)),
        "The journal was damaged (E-JOURNAL-DAMAGED).",
    ),
    "file": (
        Software("0.3.0", faults=(("E-FILE-BAD", "box"),)),
        "The box was well before the update and is at fault (E-FILE-BAD) now.",
    ),
    "console": (Software("0.3.0", console="failed"), "The console on the serial lines does not start."),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_version_is_taken_back_in_one_boot_with_its_reason(box: UpdatedBox, bad: str) -> None:
    box.coming, reason = BAD[bad]
    before, boots = box.running, box.boots
    box.update()
    assert (box.version, box.running) == ("0.2.0", before)
    assert box.boots == boots + 2  # into the new version, and back
    assert box.ok == {before: True, "A" if before == "B" else "B": False}
    assert box.pending is None
    [notice] = box.notices
    assert notice.code == "E-UPDATE-REVERTED"
    assert notice.text == f"Version 0.3.0 is taken back, in favour of version 0.2.0. {reason}"


def test_a_version_in_safe_mode_is_not_waited_for(box: UpdatedBox) -> None:
    box.coming = Software("0.3.0", agent="failed")
    box.update()
    assert box.acts.count("systemctl reboot") == 2


def test_another_version_than_announced_is_taken_back(box: UpdatedBox) -> None:
    path = box.put("odd.raucb", Bundle("nightporter-amd64", "0.4.0"))
    box.update(source=path)
    assert box.version == "0.2.0"
    assert "The system that started is version 0.3.0, not 0.4.0." in box.notices[0].text


def test_a_version_that_hangs_uses_up_its_tries_and_is_told_of(box: UpdatedBox) -> None:
    box.coming = Software("0.3.0", starts=False)
    box.update()
    assert box.version == "0.2.0"
    assert not box.ok["A" if box.running == "B" else "B"]
    assert "It did not start, or not for long enough to be judged." in box.notices[0].text


def test_a_version_that_works_only_now_and_then_is_taken_back(box: UpdatedBox) -> None:
    page = box.page
    box.update(restart=False)
    looks = iter(range(10_000))
    box.page = lambda: page() if next(looks) % 4 else None  # type: ignore[method-assign]
    box.boot()
    assert box.version == "0.2.0"


def test_what_was_taken_back_stays_on_the_page_until_the_next_good_update(box: UpdatedBox) -> None:
    box.coming = BAD["Mews"][0]
    box.update()
    box.boot()
    box.boot()
    assert box.codes == ["E-UPDATE-REVERTED"]
    box.coming = Software("0.3.1")
    box.update()
    assert box.codes == []
    box.boot()
    assert box.codes == []


def test_a_version_that_was_good_and_dies_later_than_its_verdict_is_told_of(box: UpdatedBox) -> None:
    box.marks_fail = True  # it is good, but that cannot be noted
    box.update(restart=False)
    box.boot()
    assert box.version == "0.3.0"
    assert isinstance(box.pending, Pending)
    box.marks_fail = False
    box.slots[box.running] = Software(starts=False)
    box.boot()
    assert box.version == "0.2.0"
    assert "It was good at first, and then did not start any more." in box.notices[0].text


# -- no box restarts for ever -------------------------------------------------------------------------------------


def judged_bad(box: UpdatedBox) -> None:
    box.coming = BAD["Mews"][0]
    box.update(restart=False)


def test_a_boot_order_that_cannot_be_written_is_no_reason_to_restart(box: UpdatedBox) -> None:
    judged_bad(box)
    box.marks_fail = True
    boots = box.boots
    box.boot()
    assert (box.boots, box.version) == (boots + 1, "0.3.0")
    [notice] = box.notices
    assert notice.code == "E-UPDATE-TRIAL"
    assert "But the boot order cannot be written: restart the box by hand, and tell support." in notice.text


def test_a_boot_order_that_could_not_be_written_is_tried_again_at_the_next_start(box: UpdatedBox) -> None:
    judged_bad(box)
    box.marks_fail = True
    box.boot()
    box.marks_fail = False
    box.boot()
    assert box.version == "0.2.0"
    assert box.codes == ["E-UPDATE-REVERTED"]


def test_a_boot_order_that_is_never_written_leads_back_by_the_boot_counter(box: UpdatedBox) -> None:
    judged_bad(box)
    box.marks_fail = True
    for _ in range(4):
        box.boot()
    assert box.version == "0.2.0"
    assert box.codes == ["E-UPDATE-REVERTED"]


def test_a_verdict_that_cannot_be_noted_is_no_reason_to_restart(box: UpdatedBox) -> None:
    judged_bad(box)
    box.writes_fail = True
    boots = box.boots
    box.boot()
    assert box.boots == boots + 1
    assert "the data partition takes no note of it" in box.notices[0].text
    box.boot()
    assert box.version == "0.2.0"


def test_a_restart_that_is_not_taken_is_told(box: UpdatedBox) -> None:
    judged_bad(box)
    box.reboot_fails = True
    box.boot()
    assert "systemd does not take the order to restart" in box.notices[0].text


def test_an_old_version_that_does_not_start_any_more_leaves_the_new_one(box: UpdatedBox) -> None:
    judged_bad(box)
    old = box.running
    new = "A" if old == "B" else "B"
    box.slots[old] = Software(starts=False)
    box._choose = lambda: new  # type: ignore[method-assign] # what GRUB does when nothing else is left
    box.boot()
    assert box.version == "0.3.0"
    assert box.ok[new]
    assert box.order[0] == new
    assert box.pending is None
    [notice] = box.notices
    assert notice.code == "E-UPDATE-TRIAL"
    assert "version 0.2.0 does not start any more, so it stays. Mews was well" in notice.text
    box.boot()
    assert box.codes == ["E-UPDATE-TRIAL"]


def test_a_torn_note_is_forgotten_and_said(box: UpdatedBox) -> None:
    box.paths.pending_update.write_text('{"id": "')
    box.boot()
    assert box.pending is None
    assert "What was noted of an update cannot be read" in box.steps


def test_a_note_that_speaks_of_one_slot_alone_is_torn(box: UpdatedBox) -> None:
    box.update(restart=False)
    assert isinstance(box.pending, Pending)
    odd = msgspec.structs.replace(box.pending, target=box.pending.origin)
    box.paths.pending_update.write_bytes(encoded(odd))
    box.boot()
    assert box.pending is None


def test_notes_that_cannot_be_removed_do_no_harm(box: UpdatedBox) -> None:
    box.paths.pending_update.write_text("torn")
    box.writes_fail = True
    boots = box.boots
    box.boot()
    assert box.boots == boots + 1
    assert "The update's note cannot be removed (read-only file system)." in box.steps


def test_an_unknown_slot_is_said_and_nothing_is_touched(box: UpdatedBox) -> None:
    box.update(restart=False)
    box.paths.cmdline.write_text("quiet\n")
    acts = list(box.acts)
    trial.judge_start(box.effects)
    assert box.acts == acts
    assert "The boot loader does not say which slot runs" in box.steps


# -- starts without an update -------------------------------------------------------------------------------------


@pytest.mark.parametrize("agent", ["active", "failed", "activating"])
def test_a_start_without_an_update_counts_as_good(tmp_path: Path, agent: str) -> None:
    box = UpdatedBox(tmp_path, old=Software("0.2.0", agent=agent))
    box.boot()
    assert box.tries == {"A": 0, "B": 0}
    assert box.effects.clock() == (30 if agent != "activating" else 120)


def test_a_start_without_the_data_partition_does_not_count_as_good(box: UpdatedBox) -> None:
    box.paths.mounts.write_text("")
    box.boot()
    assert box.tries[box.running] == 1
    assert "The data partition is not there" in box.steps


def test_a_trial_that_is_started_again_before_the_restart_judges_nothing(box: UpdatedBox) -> None:
    box.update(restart=False)
    trial.judge_start(box.effects)
    assert isinstance(box.pending, Pending)
    box.boot()
    assert box.version == "0.3.0"


def test_a_download_that_a_power_cut_ended_is_cleared_away(box: UpdatedBox) -> None:
    box.paths.bundle.write_bytes(b"half")
    box.boot()
    assert not box.paths.bundle.exists()


# -- what `nightporter update` refuses ----------------------------------------------------------------------------

REFUSED: dict[str, tuple[Bundle | str, str]] = {
    "foreign": (
        "signature verification failed: Verify error: unable to get local issuer certificate",
        "new.raucb is not signed by a key that this box trusts.",
    ),
    "damaged": (
        "Invalid bundle format: Signature size (117) exceeds bundle size",
        "new.raucb is no update bundle, or is damaged.",
    ),
    "sick disk": ("input/output error", "new.raucb cannot be checked: rauc: input/output error."),
    "other kind": (
        Bundle("nightporter-arm64", "0.3.0"),
        "new.raucb is for another kind of box (nightporter-arm64): this one is nightporter-amd64.",
    ),
    "too old": (
        Bundle("nightporter-amd64", "0.0.9"),
        "Version 0.0.9 in new.raucb is older than 0.1.0, below which this box does not go.",
    ),
    "no version": (Bundle("nightporter-amd64", "new"), "'new' is no version like 1.2.3 or 1.2.3-rc1."),
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_bundle_that_does_not_fit_is_refused_in_one_sentence_and_on_the_page(box: UpdatedBox, why: str) -> None:
    bundle, words = REFUSED[why]
    acts = list(box.acts)
    with pytest.raises(UserMistake) as refused:
        box.update(source=box.put("new.raucb", bundle))
    assert str(refused.value) == words
    assert box.acts == acts
    assert [(notice.code, notice.text, notice.lasts) for notice in box.notices] == [
        ("E-UPDATE-REFUSED", words, 3600)
    ]


def test_a_bundle_that_rauc_says_nothing_sensible_of_is_refused(box: UpdatedBox) -> None:
    path = box.put("new.raucb", Bundle("nightporter-amd64", "0.3.0"))
    effects = msgspec.structs.replace(box.effects, run=lambda *_, **__: Finished(0, "no JSON", ""))
    with pytest.raises(UserMistake, match="no update bundle that this box understands"):
        update.update_box(effects, update.Wish(path))


def test_without_a_floor_the_running_version_is_the_floor(box: UpdatedBox) -> None:
    box.paths.version_floor.unlink()
    with pytest.raises(UserMistake, match=r"older than 0\.2\.0, below which"):
        box.update(source=box.put("new.raucb", Bundle("nightporter-amd64", "0.1.9")))


def test_the_version_that_runs_is_left_alone(box: UpdatedBox) -> None:
    box.coming = Software("0.2.0")
    box.update()
    assert box.pending is None
    assert "Version 0.2.0 runs already: nothing is done. --again installs it all the same." in box.steps


def test_the_version_that_runs_is_installed_again_if_asked_for(box: UpdatedBox) -> None:
    box.coming, before = Software("0.2.0"), box.running
    box.update(again=True)
    assert box.running != before


def test_an_older_version_above_the_floor_is_installed_and_said_to_be_older(box: UpdatedBox) -> None:
    box.coming = Software("0.1.5")
    box.update(restart=False)
    assert "Version 0.1.5 is older than 0.2.0, which runs now." in box.steps
    box.boot()
    assert box.version == "0.1.5"


def test_a_file_that_is_not_there_is_said(box: UpdatedBox) -> None:
    with pytest.raises(UserMistake, match=r"There is no file /none\.raucb"):
        box.update(source="/none.raucb")


def test_a_machine_that_is_no_box_cannot_be_updated(box: UpdatedBox) -> None:
    box.paths.release.unlink()
    with pytest.raises(UserMistake, match="does not run Night Porter's image"):
        box.update()


def test_a_bundle_that_rauc_does_not_install_leaves_no_update_behind(box: UpdatedBox) -> None:
    box.install_fails = "Failed mounting bundle: dm-verity: corrupted"
    with pytest.raises(UserMistake, match=r"RAUC did not install new.raucb: Failed mounting bundle: dm-verity"):
        box.update()
    assert box.pending is None
    assert box.codes == ["E-UPDATE-REFUSED"]


def test_an_installation_of_which_nobody_knows_is_told_of_at_the_next_start(box: UpdatedBox) -> None:
    effects = msgspec.structs.replace(box.effects, follow=lambda *_, **__: 2)
    with pytest.raises(NightPorterError, match="its service went away"):
        update.update_box(effects, update.Wish(box.put("new.raucb", Bundle("nightporter-amd64", "0.3.0"))))
    assert isinstance(box.pending, Pending)
    box.boot()
    assert box.version == "0.2.0"
    assert "was interrupted" in box.notices[0].text


def test_an_update_that_cannot_be_noted_changes_nothing(box: UpdatedBox) -> None:
    box.writes_fail = True
    acts = list(box.acts)
    with pytest.raises(NightPorterError, match=r"cannot be noted on the data partition \(read-only file system\)"):
        box.update()
    assert box.acts == acts


def test_a_restart_that_systemd_does_not_take_is_said(box: UpdatedBox) -> None:
    box.reboot_fails = True
    with pytest.raises(NightPorterError, match="did not take the order to restart"):
        box.update()


def test_two_updates_never_run_at_once(box: UpdatedBox) -> None:
    path = box.put("new.raucb", Bundle("nightporter-amd64", "0.3.0"))
    looked = 0

    def look() -> Snapshot | None:
        nonlocal looked
        looked += 1
        with pytest.raises(UserMistake, match="The box is being updated"):
            update.update_box(box.effects, update.Wish(path))
        return None

    update.update_box(msgspec.structs.replace(box.effects, page=look), update.Wish(path, restart=False))
    assert looked == 1


def test_a_version_on_trial_keeps_its_way_back(box: UpdatedBox) -> None:
    box.update(restart=False)
    assert isinstance(box.pending, Pending)
    box.running = box.pending.target
    box.paths.cmdline.write_text(f"rauc.slot={box.running}\n")
    with pytest.raises(UserMistake, match=r"Version 0.3.0 is still on trial"):
        box.update()


def test_a_second_update_before_the_restart_replaces_the_first(box: UpdatedBox) -> None:
    box.update(restart=False)
    box.coming = Software("0.3.1")
    box.update(restart=False)
    box.boot()
    assert box.version == "0.3.1"


def test_what_is_noted_before_the_restart(box: UpdatedBox) -> None:
    box.update(restart=False)
    noted = box.pending
    assert isinstance(noted, Pending)
    assert noted.stage is Stage.INSTALLED
    assert noted.sha256 == update.digest(box.folder / "new.raucb")
    assert noted.before == {"mews": "ok", "box": "ok", LOCK: "ok"}
    assert msgspec.json.decode(box.paths.pending_update.read_bytes())["from"] == box.running


def test_a_box_that_could_not_go_back_can_still_be_updated(box: UpdatedBox) -> None:
    judged_bad(box)
    box.marks_fail = True
    box.boot()
    assert box.version == "0.3.0"
    box.marks_fail = False
    box.coming = Software("0.3.1")
    box.update()
    assert box.version == "0.3.1"
    assert box.codes == []


def test_a_new_version_that_has_to_stay_is_noted_as_first_as_soon_as_that_works(box: UpdatedBox) -> None:
    judged_bad(box)
    noted = box.pending
    assert isinstance(noted, Pending)
    box._choose = lambda: noted.target  # type: ignore[method-assign] # what GRUB does when nothing else is left
    mark = box._mark

    def fails(how: str, which: str) -> None:
        if how == "mark-active":
            raise ProgramTrouble("rauc", 1, "no")
        mark(how, which)

    box._mark = fails  # type: ignore[method-assign]
    box.boot()
    assert box.paths.pending_update.exists()
    box._mark = mark  # type: ignore[method-assign]
    box.boot()
    assert not box.paths.pending_update.exists()
    assert box.order[0] == box.running
