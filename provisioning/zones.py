"""Which IANA time zone somebody means by another text: only where it is sure, for each key's times hang on it.

A text is taken apart ("Wien, Austria"), and each piece narrows the zones down; one that is not known, and zones
that ever differ, end in no guess. Countries: zone.tab and iso3166.tab of the tzdata package.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from provisioning.problems import Wrong, quoted
from provisioning.zone_names import ABBREVIATIONS, AMBIGUOUS, CONTINENTS, COUNTRIES, PLACES, WINDOWS

Zones = tuple[str, ...]

_CITY = 'Write the continent and city of the hotel, as in "America/New_York"'
_OFFSET = re.compile(r"(etc/)?(utc|gmt|uct|universal|greenwich)? ?([+-]? ?\d{1,2}([:.]?\d{2})?)?( ?h)?")
_PIECES = re.compile(r"[/,;()]| - ")
_FOREIGN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "ı": "i", "_": " "})
_SHORTEST = 5  # letters of a city; with fewer, one letter makes another city of it
_SAMPLES = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=5 * count) for count in range(800)]  # for ten years


def refusal(text: str) -> Wrong:
    """What is wrong with a text that is no zone of a place, and what to write."""
    name = folded(text)
    if _OFFSET.fullmatch(name):
        return Wrong(f"{quoted(text)} is an offset, without a place and its summer time", _CITY)
    if name in ABBREVIATIONS:
        return Wrong(f"{quoted(text)} is an abbreviation, and names no place", _CITY)
    wrong = f"{quoted(text)} is no IANA time zone"
    if sure := meant(text):
        return Wrong(wrong, f'Write "{sure}"')
    likely = _misspelt(name)
    return Wrong(wrong, f'Did you mean "{likely}"?' if likely else _CITY)


def meant(text: str) -> str | None:
    """The zone of what surely names a place: a zone in other letters, a country, a city, a name of Windows'."""
    name = folded(text)
    if name in WINDOWS:
        return WINDOWS[name]
    pieces = [CONTINENTS.get(piece.strip(), piece.strip()) for piece in _PIECES.split(name) if piece.strip()]
    if all(piece in _continents() for piece in pieces):
        return None
    first, *others = map(_zones, pieces)
    common = [zone for zone in first if all(zone in zones for zones in others)]
    return common[0] if common and len({_offsets(zone) for zone in common}) == 1 else None


def folded(text: str) -> str:
    """A name as the tables have it: small letters without accents, single blanks."""
    letters = unicodedata.normalize("NFKD", text.casefold().translate(_FOREIGN))
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


def _zones(piece: str) -> Zones:
    """The zones that a piece may stand for, the most populous first; none for a piece that is not known."""
    if piece in _continents():
        return _continents()[piece]
    for name in (piece, re.sub("([aou])e", r"\1", piece)):  # Muenchen is München
        if name in AMBIGUOUS:
            return ()
        if name in PLACES:
            return (PLACES[name],)
        found = _countries().get(name) or _cities().get(name)
        if found:
            return found
    return ()


def _misspelt(name: str) -> str | None:
    """The one zone that differs in one letter, or in two that changed places; None if there are more, or none."""
    found = [zone for zone, _ in _listed() if _is_slip(name, folded(zone))]
    is_long = all(_city_letters(text) >= _SHORTEST for text in (name, *found))
    return found[0] if len(found) == 1 and is_long else None


def _city_letters(zone: str) -> int:
    return len(zone.rpartition("/")[2]) if "/" in zone else 0


def _is_slip(one: str, other: str) -> bool:
    begin = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
    one, other = one[begin:][::-1], other[begin:][::-1]
    end = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    end = min(len(one), len(other)) if end is None else end
    one, other = one[end:], other[end:]
    return max(len(one), len(other)) <= 1 or (len(one) == 2 and one == other[::-1])


@cache
def _listed() -> tuple[tuple[str, str], ...]:
    """Zone and country code of each line of zone.tab, in its order: a country's most populous zone comes first."""
    return tuple((zone, code) for code, _, zone, *_ in _rows("zone.tab"))


@cache
def _continents() -> dict[str, Zones]:
    names = dict.fromkeys(zone.partition("/")[0] for zone, _ in _listed())
    return {folded(name): tuple(zone for zone, _ in _listed() if zone.startswith(f"{name}/")) for name in names}


@cache
def _countries() -> dict[str, Zones]:
    codes = {folded(name): code for code, name, *_ in _rows("iso3166.tab")} | COUNTRIES
    return {name: tuple(zone for zone, its in _listed() if its == code) for name, code in codes.items()}


@cache
def _cities() -> dict[str, Zones]:
    """IANA's own cities; those with a region before them (`America/Indiana/Vincennes`) share names with others."""
    zones = [zone.split("/") for zone, _ in _listed() if not zone.startswith(("Antarctica/", "Arctic/"))]
    return {folded(parts[1]): ("/".join(parts),) for parts in zones if len(parts) == 2}


def _rows(name: str) -> Iterator[list[str]]:
    text = files("tzdata.zoneinfo").joinpath(name).read_text("utf-8")
    return (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))


@cache
def _offsets(zone: str) -> tuple[timedelta | None, ...]:
    place = ZoneInfo(zone)
    return tuple(moment.astimezone(place).utcoffset() for moment in _SAMPLES)
