"""The hotel as Mews has it, against the file and the box: only what differs is told."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agent.health import mews_kinds
from agent.mews.account.hotel import CLOCK_SECONDS, findings
from agent.mews.records import Property

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
VIENNA = ZoneInfo("Europe/Vienna")


def told(zone: str = "Europe/Vienna", *, ahead: float = 0.0, took: float = 0.0) -> dict[str, str]:
    """Codes and sentences, where the box's clock is so many seconds ahead of Mews'."""
    hotel = Property("h", "Aurora", zone, NOW - timedelta(seconds=ahead))
    return {kind.code: text for kind, text in findings(hotel, VIENNA, took, NOW).items()}


def test_where_all_is_the_same_nothing_is_told() -> None:
    assert told() == {}


@pytest.mark.parametrize("zone", ["Europe/London", "Europe/Kyiv", "Africa/Lagos", "Mars/Olympus", "../etc", "\0"])
def test_another_zone_is_told_with_both_names(zone: str) -> None:
    assert list(told(zone)) == ["E-MEWS-ZONE"]
    assert "“Europe/Vienna”" in told(zone)["E-MEWS-ZONE"]


@pytest.mark.parametrize("zone", ["", "Europe/Berlin", "CET", "Europe/Prague"])
def test_a_zone_with_the_same_time_all_year_is_the_same_whatever_it_is_called(zone: str) -> None:
    assert told(zone) == {}


@pytest.mark.parametrize(
    ("ahead", "took", "words"),
    [
        *((0.0, 0.0, ""), (CLOCK_SECONDS, 0.0, ""), (-CLOCK_SECONDS, 0.0, ""), (CLOCK_SECONDS + 5.0, 5.0, "")),
        (CLOCK_SECONDS + 30.0, 5.0, "The box's clock is 1 minute 30 seconds ahead of the hotel's clock in Mews."),
        (-7200.0, 5.0, "The box's clock is 2 hours behind the hotel's clock in Mews."),
    ],
)
def test_a_clock_that_differs_by_more_than_the_question_took_is_told(
    ahead: float, took: float, words: str
) -> None:
    assert told(ahead=ahead, took=took).get("E-MEWS-CLOCK", "") == words


def test_a_mews_that_does_not_tell_the_time_is_no_clock_to_go_by() -> None:
    assert findings(Property("h", "Aurora", "Europe/Rome"), VIENNA, 0.0, NOW) == {}
    assert list(findings(Property("h", "Aurora", "Asia/Tokyo"), VIENNA, 0.0, NOW)) == [mews_kinds.ZONE]
