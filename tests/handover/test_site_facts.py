"""What the console may know of the file: a check that tells the code from others, and nothing that is odd."""

from pathlib import Path

import pytest

from agent.handover.site_facts import Server, SiteFacts, code_check, read, write


def test_the_code_is_told_from_others_and_is_not_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "site.json"
    facts = SiteFacts(is_provisioned=True, code=code_check("k7mp-3xqd"), servers=(Server("Mews", "https://a"),))
    write(facts, path)
    assert read(path) == facts
    assert path.stat().st_mode & 0o777 == 0o640
    assert b"k7mp" not in path.read_bytes()
    assert facts.code
    assert facts.code.fits("k7mp-3xqd")
    assert not facts.code.fits("k7mp-3xqe")
    assert not facts.code.fits("")
    assert not facts.code.fits("\ud83d")


def test_two_checks_of_one_code_have_nothing_in_common() -> None:
    assert code_check("k7mp-3xqd") != code_check("k7mp-3xqd")


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"code": {"salt": "?", "digest": 1}}', b"[" * 9999, b"\xff"])
def test_what_is_odd_is_nothing(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "site.json").write_bytes(text)
    assert read(tmp_path / "site.json") is None
    assert read(tmp_path / "none.json") is None
