"""The `nightporter` command: arguments, and one sentence for a user's mistake. Exit codes 0, 2 (the user's), 1."""

import argparse
import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from agent.foundation import streams
from agent.foundation.arguments import PlainParser
from agent.foundation.errors import NightPorterError, UserMistake, mistake_in


def program() -> int:
    """The command as a process of its own."""
    streams.set_up()
    return streams.exit_code(main(sys.argv[1:]))


def main(words: list[str]) -> int:
    """Run the command that these words are; returns the exit code."""
    try:
        if not words:
            _parser(words).print_help(sys.stderr)
            return 2
        options = _parser(words).parse_args(words)
        command: Callable[[argparse.Namespace], int] = options.command
        return command(options)
    except UserMistake as mistake:
        return _explain(mistake)
    except BaseExceptionGroup as group:  # what comes out of the agent's nurseries
        if (mistake_of_user := mistake_in(group)) is None:
            raise
        return _explain(mistake_of_user)
    except NightPorterError as trouble:  # no mistake of the user's: a page that does not answer, say
        return _explain(trouble, 1)
    except KeyboardInterrupt:
        return 130
    except SystemExit:  # argparse, after --help and --version
        return 0


def _explain(trouble: NightPorterError, exit_code: int = 2) -> int:
    from agent.foundation.reading.text import plain_lines

    sentence = f"nightporter: {plain_lines(str(trouble))}"  # of a bad file there is a line for each problem
    print(streams.fitted(sys.stderr, sentence), file=sys.stderr)
    return exit_code


def _parser(words: list[str]) -> argparse.ArgumentParser:
    parser = PlainParser(
        prog="nightporter",
        description="The box behind a hotel's front desk: a command in the cloud PMS becomes a cut key, once.",
    )
    parser.add_argument("--version", action=_Version, help="say the version and exit")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_run(commands.add_parser("run", help="run the agent"))
    _add_demo(commands.add_parser("demo", help="simulators, the agent and its page on this machine"))
    _add_check(commands.add_parser("check", help="check a provisioning file"))
    _add_status(commands.add_parser("status", help="the status page as text"))
    _add_console(commands.add_parser("console", help="the serial console's verbs on this terminal"))
    _add_update(commands.add_parser("update", help="update this box from a signed bundle"))
    provision = commands.add_parser(
        "provision", help="an installer's tools: make, explain, sign, label, send a file"
    )
    if "provision" in words[:2]:  # whose tools no other command loads
        _add_provision(provision)
    simulate = commands.add_parser("simulate", help="a simulated Mews, lock server or printer")
    if "simulate" in words[:2]:  # its flags are the simulators' switches: no other command loads those
        _add_simulate(simulate)
    if words[:1] != ["run"]:  # whose start has no time for the table of verbs
        _add_verbs(commands)
    _add_bundle(commands.add_parser("bundle", help="a support bundle: make one, or look into one"))
    _add_manual(commands.add_parser("manual", help="the manual, or one topic of it"))
    _add_help(commands.add_parser("help", help="this list, or all about one command"))
    return parser


class _Version(argparse.Action):
    """Looks the version up when it is asked for: that costs 7 ms of a start."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings, nargs=0)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version

        print(f"{parser.prog} {version('nightporter')}")
        parser.exit()


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="the provisioning file")
    parser.add_argument("--state", type=Path, required=True, metavar="DIR", help="where the journal is kept")
    parser.add_argument("--listen", metavar="HOST:PORT", help="the page's address, instead of the file's")
    parser.add_argument("--console", default="none", metavar="DEVICE|none", help="a serial line for the console")
    parser.set_defaults(command=_run)


def _add_demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--listen", default="127.0.0.1:8080", metavar="HOST:PORT", help="the page's address")
    parser.add_argument("--commands", type=_count, metavar="N", help="end after N commands with a summary")
    parser.add_argument("--dialect", type=_dialect, default="2016", metavar="2016|current", help="Mews' dialect")
    parser.set_defaults(command=_demo)


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.set_defaults(command=_check)


def _add_status(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("address", nargs="?", metavar="ADDRESS", help="of the page: HOST, HOST:PORT or a URL")
    parser.add_argument("--url", metavar="ADDRESS", help="the same; left out: this machine's own page")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="as JSON")
    how.add_argument("--watch", action="store_true", help="again and again, until Ctrl-C")
    parser.set_defaults(command=_status)


def _add_update(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="FILE|URL", help="the bundle: a file on the box, or a web address")
    parser.add_argument("--again", action="store_true", help="also if this version runs already")
    parser.add_argument("--no-reboot", action="store_true", help="leave the restart into the new version to you")
    parser.set_defaults(command=_update)


def _add_console(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--state", type=Path, metavar="DIR", help="the agent's directory")
    parser.add_argument("--config", type=Path, metavar="FILE", help="the agent's file, if it may be changed")
    parser.add_argument("--url", metavar="ADDRESS", help="of the agent's page; left out: this machine's own")
    parser.set_defaults(command=_console)


def _add_bundle(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--state", type=Path, metavar="DIR", help="the agent's directory")
    parser.add_argument("--config", type=Path, metavar="FILE", help="without an agent: the provisioning file")
    parser.add_argument("--out", default=".", metavar="FILE|DIR|-", help="where to; left out: this folder")
    parser.add_argument("--show", type=Path, metavar="FILE", help="look into this bundle instead of making one")
    parser.add_argument("member", nargs="?", metavar="NAME", help="with --show: print this file of the bundle")
    parser.set_defaults(command=_bundle)


def _add_manual(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("topic", nargs="*", metavar="TOPIC", help="a chapter, a fault's code, a setting, a verb")
    parser.set_defaults(command=_manual)


def _add_simulate(parser: argparse.ArgumentParser) -> None:
    from agent.simulators import command_line

    command_line.add_arguments(parser)
    parser.set_defaults(command=_simulate)


def _add_provision(parser: argparse.ArgumentParser) -> None:
    from agent.laptop import command_line

    command_line.add_arguments(parser)


def _add_verbs(commands: Any) -> None:
    """The verbs of the desk, as its table has them."""
    from agent.control.command_line import add_verbs

    add_verbs(commands, os.environ, _own_desk, _learn)


def _own_desk(config: Path | None, state: Path | None, words: list[str], show: Any) -> Any:
    """A verb about the lock systems or the printers, without an agent; without a file printers are looked for."""
    import trio

    from agent.hotel import own_desk
    from agent.hotel.log import to_stderr

    to_stderr()
    if config is None:
        return trio.run(own_desk.find_printers, show)
    return trio.run(own_desk.ask, config, state, words, show)


def _learn(config: Path, site: Path | None, state: Path | None) -> bool:
    """A lesson at a site's Coder Bridge."""
    import trio

    from agent.hotel import lesson

    is_ready: bool = trio.run(lesson.learn, config, site, state, lesson.Terminal())
    return is_ready


