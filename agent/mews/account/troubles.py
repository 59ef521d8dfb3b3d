"""What may be wrong between the box and Mews, as far as polls and updates show it. No I/O."""

from enum import Enum, auto


class Trouble(Enum):
    """One thing that is wrong. Several may hold at once."""

    UNREACHABLE = auto()  # no connection
    CERTIFICATE = auto()
    SILENT = auto()  # no answer in time
    ANSWER = auto()  # one that cannot be used
    TOKEN = auto()  # refused
    DISABLED = auto()  # signed in, and then refused
    RIVAL = auto()  # somebody else signs in with our token
    BUSY = auto()  # Mews asks for a pause
    BARRED = auto()  # and has for so long that it is none
    NO_DATE = auto()  # answers carry none
    UPDATE = auto()  # lists come, and updates are not answered
    CLAIM = auto()  # orders are not given to us


# Of these the newest poll shows one at most, and a list that comes ends it.
OF_A_POLL = (
    *(Trouble.UNREACHABLE, Trouble.CERTIFICATE, Trouble.SILENT, Trouble.ANSWER),
    *(Trouble.TOKEN, Trouble.DISABLED),
)
