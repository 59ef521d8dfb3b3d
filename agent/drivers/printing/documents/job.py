"""A job as a printer gets it. No I/O."""

from agent.commands.driver import Job, PrintJob
from agent.commands.model import Outcome
from agent.drivers.printing.documents.kinds import Document, document


def print_job(job: Job) -> PrintJob:
    """The job, which a printer's lane can only have as a document."""
    if not isinstance(job, PrintJob):
        raise TypeError("a printer's lane has documents alone")
    return job


def document_of(job: Job) -> Document | Outcome:
    """Its document, or why that cannot be printed."""
    found = print_job(job)
    return document(found.file_type, found.document)
