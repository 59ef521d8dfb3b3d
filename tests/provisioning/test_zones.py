"""No zone is proposed by which a key would end at another time than the one that was meant."""

from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from provisioning.rules.box import zone
from provisioning.zone_names import ABBREVIATIONS, AMBIGUOUS, CONTINENTS, COUNTRIES, PLACES, WINDOWS
from provisioning.zones import folded, meant, refusal

MOMENTS = [datetime(2025, 1, 3, tzinfo=UTC) + timedelta(days=20 * count) for count in range(180)]
LISTED = [
    line.split("\t")
    for line in files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@cache
def offsets(name: str) -> list[timedelta | None]:
    return [moment.astimezone(ZoneInfo(name)).utcoffset() for moment in MOMENTS]


def proposed(text: str) -> str | None:
    """The zone that somebody would write who takes the sentence literally."""
    write = refusal(text).write
    return None if "as in" in write else write.split('"')[1]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "GMT+1",
            "UTC+1",
            "UTC+01:00",
            "Etc/GMT+1",
            "Etc/GMT-1",
            "GMT",
            "UTC",
            "+1",
            "-05:00",
            "Etc/UTC",
            "Z",
            "2 h",
        ),
        *("MEZ", "MESZ", "CET", "EST", "EST5EDT", "PST8PDT", "WET", "MET", "IST", "HST", "Zulu"),
        *("Spain", "USA", "Russia", "Australia", "Europe", "America", "Portugal", "Brasilien"),
        *("Georgia", "Perth", "Santiago", "America/Vienna", "Melbourne, Florida", "Asia/Baden", "Europe/Riva"),
        *(
            "Baden",
            "Riva",
            "Essen",
            "Manilva",
            "Salzburg, Germany",
            "Atlantis",
            "posixrules",
            "../Vienna",
            "/",
            "Factory",
        ),
        *("(UTC+01:00) Amsterdam, Berlin, Bern, Rom, Stockholm, Wien", "Standard Time", "Pacific", "US/Estern"),
    ],
)
def test_what_names_no_one_place_is_answered_with_no_guess(text: str) -> None:
    assert proposed(text) is None


@pytest.mark.parametrize("name", sorted(ABBREVIATIONS))
def test_no_abbreviation_is_taken_for_a_place(name: str) -> None:
    assert proposed(name.upper()) is None


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Germany", "Europe/Berlin"),
        ("Deutschland", "Europe/Berlin"),
        ("Österreich", "Europe/Vienna"),
        ("Oesterreich", "Europe/Vienna"),
        ("Poland", "Europe/Warsaw"),
        ("GB", "Europe/London"),
        ("Praha", "Europe/Prague"),
        ("Milano", "Europe/Rome"),
        ("Wien", "Europe/Vienna"),
        ("wien, österreich", "Europe/Vienna"),
        ("Munich", "Europe/Berlin"),
        ("München", "Europe/Berlin"),
        ("Muenchen (Germany)", "Europe/Berlin"),
        ("Europe/Munich", "Europe/Berlin"),
        ("Europa/Wien", "Europe/Vienna"),
        ("Vienna", "Europe/Vienna"),
        ("Tenerife, Spain", "Atlantic/Canary"),
        ("Europe/Spain", "Europe/Madrid"),
        ("New York", "America/New_York"),
        ("america/new york", "America/New_York"),
        ("Pacific Standard Time", "America/Los_Angeles"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("GMT Standard Time", "Europe/London"),
        ("Europe/Viena", "Europe/Vienna"),
        ("Europe/Berlln", "Europe/Berlin"),
        ("Europe/Amsterdma", "Europe/Amsterdam"),
        ("America/NewYork", "America/New_York"),
    ],
)
def test_what_surely_means_a_place_is_answered_with_its_zone(text: str, zone: str) -> None:
    assert proposed(text) == zone


@pytest.mark.parametrize("text", [*PLACES, *COUNTRIES, *WINDOWS, *(code[2].rpartition("/")[2] for code in LISTED)])
def test_every_zone_that_is_proposed_is_taken(text: str) -> None:
    found = meant(text)
    assert found is None or zone(found) == found


@pytest.mark.parametrize("name", sorted({line[2] for line in LISTED}))
def test_the_city_of_a_zone_alone_never_means_other_times(name: str) -> None:
    found = meant(name.rpartition("/")[2])
    assert found is None or offsets(found) == offsets(name)


@pytest.mark.parametrize("code", sorted({line[0] for line in LISTED}))
def test_a_country_is_only_answered_where_all_of_it_has_the_same_times(code: str) -> None:
    [country] = [
        line.split("\t")[1]
        for line in files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text("utf-8").splitlines()
        if line.startswith(f"{code}\t")
    ]
    found = meant(country)
    for other in [line[2] for line in LISTED if line[0] == code]:
        assert found is None or offsets(found) == offsets(other)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(sorted({line[2] for line in LISTED})), st.data())
def test_a_misspelt_zone_never_becomes_one_with_other_times(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from(["", "a", "e", "r", "_", name[at] * 2]))
    written = name[:at] + letter + name[at + 1 :]
    assume(folded(written) not in {folded(line[2]) for line in LISTED})  # Asia/Tomsk without its T is another city
    found = proposed(written)
    assert found is None or offsets(found) == offsets(name)


def test_the_tables_are_written_as_they_are_looked_up_and_name_zones_of_places() -> None:
    for table in (PLACES, COUNTRIES, WINDOWS, CONTINENTS, dict.fromkeys(AMBIGUOUS | ABBREVIATIONS)):
        assert [name for name in table if folded(name) != name] == []
    assert set(PLACES.values()) <= {line[2] for line in LISTED}
    assert set(WINDOWS.values()) <= available_timezones()
    assert set(COUNTRIES.values()) <= {line[0] for line in LISTED}


def test_windows_names_have_the_standard_offset_of_their_zone() -> None:
    """What CLDR's table says of some, by the hours that Windows shows beside the name."""
    shown = {"pacific": -8, "mountain": -7, "central": -6, "eastern": -5, "gmt": 0, "w. europe": 1, "romance": 1}
    shown |= {
        "central europe": 1,
        "central european": 1,
        "fle": 2,
        "gtb": 2,
        "russian": 3,
        "arabian": 4,
        "tokyo": 9,
    }
    january = datetime(2026, 1, 15, tzinfo=UTC)
    for name, hours in shown.items():
        assert january.astimezone(ZoneInfo(WINDOWS[f"{name} standard time"])).utcoffset() == timedelta(hours=hours)
