"""[coder_bridge] and [[visionline]]: the lock servers, their accounts and their certificates.

Source: reference/coder-bridge.md sections 1 and 7, reference/visionline.md section 1.
Nothing is connected to; a password is never repeated.
"""

import re
from pathlib import PurePosixPath

from provisioning.addresses import Address, address, host_ip, is_own
from provisioning.ledger import Once
from provisioning.model import (
    BUILT_IN_PROFILES,
    CardFormat,
    CoderBridge,
    DateHeader,
    FirstCard,
    RoomSync,
    SignedTarget,
    Visionline,
)
from provisioning.problems import Wrong
from provisioning.rules.choices import read_choice, read_once_each
from provisioning.rules.credentials import filled_in, read_fingerprint, read_password
from provisioning.rules.encoders import EncoderRules, advise_no_blank, advise_short_number, refuse_mobile
from provisioning.spelling import nearest
from provisioning.table import Table

DEFAULT_PORT = 7331  # TCP; the Coder Bridge's own, confirmed by the vendor's text
BASE_PATH = "/mst/enc"  # confirmed by the vendor's text
VISIONLINE_PATH = "/api/v1"

_TLS_PORTS = (443, 7773)  # 7773: Clock's example of a bridge with SSL
_OWN_NAME = "provisioning.toml"
# What systemd takes as the name of a credential, and every laptop as that of a file.
_PROFILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_. -]{0,60}\.toml")
_PLAIN_PORTS = (80, DEFAULT_PORT)


def read_coder_bridge(document: Table, rules: EncoderRules, own: str | None, sync: RoomSync) -> CoderBridge | None:
    """The section's values, None where it is absent; mistakes go into the ledger. `own` is the box's address."""
    if not document.has("coder_bridge"):
        return None
    table = document.table("coder_bridge", CoderBridge)
    bridge = CoderBridge(
        server=table.text("server", coder_bridge_server, "http://10.4.5.6:7331"),
        username=table.text("username", filled_in, "nightporter"),
        password=read_password(table),
        encoders=rules.read(table, advise_short_number),
        active=table.flag("active", default=False),
        certificate_sha256=read_fingerprint(table),
        profile=table.optional("profile", profile, BUILT_IN_PROFILES[0]) or BUILT_IN_PROFILES[0],
        allow_unconfirmed=table.flag("allow_unconfirmed", default=False),
        allow_precheckin=table.flag("allow_precheckin", default=False),
        cancel_keys_on_checkout=table.flag("cancel_keys_on_checkout", default=False),
        common_areas=read_once_each(table, "common_areas", "3"),
    )
    _check_coder_bridge(table, bridge)
    if bridge.cancel_keys_on_checkout and not sync.active:
        wrong = "is followed by nightporter lock room-out alone, because room sync is off"
        table.warn("cancel_keys_on_checkout", wrong, "Switch room sync on as well, under [room_sync]")
    if bridge.server:
        _check_server(table, address(bridge.server, ("http", "https"), ""), own)
    return bridge


def read_visionline(document: Table, rules: EncoderRules, own: str | None) -> tuple[Visionline, ...]:
    """One value for each [[visionline]]; mistakes go into the ledger. `own` is the box's fixed address."""
    servers = Once(document.ledger, "Write all encoders of one server under one [[visionline]]")
    return tuple(_visionline(table, rules, servers, own) for table in document.tables("visionline", Visionline))


def coder_bridge_server(text: str) -> str:
    """`scheme://host:port/mst/enc`, whatever of port and path was left out for http. Raises `Wrong`."""
    found = address(text, ("http", "https"), "http://10.4.5.6:7331")
    if found.path.rstrip("/") not in ("", BASE_PATH):
        raise Wrong("has an unknown path", f'Write "{found.origin}"; the box adds {BASE_PATH} itself')
    if found.scheme == "https" and found.port is None:
        raise Wrong("has https but no port", f'Write the port too, like "https://{found.host}:{_TLS_PORTS[1]}"')
    return f"{found.scheme}://{found.host}:{found.port or DEFAULT_PORT}{BASE_PATH}"


