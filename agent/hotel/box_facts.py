"""Why the box last started and how an update stands, as the programs around the agent say. Never an error."""

from pathlib import Path

from agent.foundation.reading.text import plain
from agent.handover import notices, release
from agent.handover.notices import NOTICES
from agent.handover.release import RELEASE, UNKNOWN
from agent.handover.steps import STEPS

_LAST_START = " last start: "  # how `agent/box/boot/boot_reason.py` begins
_AGENT = ("E-BOX-AGENT", "E-BOX-CRASHED")
_UPDATE = "E-UPDATE-"
_MOST_BYTES = 64 * 1024  # of the steps; a start has some dozens
_MOST_WORDS = 400  # characters


def restart_words(steps: Path = STEPS, folder: Path = NOTICES) -> str:
    """Why it last started, "" where nothing tells."""
    for notice in notices.standing(folder):
        if notice.code in _AGENT:
            return plain(notice.text, _MOST_WORDS)
    try:
        with steps.open("rb") as file:
            lines = file.read(_MOST_BYTES).decode(errors="replace").splitlines()
    except OSError:
        return ""
    told = [line.partition(_LAST_START)[2] for line in lines if _LAST_START in line]
    return plain(told[-1], _MOST_WORDS) if told else ""


def update_words(folder: Path = NOTICES, image: Path = RELEASE) -> str:
    """How an update stands, "" on a machine that has no image of ours."""
    for notice in notices.standing(folder):
        if notice.code.startswith(_UPDATE):
            return plain(notice.text, _MOST_WORDS)
    version = release.read(image).version
    return "" if version == UNKNOWN else f"The image is version {plain(version, 60)}; no update is on trial."
