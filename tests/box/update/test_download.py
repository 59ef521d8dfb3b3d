"""A bundle from a web server: whole on the disk, or not there at all, and in one sentence why."""

import os
from pathlib import Path

import pytest
import trio

from agent.box.update import download
from agent.foundation.errors import NightPorterError, UserMistake
from tests.raw_server import RawServer, Stream, Talk, answer, answering, raw_server

BUNDLE = os.urandom(200_000)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "update" / "bundle.raucb"


def content(path: Path) -> bytes | None:
    """What is in the file, None where there is none."""
    return path.read_bytes() if path.exists() else None


async def fetched(nursery: trio.Nursery, talk: Talk, path: Path, *, silent: float = 5) -> list[str]:
    told: list[str] = []
    server = await raw_server(nursery, talk)
    await download.fetch(f"{server.base}/n.raucb", path, told.append, silent=silent)
    return told


async def test_a_bundle_is_fetched_whole_and_each_tenth_is_told(nursery: trio.Nursery, path: Path) -> None:
    told = await fetched(nursery, answering(answer(BUNDLE)), path)
    assert content(path) == BUNDLE
    assert told[0] == "Fetching 1 MB."
    assert told[-1] == "Fetching: 100 %."


async def test_a_bundle_of_unknown_size_is_fetched(nursery: trio.Nursery, path: Path) -> None:
    async def talk(server: RawServer, stream: Stream) -> None:
        await server.next_request(stream)
        await stream.send_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + BUNDLE)
        await stream.aclose()

    assert await fetched(nursery, talk, path) == ["Fetching a bundle of unknown size."]
    assert content(path) == BUNDLE


async def test_what_is_asked_for_is_the_address_with_its_query(nursery: trio.Nursery, path: Path) -> None:
    server = await raw_server(nursery, answering(answer(BUNDLE)))
    await download.fetch(f"{server.base}/a/n.raucb?v=1&w=2", path, print)
    await download.fetch(server.base, path, print)
    assert [request.split(b" ")[1] for request in server.asked] == [b"/a/n.raucb?v=1&w=2", b"/"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            answer(status="404 Not Found"),
            "There is no bundle at that address: the server answers with status 404.",
        ),
        (
            answer(b"", "Location: http://127.0.0.1:1/", status="302 Found"),
            "That address only points to another one: write the address of the bundle itself.",
        ),
        (answer(b""), "The file at that address is empty."),
    ],
)
async def test_an_address_without_a_bundle_is_a_mistake_in_one_sentence(
    nursery: trio.Nursery, path: Path, said: bytes, words: str
) -> None:
    with pytest.raises(UserMistake) as refused:
        await fetched(nursery, answering(said), path)
    assert str(refused.value) == words
    assert content(path) is None


async def test_a_transfer_that_breaks_leaves_nothing(nursery: trio.Nursery, path: Path) -> None:
    async def talk(server: RawServer, stream: Stream) -> None:
        await server.next_request(stream)
        await stream.send_all(answer(BUNDLE)[:5000])
        await stream.aclose()

    with pytest.raises(NightPorterError, match="could not be fetched: its answer broke off"):
        await fetched(nursery, talk, path)
    assert content(path) is None


async def test_a_server_that_falls_silent_is_given_up(nursery: trio.Nursery, path: Path) -> None:
    async def talk(server: RawServer, stream: Stream) -> None:
        await server.next_request(stream)
        await stream.send_all(answer(BUNDLE)[:5000])
        await trio.sleep_forever()

    with pytest.raises(NightPorterError, match=r"nothing came for 0\.3 s"):
        await fetched(nursery, talk, path, silent=0.3)
    assert content(path) is None


async def test_a_slow_server_that_goes_on_is_waited_for(nursery: trio.Nursery, path: Path) -> None:
    async def talk(server: RawServer, stream: Stream) -> None:
        await server.next_request(stream)
        whole = answer(BUNDLE)
        for at in range(0, len(whole), 40_000):
            await trio.sleep(0.3)
            await stream.send_all(whole[at : at + 40_000])

    await fetched(nursery, talk, path, silent=1)
    assert content(path) == BUNDLE


async def test_what_is_too_big_for_a_bundle_is_not_begun(nursery: trio.Nursery, path: Path) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {download.MOST_BYTES + 1}\r\n\r\n".encode()
    with pytest.raises(NightPorterError, match="the answer is larger than"):
        await fetched(nursery, answering(head), path)
    assert content(path) is None


def test_a_disk_that_has_no_room_says_so(path: Path) -> None:
    path.parent.mkdir()
    with (
        pytest.raises(NightPorterError, match=r"has no room for a bundle of 10\d+ MB\."),
        download.BundleFile(path, print) as bundle,
    ):
        bundle.expect(10**17)
    assert content(path) is None


@pytest.mark.parametrize("ending", ["a piece", "the end"])
def test_a_disk_that_fills_up_on_the_way_says_so(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "bundle.raucb"
    path.symlink_to("/dev/full")  # the link goes in the end, not what it points to
    with pytest.raises(NightPorterError, match=r"on the data partition: no space left on device\."):
        pour_into(path, ending)
    assert not path.is_symlink()


def pour_into(path: Path, ending: str) -> None:
    with download.BundleFile(path, print) as bundle:
        bundle.take(bytes(1_000_000 if ending == "a piece" else 10))
        bundle.finish()


@pytest.mark.parametrize(
    "url",
    [
        "http://",
        "http:///n.raucb",
        "http://10.4.5.9:port/n",
        "http://[10.4.5.9/n",
        "http://10.4.5.9/n#x",
        "http://10.4.5.9/ n",
        "http://höst/n",
        "http://user:secret@10.4.5.9/n",
    ],
)
async def test_what_is_no_address_is_a_mistake_that_repeats_no_password(path: Path, url: str) -> None:
    with pytest.raises(UserMistake) as refused:
        await download.fetch(url, path, print)
    assert "secret" not in str(refused.value)
    assert content(path.parent) is None


async def test_a_server_that_is_not_there_is_no_mistake(path: Path) -> None:
    with pytest.raises(NightPorterError, match="could not be fetched: it refused the connection") as refused:
        await download.fetch("http://127.0.0.1:1/n.raucb", path, print)
    assert not isinstance(refused.value, UserMistake)


async def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "update").write_text("a file")
    with pytest.raises(NightPorterError, match="cannot be kept on the data partition: file exists"):
        await download.fetch("http://127.0.0.1:1/n", tmp_path / "update" / "bundle.raucb", print)


@pytest.mark.parametrize(
    ("source", "is_url"), [("HTTP://x/y", True), ("https://x", True), ("/data/x.raucb", False)]
)
def test_addresses_are_told_from_files(source: str, is_url: bool) -> None:
    assert download.is_url(source) is is_url
