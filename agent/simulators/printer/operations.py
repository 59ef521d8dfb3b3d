"""The operations of the simulated printer (RFC 8011 section 4), and every way in which they may fail.

It must never import the agent's codec: it knows the RFCs and reference/printing.md, not us.
"""

from collections.abc import Callable, Iterable

import trio

from agent.simulators.base.certificates import Tls
from agent.simulators.base.replies import Reply, Request
from agent.simulators.base.simulator import Awaited, Call, Due
from agent.simulators.printer import attributes, checks, web
from agent.simulators.printer.engine import Ended
from agent.simulators.printer.jobs import Job
from agent.simulators.printer.machine import PrinterMachine
from agent.simulators.printer.paper.formats import Format, format_of, pages_of
from agent.simulators.printer.requests import Ask, Refused, ask_of, version_for
from agent.simulators.printer.wire.codes import GroupTag, JobState, Operation, Status, Tag
from agent.simulators.printer.wire.message import Attribute, Group, Head, Message, attribute, encoded
from agent.simulators.printer.wire.reading import Malformed, head

_MALFORMED = "malformed"
_WHICH_JOBS = ("not-completed", "completed", "all")
_BRIEF = ("job-uri", "job-id")
_STATE = ("job-state", "job-state-reasons", "job-state-message")


class IppCall(Call, frozen=True):
    """A request that was read: what it asks for, or why it does not."""

    ask: Ask | None = None
    refused: Refused | None = None


