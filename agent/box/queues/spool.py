"""What a killed CUPS left in its spool: a job that it had begun is not begun again, for its pages may be out.

Left alone, CUPS 2.4 prints it a second time when it is started again. So this goes before each of its starts. The
agent misses the job that was taken away, and says that the document may have been printed. A job that had only
been waiting stays, and no document stays without its job. Must never run beside CUPS.
"""

import re
import shutil
from pathlib import Path

from agent.drivers.printing.ipp import attributes as look
from agent.drivers.printing.ipp.answers import job_facts
from agent.drivers.printing.ipp.message import GroupTag, Message, NotIpp, decode

_CONTROL = re.compile(r"c(\d{5,})")  # a job as a message of IPP
_DOCUMENT = re.compile(r"d(\d{5,})-\d{3,}")
_LATEST = 2**31 - 1  # s since 1970, as far as IPP counts


def sweep(spool: Path) -> list[str]:
    """Take away what must not be printed, and return the numbers of those jobs. Raises `OSError`."""
    if not spool.is_dir():
        return []
    jobs = {found[1]: _told(path) for path in spool.iterdir() if (found := _CONTROL.fullmatch(path.name))}
    begun = {number for number, job in jobs.items() if job is None or was_begun(job)}
    over = {number for number, job in jobs.items() if job is not None and is_over(job)}
    for path in list(spool.iterdir()):
        control, document = _CONTROL.fullmatch(path.name), _DOCUMENT.fullmatch(path.name)
        stays = (control and control[1] not in begun) or (document and document[1] in jobs.keys() - begun - over)
        if not stays:
            _remove(path)
    return sorted(begun)


def is_over(job: Message) -> bool:
    """Whether it has ended, however it did: then only its name is of use."""
    return job_facts(job).state.is_over


def was_begun(job: Message) -> bool:
    """Whether CUPS has begun to print it, and not seen its end. It writes that down before anything is sent."""
    found = look.of_groups(job, GroupTag.JOB)
    return not is_over(job) and any(look.whole(each, "time-at-processing", 1, _LATEST) for each in found)


def _told(control: Path) -> Message | None:
    try:
        return decode(control.read_bytes())
    except NotIpp:
        return None  # half a file


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
