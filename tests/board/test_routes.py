"""The kernel's table of routes: which addresses need no gateway."""

from pathlib import Path

import pytest

from board.routes import is_near

HEAD = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
DEFAULT = "eth0\t00000000\t0105040A\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"  # by 10.4.5.1
OWN = "eth0\t0005040A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"  # 10.4.5.0/24
BEHIND = "eth0\t8005040A\t0205040A\t0003\t0\t0\t0\t80FFFFFF\t0\t0\t0\n"  # 10.4.5.128/25 by 10.4.5.2
DOWN = "eth1\t00000009\t00000000\t0000\t0\t0\t0\t000000FF\t0\t0\t0\n"  # 9.0.0.0/8, not up


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("10.4.5.6", True),
        ("10.4.5.200", False),
        ("10.4.6.6", False),
        ("9.1.1.1", False),
        ("127.0.0.1", True),
        ("::1", True),
        ("fd00::1", None),
        ("lock-server", None),
    ],
)
def test_the_longest_route_says_whether_a_gateway_is_needed(
    tmp_path: Path, address: str, near: bool | None
) -> None:
    table = tmp_path / "route"
    table.write_text(f"{HEAD}{DEFAULT}{OWN}{BEHIND}{DOWN}nonsense\n")
    assert is_near(address, table) is near


def test_without_any_route_nothing_is_near(tmp_path: Path) -> None:
    table = tmp_path / "route"
    table.write_text(HEAD)
    assert is_near("10.4.5.6", table) is False


def test_without_a_table_it_cannot_be_told(tmp_path: Path) -> None:
    assert is_near("10.4.5.6", tmp_path / "none") is None
