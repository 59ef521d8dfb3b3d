"""In which manner box and Mews speak: the dialect, and whether Mews says by itself that there is news."""

from enum import Enum

from agent.simulators.mews.switches import Dialect


class Manner(Enum):
    """What the pass promises holds in each."""

    OF_2016 = "2016"
    OF_TODAY = "today"
    BY_PUSH = "push"  # today's dialect, in which Mews says by itself that there is news

    @property
    def dialect(self) -> Dialect:
        """The simulator's word for it."""
        return Dialect.V2016 if self is Manner.OF_2016 else Dialect.CURRENT

    @property
    def has_push(self) -> bool:
        """Whether the box listens."""
        return self is Manner.BY_PUSH


WITHOUT_PUSH = (Manner.OF_2016, Manner.OF_TODAY)
