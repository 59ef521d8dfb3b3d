"""Notices of the box: whole or not there, over when their time is over, and no reader trips over a bad one."""

import stat
from pathlib import Path

import msgspec
import pytest

from agent.handover import notices
from agent.handover.notices import MOST_BYTES, MOST_NOTICES, Notice

DAY = 86_400.0


def codes(folder: Path) -> list[str]:
    return [notice.code for notice in notices.standing(folder)]


def test_a_notice_stands_with_its_words_until_it_is_dropped(tmp_path: Path) -> None:
    notices.put("take", "E-TAKE-REFUSED", "Two mistakes.", folder=tmp_path / "notices")
    notice = notices.standing(tmp_path / "notices")[0]
    assert (notice.code, notice.text, notice.lasts) == ("E-TAKE-REFUSED", "Two mistakes.", None)
    notices.drop("take", tmp_path / "notices")
    assert notices.standing(tmp_path / "notices") == ()


def test_a_notice_takes_the_place_of_the_older_one_of_its_name(tmp_path: Path) -> None:
    notices.put("update", "E-UPDATE-TRIAL", "new", folder=tmp_path)
    notices.put("update", "E-UPDATE-REVERTED", "old again", folder=tmp_path)
    assert codes(tmp_path) == ["E-UPDATE-REVERTED"]


def test_notices_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in "bca":
        notices.put(name, f"E-{name.upper()}", "", folder=tmp_path)
    assert codes(tmp_path) == ["E-A", "E-B", "E-C"]


def test_dropping_what_is_not_there_is_nothing(tmp_path: Path) -> None:
    notices.drop("take", tmp_path / "notices")
    assert notices.standing(tmp_path / "notices") == ()


def test_everybody_may_read_a_notice_and_nothing_else_is_left(tmp_path: Path) -> None:
    notices.put("take", "E-TAKE-REFUSED", "", folder=tmp_path)
    (path,) = tmp_path.iterdir()
    assert (path.name, stat.S_IMODE(path.stat().st_mode)) == ("take.json", 0o644)


def test_the_file_has_the_names_of_the_contract(tmp_path: Path) -> None:
    notices.put("agent", "E-BOX-AGENT", "It was killed.", lasts=DAY, folder=tmp_path)
    sent = msgspec.json.decode((tmp_path / "agent.json").read_bytes())
    assert list(sent) == ["code", "text", "since", "since_boottime", "lasts"]
    assert (sent["code"], sent["text"], sent["lasts"]) == ("E-BOX-AGENT", "It was killed.", DAY)


@pytest.mark.parametrize(
    ("since_boottime", "lasts", "is_over"),
    [(0.0, 60.0, True), (50.0, 60.0, False), (40.0, 60.0, False), (0.0, None, False), (None, 60.0, False)],
)
def test_a_notice_is_over_when_its_time_has_passed(
    since_boottime: float | None, lasts: float | None, is_over: bool
) -> None:
    assert Notice("E-A", "", 0.0, since_boottime, lasts).is_over(100.0) is is_over


def test_a_notice_whose_time_has_passed_does_not_stand(tmp_path: Path) -> None:
    old = Notice("E-BOX-AGENT", "", 0.0, notices.boottime() - DAY - 1, DAY)
    (tmp_path / "agent.json").write_bytes(msgspec.json.encode(old))
    assert codes(tmp_path) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"code": 5, "text": "", "since": 0}',
        b'{"code": "E-A", "since": 0}',
        b'{"code": "\xff", "text": "", "since": 0}',
        b'{"code": "E-A", "text": "", "since": 0, "more": ' + b"[" * 10_000 + b"]" * 10_000,
        b'{"code": "E-A", "text": "' + b"x" * MOST_BYTES + b'", "since": 0}',
    ],
)
def test_a_file_that_is_no_notice_is_left_out_and_the_others_are_read(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)
    (tmp_path / "b.json").mkdir()
    (tmp_path / "c.json").symlink_to("nowhere")
    (tmp_path / ".d.json.new").write_bytes(b'{"code": "E-D", "text": "", "since": 0}')
    notices.put("e", "E-E", "", folder=tmp_path)
    assert codes(tmp_path) == ["E-E"]


def test_no_more_notices_are_read_than_anybody_reads(tmp_path: Path) -> None:
    for number in range(MOST_NOTICES + 5):
        notices.put(f"{number:03}", "E-A", "", folder=tmp_path)
    assert len(notices.standing(tmp_path)) == MOST_NOTICES


def test_a_folder_that_cannot_be_written_is_an_error_of_the_disk(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        notices.put("take", "E-TAKE-REFUSED", "", folder=tmp_path / "file")


def test_a_folder_that_is_a_file_holds_no_notices(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert notices.standing(tmp_path / "file") == ()
