"""What a serial console shows, as lines for a person: without escape sequences, redrawing and frames. Pure."""

import re
from collections.abc import Iterator

from agent.foundation.reading.text import plain

_LONGEST = 4000  # bytes of a line that has not ended: what is longer is no line of a console
_LINE = 300  # characters that are shown of a line
_ESCAPES = re.compile(rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[ -/]*[0-~]")  # ECMA-48
_FRAMES = re.compile(rb"~[A-Z]\.[^~;]*(?:;|\Z)")  # provisioning/transfer/frames.py
_BACKSPACE = re.compile(rb"[^\x08]\x08")


class ConsoleText:
    """Cuts what comes in into lines; `unfinished` is what stands after the last one, a prompt or a question."""

    def __init__(self) -> None:
        self._raw = b""

    def heard(self, data: bytes) -> Iterator[str]:
        """The lines that end in `data`, without those that show nothing."""
        *ended, self._raw = (self._raw + data).split(b"\n")
        self._raw = self._raw[-_LONGEST:]
        yield from filter(None, map(_shown, ended))

    @property
    def unfinished(self) -> str:
        """The line that has not ended, as it is shown now."""
        return _shown(self._raw)

    def forget(self) -> None:
        """What has not ended was answered."""
        self._raw = b""


def _shown(raw: bytes) -> str:
    """A line as it is seen at the end of all that was drawn on it."""
    text = _FRAMES.sub(b"", _ESCAPES.sub(b"", raw[-_LONGEST:])).rstrip(b"\r").rpartition(b"\r")[2]
    while text != (shorter := _BACKSPACE.sub(b"", text)):
        text = shorter
    return plain(text.decode(errors="replace"), _LINE)
