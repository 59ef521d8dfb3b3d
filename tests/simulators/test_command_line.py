"""`nightporter simulate`: flags, addresses, signals and mistakes, in a process and in the parser."""

import argparse
import os
import re
import signal
import ssl
import sys
from pathlib import Path

import httpx
import pytest
import trio

from agent.foundation.errors import UserMistake
from agent.simulators.base.forms import from_flags
from agent.simulators.coder_bridge.switches import CoderBridgeSwitches
from agent.simulators.command_line import SWITCHES, add_arguments, run
from agent.simulators.mews.switches import MewsSwitches
from agent.simulators.printer.switches import PrinterSwitches

KINDS = ("mews", "coder-bridge", "printer", pytest.param("visionline", marks=pytest.mark.needs("openssl")))
PROGRAM = """
import argparse, sys, trio
from agent.simulators.command_line import add_arguments, run
parser = argparse.ArgumentParser()
add_arguments(parser)
arguments = parser.parse_args()
trio.run(run, arguments.kind, arguments.listen, arguments)
"""


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(words)


async def until_started(arguments: argparse.Namespace) -> str:
    """Run until the line with the address was said; a signal ends it as it would end the program."""
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        os.kill(os.getpid(), signal.SIGTERM)

    with trio.fail_after(5):
        await run(arguments.kind, arguments.listen, arguments, say)
    return said[0]


