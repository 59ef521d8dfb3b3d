"""`nightporter bundle`: has the agent pack a support bundle, or packs one without it, and writes it; or shows one.

Must never write over another file, nor leave half of one.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from agent.control import client
from agent.control.words.bundle import SupportBundle
from agent.control.words.sentences import line
from agent.control.words.told import End, Piece, Progress
from agent.foundation import files, streams
from agent.foundation.errors import NightPorterError, UserMistake, reason_of
from agent.foundation.reading.text import LONG_TEXT, plain, plain_lines

PRINTED = "-"  # in the place of a file: the bundle goes to standard output
MOST_NAMES = 100  # numbers that are tried for a name that is taken


def make(state: Path | None, config: Path | None, out: str, environment: Mapping[str, str]) -> int:
    """Make a bundle and write it to `out`: a file, a folder, or `PRINTED`. Raises `NightPorterError`.

    `config` is the provisioning file, where no agent runs that knows it; None: where a box has it.
    """
    folder = client.state_folder(state, environment)
    bundle = _by_agent(folder) or _without_agent(folder, config or _file_of(folder))
    if out == PRINTED:
        sys.stdout.buffer.write(bundle.content)
        sys.stdout.buffer.flush()
        where = "standard output"
    else:
        where = str(_written(bundle, Path(out)))
    _say(f"{where}: {_size(len(bundle.content))}.")
    for each in bundle.left_out:
        _say(f"Not in it: {each}")
    return 0


def show(path: Path, member: str | None) -> int:
    """Print what is in a bundle: a summary, or one of its files. Raises `UserMistake`."""
    from agent.status.bundle import summary
    from agent.status.bundle.opening import MOST_PACKED, opened

    try:
        with path.open("rb") as file:
            content = file.read(MOST_PACKED + 1)
    except OSError as error:
        raise UserMistake(f"{path} cannot be read ({reason_of(error)}).") from None
    bundle = opened(content)
    text = summary.summary(bundle) if member is None else summary.member(bundle, member)
    if text is None:
        raise UserMistake(f"{path} has no {plain(str(member), 60)}: write one of {', '.join(bundle.texts)}.")
    for each in text.splitlines():
        print(streams.fitted(sys.stdout, each))
    return 0


def _by_agent(folder: Path) -> SupportBundle | None:
    """The agent's; None where none runs, or none answers."""
    pieces: list[Piece] = []

    def hear(told: Progress) -> bool:
        if isinstance(told, Piece):
            pieces.append(told)
        else:
            _say(line(told))
        return True

    try:
        result = client.ask(folder, ["bundle"], hear)
    except UserMistake:
        raise
    except NightPorterError as trouble:  # none runs, or it hangs: support needs a bundle all the more
        _say(f"{trouble} The bundle is made without it.")
        return None
    if result.end is not End.DONE:
        raise NightPorterError(result.text)
    return joined(pieces)


def joined(pieces: list[Piece]) -> SupportBundle:
    """The bundle of these pieces. Raises `NightPorterError` for some that are missing."""
    content = b"".join(piece.content for piece in pieces)
    if not pieces or len(content) != pieces[-1].total:
        raise NightPorterError("The agent ended before the whole bundle came: ask for it once more.")
    return SupportBundle(pieces[0].name, content)


def _without_agent(folder: Path, path: Path) -> SupportBundle:
    import trio

    from agent.drivers.check import beside, judge
    from agent.foundation.timing import utc_now
    from agent.hotel import support_bundle
    from agent.journal.state_folder import JOURNAL
    from board.linux import LinuxBoard
    from provisioning.file import content, why_not
    from provisioning.problems import render

    try:
        judgement = judge(content(path), beside(path))
        file, refusal = judgement.provisioning, "" if judgement.provisioning else render(judgement.problems)
    except OSError as error:
        file, refusal = None, why_not(path, error)
    board = LinuxBoard()
    name = file.box.name if file else board.host_name
    at = support_bundle.in_zone(utc_now(), file)
    return trio.run(support_bundle.without_agent, name, file, refusal, board, folder, folder / JOURNAL, at)


def _file_of(folder: Path) -> Path:
    """The provisioning file that goes with a state directory: on a box beside it, elsewhere as people keep it."""
    on_box = folder.parent / "provisioning" / "provisioning.toml"
    return on_box if on_box.exists() else folder.parent / "provisioning.toml"


def _written(bundle: SupportBundle, out: Path) -> Path:
    path = out / bundle.name if out.is_dir() else out
    for number in range(1, MOST_NAMES + 1):
        coming = _numbered(path, number)
        try:
            _link(coming, bundle.content)
        except FileExistsError:
            continue
        except OSError as error:
            raise UserMistake(
                f"{coming} cannot be written ({reason_of(error)}): name a place with --out."
            ) from None
        return coming
    raise UserMistake(f"{path} and {MOST_NAMES - 1} others of that name are there already: name another place.")


def _link(path: Path, content: bytes) -> None:
    """The whole file under a name that is free, at one moment."""
    aside = files.write_aside(path, content, 0o600)
    try:
        os.link(aside, path)
    except (FileExistsError, FileNotFoundError):
        raise
    except OSError:  # a file system without links, a stick's say
        files.create(path, content)
    finally:
        aside.unlink(missing_ok=True)


def _numbered(path: Path, number: int) -> Path:
    if number == 1:
        return path
    stem, dot, endings = path.name.partition(".")
    return path.with_name(f"{stem}-{number}{dot}{endings}")


def _size(count: int) -> str:
    return f"{count} bytes" if count < 10_000 else f"{count // 1000} KB"


def _say(text: str) -> None:
    """Beside what may be the bundle itself."""
    for each in plain_lines(text, LONG_TEXT).splitlines():
        print(streams.fitted(sys.stderr, each), file=sys.stderr)
