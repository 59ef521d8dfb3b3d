"""What is told beside the pass: read seldom, and no secret of an act in it."""

from datetime import UTC, datetime
from pathlib import Path

from agent.handover import notices
from agent.hotel.acting_place import ActingPlace
from agent.hotel.around import FILES_SECONDS, Around
from agent.hotel.history import History
from agent.journal.rows.acts import Act
from agent.status.snapshot.act_lines import ActFacts
from agent.status.snapshot.history import SLOTS
from agent.status.snapshot.surroundings import AgeFacts
from board.fake import FakeBoard

WALL = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)
AT_MEWS = datetime(2026, 3, 28, 22, 31, tzinfo=UTC)
BEGUN = 1_774_000_000


def around(folder: Path, mews: datetime | None = AT_MEWS) -> Around:
    return Around(
        FakeBoard("night"), lambda: mews, lambda: WALL, folder, lambda: ActingPlace("0.0.0.0:443", "AB:CD")
    )


def test_the_time_is_mews_and_the_boxs_own_until_mews_has_told_it(tmp_path: Path) -> None:
    assert around(tmp_path).now(History(), (), now=0.0).now == AT_MEWS
    assert around(tmp_path, None).now(History(), (), now=0.0).now == WALL


def test_all_parts_are_there(tmp_path: Path) -> None:
    age = AgeFacts("mews", "token", "The session.", since=WALL)
    told = around(tmp_path).now(History(), (), ntp=("ntp",), ages=(age,), now=0.0)
    assert (told.fingerprint, told.ages, told.network.host, told.network.ntp) == (
        "AB:CD",
        (age,),
        "night",
        ("ntp",),
    )
    assert len(told.history) == SLOTS


def test_an_act_is_told_by_its_words_or_its_verb_and_its_note_or_its_end(tmp_path: Path) -> None:
    acts = (
        Act("1", "Ann", "page", "key", "key 101", begun=BEGUN, end="done", note="The key was cut."),
        Act("2", "Ben", "console", "reload", end="failed"),
    )
    assert around(tmp_path).now(History(), acts, now=0.0).acts == (
        ActFacts(datetime.fromtimestamp(BEGUN, UTC), "Ann", "page", "key 101", "The key was cut."),
        ActFacts(None, "Ben", "console", "reload", "failed"),
    )


def test_what_the_boxs_programs_wrote_is_read_again_once_it_is_old_and_no_sooner(tmp_path: Path) -> None:
    told = around(tmp_path)
    told.now(History(), (), now=0.0)
    notices.put("update", "E-UPDATE-TRIAL", "On trial.", folder=tmp_path)
    notices.put("agent", "E-BOX-AGENT", "It was started again.", folder=tmp_path)
    assert told.now(History(), (), now=FILES_SECONDS).update == ""
    later = told.now(History(), (), now=FILES_SECONDS + 0.1)
    assert (later.update, later.restart) == ("On trial.", "It was started again.")