def anything() -> ssl.SSLContext:
    """Takes any certificate."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@pytest.mark.parametrize("kind", SWITCHES)
def test_every_switch_has_a_flag_with_an_explanation(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parsed(kind, "--help")
    help = capsys.readouterr().out
    missing = [name for name in SWITCHES[kind].__struct_fields__ if f"--{name.replace('_', '-')}" not in help]
    assert missing == []


def test_a_list_by_default_is_shown_as_it_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parsed("visionline", "--help")
    assert "(default: rfid48, TLCode)" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("kind", KINDS)
async def test_it_says_one_line_serves_and_ends_cleanly_on_a_signal(kind: str, ending: signal.Signals) -> None:
    with trio.fail_after(20):
        process = await trio.lowlevel.open_process(
            [sys.executable, "-c", PROGRAM, kind, "--latency-seconds", "0.25", "--fail", '{"kind": "503"}'],
            stdout=-1,
            stderr=-1,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        line = (await process.stdout.receive_some()).decode()
        control = line.split("control side: ")[1].split()[0]
        async with httpx.AsyncClient(verify=anything(), trust_env=False) as client:
            switches = (await client.get(f"{control}switches")).json()
            trouble = (await client.get(f"{control}fail")).json()
        assert (line.count("\n"), switches["latency_seconds"]) == (1, 0.25)
        assert trouble["faults"][0]["kind"] == "503"
        process.send_signal(ending)
        assert (await process.wait(), bytes(await process.stderr.receive_some())) == (0, b"")
        await process.stdout.aclose()
        await process.stderr.aclose()


async def test_the_line_names_an_ipv6_address_in_brackets() -> None:
    assert "http://[::1]:" in await until_started(parsed("mews", "--listen", "[::1]:0"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("mews", "--latncy-seconds", "2"),
            "there is no flag '--latncy-seconds': did you mean '--latency-seconds'?",
        ),
        (("mews", "--card-seconds=2"), "there is no flag '--card-seconds': see "),
        (
            ("mews", "--latency_seconds", "2"),
            "there is no flag '--latency_seconds': did you mean '--latency-seconds'?",
        ),
        (("mews", "extra"), "'extra' is one word too many: see "),
        (("mews", "--listen"), "--listen needs a value: write --listen HOST:PORT"),
        (("mews", "--date-header=no"), "--date-header or --no-date-header takes no value: write it alone"),
    ],
)
def test_a_flag_that_does_not_exist_is_one_sentence(words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(UserMistake) as raised:
        parsed(*words)
    assert str(raised.value).startswith(sentence)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("mews", "--latency-seconds", "soon"),
            "--latency-seconds: 'soon' does not fit, write a number from 0 up",
        ),
        (("coder-bridge", "--failure-status", "501"), "--failure-status: '501' does not fit, write one of "),
        (
            ("coder-bridge", "--card-seconds", "nan"),
            "--card-seconds: 'nan' does not fit, write a number from 0 to",
        ),
        (("mews", "--listen", "here"), "'here' is no address to listen on: write HOST:PORT"),
        (("mews", "--listen", "127.0.0.1:70000"), "'127.0.0.1:70000' is no address to listen on: write HOST:PORT"),
        (
            ("mews", "--listen", "198.51.100.1:0"),
            "cannot listen on 198.51.100.1:0: this machine does not have that",
        ),
        (("mews", "--listen", "::zz:80"), "cannot listen on ::zz:80: there is no such address"),
        (("mews", "--fail", "{"), "--fail takes a JSON object"),
        (("mews", "--fail", '{"kind": "5000"}'), "kind: '5000' does not fit"),
        (("coder-bridge", "--fail", '{"kind": "no-crd"}'), "there is no kind of trouble 'no-crd'"),
        (
            ("visionline", "--tls=plain", "--pms-listen", "4000"),
            "'4000' is no address to listen on: write HOST:PORT",
        ),
        (("visionline", "--tls", "none"), "--tls: 'none' does not fit, write one of plain, own, expired, changed"),
        (("visionline", "--doors", "101,Pool=bar"), "--doors: "),
    ],
)
async def test_a_value_that_does_not_fit_is_one_sentence(words: tuple[str, ...], sentence: str) -> None:
    arguments = parsed(*words)
    with pytest.raises(UserMistake) as raised:
        await run(arguments.kind, arguments.listen, arguments)
    assert str(raised.value).startswith(sentence)


async def test_a_port_in_use_is_one_sentence() -> None:
    (taken,) = await trio.open_tcp_listeners(0, host="127.0.0.1")
    listen = f"127.0.0.1:{taken.socket.getsockname()[1]}"
    arguments = parsed("mews", "--listen", listen)
    with pytest.raises(UserMistake) as raised:
        await run("mews", listen, arguments)
    await taken.aclose()
    assert str(raised.value) == f"cannot listen on {listen}: another program has this port, choose another one"


async def test_lists_and_switches_that_are_on_by_default_can_be_given_as_flags() -> None:
    arguments = parsed("coder-bridge", "--rooms", "101, 102,", "--no-two-status-keys", "--token-seconds", "null")
    switches = from_flags(CoderBridgeSwitches, arguments)
    assert (switches.rooms, switches.two_status_keys, switches.token_seconds) == (("101", "102"), False, None)


async def test_a_mews_of_today_is_asked_for_by_flags() -> None:
    words = ("mews", "--dialect", "current", "--hotel", "small", "--push-copies", "3", "--no-push-echo")
    switches = from_flags(MewsSwitches, parsed(*words))
    assert (switches.dialect, switches.hotel, switches.push_copies, switches.push_echo) == (
        "current",
        "small",
        3,
        False,
    )
    assert "mews simulator on http://127.0.0.1:" in await until_started(parsed(*words))


@pytest.mark.needs("openssl")
@pytest.mark.parametrize("kind", SWITCHES)
async def test_every_simulator_can_speak_tls_and_says_what_to_pin(kind: str) -> None:
    line = await until_started(parsed(kind, "--tls", "own"))
    assert re.search(
        r" on https://127\.0\.0\.1:\d+, certificate SHA-256 [0-9a-f]{64}, (IPP at \S+, )?control side: https://",
        line,
    )


async def test_a_plain_visionline_has_nothing_to_pin() -> None:
    line = await until_started(parsed("visionline", "--tls", "plain"))
    assert re.fullmatch(
        r"visionline simulator on http://[0-9.:]+, control side: http://[0-9.:]+/_sim/ \(.*\)", line
    )


async def test_a_pms_interface_beside_the_web_api_listens_and_says_nothing() -> None:
    words = ("visionline", "--tls", "plain", "--pms-listen", "127.0.0.1:0")
    said: list[str] = []
    has_said = trio.Event()

    def say(line: str) -> None:
        said.append(line)
        has_said.set()

    with trio.fail_after(5):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(run, "visionline", "127.0.0.1:0", parsed(*words), say)
            await has_said.wait()
            port = int(said[0].split("PMS interface on 127.0.0.1:")[1].split(",")[0])
            async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
                await stream.send_all(b"hello")
                await stream.send_eof()
                assert await stream.receive_some() == b""
            os.kill(os.getpid(), signal.SIGTERM)


async def test_a_pms_port_in_use_is_one_sentence_with_its_own_address() -> None:
    (taken,) = await trio.open_tcp_listeners(0, host="127.0.0.1")
    silent = f"127.0.0.1:{taken.socket.getsockname()[1]}"
    arguments = parsed("visionline", "--tls", "plain", "--pms-listen", silent)
    with pytest.raises(UserMistake) as raised:
        await run("visionline", "127.0.0.1:0", arguments)
    await taken.aclose()
    assert str(raised.value) == f"cannot listen on {silent}: another program has this port, choose another one"


async def test_a_printer_says_its_addresses_and_has_a_port_9100_beside_it() -> None:
    line = await until_started(parsed("printer", "--raw", "127.0.0.1:0", "--formats", "image/pwg-raster"))
    ipp, raw = r"IPP at ipp://127\.0\.0\.1:\d+/ipp/print", r"raw at socket://127\.0\.0\.1:\d+"
    assert re.search(rf" on http://127\.0\.0\.1:\d+, {ipp}, {raw}, control side: http://", line)


@pytest.mark.needs("openssl")
async def test_a_printer_with_tls_says_ipps() -> None:
    assert "IPP at ipps://127.0.0.1:" in await until_started(parsed("printer", "--tls", "own"))


def test_a_printer_takes_its_switches_as_flags() -> None:
    words = ("printer", "--queue", "3", "--page-seconds", "null", "--versions", "1.1", "--raw-port", "stalls")
    switches = from_flags(PrinterSwitches, parsed(*words))
    assert (switches.queue, switches.page_seconds, switches.versions) == (3, None, ("1.1",))
    assert switches.raw_port == "stalls"


@pytest.mark.parametrize("words", [("--formats", ","), ("--versions", "two"), ("--queue", "0")])
async def test_a_switch_of_the_printer_that_does_not_fit_is_one_sentence(words: tuple[str, ...]) -> None:
    arguments = parsed("printer", *words)
    with pytest.raises(UserMistake, match=f"^{words[0]}: .* does not fit, write "):
        await run("printer", arguments.listen, arguments)


def test_only_visionline_has_a_pms_interface() -> None:
    with pytest.raises(UserMistake, match="there is no flag '--pms-listen'"):
        parsed("mews", "--pms-listen", "127.0.0.1:0")


async def test_tls_without_openssl_is_one_sentence_before_a_port_is_open(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserMistake, match="TLS needs the program openssl: install it, or write plain for tls"):
        await run("visionline", "127.0.0.1:0", parsed("visionline"))
