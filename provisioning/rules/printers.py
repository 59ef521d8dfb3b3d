"""[[printers]]: where a document goes. Source: reference/printing.md sections 2 and 7. Nothing is connected to."""

from provisioning.addresses import address, host_ip, is_own
from provisioning.ledger import Once
from provisioning.model import Printer
from provisioning.problems import Wrong
from provisioning.table import Table, plain

_EXAMPLE = "ipp://10.4.5.30/ipp/print"


def read_printers(document: Table, own: str | None) -> tuple[Printer, ...]:
    """One value for each [[printers]]; mistakes go into the ledger. `own` is the box's fixed address."""
    names = Once(document.ledger, "Give each printer a name of its own")
    return tuple(_printer(table, names, own) for table in document.tables("printers", Printer))


def uri(text: str) -> str:
    """An ipp, ipps or socket address; socket with its port and without a path. Raises `Wrong`."""
    found = address(text, ("ipp", "ipps", "socket"), _EXAMPLE)
    if found.scheme != "socket":
        return found.origin + found.path
    if found.port is None:
        raise Wrong("has no port", f'Write "{found.origin}:9100"')
    if found.path.strip("/"):
        raise Wrong("goes on after the port", f'Write "{found.origin}"')
    return found.origin


def _printer(table: Table, names: Once, own: str | None) -> Printer:
    printer = Printer(table.text("name", plain, "Front Office"), table.text("uri", uri, _EXAMPLE))
    names.note(printer.name.casefold(), table.place("name"))
    if printer.uri:
        _check(table, printer.uri, own)
    return printer


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
