"""What the lines say by themselves and when, by value."""

import pytest

from agent.console.news import BoxState, News
from agent.console.terminal.hotel_time import HotelTime
from agent.console.terminal.page_status import ShownFault, Status
from board.base import Network, NetworkState

URL = "http://desk.local/"
READY = Network(NetworkState.READY, "eth0", ("10.4.5.20",))
NO_CABLE = Network(NetworkState.NO_CABLE, "eth0")
NO_ADDRESS = Network(NetworkState.NO_ADDRESS, "eth0")
WELL = Status(True, "ok", "All is well.")
STARTING = Status(False, "fault", "Night Porter is starting.")
SILENT = WELL._replace(waits_for_mews="Mews has not answered yet; asked every 2 s.")
FILE = ShownFault("E-FILE-MISSING", "No provisioning file", "There is no file.", "Put it there.")
FAULTY = Status(True, "fault", "No provisioning file: no keys can be cut.", (FILE,))
VIENNA = WELL._replace(timezone="Europe/Vienna", time="2026-03-28T13:00:00+01:00")
WARNED = Status(True, "warning", "Odd.", (FILE,))


class Lines:
    """The news, and the box around it."""

    def __init__(self) -> None:
        self.time = HotelTime()
        self.news = News(self.time, lambda: 43_200.0)
        self.network: Network = READY
        self.status: Status | None = None

    def later(self) -> list[str]:
        return self.news.look(BoxState(self.network, self.status, URL))

    def ready(self) -> None:
        self.status = WELL
        self.later()


@pytest.fixture
def lines() -> Lines:
    return Lines()


@pytest.mark.parametrize(
    ("network", "status", "said"),
    [
        (NO_CABLE, STARTING, ["waiting for a network cable: eth0 has no link"]),
        (NO_ADDRESS, STARTING, ["waiting for an address: the cable is in, but no router gives eth0 one"]),
        (READY, STARTING, []),
        (READY, None, ["waiting for the box's page to answer"]),
        (READY, SILENT, ["waiting for Mews: Mews has not answered yet; asked every 2 s."]),
        (READY, FAULTY, ["No provisioning file: There is no file. (E-FILE-MISSING)"]),
        (
            NO_CABLE,
            FAULTY._replace(troubles=(FILE._replace(code="E-BOX-CABLE"),)),
            ["waiting for a network cable: eth0 has no link"],
        ),
    ],
)
def test_what_is_waited_for_is_said_once_when_it_holds(
    lines: Lines, network: Network, status: Status | None, said: list[str]
) -> None:
    lines.network, lines.status = network, status
    assert lines.later() == []  # it may be over in a moment
    assert lines.later() == [f"12:00:00 UTC {each}" for each in said]
    assert lines.later() == []
    assert lines.later() == []


def test_a_title_is_not_said_twice(lines: Lines) -> None:
    lines.status = FAULTY._replace(troubles=(FILE._replace(text=FILE.title),))
    lines.later()
    assert lines.later() == ["12:00:00 UTC No provisioning file (E-FILE-MISSING)"]


def test_what_came_and_went_is_not_said(lines: Lines) -> None:
    lines.network, lines.status = NO_CABLE, STARTING
    lines.later()
    lines.network = READY
    assert lines.later() == []


@pytest.mark.parametrize("network", [READY, READY._replace(state=NetworkState.UNKNOWN)])
def test_once_all_is_well_it_says_where_the_page_is(lines: Lines, network: Network) -> None:
    lines.network, lines.status = network, WELL
    assert lines.later() == [f"12:00:00 UTC ready: {URL} 10.4.5.20"]
    assert lines.news.is_ready


def test_a_box_with_a_warning_is_ready_too_and_says_so(lines: Lines) -> None:
    lines.status = WARNED
    assert lines.later()[0].endswith("10.4.5.20 (with a warning: type faults)")


def test_after_that_only_changes_of_the_level_are_said(lines: Lines) -> None:
    lines.ready()
    assert lines.later() == []
    lines.status = WELL._replace(text="All is well: 3 keys.")
    assert lines.later() == []
    lines.status = FAULTY
    assert lines.later() == ["12:00:00 UTC now FAULT: No provisioning file: no keys can be cut."]
    assert lines.later() == []
    lines.status = WELL
    assert lines.later() == ["12:00:00 UTC now OK: All is well."]


def test_a_page_that_misses_one_look_is_no_news(lines: Lines) -> None:
    lines.ready()
    lines.status = None
    assert lines.later() == []
    lines.status = WELL
    assert lines.later() == []


def test_a_page_that_stays_away_is_said_once(lines: Lines) -> None:
    lines.ready()
    lines.status = None
    lines.later()
    assert lines.later() == ["12:00:00 UTC now: the box's page does not answer"]
    assert lines.later() == []
    lines.status = WELL
    assert lines.later() == ["12:00:00 UTC now OK: All is well."]


def test_the_hotels_zone_is_said_once_and_times_are_then_its_own(lines: Lines) -> None:
    lines.status = VIENNA
    said = lines.later()
    assert said[0] == "Times are from here on those of Europe/Vienna."
    assert lines.time.local(said[1]).startswith("13:00:00 ready:")
    assert lines.later() == []
