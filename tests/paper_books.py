"""Makes the documents of the ledger from what the simulated Mews and the printers' trays hold.

A job is laid to a command by its name, which is the command's id; what port 9100 took by its bytes, so every
document needs some of its own.
"""

import binascii
from base64 import b64decode
from collections.abc import Container, Iterable
from datetime import datetime

import trio

from agent.simulators.mews.commands import MEWS, STAFF, Command, State
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.printer.prints import Print
from agent.simulators.printer.simulator import PrinterSimulator
from tests.paper_ledger import Document, Paper


def documents(
    mews: MewsSimulator,
    printers: Iterable[PrinterSimulator],
    *,
    known: Container[str] = (),
    print_by_seconds: float | None = None,
) -> list[Document]:
    """All print commands, joined with their paper. None may be under way any more.

    `known` are printers that can be asked for jobs and forgot none; `print_by_seconds` after its order the
    first side of a document may come out at the latest.
    """
    papers = [each for printer in printers for each in printer.tray]
    return [
        _document(mews, command, papers, known, print_by_seconds)
        for command in mews.commands
        if isinstance(command.data, dict) and "PrinterName" in command.data
    ]


def _document(
    mews: MewsSimulator, command: Command, papers: Iterable[Print], known: Container[str], by: float | None
) -> Document:
    data = command.data
    assert isinstance(data, dict)
    last, content = command.history[-1], _content(str(data["FileData"]))
    ours = (step for step in command.history if step.by not in (MEWS, STAFF))
    claims = [step.at for step in ours if step.state is State.PROCESSING]
    count = data["CopyCount"]
    return Document(
        id=f"{data['PrinterName']} ({command.id})",
        copies=int(count) if isinstance(count, int | float) else 0,
        state=command.state.value,
        notes=command.notes or "",
        by_us=command.is_final and last.by not in (MEWS, STAFF),
        ended=_seconds(mews, last.at) if command.is_final else None,
        claimed=_seconds(mews, claims[0]) if claims else None,
        papers=tuple(_paper(each) for each in papers if _is_of(each, command.id, content)),
        print_by=None if by is None else _seconds(mews, command.created) + by,
        is_known=data["PrinterName"] in known,
    )


def _is_of(paper: Print, id: str, content: bytes) -> bool:
    return paper.job_name == id or (not paper.job_name and bool(content) and paper.document == content)


def _paper(found: Print) -> Paper:
    return Paper(found.began, found.sides, found.pages * found.copies, is_named=bool(found.job_name))


def _content(base64: str) -> bytes:
    try:
        return b64decode(base64, validate=True)
    except binascii.Error:
        return b""


def _seconds(mews: MewsSimulator, at: datetime) -> float:
    """A time at Mews on trio's clock, which the printers' times are told in."""
    return trio.current_time() - (mews.clock.now() - at).total_seconds()
