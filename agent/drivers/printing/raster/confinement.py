"""What the drawing process takes from itself before it looks at a document. There is no way back from it.

It may use what memory and processor the request allows, read its input, write its output, and end; it ends with
its parent. It may open no file, no socket and no process, and no other process of the same user may look into it.
"""

import ctypes
import os
import resource
from contextlib import suppress
from pathlib import Path
from signal import SIGKILL

from agent.drivers.printing.raster import seccomp
from agent.drivers.printing.raster.page.refusals import Refusal, Refused
from agent.drivers.printing.raster.page.request import Bounds

NICE = 10  # keys go first
HARD = 3  # times the memory allowed: where allocations fail; the parent ends the process before
LIBRARIES = 256 << 20  # bytes of addresses beyond the memory allowed: code, which is read from the disk
_DEATH_SIGNAL, _DUMPABLE, _SECCOMP, _NO_NEW_PRIVILEGES = 1, 4, 22, 38  # prctl's (linux/prctl.h)
_FILTER = 2


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("steps", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def confine(bounds: Bounds, caller: int) -> None:
    """Raises `Refused` if this machine cannot do it, or the caller is gone already."""
    with suppress(PermissionError):  # the agent's service may not set priorities
        os.nice(NICE)
    with suppress(OSError):  # where memory runs out nevertheless, this is what goes, not the agent
        Path("/proc/self/oom_score_adj").write_text("1000")
    try:
        _set(_DEATH_SIGNAL, SIGKILL)
        if os.getppid() != caller:  # it died before its death could be told
            raise Refused(Refusal.BROKEN)
        _set(_DUMPABLE, 0)
        _set(_NO_NEW_PRIVILEGES, 1)
        _limit(bounds)
        _filter()
    except OSError:
        raise Refused(Refusal.UNBOUNDED) from None


def _limit(bounds: Bounds) -> None:
    memory = HARD * bounds.memory
    for kind, most, last in (
        (resource.RLIMIT_DATA, memory, memory),
        (resource.RLIMIT_AS, memory + LIBRARIES, memory + LIBRARIES),
        (resource.RLIMIT_CPU, bounds.seconds, bounds.seconds + 1),  # SIGXCPU says why, SIGKILL comes after it
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NPROC, 0, 0),
        (resource.RLIMIT_NOFILE, 3, 3),
    ):
        hard = resource.getrlimit(kind)[1]
        roof = last if hard == resource.RLIM_INFINITY else min(last, hard)
        resource.setrlimit(kind, (min(most, roof), roof))


def _filter() -> None:
    program = seccomp.program(os.uname().machine)
    if program is None:
        raise OSError
    steps = _Program(len(program) // 8, program)
    _set(_SECCOMP, _FILTER, ctypes.addressof(steps))


def _set(*words: int) -> None:
    arguments = [ctypes.c_ulong(word) for word in (*words[1:], 0, 0, 0, 0)[:4]]
    if _LIBC.prctl(words[0], *arguments):
        raise OSError(ctypes.get_errno(), "prctl")


_LIBC = ctypes.CDLL(None, use_errno=True)
