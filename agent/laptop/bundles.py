"""`nightporter provision receive-bundle`: a support bundle over the serial line, or out of a saved log."""

import argparse
import sys
import time
from pathlib import Path

from agent.foundation import files
from agent.foundation.errors import NightPorterError, UserMistake, reason_of
from agent.laptop.conversation.fetching import FETCH, Fetch, file_name
from agent.laptop.terminal import Terminal
from provisioning.transfer.outcome import Failure, Received
from provisioning.transfer.printed import put_together

MOST_LOG = 64 * 1024 * 1024  # bytes; a bundle at its largest has 4 MB as text
MOST_NAMES = 100  # numbers that are tried for a name that is taken


def receive(options: argparse.Namespace) -> int:
    """Get the bundle and write it. Raises `NightPorterError`."""
    found = _from_log(options.from_) if options.from_ else _from_line(options)
    path = _write(options.out, found)
    sys.stdout.write(f"{path}: {len(found.content)} bytes. Look into it: nightporter bundle --show {path}\n")
    return 0


def _from_log(path: Path) -> Received:
    try:
        with path.open("rb") as file:
            found = put_together(file.read(MOST_LOG))
    except OSError as error:
        raise UserMistake(f"{path} cannot be read ({reason_of(error)}).") from None
    if isinstance(found, Failure):
        raise NightPorterError(f"{path}: {found.text}")
    return found


def _from_line(options: argparse.Namespace) -> Received:
    from agent.laptop.conversation.conversation import Conversation
    from agent.laptop.port import SerialPort
    from agent.laptop.sending import send
    from board.serial_line import SerialGone, open_serial

    terminal, fetch = Terminal(), Fetch()
    conversation = Conversation(fetch, terminal.known_code(options.code), FETCH)
    try:
        line = SerialPort(open_serial(options.port, options.speed))
    except SerialGone as error:
        raise UserMistake(
            f"{options.port} cannot be opened ({error.reason}): leave it out to see which there are."
        ) from None
    with line:
        ended = send(line, conversation, terminal, time.monotonic)
    if not ended.is_done or not isinstance(fetch.result, Received):
        raise NightPorterError(ended.text or "No bundle came.")
    terminal.say("")
    return fetch.result


def _write(out: Path, found: Received) -> Path:
    """Under a name that is free."""
    path = out / file_name(found.name) if out.is_dir() else out
    stem, dot, endings = path.name.partition(".")
    for number in range(1, MOST_NAMES + 1):
        coming = path if number == 1 else path.with_name(f"{stem}-{number}{dot}{endings}")
        try:
            files.create(coming, found.content)
        except FileExistsError:
            continue
        except OSError as error:
            raise UserMistake(
                f"{coming} cannot be written ({reason_of(error)}): name another with --out."
            ) from None
        return coming
    raise UserMistake(f"{path} and {MOST_NAMES - 1} others of that name are there already: name another place.")
