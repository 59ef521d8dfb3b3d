"""The box as the serial line sees it: a page over the loopback, files in a folder of the test's own."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
import trio

from agent.console.box_view import PAGE_BYTES, BoxView, ask
from agent.status.address import Address
from board.base import Network
from tests.status.samples import hostile, snapshot
from tests.status.serving import served

PATIENCE = 10.0


def box(folder: Path, port: int = 1) -> BoxView:
    (folder / "listen.conf").write_text(f"[Socket]\nListenStream=127.0.0.1:{port}\n")
    return BoxView(
        Network,
        run=folder,
        release_file=folder / "release.json",
        drop_in=folder / "listen.conf",
        in_child=lambda render: render(),
    )


@contextmanager
def answering(answer: bytes, listens: int = 1) -> Iterator[int]:
    """A server that says `answer` to everybody; without one it says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for _ in range(listens):
                client, _ = listener.accept()
                with client:
                    client.recv(4096)
                    try:
                        client.sendall(answer)
                    except OSError:
                        return

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(PATIENCE)
        assert not thread.is_alive()


def http(body: bytes, code: int = 200) -> bytes:
    return b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%b" % (code, len(body), body)


async def in_thread(act: Callable[[], object]) -> object:
    with trio.fail_after(PATIENCE):
        return await trio.to_thread.run_sync(act)


async def test_the_real_page_is_understood(tmp_path: Path) -> None:
    async with served() as address:
        assert isinstance(address, Address)
        asked = box(tmp_path, address.port)
        state = await in_thread(asked.state)
        text = await in_thread(asked.status_text)
    assert getattr(state, "status").text == snapshot().summary.text  # noqa: B009 - a value, as every thread gives
    assert str(text).startswith("Night Porter 0.1.0: aurora-desk, running for 1 min\n")


def test_a_hostile_page_is_shown_like_any_other(tmp_path: Path) -> None:
    with answering(http(msgspec.json.encode(hostile()))) as port:
        assert box(tmp_path, port).status_text()


def test_a_status_that_is_none_is_said(tmp_path: Path) -> None:
    with answering(http(b"{}")) as port:
        text = box(tmp_path, port).status_text()
    assert text == "What answers on the page's address is no Night Porter of this version."


def test_a_page_that_does_not_answer_is_none(tmp_path: Path) -> None:
    asked = box(tmp_path)
    assert asked.status() is None
    assert asked.status_text() is None
    assert asked.state().url == "http://127.0.0.1:1/"


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0\r\n", b"HTTP/1.1 abc\r\n\r\n{}", b"x" * (PAGE_BYTES + 100_000)])
def test_what_is_no_answer_of_a_page_is_none(answer: bytes) -> None:
    with answering(answer) as port:
        assert ask(("127.0.0.1", port)) == (0, b"")


def test_an_answer_that_never_ends_is_waited_for_a_bounded_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert ask(listener.getsockname(), seconds=0.2) == (0, b"")


def test_each_step_is_given_once_and_only_when_it_is_whole(tmp_path: Path) -> None:
    asked, steps = box(tmp_path), tmp_path / "steps"
    assert asked.new_steps() == []
    steps.write_bytes(b"one\ntw")
    assert asked.new_steps() == ["one"]
    assert asked.new_steps() == []
    steps.write_bytes(b"one\ntwo\nthree \xff\n")
    assert asked.new_steps() == ["two", "three \ufffd"]
    assert asked.last_steps() == "one\ntwo\nthree \ufffd"


def test_steps_that_begin_anew_are_read_anew(tmp_path: Path) -> None:
    asked, steps = box(tmp_path), tmp_path / "steps"
    steps.write_text("one\ntwo\n")
    asked.new_steps()
    steps.write_text("one\n")
    assert asked.new_steps() == ["one"]


def test_the_summary_of_the_file_is_shown_as_it_was_written(tmp_path: Path) -> None:
    asked = box(tmp_path)
    assert asked.provision_text() is None
    (tmp_path / "provision.txt").write_text("  box  desk\n")
    assert asked.provision_text() == "  box  desk\n"


@pytest.mark.parametrize(
    ("release", "version"), [('{"version": "0.2.0"}', "0.2.0"), ("", ""), ("{", ""), ("[]", ""), ("[" * 9999, "")]
)
def test_the_version_is_the_images(tmp_path: Path, release: str, version: str) -> None:
    asked = box(tmp_path)
    (tmp_path / "release.json").write_text(release)
    assert asked.version == version


def test_the_name_and_the_network_are_the_machines(tmp_path: Path) -> None:
    asked = box(tmp_path)
    assert asked.name == os.uname().nodename.partition(".")[0]
    assert asked.network_text().endswith("page      http://127.0.0.1:1/")


def in_a_process(code: str) -> subprocess.CompletedProcess[str]:
    """What a process with no other threads prints, which may fork."""
    lines = ("import time", "from agent.console.box_view import rendered_in_child", code)
    return subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, timeout=PATIENCE, check=True
    )


def test_a_child_gives_its_whole_text() -> None:
    assert in_a_process("print(rendered_in_child(lambda: 'x' * 300_000))").stdout == "x" * 300_000 + "\n"


def test_a_child_that_takes_too_long_gives_nothing() -> None:
    assert in_a_process("print(rendered_in_child(lambda: time.sleep(60) or '', seconds=0.2))").stdout == "None\n"


def test_a_bug_in_a_child_ends_the_child_alone() -> None:
    told = in_a_process("print(rendered_in_child(lambda: 1 // 0))")
    assert told.stdout == "None\n"
    assert "ZeroDivisionError" in told.stderr
