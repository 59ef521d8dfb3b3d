"""A USB stick with updates: what is taken from it, what is left alone, and that it never goes round in circles."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from agent.box.tools.programs import Finished, ProgramTrouble
from agent.box.update import lock, stick
from agent.box.update.rauc import Bundle
from agent.box.update.record import Ending, UpdateResult, encoded
from agent.box.update.stick import MOST_INTERRUPTIONS
from tests.box.updated_box import PowerCut, Software, UpdatedBox, worse


@pytest.fixture
def box(tmp_path: Path) -> UpdatedBox:
    started = UpdatedBox(tmp_path)
    started.boot()
    return started


def bundle(version: str, arch: str = "amd64") -> Bundle:
    return Bundle(f"nightporter-{arch}", version)


def put_in(box: UpdatedBox, **bundles: Bundle | str) -> None:
    """Put in a stick with these bundles; what follows from it happens."""
    box.stick = []
    for name, content in bundles.items():
        box.put(f"{name}.raucb", content)
        box.stick.append(f"{name}.raucb")
    again(box)


def again(box: UpdatedBox) -> None:
    """The same stick, at the next start or put in again."""
    acts = len(box.acts)
    stick.update_from(box.effects, "sda1")
    assert box.acts[acts:].count("mount") == box.acts[acts:].count("unmount")
    if "systemctl reboot" in box.acts[acts:]:
        box.boot()


def test_a_newer_version_is_taken(box: UpdatedBox) -> None:
    put_in(box, new=bundle("0.3.0"))
    assert box.version == "0.3.0"
    assert box.codes == []


def test_the_newest_version_of_several_is_taken(box: UpdatedBox) -> None:
    box.coming = Software("0.10.0")
    put_in(box, a=bundle("0.9.0"), b=bundle("0.10.0"), c=bundle("0.10.0-rc1"), d=bundle("0.11.0", "arm64"))
    assert box.version == "0.10.0"


def test_a_stick_that_stays_in_is_not_taken_twice(box: UpdatedBox) -> None:
    put_in(box, new=bundle("0.3.0"))
    boots = box.boots
    again(box)
    assert box.boots == boots
    assert "The USB stick has version 0.3.0, which runs already." in box.steps


def test_a_version_that_was_taken_back_is_not_tried_again(box: UpdatedBox) -> None:
    box.coming = Software("0.3.0", faults=worse("mews"))
    put_in(box, new=bundle("0.3.0"))
    boots = box.boots
    again(box)
    assert (box.version, box.boots) == ("0.2.0", boots)
    assert "Version 0.3.0 on the USB stick was taken back before: it is not tried again." in box.steps


def test_a_version_after_the_one_that_was_taken_back_is_tried(box: UpdatedBox) -> None:
    box.coming = Software("0.3.0", faults=worse("mews"))
    put_in(box, new=bundle("0.3.0"))
    box.coming = Software("0.3.1")
    put_in(box, new=bundle("0.3.0"), newer=bundle("0.3.1"))
    assert box.version == "0.3.1"


def test_an_interrupted_version_is_tried_again_a_few_times(box: UpdatedBox) -> None:
    put_in(box, other=bundle("0.1.5"))
    for time in range(MOST_INTERRUPTIONS):
        box.power = 3
        box.stick = ["new.raucb"]
        box.put("new.raucb", bundle("0.3.0"))
        with pytest.raises(PowerCut):
            stick.update_from(box.effects, "sda1")
        box.power = None
        box.boot()
        assert box.result is not None
        assert (box.result.ending, box.result.times) == (Ending.INTERRUPTED, time + 1)
    again(box)
    assert box.version == "0.2.0"
    assert "The update to 0.3.0 was interrupted 3 times: it is not tried again." in box.steps


def test_another_bundle_of_an_interrupted_version_is_tried(box: UpdatedBox) -> None:
    worn = UpdateResult(
        id="u0", ending=Ending.INTERRUPTED, from_version="0.2.0", version="0.3.0", sha256="other", times=9
    )
    box.paths.update_result.write_bytes(encoded(worn))
    put_in(box, new=bundle("0.3.0"))
    assert box.version == "0.3.0"


def test_an_older_version_is_left_alone(box: UpdatedBox) -> None:
    put_in(box, old=bundle("0.1.5"))
    assert box.version == "0.2.0"
    assert "The USB stick has version 0.1.5, which is older than 0.2.0." in box.steps
    assert box.codes == []


def test_a_foreign_bundle_is_refused_on_the_page_too(box: UpdatedBox) -> None:
    put_in(box, evil="signature verification failed: Verify error: self-signed certificate")
    assert box.version == "0.2.0"
    assert [(notice.code, notice.text) for notice in box.notices] == [
        ("E-UPDATE-REFUSED", "evil.raucb is not signed by a key that this box trusts.")
    ]
    assert "evil.raucb is not signed by a key that this box trusts." in box.steps


def test_a_stick_without_bundles_is_none_of_our_business(box: UpdatedBox) -> None:
    box.stick = ["._new.raucb", "holiday.jpg"]
    again(box)
    assert box.steps == ""


def test_a_stick_that_cannot_be_mounted_is_said(box: UpdatedBox) -> None:
    def run(argv: Sequence[str], **rest: object) -> Finished:
        if argv[0] == "mount":
            raise ProgramTrouble("mount", 32, "wrong fs type")
        return Finished(0, "", "")

    stick.update_from(msgspec.structs.replace(box.effects, run=run), "sda1")
    assert "The USB stick cannot be read (mount: wrong fs type)." in box.steps


def test_a_stick_that_is_pulled_out_while_it_is_read_is_said(box: UpdatedBox) -> None:
    path = box.put("new.raucb", bundle("0.3.0"))

    def run(argv: Sequence[str], **rest: object) -> Finished:
        if argv[0] == "mount":
            (Path(argv[-1]) / "new.raucb").symlink_to(path)
        if tuple(argv[:2]) == ("rauc", "info"):
            Path(path).unlink()
            return Finished(0, '{"compatible": "nightporter-amd64", "version": "0.3.0"}', "")
        return Finished(0, "", "")

    stuck = UpdateResult(
        id="u0", ending=Ending.INTERRUPTED, from_version="0.2.0", version="0.3.0", sha256="x", times=9
    )
    box.paths.update_result.write_bytes(encoded(stuck))
    stick.update_from(msgspec.structs.replace(box.effects, run=run), "sda1")
    assert "new.raucb cannot be read: no such file or directory." in box.steps


def test_a_stick_that_cannot_be_listed_is_said(box: UpdatedBox) -> None:
    def run(argv: Sequence[str], **rest: object) -> Finished:
        if argv[0] == "mount":
            Path(argv[-1]).rmdir()
        return Finished(0, "", "")

    stick.update_from(msgspec.structs.replace(box.effects, run=run), "sda1")
    assert "The USB stick cannot be read: no such file or directory." in box.steps


def test_a_stick_that_cannot_be_let_go_is_said_and_the_update_counts(box: UpdatedBox) -> None:
    box.put("new.raucb", bundle("0.3.0"))
    box.stick = ["new.raucb"]
    plain = box.run

    def run(argv: Sequence[str], **rest: object) -> Finished:
        if argv[0] == "umount":
            raise ProgramTrouble("umount", 32, "target is busy")
        return plain(argv, timeout=1)

    stick.update_from(msgspec.structs.replace(box.effects, run=run), "sda1")
    assert "The USB stick cannot be let go (umount: target is busy)." in box.steps
    assert "systemctl reboot" in box.acts


def test_what_a_killed_run_left_mounted_is_let_go_first(box: UpdatedBox) -> None:
    with box.paths.mounts.open("a") as mounts:
        mounts.write(f"/dev/sda1 {box.paths.stick / 'sda1'} vfat ro 0 0\n")
    (box.paths.stick / "sda1").mkdir(parents=True)
    box.stick = []
    stick.update_from(box.effects, "sda1")
    assert box.acts[-3:] == ["unmount", "mount", "unmount"]


def test_a_name_that_is_no_partition_is_refused(box: UpdatedBox) -> None:
    acts = list(box.acts)
    stick.update_from(box.effects, "../sda1")
    assert box.acts == acts
    assert "That is no partition of a USB stick." in box.steps


def test_a_stick_waits_until_a_start_is_judged(box: UpdatedBox) -> None:
    box.put("new.raucb", bundle("0.3.0"))
    box.stick = ["new.raucb"]
    began = box.effects.clock()
    with lock.held(box.effects):
        stick.update_from(box.effects, "sda1")
    assert box.effects.clock() - began == stick.PATIENCE_SECONDS
    assert "The box is being updated, or has just started" in box.steps
    assert box.version == "0.2.0"


def test_a_machine_that_is_no_box_takes_nothing_from_a_stick(box: UpdatedBox) -> None:
    box.paths.release.unlink()
    again(box)
    assert "does not run Night Porter's image" in box.steps
