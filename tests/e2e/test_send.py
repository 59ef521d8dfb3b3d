"""`provision send` through real processes: an agent with its console at one end of a cable, a laptop at the other.

At every step of the conversation the cable loses bytes, flips bits, adds noise, or is pulled out. Whatever comes
of it, the box has its old file or the new one, whole, and answers at its prompt; the laptop says how it ended.
"""

import codecs
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import trio

from agent.console.verbs.provision import MOST_BYTES
from agent.laptop.conversation.conversation import Conversation
from agent.simulators.mews.switches import DEMO_TOKEN
from provisioning.transfer.sender import Sender
from tests.e2e.cable import Cable, Fault, Harm, Way
from tests.e2e.processes import AGENT, PATIENCE, AgentProcess, running

CODE = "k7mp-3xqd"
PROMPT = b"nightporter> "
LANES = 6  # cables, each with an agent of its own
AGAIN_SECONDS = 3.0  # s after which a person types once more
RUN_SECONDS = 60.0  # s; longer than any silence that a laptop waits for
NAMES = ("aurora-desk", "aurora-bar1")  # equally long, so that the file is

# (way, what it is behind, bytes skipped): the steps of a conversation, as a clean run has them.
TO_BOX = {
    "wake": (b"", 0),
    "code": (b"k7m", 0),
    "verb": (b"provision re", 0),
    "head frame": (b"~H.", 20),
    "first data frame": (b"~D.", 30),
    "a later data frame": (b".000004.", 5),
    "last data frame": (b".00000a.", 60),
    "end frame": (b"~E.", 4),
    "answer": (b"~E.", 21),
}
TO_LAPTOP = {
    "first prompt": (b"", 1),
    "question for the code": (b"Co", 0),
    "echo of the verb": (b"provis", 0),
    "ready line": (b"ready to re", 0),
    "first acknowledgement": (b"~A.", 7),
    "last words": (b"~F.", 10),
    "lines of what changes": (b"~F.", 110),
    "question": (b"Use i", 0),
    "end of the question": (b"(yes/n", 0),
    "what came of it": (b"Taken", 0),
    "end of that": (b"provision conf", 0),
}
PLACES = [(Way.TO_BOX, *place) for place in TO_BOX.values()] + [
    (Way.TO_LAPTOP, *place) for place in TO_LAPTOP.values()
]


def every_fault() -> Iterator[Fault]:
    """Each place with lost bytes and a pulled plug, and in turns with noise and flipped bits."""
    for count, place in enumerate(PLACES):
        yield Fault(*place, Harm.LOST)
        yield Fault(*place, Harm.UNPLUGGED if count % 2 else Harm.VANISHED)
        yield Fault(*place, Harm.NOISY if count % 3 else Harm.FLIPPED)


@dataclass(frozen=True)
class Ended:
    """What the laptop's program wrote, and its exit code."""

    code: int
    said: str


