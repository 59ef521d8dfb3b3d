"""Network settings as systemd-networkd gets them, put to use and undone; the fake does the same."""

from pathlib import Path

import pytest

from board.fake_network import FakeNetwork
from board.network_settings import NetworkApplier, NetworkSettings
from board.networkd_apply import NAME, NetworkdApplier, text, write

FIRST = NetworkSettings("aurora", "10.4.5.20/24", "10.4.5.1", ("10.4.5.1",))
SECOND = NetworkSettings("aurora")
THIRD = NetworkSettings("aurora", "fd00::5/64")


@pytest.fixture
def asked() -> list[tuple[str, ...]]:
    return []


@pytest.fixture
def applier(tmp_path: Path, asked: list[tuple[str, ...]]) -> NetworkdApplier:
    for name, kind in (("eth0", "1\n"), ("lo", "772\n"), ("eth1", "1\n"), ("veth", "1\n"), ("gone", "")):
        (tmp_path / "devices" / name).mkdir(parents=True)
        if kind:
            (tmp_path / "devices" / name / "type").write_text(kind)
        if name != "veth":
            (tmp_path / "devices" / name / "device").touch()
    return NetworkdApplier(asked.append, tmp_path / "network", tmp_path / "devices")


def test_networkd_is_told_of_other_settings_for_its_wired_interfaces(
    applier: NetworkdApplier, asked: list[tuple[str, ...]]
) -> None:
    assert applier.apply(FIRST)
    assert asked == [("networkctl", "reload"), ("networkctl", "reconfigure", "eth0", "eth1")]
    assert not applier.apply(FIRST)
    assert len(asked) == 2


@pytest.mark.parametrize("kind", ["networkd", "fake"])
def test_what_was_tried_is_undone_as_a_whole(kind: str, applier: NetworkdApplier) -> None:
    network: NetworkApplier = applier if kind == "networkd" else FakeNetwork()
    network.apply(FIRST)
    network.keep()
    assert not network.undo()
    network.apply(SECOND)
    network.apply(THIRD)
    assert network.undo()
    assert not network.apply(FIRST)  # it is in use
    assert not network.undo() or kind == "networkd"


def test_kept_settings_are_not_undone(applier: NetworkdApplier) -> None:
    applier.apply(FIRST)
    applier.apply(SECOND)
    applier.keep()
    assert not applier.undo()


def test_before_networkd_runs_the_file_alone_is_written(tmp_path: Path) -> None:
    assert write(FIRST, tmp_path / "network")
    assert not write(FIRST, tmp_path / "network")
    assert (tmp_path / "network" / NAME).read_text() == text(FIRST)
    assert (tmp_path / "network" / NAME).stat().st_mode & 0o777 == 0o644


def test_an_ipv6_address_is_waited_for_as_such() -> None:
    assert "RequiredFamilyForOnline=ipv6" in text(THIRD)
    assert "Gateway=" not in text(THIRD)
