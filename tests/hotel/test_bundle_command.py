"""`nightporter bundle`: by a running agent, without one, into a file that was not there before."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import msgspec
import pytest
import trio

from agent.__main__ import main
from agent.control.acts import Acts
from agent.control.desk import Desk
from agent.control.errands.bundle import PIECE_BYTES
from agent.control.hub import Hub
from agent.control.socket import ControlSocket
from agent.control.words.bundle import SupportBundle
from agent.journal import looking
from agent.status.bundle.opening import opened
from agent.status.bundle.packing import Part, pack
from tests.control.fake_hotel import NOW, FakeHotel, FakeRows
from tests.status.samples import snapshot

SECRET = "s3cret-of-the-bridge"
NAME = "aurora-desk-20261126-1200.nightporter.tar.gz"


def good(text: str) -> bytes:
    """A whole bundle."""
    return pack("aurora-desk", "0.2.0", NOW, [Part("log.txt", text, is_log=True)]).content


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[FakeHotel]:
    """A desk in the folder `state`, in a thread of its own."""
    hotel, folder = FakeHotel(), tmp_path / "state"
    folder.mkdir()
    hotel.bundle = SupportBundle(NAME, good("one\n"), ("steps.txt: this machine is no box.",))
    ready, stop = threading.Event(), trio.Event()

    async def serve() -> None:
        desk = Desk(hotel, Hub(), Acts(FakeRows(), Hub(), lambda: 7))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(ControlSocket(folder, desk, "0.2.0").serve)
            while not (folder / "control").exists():
                await trio.lowlevel.checkpoint()
            ready.set()
            await stop.wait()
            nursery.cancel_scope.cancel()

    token: list[trio.lowlevel.TrioToken] = []

    async def run() -> None:
        token.append(trio.lowlevel.current_trio_token())
        await serve()

    thread = threading.Thread(target=partial(trio.run, run))
    thread.start()
    assert ready.wait(10)
    yield hotel
    token[0].run_sync_soon(stop.set)
    thread.join()


def bundle(tmp_path: Path, *words: str) -> int:
    """Run the command."""
    return main(["bundle", "--state", str(tmp_path / "state"), *words])


def test_the_agents_bundle_is_written_and_what_is_missing_is_said(
    agent: FakeHotel, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bundle(tmp_path, "--out", str(tmp_path)) == 0
    path = tmp_path / NAME
    assert path.read_bytes() == agent.bundle.content
    assert path.stat().st_mode & 0o777 == 0o600
    said = capsys.readouterr()
    assert said.out == ""
    assert f"{path}: " in said.err


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES, PIECE_BYTES + 1, 2_000_000])
def test_a_bundle_of_any_size_comes_whole(agent: FakeHotel, tmp_path: Path, size: int) -> None:
    agent.bundle = SupportBundle(NAME, os.urandom(size))
    out = tmp_path / "out"
    code = bundle(tmp_path, "--out", str(out))
    assert code == (0 if size else 1)
    assert not size or out.read_bytes() == agent.bundle.content


def test_no_other_file_is_written_over(agent: FakeHotel, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"mine")
    assert bundle(tmp_path, "--out", str(tmp_path)) == 0
    assert bundle(tmp_path, "--out", str(tmp_path)) == 0
    assert (tmp_path / NAME).read_bytes() == b"mine"
    there = sorted(path.name for path in tmp_path.iterdir() if path.is_file())
    stem = NAME.partition(".")[0]
    assert there == [f"{stem}-2.nightporter.tar.gz", f"{stem}-3.nightporter.tar.gz", NAME]


def test_a_place_that_takes_none_is_one_sentence(
    agent: FakeHotel, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bundle(tmp_path, "--out", str(tmp_path / "no" / "where")) == 2
    assert "name a place with --out" in capsys.readouterr().err


def test_without_an_agent_one_is_made_of_what_the_machine_tells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "state").mkdir()
    file = tmp_path / "hotel.toml"
    example = Path(__file__).parents[2] / "provisioning" / "examples" / "minimal.toml"
    file.write_text(example.read_text())
    out = tmp_path / "out.tar.gz"
    assert bundle(tmp_path, "--config", str(file), "--out", str(out)) == 0
    texts = opened(out.read_bytes()).texts
    assert {"versions.json", "network.txt", "notices.json", "file.txt"} <= texts.keys()
    assert "status.json: no agent runs here." in capsys.readouterr().err
    assert not (tmp_path / "state" / "lock").exists()


def test_a_bad_file_is_told_by_its_problems_and_never_by_its_text(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    file = tmp_path / "hotel.toml"
    file.write_text(f'[coder_bridge]\npassword = "{SECRET}"\nnonsense = 1\n')
    out = tmp_path / "out.tar.gz"
    assert bundle(tmp_path, "--config", str(file), "--out", str(out)) == 0
    assert SECRET not in "".join(opened(out.read_bytes()).texts.values())


def test_one_is_shown_as_a_summary_and_member_by_member(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.tar.gz"
    parts = [
        Part("status.json", msgspec.json.encode(snapshot()).decode()),
        Part("log.txt", "one\ntwo\n", is_log=True),
    ]
    path.write_bytes(pack("aurora-desk", "0.2.0", NOW, parts).content)
    assert main(["bundle", "--show", str(path)]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("aurora-desk, 2026-11-26T12:00:00+00:00, packed by version 0.2.0\n")
    assert snapshot().summary.text in shown
    assert main(["bundle", "--show", str(path), "log.txt"]) == 0
    assert capsys.readouterr().out == "one\ntwo\n"
    assert main(["bundle", "--show", str(path), "other.txt"]) == 2
    assert "write one of manifest.json, status.json, log.txt" in capsys.readouterr().err
    assert main(["bundle", "log.txt"]) == 2
    assert main(["bundle", "--show", str(tmp_path / "none")]) == 2


def test_a_journal_that_is_none_is_said(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"no database, but a file that is long enough to look like one" * 100)
    with pytest.raises(sqlite3.Error):
        looking.look(path)
    with pytest.raises(OSError, match="No such file"):
        looking.look(tmp_path / "none")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["journal.sqlite"]