class Box:
    """An agent with its console at a cable."""

    def __init__(self, folder: Path, cable: Cable, agent: AgentProcess) -> None:
        self.folder, self.cable, self.agent = folder, cable, agent
        self.file = folder / "provisioning.toml"

    @property
    def has_file_before(self) -> bool:
        """Whether a file was taken ever."""
        return self.file.with_name("provisioning.toml.before").exists()

    async def gets(self, new: bytes, fault: Fault | None = None, *, code: str = CODE) -> tuple[Ended, bool]:
        """A laptop sends it; how that ended, and whether the fault came."""
        path = self.folder / "laptop" / "hotel.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(new)
        async with self.cable.laptop(fault) as plugged:
            words = ("provision", "send", str(path), "--port", plugged.port, "--code", code, "--yes")
            with trio.fail_after(RUN_SECONDS):
                process = await trio.run_process(
                    [sys.executable, "-m", "agent", *words],
                    capture_stdout=True,
                    stderr=subprocess.STDOUT,
                    stdin=b"",
                    check=False,
                )
            return Ended(process.returncode, process.stdout.decode()), plugged.has_struck

    async def answers(self, *typed: str) -> str:
        """What a person on a fresh cable sees: Ctrl-C and Enter bring the prompt, then what is typed."""
        async with self.cable.laptop() as plugged:
            terminal = os.open(plugged.port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
            try:
                seen = await type_until_prompt(terminal, b"\x03\x15\r")
                for line in typed:
                    seen += await type_until_prompt(terminal, f"{line}\r".encode())
                return seen.decode(errors="replace")
            finally:
                os.close(terminal)


async def type_until_prompt(terminal: int, typed: bytes) -> bytes:
    """Type, as often as it takes, and read until a prompt is the last that came."""
    seen = b""
    with trio.move_on_after(PATIENCE):
        while not seen.endswith(PROMPT):
            os.write(terminal, typed)
            with trio.move_on_after(AGAIN_SECONDS):
                while not seen.endswith(PROMPT):
                    await trio.lowlevel.wait_readable(terminal)
                    seen += os.read(terminal, 4096)
        return seen
    raise AssertionError(f"no prompt came after {typed!r}: {seen!r}")


class Servers:
    """The ports of a simulated Mews and Coder Bridge, each a process."""

    def __init__(self, mews: str, bridge: str) -> None:
        self._mews, self._bridge = mews, bridge

    def file(self, name: str = NAMES[0]) -> bytes:
        """A provisioning file for them."""
        return f"""format = 1
[box]
name = "{name}"
timezone = "Europe/Vienna"
[mews]
dialect = "2016"
platform = "{self._mews}"
access_token = "{DEMO_TOKEN}"
poll_seconds = 2.0
[coder_bridge]
active = true
server = "{self._bridge}"
username = "night-porter"
password = "bridge-password"
allow_unconfirmed = true
[[coder_bridge.encoders]]
name = "Front desk"
identifier = "1"
key_cutters = ["1"]
[console]
code = "{CODE}"
# {"a line to make it longer " * 12}
""".encode()


@asynccontextmanager
async def servers() -> AsyncIterator[Servers]:
    """Both of them."""
    async with simulated("mews") as mews, simulated("coder-bridge") as bridge:
        yield Servers(mews, bridge)


@asynccontextmanager
async def simulated(kind: str) -> AsyncIterator[str]:
    """A simulator as a process; its address."""
    process = await trio.lowlevel.open_process(
        [sys.executable, "-m", "agent", "simulate", kind, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE
    )
    try:
        line = b""
        assert process.stdout is not None
        with trio.fail_after(PATIENCE):
            while b"\n" not in line:
                line += await process.stdout.receive_some()
        yield line.decode().split(" on ")[1].split(",")[0]
    finally:
        process.kill()
        with trio.CancelScope(shield=True):
            await process.wait()


@asynccontextmanager
async def box_with(folder: Path, text: bytes) -> AsyncIterator[Box]:
    """An agent whose console is at a cable."""
    cable = cable_in(folder, text)
    places = ("--config", folder / "provisioning.toml", "--state", folder / "state", "--console", cable.device)
    command = [*AGENT, *map(str, places), "--listen", "127.0.0.1:0"]
    try:
        async with running(command) as agent:
            await agent.wait_page()
            yield Box(folder, cable, agent)
    finally:
        cable.close()


def cable_in(folder: Path, text: bytes) -> Cable:
    """A new folder for a box, with its file and its line."""
    folder.mkdir()
    (folder / "provisioning.toml").write_bytes(text)
    return Cable(folder / "line")


async def survive(folder: Path, server: Servers, faults: Sequence[Fault]) -> None:
    """One fault after the other, on one box."""
    has = 0
    async with box_with(folder, server.file()) as box:
        for fault in faults:
            await box.answers("logout")
            old, new = server.file(NAMES[has]), server.file(NAMES[1 - has])
            ended, has_struck = await box.gets(new, fault)
            seen = await box.answers("provision show")
            about = f"{fault}:\n{ended.said}\n{seen}\n{box.agent.log}"
            assert has_struck, about
            text = box.file.read_bytes()
            assert text in (old, new), about
            assert ended.code == 0 or ended.said.splitlines()[-1].startswith("nightporter: "), about
            assert ended.code in (0, 1) or "The console asks for its code" in ended.said, about
            if ended.code == 0:
                assert text == new, about
            has = 1 - has if text == new else has
            assert CODE not in ended.said, about


async def test_whatever_happens_to_the_cable_the_old_file_stays_or_the_new_one_is_whole(
    tmp_path: Path,
) -> None:
    faults = list(every_fault())
    async with servers() as server, trio.open_nursery() as nursery:
        for lane in range(LANES):
            nursery.start_soon(survive, tmp_path / f"lane{lane}", server, faults[lane::LANES])


async def forced(box: Box, content: bytes) -> str:
    """What a laptop is told that sends a file without looking at it, and says yes to whatever it is asked."""
    conversation = Conversation(Sender(content, "provisioning.toml", "k7mp"), CODE)
    said: list[str] = []
    async with box.cable.laptop() as plugged:
        terminal = os.open(plugged.port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            while conversation.result is None:
                os.write(terminal, conversation.due(trio.current_time()))
                with trio.move_on_after(0.1):
                    await trio.lowlevel.wait_readable(terminal)
                    conversation.heard(os.read(terminal, 4096), trio.current_time())
                if conversation.wanted:
                    conversation.give("yes", trio.current_time())
                said += conversation.lines()
        finally:
            os.close(terminal)
    assert not conversation.result.is_done
    return "\n".join([*said, conversation.result.text])


def wrong_files(good: bytes) -> dict[str, tuple[bytes, str]]:
    """Wrong files, and what has to be said of each."""
    return {
        "no zone": (good.replace(b'timezone = "Europe/Vienna"\n', b""), "box.timezone"),
        "unknown word": (good.replace(b"poll_seconds", b"pol_seconds"), "poll_seconds"),
        "another format": (good.replace(b"format = 1", b"format = 2"), "format"),
        "truncated": (good[: good.index(b"bridge-password") + 4], "line 14"),
        "a byte order mark in the middle": (good.replace(b"[mews]", codecs.BOM_UTF8 + b"[mews]"), "line 5"),
        "Latin-1": (good.replace(b"Front desk", "Büro".encode("latin-1")), "UTF-8"),
        "zeros": (bytes(4096), "nothing but zeros"),
        "more than fits": (good + b"#" * MOST_BYTES, "more than the"),
        "the present one": (good, "It says what the present file says"),
    }


async def test_a_wrong_file_is_refused_by_the_box_with_the_reason_and_changes_nothing(tmp_path: Path) -> None:
    async def refuse(folder: Path, server: Servers, names: Sequence[str]) -> None:
        good = server.file()
        async with box_with(folder, good) as box:
            for name in names:
                content, reason = wrong_files(good)[name]
                said = await forced(box, content)
                assert reason in " ".join(said.split()), (name, said)
                assert box.file.read_bytes() == good
                assert not box.has_file_before

    async with servers() as server, trio.open_nursery() as nursery:
        names = list(wrong_files(server.file()))
        for lane in range(3):
            nursery.start_soon(refuse, tmp_path / f"lane{lane}", server, names[lane::3])


async def test_a_wrong_file_does_not_leave_the_laptop_and_windows_line_ends_are_no_fault(tmp_path: Path) -> None:
    async with servers() as server, box_with(tmp_path / "box", server.file()) as box:
        good = server.file(NAMES[1])
        for content in (
            good[: good.index(b"bridge-password") + 4],
            good.replace(b"[mews]", codecs.BOM_UTF8 + b"[mews]"),
            good + b"#" * 10_000_000,
        ):
            ended, _ = await box.gets(content)
            assert (ended.code, "hotel.toml" in ended.said) == (2, True), ended
        assert box.file.read_bytes() == server.file()
        ended, _ = await box.gets(good.replace(b"\n", b"\r\n"))
        assert ended.code == 0, ended
        assert box.file.read_bytes() == good.replace(b"\n", b"\r\n")
        assert CODE not in ended.said


async def test_a_wrong_code_is_said_and_the_box_takes_nothing(tmp_path: Path) -> None:
    async with servers() as server, box_with(tmp_path / "box", server.file()) as box:
        ended, _ = await box.gets(server.file(NAMES[1]), code="k7mp-3xqe")
        assert ended.code == 2
        assert "That is not the console code" in ended.said
        assert "put it into NIGHTPORTER_CODE" in ended.said
        assert box.file.read_bytes() == server.file()
