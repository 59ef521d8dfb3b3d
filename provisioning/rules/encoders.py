"""[[….encoders]]: the network encoders of a lock server, and which key cutters of Mews they are.

Source: reference/coder-bridge.md section 7 (name, identifier, USB), reference/visionline.md section 5.
Identifiers go to the lock system unchanged, so they are trimmed and nothing else.
"""

import re
from collections.abc import Callable, Sequence

from provisioning.ids import same_id
from provisioning.ledger import Once
from provisioning.model import Encoder
from provisioning.problems import Wrong
from provisioning.table import Table, plain

Advice = Callable[[Table, Encoder], None]  # what a lock system has to say about an encoder

SHORT = 4  # characters; Clock's page advises a short number and gives no length

# "USB", "usb-2", "/dev/ttyUSB0", "USBEncoder"; but not "Busbahnhof"
_USB = re.compile(r"(?<![A-Za-z])(?i:(?:tty)?usb)(?![A-Za-z])|(?<![A-Za-z])USB(?=[A-Z][a-z])")


class EncoderRules:
    """What holds over all lock servers of a file: an encoder has a name and an identifier of its own, by which the
    page and its queue go, and a key cutter has one encoder."""

    def __init__(self, document: Table) -> None:
        self._names = Once(document.ledger, "Give each encoder a name of its own")
        self._identifiers = Once(document.ledger, "Give each encoder of all lock servers an identifier of its own")
        self._key_cutters = Once(document.ledger, "Write each key cutter at one encoder only")

    def read(self, server: Table, *advices: Advice) -> tuple[Encoder, ...]:
        """The encoders of one lock server; mistakes, and what the `advices` have to say, go into the ledger."""
        return tuple(self._encoder(table, advices) for table in server.tables("encoders", Encoder))

    def _encoder(self, table: Table, advices: Sequence[Advice]) -> Encoder:
        encoder = Encoder(
            name=table.text("name", no_usb, "Front desk left"),
            identifier=table.text("identifier", no_usb, "1"),
            key_cutters=table.texts("key_cutters", plain, "1"),
            mobile=table.flag("mobile", default=False),
        )
        self._names.note(encoder.name.casefold(), table.place("name"))
        self._identifiers.note(encoder.identifier, table.place("identifier"))
        for at, key_cutter in enumerate(encoder.key_cutters):
            self._key_cutters.note(same_id(key_cutter), table.place_in("key_cutters", at))
        for advise in advices:
            advise(table, encoder)
        if table.raw("key_cutters") in (None, []):
            wrong = "names no key cutter, so no command would ever reach this encoder"
            table.error("key_cutters", wrong, 'Write the KeyCutterId or Device.Id from Mews: key_cutters = ["1"]')
        return encoder


def no_usb(text: str) -> str:
    """The text of an encoder that is not on USB. Raises `Wrong`."""
    if _USB.search(text):
        raise Wrong(
            "says USB, and a USB encoder can only be used by the PC that it is plugged into",
            "Enter a network encoder; the lock system's maker knows which ones are",
        )
    return text


def advise_short_number(table: Table, encoder: Encoder) -> None:
    """Warn about an identifier that an encoder of the Coder Bridge had better not have; one for mobile keys stands
    nowhere in the lock system."""
    identifier = encoder.identifier
    is_short = len(identifier) <= SHORT and re.fullmatch(r"[0-9]+", identifier)
    if identifier and not is_short and not encoder.mobile:
        write = "If the lock system allows it, give the encoder a number of up to four digits there and here"
        table.warn("identifier", "is not a short number, as is advised", write)


def advise_no_blank(table: Table, encoder: Encoder) -> None:
    """Warn about an identifier with a blank, which VisiOnline's signature may not survive."""
    if " " in encoder.identifier:
        write = "If a key fails, give the encoder a name without blanks in VisiOnline and here"
        table.warn("identifier", "holds a blank, which not every server takes", write)


def refuse_mobile(table: Table, encoder: Encoder) -> None:
    """Note an error where an encoder of VisiOnline shall issue mobile keys."""
    if encoder.mobile:
        wrong = "is true, and the box has mobile keys from a Coder Bridge alone"
        table.error("mobile", wrong, "Take the line out, or write the encoder under [[coder_bridge.encoders]]")
