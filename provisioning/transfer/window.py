"""Which pieces of a transfer the receiver has, and which are on their way to it. Pure."""

WINDOW = 8  # pieces on their way; 960 characters, a second at 9600 baud
LOOK_AHEAD = 16  # pieces that an answer tells of, one bit each
LOOK_AHEAD_BYTES = LOOK_AHEAD // 8


def bits_of(missing: int, behind: set[int]) -> bytes:
    """How a receiver tells which of the pieces behind the missing one are there."""
    return sum(1 << (at - missing - 1) for at in behind).to_bytes(LOOK_AHEAD_BYTES, "big")


class Window:
    """The sender's view of `count` pieces."""

    def __init__(self, count: int) -> None:
        self._count = count
        self.missing = 0  # the first piece that the receiver lacks
        self.there: frozenset[int] = frozenset()  # pieces behind it that the receiver has
        self._sent: dict[int, int] = {}  # piece on its way: which of all that were sent it was
        self._orders = 0

    @property
    def is_empty(self) -> bool:
        """Whether the receiver has every piece."""
        return self.missing == self._count

    def acknowledged(self, missing: int, bits: bytes) -> None:
        """The receiver's newest word counts, also where it takes an older one back: it may have begun again.

        What was sent before a piece that arrived, and has not arrived itself, is lost.
        """
        told = int.from_bytes(bits[:LOOK_AHEAD_BYTES], "big")
        ahead = range(missing + 1, min(missing + 1 + LOOK_AHEAD, self._count))
        self.missing = missing
        self.there = frozenset(at for at in ahead if told >> (at - missing - 1) & 1)
        latest = max((self._sent.get(at, 0) for at in self.there), default=0)
        self._sent = {at: order for at, order in self._sent.items() if at in self._open and order > latest}

    def due(self, *, again: bool) -> list[int]:
        """The pieces to send now, which from then on are on their way; `again`: those that are so already, too."""
        due = [at for at in self._open if at not in self.there and (again or at not in self._sent)]
        for at in due:
            self._orders += 1
            self._sent[at] = self._orders
        return due

    @property
    def _open(self) -> range:
        return range(self.missing, min(self.missing + WINDOW, self._count))
