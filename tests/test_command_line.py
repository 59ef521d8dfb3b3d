"""The `nightporter` command as a user meets it: exit codes, and one sentence for a mistake, never a traceback."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import msgspec
import pytest

from agent.__main__ import main
from agent.control.words.verbs import TABLE
from agent.status.as_text import render
from agent.status.snapshot.snapshot import Snapshot
from tests.status.samples import fault, snapshot
from tests.status.server.serving import page

EXAMPLE = Path(__file__).parent.parent / "provisioning" / "examples" / "provisioning.toml"
RUN = ("run", "--config", "none.toml", "--state", "state")


class Said(msgspec.Struct, frozen=True):
    """How the command ended, and its words on standard output and standard error."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """What was said about a mistake, the last of its words."""
        last = self.err.splitlines()[-1]
        assert last.startswith("nightporter: ")
        assert "nightporter: " not in self.err.removesuffix(f"{last}\n")
        return last


def process(*words: str, folder: Path) -> Said:
    """Run the command as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "agent", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return Said(done.returncode, done.stdout, done.stderr)


class Command:
    """Runs the command in here, which costs a tenth of a process."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *words: str | Path) -> Said:
        code = main([str(word) for word in words])
        return Said(code, *self._capture.readouterr())


@pytest.fixture
def nightporter(capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(capsys)


@pytest.fixture
def taken() -> Iterator[int]:
    """A port at which somebody listens already, and answers nothing."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        line.listen()
        yield line.getsockname()[1]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("chek",), "there is no 'nightporter chek': did you mean 'nightporter check'?"),
        (("simulator",), "did you mean 'nightporter simulate'?"),
        (("version",), "did you mean 'nightporter --version'?"),
        (
            ("start",),
            "write nightporter and one of run, demo, check, status, console, update, provision, simulate, test, ",
        ),
        (("x\x1b[31m\n",), "there is no 'nightporter x\\x1b[31m\\n': write nightporter and one of run, "),
        (("--",), "write nightporter and one of run, "),
        (("--verbose",), "there is no flag '--verbose': see nightporter --help"),
        (("--config", "x", "run"), "--config is not for nightporter itself: write nightporter run --config"),
        (("--listen", "x"), "write nightporter run --listen or nightporter demo --listen"),
        (("help", "chek"), "did you mean 'nightporter check'?"),
        (("run",), "--config and --state are missing: write nightporter run --config FILE --state DIR"),
        (("run", "--config", "file.toml"), "--state is missing: write nightporter run --config FILE --state DIR"),
        (("run", "--confg", "x"), "there is no flag '--confg': did you mean '--config'?"),
        (("run", "--conf=x", "--state", "y"), "there is no flag '--conf': did you mean '--config'?"),
        (("run", "--config"), "--config needs a value: write --config FILE"),
        ((*RUN, "--listn", "x"), "--listen"),
        ((*RUN, "--wait", "x"), "there is no flag '--wait': see nightporter run --help"),
        (("check",), "FILE is missing: write nightporter check FILE"),
        (("check", "a.toml", "b.toml"), "'b.toml' is one word too many: see nightporter check --help"),
        (("check", "--json", "a.toml"), "there is no flag '--json': see nightporter check --help"),
        (("demo", "--commands", "none"), "a whole number from 1 to 10000"),
        (("demo", "--commands", "0"), "a whole number from 1 to 10000"),
        (("demo", "--dialect", "2017"), "write 2016 or current"),
        pytest.param(("demo", "--listen", "127.0.0.1:http"), "127.0.0.1:http", marks=pytest.mark.needs("openssl")),
        (("simulate",), "write nightporter simulate and one of mews, coder-bridge"),
        (("simulate", "fax"), "write nightporter simulate and one of mews, coder-bridge"),
        (("simulate", "mew"), "did you mean 'nightporter simulate mews'?"),
        (("simulate", "--listen", "x", "mews"), "write nightporter simulate mews --listen or "),
        (("simulate", "mews", "--latency-seconds", "soon"), "latency"),
        (("simulate", "mews", "--latency-second", "1"), "--latency-seconds"),
        (("simulate", "mews", "--fail", "{"), "fail"),
        (("simulate", "mews", "--listen", "here"), "here"),
        (("key",), "ENCODER and ROOM are missing: write nightporter key ENCODER ROOM"),
        (("key", "1", "101", "--copis", "2"), "there is no flag '--copis': did you mean '--copies'?"),
        (("watch", "all"), "'all' is one word too many: see nightporter watch --help"),
        (("pauze", "1"), "did you mean 'nightporter pause'?"),
        (("status", "-json"), "there is no flag '-json': did you mean '--json'?"),
        (("status", "--json=1"), "--json takes no value"),
        (("status", "box", "--url", "desk"), "one address"),
        (("status", "ftp://box/"), "ftp"),
        (("status", "--url", "ftp://box/"), "ftp"),
        (("status", "--url", "http://"), "http://"),
        (("status", "--url", "http://127.0.0.1:x/"), "127.0.0.1:x"),
    ],
)
def test_a_mistake_is_one_sentence_that_names_it(nightporter: Command, words: tuple[str, ...], named: str) -> None:
    said = nightporter(*words)
    assert (said.code, said.out, len(said.err.splitlines())) == (2, "", 1)
    assert named in said.sentence


