"""Real processes and what the kernel counts about them (proc(5)). Linux only.

Must never leave a process behind, nor touch one that it did not start.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.bench.table import say

ROOT = Path(__file__).parents[2]
_BOX = ROOT / ".venv-box" / "bin" / "python"
_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # a log on disk would count as written by the agent
_GRACE = 5.0  # s; a process that does not end by itself in that time is killed


def box_python() -> str:
    """The interpreter whose environment is the box's: no developer's packages, so no cryptography."""
    if _BOX.exists():
        return str(_BOX)
    say("no .venv-box here: measured with the developer's environment, which is heavier than the box's.")
    return sys.executable


@contextmanager
def running(
    *words: str, python: str = sys.executable, stdout: int | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A Python process in the repository's root, with the repository's own packages; ended at the end.

    What it says on stderr is shown when the measurement breaks.
    """
    with tempfile.TemporaryFile("w+", dir=_MEMORY) as errors:
        process = subprocess.Popen(
            [python, *words],
            cwd=ROOT,
            env=_environment(),
            stdout=subprocess.DEVNULL if stdout is None else stdout,
            stderr=errors,
            text=True,
        )
        with process:
            try:
                yield process
            except Exception:
                errors.seek(0)
                say(f"{' '.join(words[:4])} said last: {errors.read()[-2000:] or 'nothing'}")
                raise
            finally:
                _end(process)


def answer_of(*words: str, python: str = sys.executable, seconds: float = 900.0) -> str:
    """What a process prints before it ends well; raises if it does not."""
    done = subprocess.run(
        [python, *words],
        cwd=ROOT,
        env=_environment(),
        stdout=subprocess.PIPE,
        text=True,
        timeout=seconds,
        check=True,
    )
    return done.stdout


def cpu_seconds(pid: int) -> float:
    """Processor time of all living threads, to the nanosecond (a tick of utime would be 10 ms)."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def resident_mb(pid: int) -> float:
    """Resident memory in MB (of a million bytes)."""
    return _number(f"/proc/{pid}/status", "VmRSS:") * 1024 / 1e6


def written_bytes(pid: int) -> int:
    """Bytes that the process has had written to disk, in whole pages of the cache."""
    return _number(f"/proc/{pid}/io", "write_bytes:")


def disk_folder() -> Path:
    """A folder on a real disk: what is written to a tmpfs is not counted."""
    for folder in (Path("/var/tmp"), ROOT):
        if _file_system(folder) != "tmpfs":
            return folder
    raise RuntimeError("no real disk found for the journal")


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _end(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()


def _number(path: str, name: str) -> int:
    for line in Path(path).read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    raise LookupError(f"{name} is not in {path}")


def _file_system(folder: Path) -> str:
    words: Sequence[str] = ["stat", "--file-system", "--format=%T", str(folder)]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
