"""The steps on the box itself, on a board of memory."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.commands.probe import Finding, Mark
from agent.hotel.box_steps import BoxProbe
from board.base import Network, NetworkState, Storage
from board.fake import FakeBoard
from board.report import Interface, Report

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
READY = Network(NetworkState.READY, "eth0", ("10.4.5.20",))
REPORT = Report((Interface("eth0", True, "", "", (), "", ("10.4.5.1",)),), ("10.4.5.1",))


async def taken(
    network: Network = READY,
    disk: Storage | None = None,
    report: Report = REPORT,
    ahead: float | None = 0.0,
    resolvers: Path = Path("/none"),
) -> dict[str, Finding]:
    board = FakeBoard()
    board.wire, board.disk = network, disk
    at_mews = None if ahead is None else NOW - timedelta(seconds=ahead)
    probe = BoxProbe(
        board, Path("/data/state"), lambda: at_mews, wall=lambda: NOW, report=lambda: report, resolvers=resolvers
    )
    assert probe.behind == ""
    return {step.name: await step.take() for step in probe.steps()}


async def test_a_box_that_is_well_says_what_was_seen() -> None:
    found = await taken(disk=Storage(8_000_000_000, 2_000_000_000))
    assert {finding.mark for finding in found.values()} == {Mark.GOOD}
    assert [finding.text for finding in found.values()] == [
        "eth0 has a link.",
        "eth0 has the address 10.4.5.20.",
        "The way out is 10.4.5.1.",
        "Names are looked up at 10.4.5.1.",
        "The box's clock and Mews' clock agree.",
        "2000 of 8000 MB are free.",
    ]


@pytest.mark.parametrize(
    ("network", "step", "code"),
    [
        (Network(NetworkState.NO_CABLE, "eth0"), "cable", "E-BOX-CABLE"),
        (Network(NetworkState.NO_ADDRESS, "eth0"), "address", "E-BOX-ADDRESS"),
    ],
)
async def test_a_network_that_is_not_there_fails(network: Network, step: str, code: str) -> None:
    found = await taken(network)
    assert (found[step].mark, found[step].code) == (Mark.BAD, code)


async def test_a_machine_that_does_not_tell_is_not_called_well() -> None:
    found = await taken(Network(), report=Report((), ()), ahead=None)
    marks = {name: finding.mark for name, finding in found.items()}
    assert marks == {
        **dict.fromkeys(("cable", "address", "clock", "disk"), Mark.OPEN),
        **dict.fromkeys(("gateway", "DNS"), Mark.DOUBT),
    }


async def test_the_systems_own_list_of_dns_servers_counts_where_networkd_has_none(tmp_path: Path) -> None:
    resolvers = tmp_path / "resolv.conf"
    resolvers.write_text("# comment\nsearch hotel\nnameserver 10.9.9.9\nnameserver\n")
    found = await taken(report=Report((), ()), resolvers=resolvers)
    assert found["DNS"] == Finding(Mark.GOOD, "Names are looked up at 10.9.9.9.")


@pytest.mark.parametrize(("ahead", "mark"), [(30.0, Mark.GOOD), (-300.0, Mark.DOUBT), (300.0, Mark.DOUBT)])
async def test_a_clock_that_is_off_is_worth_a_look(ahead: float, mark: Mark) -> None:
    found = await taken(ahead=ahead)
    assert (found["clock"].mark, ("ahead" in found["clock"].text) is (ahead > 0)) == (mark, True)


async def test_a_disk_that_takes_no_row_fails() -> None:
    found = await taken(disk=Storage(8_000_000_000, 2_000_000_000, is_read_only=True))
    assert (found["disk"].mark, found["disk"].code) == (Mark.BAD, "E-BOX-STORAGE")
