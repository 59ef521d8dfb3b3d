"""Whether this printer takes a job: its type, its document, its copies, as the switches say.

Must never change anything: each check passes or raises `Refused`.
"""

from agent.simulators.printer.paper.formats import Format, format_of
from agent.simulators.printer.requests import Ask, Refused
from agent.simulators.printer.switches import BadCopies, BadDocument, BadFormat, PrinterSwitches
from agent.simulators.printer.wire.codes import Status, Tag
from agent.simulators.printer.wire.message import Attribute


def format_said(ask: Ask, switches: PrinterSwitches) -> str:
    """The type that a request names, else the printer's default."""
    return ask.text("document-format") or switches.formats[0]


def check_format(ask: Ask, switches: PrinterSwitches) -> None:
    """The type, and that nothing is compressed. Raises Refused."""
    asked = ask.asked.get("document-format")
    if asked is not None and asked.content not in _taken(switches):
        is_as_rfc = switches.bad_format is BadFormat.FORMAT
        status = Status.FORMAT_NOT_SUPPORTED if is_as_rfc else Status.VALUES_NOT_SUPPORTED
        raise Refused(status, f"{str(asked.content)[:60]} is not printed here", asked)
    compression = ask.asked.get("compression")
    if compression is not None and compression.content != "none":
        raise Refused(Status.COMPRESSION_NOT_SUPPORTED, "no compression is known here", compression)


def _taken(switches: PrinterSwitches) -> tuple[str, ...]:
    return tuple(each for each in switches.formats if each not in switches.refused_formats)


def check_document(ask: Ask, switches: PrinterSwitches) -> None:
    """That there is a document, and that it is not too large. Raises Refused."""
    most = switches.most_kilobytes
    if not ask.document:
        raise Refused(Status.BAD_REQUEST, "there is no document")
    if most is not None and len(ask.document) > most * 1024:
        raise Refused(Status.ENTITY_TOO_LARGE, f"the document has more than {most} kilobytes")
    if switches.bad_document is BadDocument.REFUSE and is_bad(ask, switches):
        raise Refused(Status.FORMAT_ERROR, "the document is not what its type says")


def is_bad(ask: Ask, switches: PrinterSwitches) -> bool:
    """Whether the first bytes are not those of the type, or, without a type, of none that is printed here."""
    found, said = format_of(ask.document), format_said(ask, switches)
    return found not in switches.formats or found == Format.ANY if said == Format.ANY else found != said


def copies_of(ask: Ask, switches: PrinterSwitches) -> tuple[int, list[Attribute]]:
    """How many copies there will be, and what is not obeyed. Raises Refused."""
    check_format(ask, switches)
    if not switches.accepting:
        raise Refused(Status.NOT_ACCEPTING, "no jobs are taken now")
    found = ask.job.get("copies")
    if found is None:
        return 1, []
    if found.values[0].tag != Tag.INTEGER or len(found.values) != 1:
        raise Refused(Status.BAD_REQUEST, "copies is not one whole number", found)
    copies = found.content
    if isinstance(copies, int) and 1 <= copies <= switches.most_copies:
        return copies, []
    if switches.bad_copies is BadCopies.REFUSE or ask.is_set("ipp-attribute-fidelity"):
        raise Refused(Status.VALUES_NOT_SUPPORTED, f"copies is not from 1 to {switches.most_copies}", found)
    return 1, [found]
