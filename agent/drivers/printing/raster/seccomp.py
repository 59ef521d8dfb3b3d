"""A filter for the kernel that leaves a process its memory, its open files and its end: no other file, no network.

As data, for `prctl(PR_SET_SECCOMP)` (Linux, Documentation/userspace-api/seccomp_filter.rst). What is not listed
fails with EPERM. That takes no rights, and no name space, which the agent's own service may not make.
"""

import errno
import struct

_AUDIT_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# Numbers for x86-64 and arm64 (include/uapi/asm-generic/unistd.h).
_ALLOWED = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "getpid": (39, 172),
    "exit": (60, 93),
    "sigaltstack": (131, 132),
    "gettid": (186, 178),
    "futex": (202, 98),
    "restart_syscall": (219, 128),
    "clock_gettime": (228, 113),
    "exit_group": (231, 94),
    "getrandom": (318, 278),
}
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06  # BPF: load a word of the call's data, jump if equal, end with
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE = 0, 4  # offsets in the call's data


def program(machine: str) -> bytes | None:
    """The filter for a machine by `os.uname`'s name, eight bytes a step; None where its calls are not known."""
    architecture = _AUDIT_ARCHITECTURES.get(machine)
    if architecture is None:
        return None
    column = list(_AUDIT_ARCHITECTURES).index(machine)
    numbers = [call[column] for call in _ALLOWED.values()]
    steps = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, architecture, is_true=1),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
        *(_step(_EQUAL, number, is_true=len(numbers) - at) for at, number in enumerate(numbers)),
        _step(_RETURN, _ERROR | errno.EPERM),
        _step(_RETURN, _ALLOW),
    ]
    return b"".join(steps)


def _step(code: int, value: int, is_true: int = 0) -> bytes:
    """One instruction; `is_true` is how many follow that a true comparison skips."""
    return struct.pack("=HBBI", code, is_true, 0, value)
