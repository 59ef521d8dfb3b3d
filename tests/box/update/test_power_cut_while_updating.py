"""The power goes at every single act of an update, also twice: the box always comes back, and ends in order."""

from pathlib import Path

import pytest

from agent.box.update.record import Ending
from tests.box.updated_box import Software, UpdatedBox, worse

COMING = {
    "good": Software("0.3.0"),
    "bad": Software("0.3.0", faults=worse("mews")),
    "in safe mode": Software("0.3.0", agent="failed"),
    "hanging": Software("0.3.0", starts=False),
}
MOST_ACTS = 40


def updated(folder: Path, origin: str, coming: Software, *cuts: int) -> UpdatedBox | None:
    """A box after an update during which the power went after so many acts; None if it was over before that."""
    folder.mkdir()
    box = UpdatedBox(folder, origin=origin)
    box.coming = coming
    box.boot()
    first, *more = cuts
    box.power = first
    box.update()
    is_cut = box.power is None
    for cut in more:
        if not is_cut:
            return None
        box.power = cut
        box.boot()
        is_cut = box.power is None
    box.power = None
    return box if is_cut else None


def check(box: UpdatedBox, coming: str, origin: str) -> None:
    """It runs a version that works, knows of no update any more, and the next start changes nothing."""
    box.boots = 0
    box.boot()
    assert box.pending is None
    new_stays = coming == "good" and box.result is not None and box.result.ending is Ending.GOOD
    assert box.version == ("0.3.0" if new_stays else "0.2.0"), box.acts
    assert (box.running == origin) is not new_stays
    assert box.ok[box.running]
    assert box.tries[box.running] == 0
    if box.result is not None:
        assert box.codes == ([] if box.result.ending is Ending.GOOD else ["E-UPDATE-REVERTED"])
    elif coming != "good":
        assert box.codes == []  # cut before anything was noted
    before = (box.running, box.result, dict(box.ok), list(box.order))
    box.boot()
    assert (box.running, box.result, dict(box.ok), list(box.order)) == before
    assert box.boots == 2  # one each


@pytest.mark.parametrize("coming", COMING)
@pytest.mark.parametrize("origin", ["A", "B"])
def test_a_power_cut_at_any_act_leaves_a_box_in_order(tmp_path: Path, origin: str, coming: str) -> None:
    cuts = 0
    for cut in range(MOST_ACTS):
        box = updated(tmp_path / str(cut), origin, COMING[coming], cut)
        if box is None:
            break
        check(box, coming, origin)
        cuts += 1
    assert 10 < cuts < MOST_ACTS


@pytest.mark.parametrize("coming", COMING)
def test_a_second_power_cut_on_the_way_back_does_no_harm_either(tmp_path: Path, coming: str) -> None:
    pairs = 0
    for first in range(MOST_ACTS):
        for second in range(MOST_ACTS):
            box = updated(tmp_path / f"{first}-{second}", "A", COMING[coming], first, second)
            if box is None:
                break
            check(box, coming, "A")
            pairs += 1
    assert pairs > 20
