"""What makes a new provisioning file stay or go, by values."""

import pytest

from agent.box.setup.decisions.file_trial import (
    FileTrial,
    Standing,
    names,
    not_reached,
    standing,
    why_back,
)
from agent.drivers.coder_bridge.bridge_faults import SERVER_HOP
from agent.health.kind import Level
from agent.status.snapshot.facts import HopState
from agent.status.snapshot.reached import CODER_BRIDGE, well
from agent.status.snapshot.snapshot import Hop
from provisioning.model import Box, CoderBridge, Dialect, Mews, Provisioning
from provisioning.secret import Secret

BARE = Provisioning(1, Box("aurora", "Europe/Vienna"), Mews(Dialect.V2016, "https://demo.mews.li"))


def file(*, active: bool | None = None) -> Provisioning:
    bridge = None if active is None else CoderBridge("http://10.4.5.6:7331", "u", Secret("p"), active=active)
    return Provisioning(BARE.format, BARE.box, BARE.mews, coder_bridge=bridge)


def hop(name: str, level: Level = Level.OK, state: HopState = HopState.SEEN) -> Hop:
    return Hop(name, level, f"{name} text.", "", state)


def test_the_hop_of_the_coder_bridge_is_the_drivers_own() -> None:
    assert CODER_BRIDGE == SERVER_HOP


@pytest.mark.parametrize(
    ("name", "is_it"), [("mews", True), (CODER_BRIDGE, True), ("box", False), ("encoder:1", False)]
)
def test_mews_and_lock_servers_are_compared(name: str, is_it: bool) -> None:
    assert (well((hop(name),)) == (name,)) is is_it


def test_well_is_what_answered_and_has_no_fault() -> None:
    hops = (
        hop("mews"),
        hop("lock-server:a", Level.WARNING),
        hop("lock-server:b", state=HopState.UNHEARD),
        hop("lock-server:c"),
        hop("box"),
    )
    assert well(hops) == ("mews", "lock-server:c")


@pytest.mark.parametrize(
    ("trial", "active", "previous", "expected"),
    [
        (FileTrial(("new",), "old"), "new", "old", Standing.OPEN),
        (FileTrial(("first", "new"), "old"), "first", "old", Standing.OPEN),
        (FileTrial(("new",), "old"), "new", None, Standing.VOID),
        (FileTrial(("new",), "old"), "new", "other", Standing.VOID),
        (FileTrial(("new",), "old"), "old", None, Standing.VOID),  # it never had its place
        (FileTrial(("new",), "old", reason="why"), "old", None, Standing.GONE_BACK),
        (FileTrial(("new",), "old", reason="why"), "other", None, Standing.VOID),
    ],
)
def test_a_trial_counts_for_the_files_that_it_speaks_of(
    trial: FileTrial, active: str, previous: str | None, expected: Standing
) -> None:
    assert standing(trial, active, previous) is expected


@pytest.mark.parametrize(
    ("starts", "reason", "is_lost"), [(0, "", False), (1, "", False), (2, "", True), (0, "x", True)]
)
def test_the_second_start_within_a_trial_ends_it(starts: int, reason: str, is_lost: bool) -> None:
    assert FileTrial(("new",), "old", starts=starts, reason=reason).is_lost is is_lost


ALL = FileTrial(("new",), "old", ("mews", CODER_BRIDGE, "lock-server:10.4.5.7"))


@pytest.mark.parametrize(
    ("new", "hops", "missed"),
    [
        (file(active=True), (hop("mews"), hop(CODER_BRIDGE), hop("lock-server:10.4.5.7")), ()),
        (file(active=True), (hop("mews"), hop(CODER_BRIDGE)), ()),  # a server that is not in the file any more
        (file(active=True), (hop("mews", Level.FAULT), hop(CODER_BRIDGE)), ("mews",)),
        (file(active=True), (hop("mews", Level.WARNING, HopState.UNHEARD),), ("mews", CODER_BRIDGE)),
        (file(active=False), (hop("mews"), hop(CODER_BRIDGE, Level.WARNING)), ()),
        (file(), (hop("mews"),), ()),
        (file(), None, ("mews", "lock-server:10.4.5.7")),
        (file(active=True), None, ("mews", CODER_BRIDGE, "lock-server:10.4.5.7")),
        (file(active=True), (), ("mews", CODER_BRIDGE)),
    ],
)
def test_missed_is_what_was_well_and_stands_in_the_new_file(
    new: Provisioning, hops: tuple[Hop, ...] | None, missed: tuple[str, ...]
) -> None:
    assert not_reached(ALL, new, hops) == missed


def test_the_reason_names_each_hop_and_what_the_page_says_of_it() -> None:
    assert why_back(("mews", "lock-server:b"), {"mews": "Mews refuses the token."}) == (
        "Mews was reached with the file before and not with this one within two minutes: Mews refuses the token. "
        "The lock server b was reached with the file before and not with this one within two minutes: "
        "the page says nothing of it."
    )


def test_hops_have_names_for_a_sentence() -> None:
    assert names(("mews", "lock-server:b")) == "Mews and the lock server b"
