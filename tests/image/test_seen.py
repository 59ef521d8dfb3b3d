"""Results that add up over several runs, and the stamp that CI trusts."""

from pathlib import Path

import pytest

from tests.image import seen
from tests.image.scenarios.catalogue import chosen
from tests.image.scenarios.record import Result
from tests.image.seen import Seen

ALL = [scenario.name for scenario in chosen("amd64", ())]


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hash of the sources, as a list of one: what is put into it is what they are from then on."""
    hash = ["one"]  # in place of the tree's own, which no test may change under the others
    monkeypatch.setattr(seen, "_inputs", lambda: hash[0])
    return hash


def results(names: list[str], *, is_good: bool = True) -> list[Result]:
    return [Result(name, "", is_good, 1.0, [], [], []) for name in names]


def test_a_run_that_was_broken_off_is_gone_on_with(tmp_path: Path, sources: list[str]) -> None:
    Seen(tmp_path / "results").add(results(ALL[:3]) + results(ALL[3:4], is_good=False))
    rest = Seen(tmp_path / "results").missing(chosen("amd64", ()))
    assert [scenario.name for scenario in rest] == ALL[3:]


def test_the_stamp_is_written_when_nothing_is_missing(tmp_path: Path, sources: list[str]) -> None:
    first, last = Seen(tmp_path / "results"), Seen(tmp_path / "results")
    first.add(results(ALL[:3]))
    assert not first.stamp("amd64", tmp_path / "stamp")
    last.add(results(ALL[3:]))
    assert last.stamp("amd64", tmp_path / "stamp")
    assert (tmp_path / "stamp").read_text() == "one\n"


@pytest.mark.parametrize("name", ALL)
def test_one_that_failed_last_keeps_the_stamp_away(tmp_path: Path, sources: list[str], name: str) -> None:
    both = Seen(tmp_path / "results")
    both.add(results(ALL))
    both.add(results([name], is_good=False))
    assert not both.stamp("amd64", tmp_path / "stamp")


def test_what_was_seen_of_other_sources_does_not_count(tmp_path: Path, sources: list[str]) -> None:
    before = Seen(tmp_path / "results")
    before.add(results(ALL))
    sources[0] = "two"
    assert not before.stamp("amd64", tmp_path / "stamp")  # they changed while it ran
    assert len(Seen(tmp_path / "results").missing(chosen("amd64", ()))) == len(ALL)


def test_the_other_machine_stamps_nothing(tmp_path: Path, sources: list[str]) -> None:
    both = Seen(tmp_path / "results")
    both.add(results(ALL))
    assert not both.stamp("arm64", tmp_path / "stamp")
