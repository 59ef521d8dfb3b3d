"""A sample of the kill runs (`make torture` has all): SIGKILLs; nothing cut or printed twice, nothing silent."""

import signal
from pathlib import Path

import pytest

from agent.simulators.mews.commands import State
from tests.e2e.namespaces import needs_strace
from tests.e2e.processes import real_hotel
from tests.ledger import Crime
from tests.print_hotel import OFFICE, base64, pdf
from tests.torture.broken_agent import Broken
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
    assert all(round.papers >= 2 for round in rounds)


async def test_a_document_that_a_kill_leaves_at_the_printer_is_followed_and_not_sent_again(tmp_path: Path) -> None:
    async with real_hotel(tmp_path, has_printers=True) as hotel:
        hotel.printer.switch(page_seconds=None)
        id = hotel.mews.add_print(OFFICE, base64(pdf(1, pages=2)))
        async with hotel.agent() as agent:
            await agent.while_alive(hotel.printer.wait_calls, "print-job", 1)
            agent.send(signal.SIGKILL)
            await agent.wait_exit()
        assert hotel.mews.command(id).state is State.PROCESSING
        async with hotel.agent() as agent:
            await agent.while_alive(hotel.printer.wait_calls, "get-jobs", 1)
            assert hotel.printer.engine.turn_out(2) == 2
            command = await hotel.mews.wait_final(id)
        assert (command.state, hotel.printer.tray.counts, hotel.printer.calls["print-job"]) == (
            State.PROCESSED,
            {id: 1},
            1,
        )


@pytest.mark.parametrize(
    ("kind", "crime"),
    [(Broken.REPEATING, Crime.DOUBLE), (Broken.REPRINTING, Crime.DOUBLE), (Broken.HASTY, Crime.UNTRUE)],
)
async def test_an_agent_that_breaks_the_promise_is_caught(tmp_path: Path, kind: Broken, crime: Crime) -> None:
    for seed in range(2, 8):  # a kill may come before the trouble that it breaks at
        (folder := tmp_path / str(seed)).mkdir()
        round = await kill_at_random(folder, seed, main=broken(kind))
        if crime in {finding.crime for finding in round.findings}:
            return
    pytest.fail("not caught in six rounds")
