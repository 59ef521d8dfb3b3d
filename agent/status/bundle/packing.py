"""Packs the parts of a support bundle into one small file: a .tar.gz with a manifest. Pure, and the same for the
same parts.

Must never be larger than `MOST_BYTES`, nor leave something out without saying so: the oldest lines go first, of
the log before all else.
"""

import gzip
import io
import re
import tarfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

import msgspec

from agent.control.words.bundle import SupportBundle
from agent.status.bundle.scrub import scrubbed

FORMAT = 1  # raised when an older reader could no longer make sense of it
MOST_BYTES = 2_000_000  # packed; issue 17, and what a serial line carries in five minutes at 115200 baud
MANIFEST = "manifest.json"
SUFFIX = ".nightporter.tar.gz"
_NAME = re.compile(r"[^A-Za-z0-9-]+")


class Part(msgspec.Struct, frozen=True):
    """One file in the bundle. Where `is_log`, its oldest lines may be left out, which are the first."""

    name: str
    text: str
    is_log: bool = False


class LeftOut(msgspec.Struct, frozen=True):
    """What is not in a bundle, and why, as the end of a sentence."""

    what: str
    why: str


class Member(msgspec.Struct, frozen=True):
    """What the manifest says of a file: its size unpacked, and how it was cut ("" for not at all)."""

    name: str
    bytes: int
    cut: str = ""


class Manifest(msgspec.Struct, frozen=True):
    """`made` is ISO 8601 in the box's zone, `by` the version that packed it."""

    format: int
    box: str
    made: str
    by: str
    members: tuple[Member, ...]
    left_out: tuple[LeftOut, ...] = ()


class _Kept(msgspec.Struct, frozen=True):
    part: Part
    cut: str = ""


_Pack = Callable[[Sequence[_Kept], Sequence[LeftOut]], bytes]


def file_name(box: str, at: datetime) -> str:
    """The name of a bundle of that box at that time."""
    name = _NAME.sub("-", box).strip("-")[:63] or "nightporter"
    return f"{name}-{at:%Y%m%d-%H%M}{SUFFIX}"


def pack(
    box: str,
    by: str,
    at: datetime,
    parts: Iterable[Part],
    left_out: Sequence[LeftOut] = (),
    never: Sequence[LeftOut] = (),
    secrets: Sequence[str] = (),
    most_bytes: int = MOST_BYTES,
) -> SupportBundle:
    """The bundle of these parts, in their order, of at most `most_bytes`; `at` is aware, in the box's zone.

    What is `never` in a bundle stands in the manifest alone.
    """
    clean = [_Kept(msgspec.structs.replace(part, text=scrubbed(part.text, secrets))) for part in parts]
    gone = [LeftOut(scrubbed(each.what, secrets), scrubbed(each.why, secrets)) for each in left_out]

    def packed(kept: Sequence[_Kept], missing: Sequence[LeftOut]) -> bytes:
        return _packed(_manifest(box, by, at, kept, (*missing, *never)), [each.part for each in kept])

    content = packed(clean, gone)
    for number in [at for at, each in enumerate(clean) if each.part.is_log]:
        if len(content) > most_bytes:
            clean, content = _shortened(clean, number, gone, packed, most_bytes)
    while len(content) > most_bytes and clean:
        largest = max(clean, key=lambda each: len(each.part.text))
        clean.remove(largest)
        gone.append(LeftOut(largest.part.name, f"with it the bundle had more than {most_bytes} bytes"))
        content = packed(clean, gone)
    return SupportBundle(file_name(box, at), content, tuple(_told(clean, gone)))


def _shortened(
    kept: list[_Kept], number: int, gone: list[LeftOut], packed: _Pack, most_bytes: int
) -> tuple[list[_Kept], bytes]:
    """As many of the newest lines of one part as there is room for, at least none."""
    lines = kept[number].part.text.splitlines(keepends=True)
    fits, too_many = 0, len(lines)
    while too_many - fits > 1:
        half = (fits + too_many) // 2
        if len(packed(_with_lines(kept, number, lines, half), gone)) <= most_bytes:
            fits = half
        else:
            too_many = half
    shorter = _with_lines(kept, number, lines, fits)
    return shorter, packed(shorter, gone)


def _with_lines(kept: list[_Kept], number: int, lines: list[str], count: int) -> list[_Kept]:
    part = kept[number].part
    text = "".join(lines[len(lines) - count :])
    cut = f"the oldest {len(lines) - count} of {len(lines)} lines are left out"
    return [*kept[:number], _Kept(msgspec.structs.replace(part, text=text), cut), *kept[number + 1 :]]


def _manifest(box: str, by: str, at: datetime, kept: Sequence[_Kept], gone: Sequence[LeftOut]) -> Part:
    members = tuple(Member(each.part.name, len(_encoded(each.part.text)), each.cut) for each in kept)
    manifest = Manifest(FORMAT, box, at.isoformat(timespec="seconds"), by, members, tuple(gone))
    return Part(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)).decode() + "\n")


def _packed(manifest: Part, parts: Sequence[Part]) -> bytes:
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for part in (manifest, *parts):
            content = _encoded(part.text)
            member = tarfile.TarInfo(part.name)  # owner, time and mode are the same everywhere
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return gzip.compress(plain.getvalue(), mtime=0)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")  # half a character, which a damaged log may have


def _told(kept: Sequence[_Kept], gone: Sequence[LeftOut]) -> Iterator[str]:
    yield from (f"{each.part.name}: {each.cut}." for each in kept if each.cut)
    yield from (f"{each.what}: {each.why}." for each in gone)
