"""The away page as the real process that systemd starts: with a listening socket as its descriptor 3."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
import trio

from agent.box.away.facts import last_steps
from agent.handover import notices, steps
from agent.status import client
from agent.status.snapshot.snapshot import Snapshot

PATIENCE = 30.0  # s; a start of Python on a busy machine
LAUNCH = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
from agent.box.away import down
down.main(sys.argv[2], sys.argv[3], tuple(sys.argv[4:]))
"""


class Down:
    """The folder that it looks at, the address that it answers on, and its process."""

    def __init__(self, folder: Path, listener: socket.socket, process: "subprocess.Popen[bytes]") -> None:
        self.run = folder
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        self.process = process

    def get(self, path: str = "") -> str:
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(self.url + path, timeout=PATIENCE)
        with refused.value as answer:
            assert answer.code == 503
            return answer.read().decode()

    def terminated(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


@contextmanager
def running(folder: Path, *log: str, listener: socket.socket | None = None) -> Iterator[Down]:
    held = listener or socket.create_server(("127.0.0.1", 0))
    release = folder / "release.json"
    with held:
        words = [sys.executable, "-c", LAUNCH, str(held.fileno()), str(folder), str(release), *log]
        with subprocess.Popen(words, pass_fds=[held.fileno()]) as process:
            try:
                yield Down(folder, held, process)
            finally:
                process.terminate()


@pytest.fixture
def down(tmp_path: Path) -> Iterator[Down]:
    (tmp_path / "release.json").write_text('{"version": "0.2.0"}')
    with running(tmp_path, "printf", "one\ntwo <b>\n") as started:
        yield started


def test_it_answers_what_is_true_at_that_moment(down: Down) -> None:
    assert down.get("healthz") == "Night Porter is starting.\n"
    steps.say("storage: /data is there", down.run / "steps")
    assert down.get("healthz") == "Night Porter is starting; its last step: storage: /data is there.\n"
    notices.put("agent", "E-BOX-AGENT", "It broke off.", lasts=60, folder=down.run / "notices")
    assert down.get("healthz").startswith("Night Porter's agent has stopped at ")


def test_in_safe_mode_the_page_shows_the_agents_last_lines(down: Down) -> None:
    assert "two" not in down.get()
    notices.put("safe", "E-BOX-SAFE", "It failed.", folder=down.run / "notices")
    assert '<pre lang="en">one\ntwo &lt;b&gt;</pre>' in down.get()
    assert '<pre lang="en">one\ntwo &lt;b&gt;</pre>' in down.get()


def test_a_log_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    notices.put("safe", "E-BOX-SAFE", "It failed.", folder=tmp_path / "notices")
    with running(tmp_path, "/nowhere/journalctl") as down:
        assert "(the log cannot be read)" in down.get()


def test_its_version_is_the_images(down: Down) -> None:
    assert msgspec.json.decode(down.get("status.json"), type=Snapshot).box.version == "0.2.0"


@pytest.mark.parametrize("release", ["", "{", "[]", "{}"])
def test_an_image_that_does_not_say_its_version_has_none(tmp_path: Path, release: str) -> None:
    (tmp_path / "release.json").write_text(release)
    with running(tmp_path) as down:
        assert msgspec.json.decode(down.get("status.json"), type=Snapshot).box.version == "unknown"


async def test_the_status_command_shows_a_box_without_its_agent(down: Down) -> None:
    with trio.fail_after(PATIENCE):
        told = await client.fetch(down.url)
    assert (told.summary.level, told.summary.text) == ("fault", "Night Porter is starting.")


def test_sigterm_ends_it_cleanly_and_leaves_the_socket_to_others(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with running(tmp_path, listener=listener.dup()) as down:
            down.get()
            assert down.terminated() == 0
        with running(tmp_path, listener=listener.dup()) as again:
            assert again.url == down.url
            again.get()


def test_two_processes_on_one_socket_answer_everybody(tmp_path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        running(tmp_path, listener=listener.dup()) as one,
        running(tmp_path, listener=listener.dup()) as two,
    ):
        for _ in range(60):
            assert one.get("healthz") == two.get("healthz") == "Night Porter is starting.\n"


@pytest.mark.parametrize("environment", [{}, {"LISTEN_FDS": "1", "LISTEN_PID": "1"}])
def test_without_systemds_socket_it_says_who_starts_it(environment: dict[str, str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "agent.box", "down"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr == "down is started by systemd, which hands it the socket of port 80 (LISTEN_FDS=1).\n"


def test_the_start_loads_next_to_nothing() -> None:
    code = "import sys; from agent.box.away import down; print(len(sys.modules)); print('\\n'.join(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], env={}, capture_output=True, text=True, check=True).stdout
    loaded = set(told.splitlines())
    assert not loaded & {"msgspec", "trio", "httpx", "asyncio", "http.server", "pathlib", "re", "typing", "json"}


def test_the_last_steps_are_a_few_whole_lines_of_a_long_file(tmp_path: Path) -> None:
    path = tmp_path / "steps"
    path.write_text("".join(f"00:00:00 step {number}\n" for number in range(10_000)))
    assert last_steps(path)[-2:] == ("00:00:00 step 9998", "00:00:00 step 9999")
    assert len(last_steps(path)) == 12