def visionline_server(text: str) -> str:
    """`https://host[:port]/api/v1` from a host, an address or the whole. Raises `Wrong`."""
    found = address(text if "://" in text else f"https://{text}", ("https",), "https://10.4.5.7")
    if found.path.rstrip("/") not in ("", VISIONLINE_PATH):
        raise Wrong("has an unknown path", f'Write "{found.origin}"; the box adds {VISIONLINE_PATH} itself')
    return found.origin + VISIONLINE_PATH


def profile(text: str) -> str:
    """The name of a profile that ships with the box, or the path of a site's own TOML file. Raises `Wrong`."""
    if text not in BUILT_IN_PROFILES and not text.endswith(".toml"):
        meant = nearest(text, BUILT_IN_PROFILES) or BUILT_IN_PROFILES[0]
        raise Wrong(
            "is no profile of the box and no .toml file", f'Write "{meant}", or the path of your own .toml file'
        )
    return text


def plain_name(profile: str) -> str:
    """The name of a site's own profile as a file's: "./site.toml" is "site.toml"."""
    return str(PurePosixPath(profile))


def is_beside(profile: str) -> bool:
    """Whether a site's own profile is named by a plain file name: a box takes it from beside provisioning.toml."""
    name = plain_name(profile)
    return bool(_PROFILE_NAME.fullmatch(name)) and name.casefold() != _OWN_NAME


def _check_coder_bridge(table: Table, bridge: CoderBridge) -> None:
    if bridge.active and table.raw("encoders") in (None, []):
        wrong = "are missing, although the Coder Bridge is active"
        table.error(
            "encoders", wrong, "Write a section [[coder_bridge.encoders]] with name, identifier and key_cutters"
        )
    if bridge.profile not in BUILT_IN_PROFILES and not is_beside(bridge.profile):
        wrong = f"is no plain name of another file, and a box finds a profile only beside {_OWN_NAME}"
        table.warn(
            "profile", wrong, "Put the profile there, and write its name of letters, digits, dots and hyphens"
        )
    if bridge.allow_unconfirmed:
        wrong = "lets the box use calls that are not confirmed"
        table.warn("allow_unconfirmed", wrong, "Set it to false after the supervised test")
    if bridge.server.startswith("http:") and bridge.certificate_sha256:
        table.warn(
            "certificate_sha256", "is not used with http", "Write https:// in server, or take this line out"
        )


def _visionline(table: Table, rules: EncoderRules, servers: Once, own: str | None) -> Visionline:
    server = Visionline(
        server=table.text("server", visionline_server, "https://10.4.5.7"),
        username=table.text("username", filled_in, "nightporter"),
        password=read_password(table),
        encoders=rules.read(table, refuse_mobile, advise_no_blank),
        certificate_sha256=read_fingerprint(table),
        card_format=read_choice(table, "card_format", CardFormat.RFID48),
        first_card=read_choice(table, "first_card", FirstCard.OVERRIDE),
        date_header=read_choice(table, "date_header", DateHeader.DATE),
        signed_target=read_choice(table, "signed_target", SignedTarget.ESCAPED),
    )
    servers.note(server.server, table.place("server"))
    if table.raw("encoders") in (None, []):
        table.error("encoders", "are missing", "Write a section [[visionline.encoders]] below this server")
    if server.server:
        _check_server(table, address(server.server, ("https",), ""), own)
    return server


def _check_server(table: Table, server: Address, own: str | None) -> None:
    if is_own(server.host, own):
        table.error("server", "is the box's own address", "Write the address of the lock system's PC")
    is_plain = server.scheme == "http"
    if server.port in (_TLS_PORTS if is_plain else _PLAIN_PORTS):
        usual = "https" if is_plain else "http"
        wrong = f"says {server.scheme}, but port {server.port} usually speaks {usual}"
        table.warn(
            "server", wrong, f"Write {usual}:// if the lock system's PC has SSL {'on' if is_plain else 'off'}"
        )
    if host_ip(server.host) is None and server.host != "localhost":
        table.warn(
            "server", "is a name, so a broken name server stops the keys", "Write the PC's fixed IP address"
        )
