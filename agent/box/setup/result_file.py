"""provisioning-result.txt: what became of the provisioning file, for an installer with a Windows laptop. No I/O.

No time stands in it, so that the same outcome is the same text and nothing is written twice. Never a secret.
"""

from collections.abc import Sequence

from provisioning.check import summary
from provisioning.model import Provisioning

OVER_WITHOUT_FILE = (b"refused", b"not taken")  # how a text begins that is over when the file it tells of is gone
_LEFT = "Delete these here, they hold passwords too (or name the one that the box is to take provisioning.toml):"


def taken(version: str, provisioning: Provisioning, warnings: Sequence[str], left: Sequence[str]) -> bytes:
    """The text for a file that the box works with now. `left` are names of other files that hold secrets."""
    lines = [
        "taken: the box works with this provisioning file now.",
        "",
        "provisioning.toml is no longer here, because it holds passwords; the box keeps it.",
        "To change something, put a whole new provisioning.toml here and start the box again.",
        "",
        f"Night Porter {version} works like this:",
        *summary(provisioning),
    ]
    if left:
        lines = [*lines, "", _LEFT, *(f"  {name}" for name in left)]
    return _text(lines, "Doubtful, but allowed:", warnings)


def tells_of_left(text: bytes) -> bool:
    """Whether a text names files that hold secrets."""
    return _LEFT.encode() in text


def taken_back(version: str, reason: str) -> bytes:
    """The text for a file that did not reach what the one before did."""
    lines = [
        "taken back: the box works with the provisioning file before this one again.",
        "",
        "Mend what is named below, there or in the file; then put a whole new provisioning.toml here and start",
        "the box again. To have it stay whatever it reaches, confirm it on the serial console.",
    ]
    return _text(lines, f"Why (Night Porter {version}):", (reason,))


def misnamed(version: str, names: Sequence[str]) -> bytes:
    """The text for a partition on which no file has the right name, and some have nearly that, or its content."""
    lines = [
        "not taken: there is no provisioning.toml here.",
        "",
        "Give the file that is meant the name provisioning.toml, and put it here, not into a folder.",
        "Windows hides the end of a name: in Explorer choose View, Show, File name extensions.",
        "It has to be a plain text file. Then eject the card, and start the box again.",
    ]
    return _text(lines, f"What looks like it (Night Porter {version}):", names)


def refused(version: str, reasons: Sequence[str], has_active: bool) -> bytes:
    """The text for a file that has to be mended. `reasons` are a line each."""
    lines = [
        f"refused: the box cannot work with this provisioning.toml. {_goes_on(has_active)}",
        "",
        "Mend provisioning.toml here, eject the card, and start the box again.",
        "It holds passwords: it stays here until it is right.",
    ]
    return _text(lines, f"What is wrong (Night Porter {version}):", reasons)


def not_kept(version: str, why: str, has_active: bool) -> bytes:
    """The text for a file that nothing is wrong with, on a box that cannot keep it."""
    lines = [
        f"not taken: the box cannot keep this provisioning.toml. {_goes_on(has_active)}",
        "",
        "Nothing is wrong with the file: leave it here. The box tries again at its next start.",
    ]
    return _text(lines, f"Why (Night Porter {version}):", (why,))


def _goes_on(has_active: bool) -> str:
    return "It goes on with the one that it took before." if has_active else "It has no other yet."


def _text(lines: list[str], head: str, more: Sequence[str]) -> bytes:
    if more:
        lines = [*lines, "", head, *(f"  {line}" for line in more)]
    return "".join(f"{line}\r\n" for line in lines).encode()
