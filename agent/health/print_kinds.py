"""Faults at a printer. None of them stops a key, so none is worse than a warning.

A kind's name is its code without "E-PRINTER-".
"""

from agent.health.box_kinds import NETWORK
from agent.health.kind import FaultKind, Level

UNREACHABLE = FaultKind(
    "E-PRINTER-UNREACHABLE",
    Level.WARNING,
    "The printer cannot be reached",
    hint="Is it on, connected, and its address in [[printers]] right? `nightporter print find` lists printers.",
    front_desk="Is the printer on? Print from another device meanwhile.",
    follows="documents are not printed there",
    depends_on=NETWORK,
)
SILENT = FaultKind(
    "E-PRINTER-SILENT",
    Level.WARNING,
    "The printer does not answer as a printer does",
    hint="Restart the printer. Is its path in [[printers]] right? Most printers want /ipp/print.",
    front_desk="Switch the printer off and on again. Print from another device meanwhile.",
    follows="documents are not printed there",
    depends_on=(*NETWORK, UNREACHABLE),
)
ADDRESS = FaultKind(
    "E-PRINTER-ADDRESS",
    Level.WARNING,
    "The printer's address in the provisioning file does not fit",
    hint="Is `uri` in [[printers]] the printer's own, with ipp or ipps as it speaks it, and its path?",
    front_desk="Tell support. Print from another device meanwhile.",
    follows="documents are not printed there",
    depends_on=(*NETWORK, UNREACHABLE),
)
CERTIFICATE = FaultKind(
    "E-PRINTER-CERTIFICATE",
    Level.WARNING,
    "The printer's certificate is refused",
    hint="Compare it with the one that the printer's own page shows, then write its SHA-256 into "
    "certificate_sha256 in [[printers]].",
    front_desk="Tell support. Print from another device meanwhile.",
    follows="documents are not printed there",
    depends_on=NETWORK,
)
STOPPED = FaultKind(
    "E-PRINTER-STOPPED",
    Level.WARNING,
    "The printer has stopped",
    hint="The printer says so itself. Its panel tells more.",
    front_desk="Look after the printer: it goes on by itself then.",
    follows="documents wait there",
    depends_on=(*NETWORK, UNREACHABLE, SILENT),
)
SOON = FaultKind(
    "E-PRINTER-SOON",
    Level.WARNING,
    "The printer will soon stop",
    hint="The printer says so itself. Its panel tells more.",
    front_desk="Look after the printer when there is time.",
    follows="documents are printed meanwhile",
    depends_on=(*NETWORK, UNREACHABLE, SILENT, STOPPED),
)
KINDS = (UNREACHABLE, SILENT, ADDRESS, CERTIFICATE, STOPPED, SOON)