@pytest.mark.parametrize("address", ["everywhere", "127.0.0.1:99999", "203.0.113.1:8080"])
def test_an_address_where_the_page_cannot_be_served_is_a_mistake(tmp_path: Path, address: str) -> None:
    said = process(*RUN, "--listen", address, folder=tmp_path)
    assert (said.code, address.partition(":")[0] in said.sentence) == (2, True)


@pytest.mark.parametrize(
    "words",
    [pytest.param(("demo", "--commands", "1"), marks=pytest.mark.needs("openssl")), ("simulate", "mews")],
)
def test_a_port_that_is_taken_is_named(nightporter: Command, taken: int, words: tuple[str, ...]) -> None:
    said = nightporter(*words, "--listen", f"127.0.0.1:{taken}")
    assert (said.code, str(taken) in said.sentence) == (2, True)


def test_a_port_that_is_taken_ends_the_agent(tmp_path: Path, taken: int) -> None:
    said = process(*RUN, "--listen", f"127.0.0.1:{taken}", folder=tmp_path)
    assert (said.code, str(taken) in said.sentence) == (2, True)


def test_a_file_where_the_state_directory_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    said = process(*RUN, "--listen", "127.0.0.1:0", folder=tmp_path)
    assert (said.code, "state directory state" in said.sentence) == (2, True)


def test_a_page_that_does_not_answer_is_nobodys_mistake(nightporter: Command) -> None:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        said = nightporter("status", "--url", f"http://127.0.0.1:{line.getsockname()[1]}/")
    assert (said.code, said.out, "refused the connection" in said.sentence) == (1, "", True)


@pytest.mark.parametrize("word", ["-1", "a -x", "-"])
def test_a_value_that_looks_like_a_flag_and_is_none_stays_a_value(nightporter: Command, word: str) -> None:
    assert "no address to listen on" in nightporter("simulate", "mews", "--listen", word).sentence


@pytest.mark.parametrize(
    "command",
    [
        *((), ("run",), ("demo",), ("check",), ("status",), ("update",), ("help",)),
        *(("simulate",), ("simulate", "mews"), ("simulate", "coder-bridge")),
        *(tuple(verb.name.split()) for verb in TABLE),
        ("lock",),
    ],
)
def test_every_command_explains_itself(nightporter: Command, command: tuple[str, ...]) -> None:
    said = nightporter(*command, "--help")
    usage = f"usage: {' '.join(('nightporter', *command))} [-h]"
    assert (said.code, said.out.startswith(usage), said.err) == (0, True, "")
    assert nightporter(*command, "-h") == nightporter("help", *command) == said


