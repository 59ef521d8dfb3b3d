"""What the system's own programs are told by a provisioning file, as texts in their own syntax. No I/O.

The file's rules let nothing through that could break out of a line; every value is looked at once more here all
the same, for a line too many in a unit is a command of root's. systemd.socket(5),
chrony.conf(5), nft(8), avahi.service(5).
"""

import re
from collections.abc import Iterator
from html import escape

import msgspec

from agent.box.queues.decisions import wanted
from agent.foundation.errors import UserMistake
from board.network_settings import NetworkSettings
from board.networkd_apply import HEAD
from provisioning.addresses import host_ip, listening
from provisioning.model import Network, Page, Provisioning

NAME = "nightporter"  # the host name without a file
UTC = "UTC"
_PLAIN = re.compile(r"[A-Za-z0-9_:][A-Za-z0-9_.:/+-]*")


class Derived(msgspec.Struct, frozen=True):
    """The texts, and the network as values.

    `socket` is None where the page is at its usual address, `avahi` where only the box sees it, `queues` where no
    printer needs CUPS.
    """

    hostname: str
    timezone: str
    network: NetworkSettings
    chrony: str
    nft: str
    socket: str | None
    avahi: str | None
    queues: str | None


def derive(
    provisioning: Provisioning | None, version: str = "", box_id: str = "", on_site: Network | None = None
) -> Derived:
    """The texts for a file, or for a box without one; `on_site` counts instead of the file's own network.

    Raises `UserMistake` for what cannot be set.
    """
    name = _plain("box.name", provisioning.box.name) if provisioning else NAME
    network = on_site or (provisioning.network if provisioning else Network())
    listen = provisioning.page.listen if provisioning else Page().listen
    host, port = _listen(listen)
    return Derived(
        hostname=name,
        timezone=_plain("box.timezone", provisioning.box.timezone) if provisioning else UTC,
        network=settings(network, name),
        chrony=HEAD + "".join(f"{line}\n" for line in _sources(network.ntp)),
        nft=HEAD + f"redefine page_port = {_open_ports(port, provisioning)}\n",
        socket=None if listen == Page().listen else _socket(host, port),
        avahi=None if _is_loopback(host) else _avahi(port, version, box_id),
        queues=wanted.written(wanted.wanted(provisioning)),
    )


def settings(network: Network, name: str) -> NetworkSettings:
    """The settings of the network, every value looked at. Raises `UserMistake`."""
    return NetworkSettings(
        name,
        _plain("network.address", network.address) if network.address else None,
        _plain("network.gateway", network.gateway) if network.address and network.gateway else None,
        tuple(_plain("network.dns", server) for server in network.dns),
    )


def _sources(servers: tuple[str, ...]) -> Iterator[str]:
    for server in servers:
        at = host_ip(server)
        if at is not None:
            yield f"server {_plain('network.ntp', str(at))} iburst"
        else:
            yield f"pool {_plain('network.ntp', server)} iburst"


def _listen(listen: str) -> tuple[str, int]:
    host, port = listening(listen)
    return "127.0.0.1" if host == "localhost" else host, port


def _open_ports(port: int, provisioning: Provisioning | None) -> str:
    """In nft's own words: the port of the page that looks, and that of the page that acts where there is one."""
    acting = provisioning.page.acting if provisioning else None
    return str(port) if acting is None else f"{{ {port}, {listening(acting)[1]} }}"


def _is_loopback(host: str) -> bool:
    at = host_ip(host)
    return at is not None and at.is_loopback


def _socket(host: str, port: int) -> str:
    inside = _plain("page.listen", host.strip("[]"))
    address = f"[{inside}]:{port}" if host.startswith("[") else f"{inside}:{port}"
    return HEAD + f"[Socket]\nListenStream=\nListenStream={address}\nFreeBind=yes\n"


def _avahi(port: int, version: str, box_id: str) -> str:
    records = [f"version={version}"] if version else []
    records += [f"id={box_id}"] if box_id else []
    return (
        '<?xml version="1.0" standalone="no"?>\n'
        '<!DOCTYPE service-group SYSTEM "avahi-service.dtd">\n'
        "<service-group>\n"
        '  <name replace-wildcards="yes">Night Porter %h</name>\n'
        + "".join(_service(kind, port, records) for kind in ("_nightporter._tcp", "_http._tcp"))
        + "</service-group>\n"
    )


def _service(kind: str, port: int, records: list[str]) -> str:
    lines = [f"<type>{kind}</type>", f"<port>{port}</port>"]
    lines += [f"<txt-record>{escape(record, quote=False)}</txt-record>" for record in records]
    return "  <service>\n" + "".join(f"    {line}\n" for line in lines) + "  </service>\n"


def _plain(name: str, value: str) -> str:
    """The value, if no syntax can take it for anything but a value."""
    if not _PLAIN.fullmatch(value):
        raise UserMistake(f"{name}: holds a character that the box cannot set. Write it without signs like % or =")
    return value
