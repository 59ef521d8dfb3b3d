"""A sample of the kill runs (`make torture` has all): real SIGKILLs, and nothing cut twice, nothing silent."""

from pathlib import Path

import pytest

from tests.e2e.namespaces import needs_strace
from tests.ledger import Crime
from tests.torture.rounds import Round, kill_at_random, kill_at_sync, kill_at_write
from tests.torture.series import at_once, broken

pytestmark = pytest.mark.needs("openssl")

SIDE_BY_SIDE = 3
POINTS = (2, 17, 42, 90)  # writes: while the journal is made, early, midway, late
SYNCS = (1, 12, 30)
SEEDS = (1, 2)


def keep(round: Round) -> None:
    """Say nothing of a round: its findings are looked at afterwards."""


@needs_strace
async def test_kills_at_writes_of_the_journal_keep_the_promise() -> None:
    rounds = await at_once(kill_at_write, POINTS, SIDE_BY_SIDE, keep)
    assert [round.findings for round in rounds if round.findings] == []
    assert sum(round.kills for round in rounds) == len(POINTS)


@needs_strace
async def test_kills_at_syncs_of_the_journal_keep_the_promise() -> None:
    rounds = await at_once(kill_at_sync, SYNCS, SIDE_BY_SIDE, keep)
    assert [round.findings for round in rounds if round.findings] == []
    assert sum(round.kills for round in rounds) == len(SYNCS)


async def test_kills_at_random_moments_keep_the_promise() -> None:
    rounds = await at_once(kill_at_random, SEEDS, SIDE_BY_SIDE, keep)
    assert [round.findings for round in rounds if round.findings] == []
    assert sum(round.kills for round in rounds) > 0
    assert {round.systems for round in rounds} == {2}


@pytest.mark.parametrize(("kind", "crime"), [("repeating", Crime.DOUBLE)])
async def test_an_agent_that_breaks_the_promise_is_caught(tmp_path: Path, kind: str, crime: Crime) -> None:
    round = await kill_at_random(tmp_path, 2, main=broken(kind))
    assert crime in {finding.crime for finding in round.findings}