def test_the_command_alone_is_answered_with_what_there_is(nightporter: Command) -> None:
    alone, asked = nightporter(), nightporter("help")
    assert (alone.code, alone.out, alone.err) == (2, "", asked.out)


def test_the_version_is_that_of_the_package(nightporter: Command) -> None:
    assert nightporter("--version") == Said(0, f"nightporter {version('nightporter')}\n", "")


# -- check --------------------------------------------------------------------------------------------------------


def test_a_good_file_is_called_good(nightporter: Command) -> None:
    said = nightporter("check", EXAMPLE)
    assert (said.code, "provisioning.toml is good" in said.out, said.err) == (0, True, "")


def test_a_bad_file_is_explained_problem_by_problem(nightporter: Command, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(EXAMPLE.read_text().replace("timezone = ", "timezon = ").replace("poll_seconds = 2.0", ""))
    said = nightporter("check", path)
    assert (said.code, "timezone" in said.out) == (2, True)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"\x00" * 10, b"x" * 3_000_000, b"[[[[", b"a = 1\na = 2\n"])
def test_garbage_is_explained_too(nightporter: Command, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "garbage.toml"
    path.write_bytes(content)
    said = nightporter("check", path)
    assert (said.code, "garbage.toml" in said.out + said.err) == (2, True)


def test_a_file_that_is_not_there_is_named(nightporter: Command, tmp_path: Path) -> None:
    said = nightporter("check", tmp_path / "nowhere.toml")
    assert (said.code, "nowhere.toml" in said.out + said.err) == (2, True)


def test_a_folder_is_no_file(nightporter: Command, tmp_path: Path) -> None:
    said = nightporter("check", tmp_path)
    assert (said.code, tmp_path.name in said.out + said.err) == (2, True)


def test_a_site_profile_that_is_not_there_is_a_mistake_in_the_file(nightporter: Command, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(EXAMPLE.read_text().replace('profile = "coder-bridge-v2"', 'profile = "site.toml"'))
    said = nightporter("check", path)
    assert (said.code, "site.toml" in said.out + said.err) == (2, True)


def test_no_secret_of_the_file_is_repeated(nightporter: Command) -> None:
    said = nightporter("check", EXAMPLE)
    assert not [word for word in ("blue kettle", "green teapot", "C66EF7B2") if word in said.out]


# -- status -------------------------------------------------------------------------------------------------------


def test_the_status_of_a_box_without_a_file_says_so_as_text_and_as_json(
    nightporter: Command, tmp_path: Path
) -> None:
    program = [sys.executable, "-m", "agent", *RUN, "--listen", "127.0.0.1:0"]
    with subprocess.Popen(program, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as agent:
        try:
            assert agent.stderr is not None
            url = next(line for line in agent.stderr if "status page at" in line).split()[-1]
            address = url.removeprefix("http://").removesuffix("/")
            text, as_json = nightporter("status", address), nightporter("status", "--url", url, "--json")
        finally:
            agent.terminate()
    assert (text.code, as_json.code, agent.returncode) == (1, 1, 0)
    assert "No provisioning file" in text.out
    assert [fault["code"] for fault in json.loads(as_json.out)["faults"]] == ["E-FILE-MISSING"]


@pytest.mark.parametrize("code", [200, 503])
@pytest.mark.parametrize(
    ("box", "exit_code"),
    [
        (snapshot(), 0),
        (snapshot(fault("E-MEWS-NO-DATE", "mews")), 0),
        (snapshot(fault("E-LOCK-UNREACHABLE", "lock-server:Coder Bridge")), 1),
    ],
)
def test_the_exit_code_says_whether_a_fault_holds_as_text_and_as_json(
    nightporter: Command, code: int, box: Snapshot, exit_code: int
) -> None:
    with page(box, code) as address:
        text, as_json = nightporter("status", address), nightporter("status", address, "--json")
    assert (text.code, as_json.code) == (exit_code, exit_code)
    assert (text.out, msgspec.json.decode(as_json.out, type=Snapshot)) == (render(box), box)
