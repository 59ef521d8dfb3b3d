"""A bundle that somebody else made: it is read in memory, within bounds, or refused in a sentence."""

import gzip
import io
import tarfile
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.foundation.errors import UserMistake
from agent.status.bundle import opening
from agent.status.bundle.opening import MOST_MEMBERS, opened
from agent.status.bundle.packing import MANIFEST, Part, pack
from agent.status.bundle.summary import member, summary

AT = datetime(2026, 11, 27, 11, 5, tzinfo=UTC)
GOOD = pack("aurora", "0.2.0", AT, [Part("log.txt", "one\ntwo\n")]).content
HEAD = b'{"format":1,"box":"a","made":"","by":"","members":[]}'


def archive(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    """A packed archive with these members, and a manifest first."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as made:
        for info, content in ((tarfile.TarInfo(MANIFEST), HEAD), *members):
            info.size = len(content)
            made.addfile(info, io.BytesIO(content))
    return gzip.compress(plain.getvalue())


def link(name: str, kind: bytes) -> tarfile.TarInfo:
    """A member that is no file."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, "/etc/passwd"
    return info


def test_what_was_packed_is_read() -> None:
    assert opened(GOOD).texts["log.txt"] == "one\ntwo\n"


@pytest.mark.parametrize("name", ["../a", "/etc/passwd", "a/b", ".ssh", "a\nb", "", "x" * 70, "ü"])
def test_a_member_with_a_path_is_passed_over(name: str) -> None:
    assert set(opened(archive((tarfile.TarInfo(name), b"x"))).texts) == {MANIFEST}


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE, b"Z"])
def test_what_is_no_file_is_passed_over(kind: bytes) -> None:
    names = set(opened(archive((link("a.txt", kind), b""))).texts)
    assert names <= {MANIFEST, "a.txt"}
    assert opened(archive((link("a.txt", kind), b""))).texts.get("a.txt", "") == ""


def test_of_two_members_of_one_name_the_first_counts() -> None:
    two = archive((tarfile.TarInfo("a.txt"), b"1"), (tarfile.TarInfo("a.txt"), b"2"))
    assert opened(two).texts["a.txt"] == "1"


def test_of_many_members_the_first_are_read() -> None:
    many = archive(*((tarfile.TarInfo(f"a{number}"), b"") for number in range(200)))
    assert len(opened(many).texts) == MOST_MEMBERS


@pytest.mark.parametrize(
    "kind", [tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE]
)
def test_headers_about_headers_without_end_are_refused_in_a_sentence(kind: bytes) -> None:
    info, content = tarfile.TarInfo("x"), b"6 a=b\n"
    info.type, info.size = kind, len(content)
    block = info.tobuf(tarfile.USTAR_FORMAT) + content.ljust(tarfile.BLOCKSIZE, b"\0")
    with pytest.raises(UserMistake, match="cannot be read"):
        opened(gzip.compress(block * 20_000))


def test_a_bomb_is_not_unpacked() -> None:
    with pytest.raises(UserMistake, match="unpacked it has more than 32000000 bytes"):
        opened(gzip.compress(bytes(opening.MOST_UNPACKED + 1)))


def test_a_file_that_is_too_large_is_not_looked_at() -> None:
    with pytest.raises(UserMistake, match="more than 8000000 bytes"):
        opened(bytes(opening.MOST_PACKED + 1))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "its end is missing"),
        (b"no gzip", "not packed as one"),
        (GOOD[:-20], "its end is missing"),
        (gzip.compress(b"no archive"), "cannot be read"),
        (gzip.compress(bytes(10_240)), "no manifest.json"),
        (zlib.compress(b"x"), "not packed as one"),
    ],
    ids=["empty", "plain", "cut", "no archive", "zeros", "other packing"],
)
def test_what_is_no_bundle_is_refused_in_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(UserMistake, match=words):
        opened(content)


def test_a_later_format_is_refused() -> None:
    plain = gzip.decompress(archive()).replace(b'"format":1', b'"format":2')
    with pytest.raises(UserMistake, match="format 2"):
        opened(gzip.compress(plain))


@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, 4000), bit=st.integers(0, 7), plain=st.booleans())
def test_a_damaged_bundle_is_refused_or_read(at: int, bit: int, plain: bool) -> None:
    damaged = bytearray(gzip.decompress(GOOD) if plain else GOOD)
    damaged[at % len(damaged)] ^= 1 << bit
    try:
        bundle = opened(gzip.compress(bytes(damaged)) if plain else bytes(damaged))
    except UserMistake:
        return
    assert summary(bundle)


def test_control_characters_reach_no_terminal() -> None:
    hostile = "\x1b]0;owned\x07\x1b[2J\u202egnp"
    bundle = opened(pack(hostile, hostile, AT, [Part("log.txt", f"  {hostile}\n", is_log=True)]).content)
    shown = summary(bundle) + str(member(bundle, "log.txt"))
    assert not set(shown) & {"\x1b", "\x07", "\u202e"}
    assert str(member(bundle, "log.txt")).startswith("  ")
    assert member(bundle, "other") is None
