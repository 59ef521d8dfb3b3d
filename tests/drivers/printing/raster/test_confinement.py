"""What the drawing process can no longer do: tried by a process that has confined itself."""

import os
import struct
import subprocess
import sys

import pytest

from agent.drivers.printing.raster import seccomp

CONFINED = """
import os, socket
from agent.drivers.printing.raster.confinement import confine
from agent.drivers.printing.raster.page.request import Bounds
confine(Bounds(seconds=5, memory=32 << 20), os.getppid())
try:
    {attempt}
except (OSError, MemoryError) as error:
    os.write(1, type(error).__name__.encode())
    os._exit(0)
os.write(1, b"it could")
os._exit(0)
"""


def attempt(statement: str) -> str:
    script = CONFINED.format(attempt=statement)
    return subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout.decode()


@pytest.mark.parametrize(
    "statement",
    [
        "open('/etc/hostname')",
        "open('/tmp/document', 'w')",
        "os.listdir('/')",
        "os.stat('/')",
        "socket.socket(socket.AF_INET)",
        "socket.socket(socket.AF_UNIX)",
        "socket.socketpair()",
        "os.pipe()",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "os.kill(os.getpid(), 0)",
        "os.memfd_create('x')",
        "os.dup(0)",
        "os.nice(-5)",
        "os.unlink('/nothing')",
        "os.setuid(1)",
        "os.chroot('/')",
    ],
)
def test_it_cannot_reach_anything(statement: str) -> None:
    assert attempt(statement) == "PermissionError"


def test_it_cannot_have_more_memory_than_allowed() -> None:
    assert attempt("bytearray(120 << 20)") == "MemoryError"
    assert attempt("bytearray(20 << 20)") == "it could"


def test_it_still_reads_writes_and_ends() -> None:
    assert attempt("os.read(0, 1)") == "it could"


def test_the_filter_is_known_for_the_boxes_and_for_nothing_else() -> None:
    assert seccomp.program("x86_64") != seccomp.program("aarch64")
    assert seccomp.program("riscv64") is None


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_lets_no_call_of_another_architecture_pass(machine: str) -> None:
    program = seccomp.program(machine)
    assert program is not None
    kill = 0x80000000
    assert run_filter(program, 0x40000003, 0) == kill
    assert os.uname().machine != machine or run_filter(program, ARCHITECTURES[machine], 41) == 0x00050001


ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# unistd.h of both: read, write, exit_group, getrandom; then openat, socket, clone, kill, ptrace, execve ...
CALLS = {
    "x86_64": ([0, 1, 231, 318], [2, 257, 41, 56, 62, 234, 101, 59, 157, 0x40000000]),
    "aarch64": ([63, 64, 94, 278], [56, 198, 220, 129, 131, 117, 221, 167]),
}


@pytest.mark.parametrize("machine", CALLS)
def test_the_filter_allows_what_is_listed_and_refuses_the_rest(machine: str) -> None:
    program = seccomp.program(machine)
    assert program is not None
    allowed, refused = CALLS[machine]
    assert {run_filter(program, ARCHITECTURES[machine], number) for number in allowed} == {0x7FFF0000}
    assert {run_filter(program, ARCHITECTURES[machine], number) for number in refused} == {0x00050001}


def run_filter(program: bytes, architecture: int, number: int) -> int:
    """What the kernel would do, by the three instructions of BPF that the filter is made of."""
    steps = list(struct.iter_unpack("=HBBI", program))
    at, loaded = 0, 0
    while True:
        code, is_true, is_false, value = steps[at]
        at += 1
        if code == 0x06:
            return int(value)
        if code == 0x20:
            loaded = {0: number, 4: architecture}[value]
        else:
            assert code == 0x15
            at += is_true if loaded == value else is_false
