"""[[printers]]: where a document goes. Source: reference/printing.md sections 2 and 7. Nothing is connected to."""

from provisioning.addresses import address, host_ip, is_own
from provisioning.ledger import Once
from provisioning.model import Printer
from provisioning.rules.credentials import read_fingerprint
from provisioning.rules.queues import DEVICE, MODELS, check_queue, device, model, queue_name, socket
from provisioning.table import Table, plain

_EXAMPLE = "ipp://10.4.5.30/ipp/print"


def read_printers(document: Table, own: str | None) -> tuple[Printer, ...]:
    """One value for each [[printers]]; mistakes go into the ledger. `own` is the box's fixed address."""
    names = Once(document.ledger, "Give each printer a name of its own")
    queues = Once(document.ledger, "Give each queue of the box a name of its own")
    return tuple(_printer(table, names, queues, own) for table in document.tables("printers", Printer))


def uri(text: str) -> str:
    """An ipp, ipps or socket address; socket with its port and without a path. Raises `Wrong`."""
    found = address(text, ("ipp", "ipps", "socket"), _EXAMPLE)
    return socket(found) if found.scheme == "socket" else found.origin + found.path


def _printer(table: Table, names: Once, queues: Once, own: str | None) -> Printer:
    printer = Printer(
        table.text("name", plain, "Front Office"),
        table.text("uri", uri, _EXAMPLE),
        read_fingerprint(table),
        table.optional("device", device, DEVICE),
        table.optional("model", model, MODELS[0]),
    )
    names.note(printer.name.casefold(), table.place("name"))
    if printer.uri:
        _check(table, printer.uri, own)
        _check_pin(table, printer)
        check_queue(table, printer)
        queues.note(queue_name(printer.uri) or "", table.place("uri"))
    return printer


def _check_pin(table: Table, printer: Printer) -> None:
    """A printer's certificate is its own making, so that only the pinned one can be trusted."""
    is_secured = printer.uri.startswith("ipps:")
    if printer.certificate_sha256 and not is_secured:
        write = "Write ipps:// in uri, or take this line out"
        table.warn("certificate_sha256", "is used with ipps alone", write)
    if is_secured and not printer.certificate_sha256:
        wrong = "has no certificate_sha256 beside it, and a printer's own certificate is refused without"
        table.warn("uri", wrong, "Write the SHA-256 of the printer's certificate; the page shows it as it refuses")


def _check(table: Table, checked: str, own: str | None) -> None:
    found = address(checked, ("ipp", "ipps", "socket"), "")
    if is_own(found.host, own):
        table.error("uri", "is the box's own address", "Write the address of the printer")
    if found.scheme != "socket" and not found.path.strip("/"):
        table.warn("uri", "has no path after the host", f'Most printers want "{found.origin}/ipp/print"')
    if host_ip(found.host) is None and found.host != "localhost":
        table.warn(
            "uri", "is a name, so a broken name server stops the printing", "Write the printer's fixed IP address"
        )
