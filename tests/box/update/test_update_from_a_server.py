"""`nightporter update` from the outside: a web address, the words on the command line, and the box's own page."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import msgspec
import pytest

from agent.__main__ import main
from agent.box.update import update
from agent.box.update.effects import Effects, own_page
from agent.box.update.rauc import Bundle
from agent.foundation.errors import UserMistake
from tests.box.updated_box import UpdatedBox
from tests.status.samples import snapshot


@contextmanager
def serving(body: bytes, status: int = 200) -> Iterator[str]:
    """A web server with one answer."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *words: object) -> None:
            """It is not read."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def box(tmp_path: Path) -> UpdatedBox:
    started = UpdatedBox(tmp_path)
    started.boot()
    return started


def test_a_bundle_from_a_server_is_installed_and_not_kept(box: UpdatedBox) -> None:
    box.bundles["bundle.raucb"] = Bundle("nightporter-amd64", "0.3.0")
    with serving(b"a bundle") as url:
        box.update(source=url + "new.raucb")
    assert box.version == "0.3.0"
    assert not box.paths.bundle.exists()
    assert "Fetching: 100 %." not in box.steps  # the steps of the boot before are gone


def test_a_bundle_from_a_server_that_is_refused_is_not_kept(box: UpdatedBox) -> None:
    box.bundles["bundle.raucb"] = "signature verification failed"
    with serving(b"a bundle") as url, pytest.raises(UserMistake, match="not signed by a key"):
        box.update(source=url)
    assert not box.paths.bundle.exists()


def test_the_boxs_own_page_is_asked_how_it_is() -> None:
    with serving(msgspec.json.encode(snapshot())) as url:
        assert own_page(url) == snapshot()


def test_a_page_that_gives_nothing_is_no_trouble() -> None:
    with serving(b"sorry", 500) as url:
        assert own_page(url) is None
    assert own_page(url) is None


def test_the_command_says_in_one_sentence_that_this_is_no_box(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["update", "new.raucb", "--again", "--no-reboot"]) == 2
    assert capsys.readouterr().err == (
        "nightporter: This machine does not run Night Porter's image: only a box can be updated like this.\n"
    )


def test_only_root_can_update(box: UpdatedBox) -> None:
    box.paths.update_lock.unlink()
    box.paths.update_lock.mkdir()  # root itself cannot open this one
    with pytest.raises(UserMistake, match="Only root can update the box"):
        update.update_box(box.effects, update.Wish("new.raucb"))


def test_the_real_world_says_its_steps_under_one_name(box: UpdatedBox, capsys: pytest.CaptureFixture[str]) -> None:
    Effects(paths=box.paths).say("Copying: 40 %.")
    assert capsys.readouterr().out.endswith(" update: Copying: 40 %.\n")
