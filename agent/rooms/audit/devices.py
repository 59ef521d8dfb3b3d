"""Key cutters and printers: those that Mews has and the file has not, and the reverse.

Mews lists all devices of the hotel, whichever connector they are linked to: those of another box are among them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from agent.commands.model import Kind
from agent.commands.routing import KINDS
from agent.foundation.reading.text import plain, quoted
from agent.mews.records import Device, Devices
from agent.rooms.audit.findings import Finding, Proposal, Subject
from agent.rooms.audit.proposals import cutter_line
from provisioning.ids import same_id
from provisioning.model import Encoder, Printer, Provisioning

_SHOWN = 80  # characters of a name in a sentence


def device_findings(file: Provisioning, devices: Devices | None) -> Iterator[Finding]:
    """What is on one side alone; nothing where Mews does not tell, or the file has no such device at all."""
    if devices is None:
        return
    encoders = _encoders(file)
    if encoders:
        yield from _cutters(encoders, _of(devices, Kind.KEY))
    if file.printers:
        yield from _printers(file.printers, _of(devices, Kind.PRINT))


def _encoders(file: Provisioning) -> tuple[Encoder, ...]:
    bridge = file.coder_bridge.encoders if file.coder_bridge else ()
    return (*bridge, *(encoder for server in file.visionline for encoder in server.encoders))


def _of(devices: Devices, kind: Kind) -> tuple[Device, ...]:
    """Those of a kind, each id once."""
    found = {same_id(device.id): device for device in devices.devices if KINDS.get(device.type) is kind}
    return tuple(found.values())


def _cutters(encoders: Sequence[Encoder], cutters: Sequence[Device]) -> Iterator[Finding]:
    served = {same_id(cutter) for encoder in encoders for cutter in encoder.key_cutters}
    names = {name for cutter in cutters for name in _names(cutter)}
    lonely = [cutter for cutter in cutters if served.isdisjoint(_names(cutter))]
    idle = [encoder for encoder in encoders if names.isdisjoint(map(same_id, encoder.key_cutters))]
    pairs = _pairs(lonely, idle)
    for cutter in lonely:
        sentence = f"Mews has the key cutter {_called(cutter)}, and no encoder of the file serves it."
        yield Finding(Subject.CUTTER, cutter.name or cutter.id, sentence, pairs.get(cutter.id))
    mended = {proposal.encoder for proposal in pairs.values()}
    for encoder in idle:
        if encoder.name not in mended:
            what = ", ".join(quoted(plain(each, _SHOWN)) for each in encoder.key_cutters)
            sentence = f"The encoder {quoted(encoder.name)} serves {what}, and Mews tells of no such key cutter."
            yield Finding(Subject.IDLE_ENCODER, encoder.name, sentence)


def _names(cutter: Device) -> set[str]:
    """The ids by which orders may call it, as the file's are compared."""
    return {same_id(name) for name in (cutter.id, cutter.identifier) if name}


def _pairs(lonely: Sequence[Device], idle: Sequence[Encoder]) -> Mapping[str, Proposal]:
    """The line for each key cutter, by its Device.Id, that surely belongs to an encoder: of the same name, or the
    only two that are left."""
    pairs = [(cutter, encoder) for cutter in lonely for encoder in idle if _alike(cutter.name, encoder.name)]
    if len(lonely) == len(idle) == 1:
        pairs = [(lonely[0], idle[0])]
    sure = [(cutter, encoder) for cutter, encoder in pairs if _is_alone(cutter, encoder, pairs)]
    lines = ((cutter.id, cutter_line(encoder, cutter.id)) for cutter, encoder in sure)
    return {id: proposal for id, proposal in lines if proposal is not None}


def _is_alone(cutter: Device, encoder: Encoder, pairs: Collection[tuple[Device, Encoder]]) -> bool:
    return sum(cutter is one or encoder is other for one, other in pairs) == 1


def _alike(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _called(device: Device) -> str:
    """Its name, with the id that the file would need."""
    name = plain(device.name, _SHOWN)
    return f"{quoted(name)} ({plain(device.id, _SHOWN)})" if name else plain(device.id, _SHOWN)


def _printers(printers: Sequence[Printer], told: Sequence[Device]) -> Iterator[Finding]:
    served = {printer.name.casefold() for printer in printers}
    known = {name.casefold() for device in told for name in (device.name, device.identifier)}
    for device in told:
        if served.isdisjoint({device.name.casefold(), device.identifier.casefold()}):
            sentence = (
                f"Mews has the printer {_called(device)}, and the file has none of that name: write a section "
                "[[printers]] with its name and its uri."
            )
            yield Finding(Subject.PRINTER, device.name or device.id, sentence)
    for printer in printers:
        if printer.name.casefold() not in known:
            sentence = f"The file has the printer {quoted(printer.name)}, and Mews tells of none of that name."
            yield Finding(Subject.IDLE_PRINTER, printer.name, sentence)
