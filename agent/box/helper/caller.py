"""Who is at the other end of the helper's connection: the line that asks, and the lines that it is told.

A caller that goes away, says nothing or never ends its line costs ten seconds and two megabytes at most. Telling
one that is gone is no error: what was begun goes on, unless the one who tells looks whether someone listens.
"""

import pwd
import select
import socket
import struct
import time
from contextlib import suppress
from typing import NoReturn

import msgspec

from agent.box.helper.effects import USER
from agent.foundation.errors import UserMistake
from agent.foundation.reading.text import LONG_TEXT, plain, plain_lines
from agent.handover.helper import MOST_BYTES, Done, End, Request, Said, Told

REQUEST_SECONDS = 10.0  # s; a program sends its line at once
TELL_SECONDS = 10.0  # s that a caller has to take a line: a serial line at 9600 baud is a kilobyte a second
PART_SECONDS = 2.0  # s that a caller has to close its side
_PIECE = 64 * 1024  # bytes
_LINE = 1000  # characters
_DECODER: "msgspec.json.Decoder[Request]" = msgspec.json.Decoder(Request)
_CREDENTIALS = struct.Struct("3i")  # struct ucred: process, user, group; unix(7)


class Caller:
    """One connection. `user` is the account that may ask, beside root."""

    def __init__(self, line: socket.socket, user: str = USER) -> None:
        self._line, self._user = line, user
        self.is_gone = False

    def request(self, seconds: float = REQUEST_SECONDS) -> Request:
        """What is asked. Raises `UserMistake` for who may not ask, and for what is no request."""
        self._require_known()
        line = self._read_line(time.monotonic() + seconds, seconds)
        try:
            return _DECODER.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise UserMistake(
                "That is no request that this box knows: are console and box of one version?"
            ) from None

    def say(self, text: str) -> None:
        """A line of progress."""
        self._tell(Said(plain(text, _LINE)))

    def done(self, end: End, text: str, confirm_seconds: float | None = None) -> None:
        """The last line."""
        self._tell(Done(end, plain_lines(text, LONG_TEXT), confirm_seconds))

    def part(self) -> None:
        """Nothing more is told. What a caller still sends is swallowed: else it may lose the last line."""
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_WR)
        until = time.monotonic() + PART_SECONDS
        while (left := until - time.monotonic()) > 0 and not self.has_left():
            select.select([self._line], [], [], left)

    def has_left(self) -> bool:
        """Whether the caller has closed its side; nothing that it still sends is looked at."""
        if not self.is_gone and select.select([self._line], [], [], 0)[0]:
            try:
                self.is_gone = not self._line.recv(_PIECE, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return False
            except OSError:
                self.is_gone = True
        return self.is_gone

    def fileno(self) -> int:
        """For select(2), beside a program that is followed."""
        return self._line.fileno()

    def _require_known(self) -> None:
        found = self._line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        if not may_ask(_CREDENTIALS.unpack(found)[1], self._user):
            raise UserMistake("Only root and the box's own user may ask this.")

    def _read_line(self, until: float, seconds: float) -> bytes:
        line = bytearray()
        while b"\n" not in line:
            left = until - time.monotonic()
            if left <= 0:
                raise UserMistake(f"No whole line came within {seconds:g} s.")
            line += self._receive(left)
            if len(line) > MOST_BYTES:
                raise UserMistake(f"A request has at most {MOST_BYTES // 1024} KB.")
        return bytes(line.partition(b"\n")[0])

    def _receive(self, seconds: float) -> bytes:
        if not select.select([self._line], [], [], seconds)[0]:
            return b""
        try:
            piece = self._line.recv(_PIECE)
        except OSError:
            piece = b""
        return piece or self._ended()

    def _ended(self) -> NoReturn:
        self.is_gone = True
        raise UserMistake("The connection ended before a whole line came.")

    def _tell(self, told: Told) -> None:
        if self.is_gone:
            return
        try:
            self._line.settimeout(TELL_SECONDS)
            self._line.sendall(msgspec.json.encode(told) + b"\n")
        except OSError:  # also one that does not read
            self.is_gone = True


def may_ask(user: int, account: str) -> bool:
    """Whether a user's number is root's or that of the account, if there is one."""
    if user == 0:
        return True
    try:
        return user == pwd.getpwnam(account).pw_uid
    except KeyError:
        return False
