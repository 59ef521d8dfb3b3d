"""One IPP printer or queue by its address: a question there, an answer back, each within its deadline.

Decides nothing about a document. A call is never repeated, but for one that the printer refused for IPP's version.
"""

from collections.abc import AsyncIterator, Callable
from itertools import count

import msgspec
import trio

from agent.drivers.printing.ipp import answers, requests
from agent.drivers.printing.ipp.address import http_address
from agent.drivers.printing.ipp.answers import JobFacts, PrinterFacts
from agent.drivers.printing.ipp.message import Message, NotIpp, decode, encode
from agent.drivers.printing.ipp.notes import PrintCode
from agent.drivers.printing.ipp.requests import IPP_1_1, IPP_2_0, Asked, Ticket, WhichJobs
from agent.drivers.printing.ipp.statuses import Next, name_of, next_of
from agent.drivers.printing.uptime import Uptime
from agent.foundation.errors import CallFailed, NoAnswer
from agent.foundation.http import Answer, Peer
from agent.foundation.timing import Clock

ASK_SECONDS = 15.0  # s; a printer that wakes up takes some
PRINT_SECONDS = 3600.0  # s; a printer reads no faster than it prints, and the caller looks after it meanwhile
ANSWER_CAP = 1024 * 1024  # bytes
_HEADERS = {"Content-Type": "application/ipp", "Accept": "application/ipp"}

Document = bytes | AsyncIterator[bytes]


class Turned(CallFailed):
    """What answers is no printer, or wants a log-in: surely no job was made. `code` is the note's."""

    def __init__(self, code: PrintCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Refused(CallFailed):
    """The printer answers in IPP, and says no to a question about itself or a job."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words or name_of(status))
        self.next = next_of(status)


class IppTalk:
    """`uri` is the file's (ipp or ipps), `peer` leads to its server. `last_answer` is in monotonic seconds."""

    def __init__(self, uri: str, peer: Peer, clock: Clock = trio.current_time) -> None:
        self._uri, self._peer, self._clock = uri, peer, clock
        self._path = http_address(uri).path
        self._version = IPP_2_0
        self._numbers = count(1)
        self.last_answer: float | None = None
        self.uptime = Uptime(clock)

    async def printer(self) -> PrinterFacts:
        """How the printer is. Raises `CallFailed`."""
        facts = answers.printer_facts(await self._told(requests.get_printer_attributes))
        self.uptime.told(facts.up_seconds)
        return facts

    async def job(self, id: int) -> JobFacts | None:
        """How a job is; None where the printer knows none of that number. Raises `CallFailed`."""
        try:
            job = answers.job_facts(await self._told(lambda asked, n: requests.get_job_attributes(asked, n, id)))
        except Refused as refusal:
            if refusal.next is not Next.NOT_THERE:
                raise
            return None
        if job.id not in (0, id):
            raise NoAnswer("it answers about another job")
        return job

    async def job_named(self, name: str) -> JobFacts | None:
        """The box's own job of that name; None where the printer lists none. Raises `CallFailed`."""
        try:
            return answers.job_named(await self._jobs(WhichJobs.ALL), name)
        except Refused:  # not every printer knows the word
            lists = [await self._jobs(which) for which in (WhichJobs.NOT_COMPLETED, WhichJobs.COMPLETED)]
        return next((job for each in lists if (job := answers.job_named(each, name)) is not None), None)

    async def cancel(self, id: int) -> None:
        """No more of this job. Raises `CallFailed`, also where it is over already."""
        await self._told(lambda asked, number: requests.cancel_job(asked, number, id))

    async def print(self, ticket: Ticket, document: Document) -> Message:
        """The answer to Print-Job, whatever its status.

        Raises `NotSent`, `OtherSpeech` and `Turned` where surely no job was made, `NoAnswer` where perhaps one
        was, and what making the document raises.
        """
        answer = await self._asked(
            encode(requests.print_job(self._present, next(self._numbers), ticket)), document, PRINT_SECONDS
        )
        if next_of(answer.code) is Next.OTHER_VERSION:
            self._version = IPP_1_1
        return answer

    @property
    def _present(self) -> Asked:
        return Asked(self._uri, self._version)

    async def _jobs(self, which: WhichJobs) -> Message:
        return await self._told(lambda asked, number: requests.get_jobs(asked, number, which))

    async def _told(self, request: Callable[[Asked, int], Message]) -> Message:
        """A question that can do no harm, and its good answer."""
        version = self._version
        answer = await self._asked(encode(request(self._present, next(self._numbers))), b"", ASK_SECONDS)
        if next_of(answer.code) is Next.OTHER_VERSION and version == IPP_2_0:
            self._version = IPP_1_1
            answer = await self._asked(encode(request(self._present, next(self._numbers))), b"", ASK_SECONDS)
        if next_of(answer.code) is not Next.GO_ON:
            raise Refused(answer.code, answers.status_message(answer))
        return answer

    async def _asked(self, head: bytes, document: Document, deadline: float) -> Message:
        body = head + document if isinstance(document, bytes) else _Joined(head, document)
        try:
            answer = await self._peer.call(
                "POST", self._path, body=body, headers=_HEADERS, deadline=deadline, cap=ANSWER_CAP
            )
        except CallFailed:
            self.uptime.away()
            raise
        self.last_answer = self._clock()
        if answer.status != 200:
            raise _turned(answer)
        try:
            return decode(answer.body)
        except NotIpp as error:
            raise NoAnswer(f"its answer is no IPP: {error}") from None


class _Joined:
    """The message, and behind it the document as it comes."""

    def __init__(self, head: bytes, document: AsyncIterator[bytes]) -> None:
        self._head, self._document = head, document

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        head, self._head = self._head, b""
        return head or await anext(self._document)


class _HttpWords(msgspec.Struct, frozen=True):
    code: PrintCode
    words: str


_HTTP = {
    401: _HttpWords(PrintCode.LOG_IN, "it answers HTTP 401"),
    403: _HttpWords(PrintCode.LOG_IN, "it answers HTTP 403"),
    404: _HttpWords(PrintCode.NO_QUEUE, "it answers HTTP 404"),
    413: _HttpWords(PrintCode.TOO_LARGE, "it answers HTTP 413"),
    426: _HttpWords(PrintCode.ADDRESS, "it wants ipps"),
}


def _turned(answer: Answer) -> CallFailed:
    """What a status of HTTP means. A server's own failure, or its impatience with a document that it began to
    print, may have come after it took the document."""
    if answer.status >= 500 or answer.status == 408:
        return NoAnswer(f"it answers HTTP {answer.status}")
    if 300 <= answer.status < 400:
        return Turned(PrintCode.ADDRESS, "it sends us to another address")
    found = _HTTP.get(answer.status, _HttpWords(PrintCode.REFUSED, f"it answers HTTP {answer.status}"))
    return Turned(found.code, found.words)
