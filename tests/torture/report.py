"""What `make torture` prints at its end, and whether it was well. Pure."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from tests.ledger import Crime
from tests.torture.rounds import Round, crimes

POINTS_WANTED = 200  # kills at writes that really hit; what the project promises to show
RANDOM_ROUNDS = 60  # with kills at random moments, of which nine in ten have to hit


class Tally(msgspec.Struct, frozen=True):
    """All rounds. `wants_all` false: a sample, which needs no number of points."""

    writes: Sequence[Round]
    randoms: Sequence[Round]
    wants_all: bool = True

    @property
    def all(self) -> list[Round]:
        """Both kinds."""
        return [*self.writes, *self.randoms]

    @property
    def points(self) -> int:
        """Kills at writes that really hit."""
        return sum(round.kills for round in self.writes)

    @property
    def is_enough(self) -> bool:
        """Whether there were as many as the project promises to show."""
        hit = sum(round.kills > 0 for round in self.randoms)
        return not self.wants_all or (self.points >= POINTS_WANTED and hit >= RANDOM_ROUNDS * 0.9)

    @property
    def is_good(self) -> bool:
        """Whether nothing was found, in enough rounds."""
        return self.is_enough and not any(crimes(self.all).values())


def text(tally: Tally) -> str:
    """The report."""
    rounds = tally.all
    notes = Counter(note for round in rounds for note in round.notes)
    lines = [
        f"writes: {len(tally.writes)} points tried, {tally.points} kills hit "
        f"({_files(tally.writes)}), {_places(tally.writes)} different places in the journal's writing",
        f"random: {len(tally.randoms)} rounds, {sum(round.kills for round in tally.randoms)} kills hit",
        f"Mews: {_manners(rounds)}",
        f"commands: {sum(round.commands for round in rounds)}, cards cut: {sum(round.cuts for round in rounds)}",
        f"documents: {sum(round.documents for round in rounds)}, "
        f"on paper: {sum(round.papers for round in rounds)}, "
        f"at the printer when a kill hit, and followed to their end: {sum(round.followed for round in rounds)}",
        *(f"{count:6} {crime}" for crime, count in crimes(rounds).items()),
        "notes of the Errors:",
        *(f"{count:6} {note}" for note, count in notes.most_common()),
        "NOT ENOUGH KILLS HIT" if not tally.is_enough else "",
        "well" if tally.is_good else "THE PROMISE IS BROKEN, OR NOT SHOWN",
    ]
    return "\n" + "\n".join(filter(None, lines))


def proof_line(kind: str, crime: Crime, found: int) -> str:
    """What the proof with a broken agent showed."""
    return f"proof: the {kind} agent is {'caught' if found else 'NOT CAUGHT'} ({found} × {crime})"


def _files(rounds: Sequence[Round]) -> str:
    calls = Counter(round.point[5:] for round in rounds if round.kills)
    return ", ".join(f"{count} at {call}" for call, count in calls.most_common())


def _manners(rounds: Sequence[Round]) -> str:
    """How many rounds were in which manner, and how near to Mews' limit of calls they came."""
    counts = Counter(round.manner.value for round in rounds)
    most = {word: max(round.calls for round in rounds if round.manner.value == word) for word in counts}
    return ", ".join(f"{counts[word]} rounds {word} (at most {most[word]} calls in 30 s)" for word in counts)


def _places(rounds: Sequence[Round]) -> int:
    return len({round.point[:4] for round in rounds if round.kills})