def _add_help(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("about", nargs="*", metavar="COMMAND")
    parser.set_defaults(command=_help)


def _run(options: argparse.Namespace) -> int:
    from agent.foundation.signals import Signals

    signals = Signals()
    signals.take_over()
    gc.disable()  # a fifth of a start is looking for garbage in what is loaded; `hotel/process.py` enables it
    import trio

    from agent.hotel import log
    from agent.hotel.options import Options
    from agent.hotel.process import run_process
    from board.linux import LinuxBoard

    log.to_stderr()
    console = None if options.console == "none" else options.console
    agent = Options(options.config, options.state, options.listen)
    try:
        trio.run(run_process, agent, LinuxBoard(), signals, console)
    finally:
        log.flush()  # what is said of a mistake or a bug comes after what led to it
    signals.ignore()
    return 0


def _demo(options: argparse.Namespace) -> int:
    import trio

    from agent.demo import run_demo
    from agent.simulators.mews.switches import Dialect

    good: bool = trio.run(run_demo, options.listen, options.commands, Dialect(options.dialect))
    return 0 if good else 1


def _check(options: argparse.Namespace) -> int:
    from agent.drivers.check import beside, judge
    from provisioning.check import check

    result = check(options.file, lambda as_text: judge(as_text, beside(options.file)).reading)
    print(result.text)
    return result.exit_code


def _status(options: argparse.Namespace) -> int:
    import trio

    from agent.health.kind import Level
    from agent.status import as_text, client

    if options.address and options.url:
        raise UserMistake(f"Write one address of a page, not {options.address!r} and {options.url!r}.")
    url = options.address or options.url or client.DEFAULT_URL
    if options.watch:
        from agent.status import watching

        return watching.run(url, sys.stdout, is_coloured=streams.has_colours(sys.stdout, os.environ))
    snapshot = trio.run(client.fetch, url)
    if options.json:
        print(as_text.as_json(snapshot, sys.stdout.encoding))
    else:
        is_coloured = streams.has_colours(sys.stdout, os.environ)
        print(
            as_text.render(snapshot, streams.columns(sys.stdout, as_text.COLUMNS), is_coloured=is_coloured), end=""
        )
    return 1 if snapshot.summary.level is Level.FAULT else 0


def _update(options: argparse.Namespace) -> int:
    from agent.box.update import update

    return update.main(update.Wish(options.source, again=options.again, restart=not options.no_reboot))


def _console(options: argparse.Namespace) -> int:
    from agent.hotel import console_terminal

    console_terminal.run(options.state, options.config, options.url, os.environ)
    return 0


def _bundle(options: argparse.Namespace) -> int:
    from agent.hotel import bundle_command

    if options.show is not None:
        return bundle_command.show(options.show, options.member)
    if options.member is not None:
        raise UserMistake(f"{options.member} names a file of a bundle: write it behind --show FILE.")
    return bundle_command.make(options.state, options.config, options.out, os.environ)


def _manual(options: argparse.Namespace) -> int:
    from agent.console.words.verbs import OWN
    from agent.status.manual import as_text, manual

    chapters, topic = manual.manual(OWN), " ".join(options.topic)
    columns = streams.columns(sys.stdout, as_text.COLUMNS)
    text = as_text.text(manual.found(chapters, topic), columns) if topic else as_text.contents(chapters)
    for line in text.splitlines():
        print(streams.fitted(sys.stdout, line))
    return 0


def _simulate(options: argparse.Namespace) -> int:
    import trio

    from agent.simulators import command_line

    trio.run(command_line.run, options.kind, options.listen, options)
    return 0


def _help(options: argparse.Namespace) -> int:
    words = [*options.about, "--help"]
    _parser(words).parse_args(words)
    return 0


def _count(as_text: str) -> int:
    if not (as_text.isascii() and as_text.isdigit() and 1 <= int(as_text) <= 10_000):
        raise argparse.ArgumentTypeError("write a whole number from 1 to 10000")
    return int(as_text)


def _dialect(as_text: str) -> str:
    if as_text not in ("2016", "current"):
        raise argparse.ArgumentTypeError("write 2016 or current")
    return as_text


if __name__ == "__main__":
    sys.exit(program())
