"""`nightporter provision ...`: the arguments of the installer's tools, and what each of them does.

A mistake is one sentence, or the list of a file's problems, and exit code 2. Secrets are shown by `label` alone.
"""

import argparse
import secrets
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from agent.drivers.check import Judgement, beside, judge
from agent.foundation import files
from agent.foundation.arguments import PlainParser
from agent.foundation.errors import NightPorterError, UserMistake, reason_of
from agent.laptop.terminal import Terminal
from provisioning.check import check
from provisioning.file import content
from provisioning.model import BUILT_IN_PROFILES, Provisioning

FILE = "provisioning.toml"
SPEED = 115200  # baud; what the box's lines speak


class Loaded(msgspec.Struct, frozen=True):
    """A file that can be used: its bytes, its values, and the site profile that it names (None: one of ours)."""

    text: bytes
    file: Provisioning
    profile: bytes | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `provision` takes."""
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=PlainParser)
    _add_reading(commands)
    _add_making(commands)
    _add_signing(commands)
    send = _command(commands, "send", _send, "send a file to a box over the serial cable")
    send.add_argument("file", type=Path, metavar="FILE")
    send.add_argument("--port", metavar="DEVICE", help="the serial port; left out: says which there are")
    send.add_argument("--speed", type=int, default=SPEED, metavar="BAUD", help=f"left out: {SPEED}")
    send.add_argument("--code", metavar="CODE", help="the console's; better NIGHTPORTER_CODE, or typed when asked")
    send.add_argument("--yes", action="store_true", help="answer the box's question by yes")
    fetch = _command(commands, "receive-bundle", _receive_bundle, "get a support bundle over the serial cable")
    fetch.add_argument("port", nargs="?", metavar="DEVICE", help="the serial port; left out: says which there are")
    fetch.add_argument("--from", dest="from_", type=Path, metavar="FILE", help="out of a terminal's saved log")
    fetch.add_argument("--out", type=Path, default=Path(), metavar="FILE|DIR", help="left out: this folder")
    fetch.add_argument("--speed", type=int, default=SPEED, metavar="BAUD", help=f"left out: {SPEED}")
    fetch.add_argument("--code", metavar="CODE", help="the console's; better typed, or in NIGHTPORTER_CODE")


def _add_reading(commands: Any) -> None:
    reading = (
        ("check", _check, "all that is wrong with a file"),
        ("explain", _explain, "each setting of a file in words"),
    )
    for name, command, about in reading:
        _command(commands, name, command, about).add_argument("file", type=Path, metavar="FILE")
    diff = _command(commands, "diff", _diff, "what changes from one file to another")
    diff.add_argument("old", type=Path, metavar="OLD")
    diff.add_argument("new", type=Path, metavar="NEW")
    schema = _command(commands, "schema", _schema, "the JSON Schema of the file, for an editor")
    schema.add_argument("--out", type=Path, metavar="FOLDER", help="write it there; left out: print it")


def _add_making(commands: Any) -> None:
    new = _command(commands, "new", _new, "a file by questions; over an existing one it keeps comments and order")
    new.add_argument("file", type=Path, nargs="?", default=Path(FILE), metavar="FILE")
    label = _command(commands, "label", _label, "one page to print: names, addresses, QR code, code, password")
    label.add_argument("file", type=Path, metavar="FILE")
    label.add_argument("--serial", default="", metavar="NUMBER", help="the box's serial number")
    label.add_argument(
        "--fingerprint",
        default="",
        metavar="AB:CD:...",
        help="of the certificate, as the box's console or page shows it",
    )
    label.add_argument("--out", type=Path, metavar="FOLDER", help="as SVG and text; left out: print the text")
    write = _command(commands, "write", _write, "put a file onto the boot partition of a flashed card")
    write.add_argument("file", type=Path, metavar="FILE")
    write.add_argument(
        "--boot", type=Path, required=True, metavar="FOLDER", help="where that partition is mounted"
    )


def _add_signing(commands: Any) -> None:
    keygen = _command(commands, "keygen", _keygen, "a key pair for signing files")
    keygen.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    sign = _command(commands, "sign", _sign, "sign a file")
    sign.add_argument("file", type=Path, metavar="FILE")
    sign.add_argument("--key", type=Path, required=True, metavar="KEY", help="the private key of keygen")
    sign.add_argument("--out", type=Path, metavar="FILE", help="left out: in the place of the unsigned one")


def _command(commands: Any, name: str, command: Callable[[Any], int], about: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(command=command)
    return parser


def _judge(path: Path, text: bytes) -> Judgement:
    return judge(text, beside(path))


def _check(options: argparse.Namespace) -> int:
    result = check(options.file, lambda text: _judge(options.file, text).reading)
    _print(result.text)
    return result.exit_code


def _load(path: Path) -> Loaded | None:
    """The file; None after its problems were printed."""
    found: list[tuple[bytes, Judgement]] = []

    def judged(text: bytes) -> Any:
        found.append((text, _judge(path, text)))
        return found[0][1].reading

    result = check(path, judged)
    if result.exit_code:
        _print(result.text)
        return None
    [(text, judgement)] = found
    assert judgement.provisioning
    return Loaded(text, judgement.provisioning, judgement.profile_text)


def _explain(options: argparse.Namespace) -> int:
    from provisioning.explain import explain

    if (loaded := _load(options.file)) is None:
        return 2
    _print(explain(loaded.file))
    return 0


def _diff(options: argparse.Namespace) -> int:
    from provisioning.difference import difference, sentences

    old, new = _load(options.old), _load(options.new)
    if old is None or new is None:
        return 2
    _print(sentences(difference(old.file, new.file)))
    return 0


def _schema(options: argparse.Namespace) -> int:
    from provisioning import schema

    if options.out:
        _save(options.out / schema.NAME, schema.text().encode(), mode=0o644)
        _print(f"{options.out / schema.NAME} is written; the first line of a file that uses it: {schema.HINT}")
    else:
        _print(schema.text().rstrip())
    return 0


def _new(options: argparse.Namespace) -> int:
    from agent.laptop.interviewing import interviewed
    from provisioning import schema

    path: Path = options.file
    try:
        old = content(path) if path.exists() else None
    except OSError as error:
        raise UserMistake(f"{path} cannot be read ({reason_of(error)}).") from None
    terminal = Terminal()
    text = interviewed(old, terminal.ask, terminal.say)
    _save(path, text)
    beside_it = path.parent / schema.NAME
    if old is None and not beside_it.exists():
        _save(beside_it, schema.text().encode(), mode=0o644)
    return _check(options)


def _label(options: argparse.Namespace) -> int:
    from agent.laptop.extra import extra
    from provisioning.label import as_svg, as_text, label

    if (loaded := _load(options.file)) is None:
        return 2
    found = label(loaded.file, options.serial, _fingerprint(options.fingerprint))
    if options.out is None:
        _print(as_text(found))
        return 0
    modules = extra("segno", "The QR code of a label").make(found.addresses[0], error="m", micro=False).matrix
    path: Path = options.out / f"{found.name}-label.svg"
    _save(path, as_svg(found, modules).encode())
    _save(path.with_suffix(".txt"), f"{as_text(found)}\n".encode())
    _print(
        f"{path} and {path.with_suffix('.txt').name} are written: print one, and delete both, they hold secrets."
    )
    return 0


def _fingerprint(text: str) -> str:
    from provisioning.problems import Wrong
    from provisioning.rules.credentials import fingerprint

    try:
        return fingerprint("".join(text.split())) if text else ""
    except Wrong as wrong:
        raise UserMistake(f"--fingerprint {wrong.wrong}. Copy it as the box's console or page shows it.") from None


def _write(options: argparse.Namespace) -> int:
    from agent.laptop import boot_folder

    if (loaded := _load(options.file)) is None:
        return 2
    contents = {boot_folder.NAME: loaded.text}
    bridge = loaded.file.coder_bridge
    if bridge and loaded.profile is not None:
        contents[Path(bridge.profile).name] = loaded.profile
    boot_folder.put(options.boot, contents)
    _say_if_unsigned(loaded)
    _print(f"{' and '.join(contents)} in {options.boot}, read back: eject the card, and start the box with it.")
    return 0


def _keygen(options: argparse.Namespace) -> int:
    from agent.laptop import signing

    private, public = options.out / signing.PRIVATE, options.out / signing.PUBLIC
    if private.exists():
        raise UserMistake(f"{private} is there already, and boxes may know it: name another folder.")
    pem, key = signing.new_key()
    _save(private, pem)
    _save(public, f"{key}\n".encode(), mode=0o644)
    _print(f"{private} signs: keep it where no one else gets at it. In the file of each box:\n")
    _print(f'[signing]\nkey = "{key}"\nnumber = 1')
    return 0


def _sign(options: argparse.Namespace) -> int:
    from agent.laptop import signing

    if (loaded := _load(options.file)) is None:
        return 2
    key = signing.read_key(options.key)
    path: Path = options.out or options.file
    _save(path, signing.signed(loaded.text, loaded.file, key))
    assert loaded.file.signing
    _print(f"{path} is signed, with the number {loaded.file.signing.number}: change nothing in it any more.")
    if loaded.file.signing.key != signing.public_key(key):
        _print("It names another key than the one that signed it: only a box that knows this one takes it.")
    return 0


def _receive_bundle(options: argparse.Namespace) -> int:
    from agent.laptop import bundles

    if options.port is None and options.from_ is None:
        return _say_ports("Write one of this machine's serial ports, or --from FILE.")
    return bundles.receive(options)


def _say_ports(what: str) -> int:
    from board.serial_line import list_ports

    ports = [f"  {port.device}  {port.description}".rstrip() for port in list_ports()]
    there = "\n".join(["These are there:", *ports]) if ports else "There is none: plug the cable in."
    _print(f"{what} {there}")
    return 2


def _send(options: argparse.Namespace) -> int:
    if options.port is None:
        return _say_ports("Write --port and one of this machine's serial ports.")
    if (loaded := _load(options.file)) is None:
        return 2
    bridge = loaded.file.coder_bridge
    if bridge and bridge.profile not in BUILT_IN_PROFILES:
        _print(
            f"Only the file is sent: its site profile {Path(bridge.profile).name} has to be on the box already."
        )
    _say_if_unsigned(loaded)
    return _talk(options, loaded.text)


def _say_if_unsigned(loaded: Loaded) -> None:
    """Whether the signature is good, the box itself looks: it may know another key."""
    from provisioning.signature import why_not_taken

    if why := why_not_taken(loaded.text, None, lambda *_: True):
        _print(f"The box will not take it. {why}")


def _talk(options: argparse.Namespace, text: bytes) -> int:
    from agent.laptop.conversation.conversation import Conversation
    from agent.laptop.port import SerialPort
    from agent.laptop.sending import send
    from board.serial_line import SerialGone, open_serial
    from provisioning.transfer.sender import Sender

    terminal = Terminal(is_agreed=options.yes)
    conversation = Conversation(Sender(text, FILE, secrets.token_hex(2)), terminal.known_code(options.code))
    try:
        line = SerialPort(open_serial(options.port, options.speed))
    except SerialGone as error:
        raise UserMistake(
            f"{options.port} cannot be opened ({error.reason}): leave --port out to see which there are."
        ) from None
    with line:
        ended = send(line, conversation, terminal, time.monotonic)
    if not ended.is_done:
        raise NightPorterError(ended.text or "The box keeps its old file.")
    return 0


def _save(path: Path, text: bytes, mode: int = 0o600) -> None:
    """A file that holds secrets, unless it says otherwise."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write(path, text, mode)
    except OSError as error:
        raise UserMistake(f"{path} cannot be written ({reason_of(error)}): name another place.") from None


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
