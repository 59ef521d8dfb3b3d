"""The serial console's side of `provision send`, as far as the laptop meets it: by value, without a line."""

from provisioning.transfer.outcome import Received
from provisioning.transfer.receiver import Receiver

PROMPT = b"nightporter> "


class ScriptedConsole:
    """Answers what is typed. `code` is asked for where there is one; `judged` is said of what it received."""

    def __init__(
        self,
        code: str = "",
        judged: bytes = b"The box's name changes from aurora-desk to aurora-bar.\r\n",
        done: bytes = b"Taken. The box works with it now.\r\n",
        *,
        asks: bool = True,
        takes: bool = True,
    ) -> None:
        self._code, self._judged, self._done, self._asks, self._takes = code.encode(), judged, done, asks, takes
        self._is_in = not code
        self._typed = b""
        self._receiver: Receiver | None = None
        self._is_asking = False
        self.received: bytes | None = None
        self.taken: bytes | None = None
        self.commands: list[bytes] = []
        self.wrong_codes = 0

    def heard(self, data: bytes, now: float) -> bytes:
        """What it writes."""
        if self._receiver is not None:
            said = self._receiver.heard(data, now)
            return said + (self._judge() if self._receiver.is_over else b"")
        said = b""
        for byte in data:
            said += self._key(bytes([byte]), now)
        return said

    def _key(self, key: bytes, now: float) -> bytes:
        if key == b"\x03":
            self._typed = b""
            return b"^C\r\n" + self._prompt()
        if key != b"\r":
            self._typed += key
            return key if self._is_in else b""
        typed, self._typed = self._typed, b""
        return b"\r\n" + self._line(typed, now)

    def _prompt(self) -> bytes:
        return PROMPT if self._is_in else b"Code: "

    def _line(self, typed: bytes, now: float) -> bytes:
        if not self._is_in:
            self._is_in = typed == self._code
            self.wrong_codes += bool(typed) and not self._is_in
            return (b"" if self._is_in or not typed else b"That is not the code.\r\n") + self._prompt()
        if self._is_asking:
            self._is_asking = False
            if typed == b"yes":
                self.taken = self.received
                return self._done + (b"" if self._done.endswith(b"(yes/no) ") else PROMPT)
            return b"Nothing was changed.\r\n" + PROMPT
        if typed:
            self.commands.append(typed)
        if typed == b"provision receive" and self._takes:
            self._receiver = Receiver()
            return b"ready to receive\r\n" + self._receiver.heard(b"", now)
        return (b"the disk is full\r\n" if typed else b"") + PROMPT

    def _judge(self) -> bytes:
        assert self._receiver is not None
        result, self._receiver = self._receiver.result, None
        if not isinstance(result, Received):
            return (result.text.encode() if result else b"") + b"\r\n" + PROMPT
        self.received = result.content
        self._is_asking = self._asks
        return self._judged + (b"Use it? (yes/no) " if self._asks else PROMPT)
