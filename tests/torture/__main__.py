"""`make torture`: hundreds of real agents killed, and the promise counted out afterwards. Exit 1 on any breach.

It first proves on agents that are broken on purpose that it would notice.
"""

import argparse
import sys
import time

import trio

from tests.torture.report import RANDOM_ROUNDS, Tally, proof_line, text
from tests.torture.rounds import Round, kill_at_random, kill_at_sync, kill_at_write
from tests.torture.series import BROKEN, at_once, proof, until_beyond


def main() -> int:
    """Run all rounds; the exit code."""
    options = _options()
    began = time.monotonic()
    good = trio.run(_run, options)
    print(f"took {time.monotonic() - began:.0f} s")
    return 0 if good else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="torture", description="Kill real agents, count cards and sheets.")
    parser.add_argument("--writes", type=int, default=0, help="only so many points of each kind, 0 for all")
    parser.add_argument("--random", type=int, default=RANDOM_ROUNDS, help="rounds with kills at random moments")
    parser.add_argument("--seed", type=int, default=0, help="where the random rounds begin")
    parser.add_argument("--at-once", type=int, default=5, help="rounds side by side")
    return parser.parse_args()


async def _run(options: argparse.Namespace) -> bool:
    is_seen = True
    for kind, crime in BROKEN.items():
        found = await proof(kind, crime)
        print(proof_line(kind, crime, found), flush=True)
        is_seen = is_seen and found > 0
    writes = [
        round
        for kill in (kill_at_write, kill_at_sync)
        for round in await until_beyond(kill, options.writes, options.at_once, _tell)
    ]
    seeds = range(options.seed, options.seed + options.random)
    randoms = await at_once(kill_at_random, seeds, options.at_once, _tell)
    tally = Tally(writes, randoms, wants_all=not options.writes)
    print(text(tally))
    return is_seen and tally.is_good


def _tell(round: Round) -> None:
    """A word for each round that found something, and a dot for each other."""
    if not round.findings:
        print(".", end="", flush=True)
    for finding in round.findings:
        print(f"\n{round.name}: {finding.text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