class PrinterOperations(PrinterMachine):
    """The printer, seen over IPP."""

    operations = tuple(each.word for each in Operation)
    fact_names = ("job-name", "user", "format", "printer")
    content_type = web.IPP
    error_body = encoded(Message(Head((1, 1), Status.INTERNAL_ERROR, 1)))

    def body_limit(self, head: Request) -> int | None:
        """After how many bytes of its body the connection ends; None: it does not."""
        kilobytes = self.switches.closes_after_kilobytes
        return None if kilobytes is None or not web.is_ours(head.path) else kilobytes * 1024

    def _recognise(self, request: Request) -> IppCall:
        if not web.is_ours(request.path) or web.refusal_of(request, self.switches) is not None:
            return IppCall(_MALFORMED, request)
        try:
            ask = ask_of(request.body, self.switches.versions)
        except Malformed:
            return IppCall(_MALFORMED, request)
        except Refused as refused:
            return IppCall(_operation(head(request.body)), request, refused=refused)
        facts = {
            "job-name": ask.text("job-name"),
            "user": ask.user,
            "format": ask.text("document-format"),
            "printer": request.path,
        }
        return IppCall(_operation(ask.head), request, facts, ask=ask)

    def _perform(self, call: Call) -> Due | Awaited:
        assert isinstance(call, IppCall)
        refusal = web.refusal_of(call.request, self.switches)
        if refusal is not None:
            return Due(refusal)
        if call.ask is None and call.refused is None:
            return Due(web.page(400, "not a request of IPP"))
        try:
            if call.refused is not None:
                raise call.refused
            assert call.ask is not None
            self._check_queue(call.request.path)
            status, groups = self._act(call.ask, self._base(call.request))
        except Refused as refused:
            return Due(self._reply(head(call.request.body), *_refusal(refused)))
        return Due(self._reply(call.ask.head, status, groups))

    def _check_queue(self, path: str) -> None:
        queues = self.switches.queues
        if path.startswith(web.QUEUES) and queues and web.queue_of(path) not in queues:
            raise Refused(Status.NOT_FOUND, "there is no such printer")

    def _base(self, request: Request) -> str:
        """The printer's address as this client knows it."""
        scheme = "ipp" if self.switches.tls is Tls.PLAIN else "ipps"
        return f"{scheme}://{request.headers.get('host', 'localhost')}{request.path.rstrip('/')}"

    def _reply(self, head: Head, status: Status, groups: Iterable[Group], words: str = "") -> Reply:
        begin = [
            attribute("attributes-charset", Tag.CHARSET, "utf-8"),
            attribute("attributes-natural-language", Tag.LANGUAGE, attributes.LANGUAGE),
        ]
        message = [attribute("status-message", Tag.TEXT, words)] if words else []
        answer = Head(version_for(head.version, self.switches.versions), status, head.request_id)
        whole = (Group(GroupTag.OPERATION, (*begin, *message)), *groups)
        return Reply(200, encoded(Message(answer, whole)), web.IPP)

    def _act(self, ask: Ask, base: str) -> tuple[Status, list[Group]]:
        """Do what is asked for. Raises Refused."""
        acts: dict[int, Callable[[Ask, str], tuple[Status, list[Group]]]] = {
            Operation.PRINT_JOB: self._print_job,
            Operation.VALIDATE_JOB: self._validate_job,
            Operation.CREATE_JOB: self._create_job,
            Operation.SEND_DOCUMENT: self._send_document,
            Operation.CANCEL_JOB: self._cancel_job,
            Operation.GET_JOB_ATTRIBUTES: self._get_job_attributes,
            Operation.GET_JOBS: self._get_jobs,
            Operation.GET_PRINTER_ATTRIBUTES: self._get_printer_attributes,
            Operation.CUPS_GET_PRINTERS: self._get_printer_attributes,
        }
        act = acts.get(ask.head.code)
        if act is None or ask.head.code not in attributes.operations(self.switches):
            raise Refused(Status.OPERATION_NOT_SUPPORTED, f"operation {ask.head.code:#06x} is not supported")
        self.switched_on()
        self.engine.get_power()  # who answers has some, also when only its network was put in again
        return act(ask, base)

    def _print_job(self, ask: Ask, base: str) -> tuple[Status, list[Group]]:
        copies, ignored = checks.copies_of(ask, self.switches)
        checks.check_document(ask, self.switches)
        self._check_capacity()
        job = self._new_job(ask, copies)
        self._print(job, ask)
        return self._taken(job, base, ignored)

    def _validate_job(self, ask: Ask, _base: str) -> tuple[Status, list[Group]]:
        _, ignored = checks.copies_of(ask, self.switches)
        return (Status.SUBSTITUTED, [_unsupported(ignored)]) if ignored else (Status.OK, [])

    def _create_job(self, ask: Ask, base: str) -> tuple[Status, list[Group]]:
        copies, ignored = checks.copies_of(ask, self.switches)
        self._check_capacity()
        job = self._new_job(ask, copies)
        self.engine.hold(job)
        return self._taken(job, base, ignored)

    def _send_document(self, ask: Ask, base: str) -> tuple[Status, list[Group]]:
        job = self._job(ask)
        if "last-document" not in ask.asked:
            raise Refused(Status.BAD_REQUEST, "last-document is missing")
        if job.state is not JobState.HELD:
            raise Refused(Status.MULTIPLE_DOCUMENTS_NOT_SUPPORTED, "a job has one document here")
        checks.check_format(ask, self.switches)
        checks.check_document(ask, self.switches)
        job.format = ask.text("document-format") or job.format
        self._print(job, ask)
        return self._taken(job, base, [])

    def _cancel_job(self, ask: Ask, _base: str) -> tuple[Status, list[Group]]:
        job = self._job(ask)
        if job.state.is_final or job.stops_at is not None:
            raise Refused(Status.NOT_POSSIBLE, f"job {job.id} has ended, or is ending")
        self.engine.end(job, JobState.CANCELED, Ended.BY_USER)
        return Status.OK, []

    def _get_job_attributes(self, ask: Ask, base: str) -> tuple[Status, list[Group]]:
        return Status.OK, [self._shown(self._job(ask), ask, base, ("all",))]

    def _get_jobs(self, ask: Ask, base: str) -> tuple[Status, list[Group]]:
        which, limit = ask.text("which-jobs") or _WHICH_JOBS[0], ask.number("limit")
        if which not in _WHICH_JOBS:
            raise Refused(Status.VALUES_NOT_SUPPORTED, f"which-jobs is none of {', '.join(_WHICH_JOBS)}")
        if limit is not None and limit < 1:
            raise Refused(Status.BAD_REQUEST, "limit is below 1")
        jobs = [job for job in self.engine.jobs if which == "all" or job.state.is_final == (which == "completed")]
        if ask.is_set("my-jobs"):
            jobs = [job for job in jobs if job.user == ask.user]
        ordered = jobs if which == "not-completed" else jobs[::-1]
        shown = ordered[:limit] if self.switches.lists_jobs else []
        return Status.OK, [self._shown(job, ask, base, _BRIEF) for job in shown]

    def _get_printer_attributes(self, ask: Ask, base: str) -> tuple[Status, list[Group]]:
        checks.check_format(ask, self.switches)
        every = attributes.of_printer(self.engine, self.switches, base, self.switched_on())
        found = attributes.chosen(every, ask, ("all",), self.switches.leaves_out)
        return Status.OK, [Group(GroupTag.PRINTER, tuple(found))]

    def _check_capacity(self) -> None:
        if len(self.engine.jobs.unfinished) >= self.switches.queue:
            raise Refused(Status.BUSY, "another job is under way")

    def _new_job(self, ask: Ask, copies: int) -> Job:
        format = checks.format_said(ask, self.switches)
        return self.engine.jobs.new(ask.text("job-name"), ask.user, format, copies, trio.current_time())

    def _print(self, job: Job, ask: Ask) -> None:
        job.is_bad = checks.is_bad(ask, self.switches)
        if job.format == Format.ANY:
            job.format = format_of(ask.document)
        if job.format in self.switches.single_formats:
            job.copies = 1
        self.engine.print(job, ask.document, pages_of(ask.document))

    def _taken(self, job: Job, base: str, ignored: list[Attribute]) -> tuple[Status, list[Group]]:
        state = attributes.job_state(*self.engine.state_of(job))
        told = Group(GroupTag.JOB, (*attributes.job_uri_and_id(job, base), *state))
        if ignored:
            return Status.SUBSTITUTED, [told, _unsupported(ignored)]
        return Status.OK, [told]

    def _shown(self, job: Job, ask: Ask, base: str, default: tuple[str, ...]) -> Group:
        hidden = ("job-name", "job-originating-user-name") if self._is_hidden(job, ask) else ()
        every = attributes.of_job(job, self.engine, self.switches, base, self.switched_on())
        lacking = (*self.switches.leaves_out, *hidden)
        return Group(GroupTag.JOB, tuple(attributes.chosen(every, ask, default, lacking)))

    def _is_hidden(self, job: Job, ask: Ask) -> bool:
        return self.switches.job_names_hidden and job.user != ask.user

    def _job(self, ask: Ask) -> Job:
        """The job that is asked about. Raises Refused."""
        id = ask.number("job-id")
        if id is None:
            last = ask.text("job-uri").rpartition("/")[2]
            if not (last.isascii() and last.isdigit() and len(last) < 10):
                raise Refused(Status.BAD_REQUEST, "neither job-id nor job-uri says which job")
            id = int(last)
        job = self.engine.jobs.find(id)
        if job is None:
            raise Refused(Status.NOT_FOUND, f"there is no job {id}")
        return job


def _operation(head: Head) -> str:
    is_known = head.code in tuple(Operation)
    return Operation(head.code).word if is_known else "unknown operation"


def _refusal(refused: Refused) -> tuple[Status, list[Group], str]:
    groups = [_unsupported(refused.unsupported)] if refused.unsupported else []
    return refused.status, groups, str(refused)


def _unsupported(found: Iterable[Attribute]) -> Group:
    return Group(GroupTag.UNSUPPORTED, tuple(found))
