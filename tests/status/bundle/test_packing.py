"""What a support bundle is made of, what gives way when it is too large, and what the manifest says of that."""

import io
import random
import tarfile
from datetime import UTC, datetime

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.status.bundle.opening import opened
from agent.status.bundle.packing import MANIFEST, MOST_BYTES, LeftOut, Manifest, Member, Part, file_name, pack

AT = datetime(2026, 11, 27, 11, 5, tzinfo=UTC)


def noise(lines: int, seed: int = 1) -> str:
    """Lines that do not compress."""
    source = random.Random(seed)
    return "".join(f"{number} {source.getrandbits(800):x}\n" for number in range(lines))


def test_its_name_has_the_boxs_name_and_the_time() -> None:
    assert file_name("aurora-desk", AT) == "aurora-desk-20261127-1105.nightporter.tar.gz"


def test_a_name_that_no_file_may_have_becomes_one() -> None:
    assert file_name("../Zimmer 1/ü", AT) == "Zimmer-1-20261127-1105.nightporter.tar.gz"
    assert file_name("///", AT) == "nightporter-20261127-1105.nightporter.tar.gz"


def test_the_manifest_is_the_first_member_and_lists_all_others() -> None:
    bundle = pack("aurora", "0.2.0", AT, [Part("a.txt", "ü\n"), Part("log.txt", "x\n", is_log=True)])
    with tarfile.open(fileobj=io.BytesIO(bundle.content)) as archive:
        assert archive.getnames() == [MANIFEST, "a.txt", "log.txt"]
    assert opened(bundle.content).manifest == Manifest(
        1, "aurora", "2026-11-27T11:05:00+00:00", "0.2.0", (Member("a.txt", 3), Member("log.txt", 2))
    )


def test_the_same_parts_give_the_same_bytes() -> None:
    first, second = (pack("a", "1", AT, [Part("a.txt", "a")]).content for _ in range(2))
    assert first == second


def test_what_is_left_out_is_told_and_what_never_is_in_it_stands_in_the_manifest() -> None:
    never, gone = LeftOut("guests", "there are none"), LeftOut("steps.txt", "no box")
    bundle = pack("a", "1", AT, [], [gone], [never])
    assert bundle.left_out == ("steps.txt: no box.",)
    assert opened(bundle.content).manifest.left_out == (gone, never)


def test_the_oldest_lines_of_the_log_go_first_and_as_few_as_possible() -> None:
    log = noise(400)
    bundle = pack(
        "a", "1", AT, [Part("journal.json", noise(20, 2)), Part("log.txt", log, True)], most_bytes=20_000
    )
    read = opened(bundle.content)
    kept = read.texts["log.txt"]
    assert 19_500 < len(bundle.content) <= 20_000
    assert log.endswith(kept)
    assert read.texts["journal.json"] == noise(20, 2)
    left = 400 - len(kept.splitlines())
    words = f"the oldest {left} of 400 lines are left out"
    assert {each.name: each.cut for each in read.manifest.members} == {"journal.json": "", "log.txt": words}
    assert bundle.left_out == (f"log.txt: {words}.",)


def test_what_is_too_large_without_any_log_goes_as_a_whole_the_largest_first() -> None:
    parts = [Part("large.json", noise(300)), Part("small.json", noise(20)), Part("log.txt", noise(50), True)]
    bundle = pack("a", "1", AT, parts, most_bytes=5_000)
    read = opened(bundle.content)
    assert set(read.texts) == {MANIFEST, "small.json", "log.txt"}
    assert read.texts["log.txt"] == ""
    assert read.manifest.left_out == (LeftOut("large.json", "with it the bundle had more than 5000 bytes"),)


@given(
    seed=st.integers(0, 10_000),
    sizes=st.lists(st.integers(0, 400), max_size=6),
    logs=st.lists(st.booleans(), min_size=6, max_size=6),
    most=st.sampled_from([1_500, 8_000, 60_000]),
)
@settings(max_examples=40, deadline=None)
def test_it_is_never_larger_than_allowed_and_the_manifest_accounts_for_every_part(
    seed: int, sizes: list[int], logs: list[bool], most: int
) -> None:
    parts = [Part(f"part-{at}.txt", noise(size, seed + at), logs[at]) for at, size in enumerate(sizes)]
    bundle = pack("aurora", "1", AT, parts, most_bytes=most)
    read = opened(bundle.content)
    assert len(bundle.content) <= most
    there, gone = (
        {each.name: each for each in read.manifest.members},
        {each.what for each in read.manifest.left_out},
    )
    assert there.keys() | gone == {part.name for part in parts}
    assert not there.keys() & gone
    assert all(read.texts[part.name] == part.text or there[part.name].cut for part in parts if part.name in there)


def test_a_night_of_the_longest_log_lines_is_within_two_megabytes() -> None:
    source = random.Random(3)
    log = "".join(f"{source.randbytes(2000).hex()}\n" for _ in range(2000))
    journal = "".join(
        f'{{"id": "{source.getrandbits(128):x}", "note": "No card was presented."}}\n' for _ in range(2000)
    )
    bundle = pack("aurora", "1", AT, [Part("journal.json", journal), Part("log.txt", log, is_log=True)])
    assert 1_900_000 < len(bundle.content) <= MOST_BYTES
    assert opened(bundle.content).texts["journal.json"] == journal


def test_half_a_character_of_a_damaged_log_stays_readable() -> None:
    assert opened(pack("a", "1", AT, [Part("log.txt", "a\ud800b")]).content).texts["log.txt"] == "a\\ud800b"


def test_secrets_of_the_file_and_what_looks_like_one_are_blotted_out() -> None:
    told = {
        "password": 'a"b',
        "token": "E0D439EE522F44368DC78E1BFB03710C-D24FB11DBE31D4621C4817E028D9E1D",
        "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
        "url": "https://user:word@10.0.0.1/api",
        "mail": "canary.guest@example.org",
        "header": "Authorization: AWS abc:def, Bearer abcdefgh",
    }
    text = msgspec.json.encode(told).decode()
    bundle = pack("a", "1", AT, [Part("a.json", text)], [LeftOut("x", 'a"b said no')], secrets=['a"b'])
    read = opened(bundle.content)
    assert msgspec.json.decode(read.texts["a.json"]) == {
        "password": "(hidden)",
        "token": "(hidden)",
        "jwt": "(hidden)",
        "url": "https://(hidden)10.0.0.1/api",
        "mail": "(hidden)",
        "header": "Authorization: AWS (hidden), Bearer (hidden)",
    }
    assert read.manifest.left_out == (LeftOut("x", "(hidden) said no"),)


def test_ids_of_mews_stay_readable() -> None:
    text = "3fa85f64-5717-4562-b3fc-2c963f66afa6 encoder:1 10.4.5.20"
    assert opened(pack("a", "1", AT, [Part("a", text)]).content).texts["a"] == text


def test_its_representation_has_none_of_its_content() -> None:
    bundle = pack("a", "1", AT, [])
    assert repr(bundle) == f"SupportBundle('a-20261127-1105.nightporter.tar.gz', {len(bundle.content)} bytes)"
