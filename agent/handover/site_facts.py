"""What the console may know of the provisioning file, in memory: no secret but a check of the console code.

`box prepare` and the taking of a file write it (`/run/nightporter/site.json`); readers trust nothing.
"""

import os
from hashlib import scrypt
from hmac import compare_digest
from pathlib import Path

import msgspec

from agent.foundation import files
from provisioning.model import Provisioning

SITE = Path("/run/nightporter/site.json")
MOST_BYTES = 64 * 1024
_COST = (
    4096  # scrypt's n: 4 MB and some hundredths of a second on a small box; the file is for the box's users alone
)


class CodeCheck(msgspec.Struct, frozen=True):
    """Tells the console code from others."""

    salt: bytes
    digest: bytes

    def fits(self, code: str) -> bool:
        """Whether this is the code."""
        return compare_digest(_digest(code, self.salt), self.digest)


class Server(msgspec.Struct, frozen=True):
    """A server of the file: what people call it, `scheme://host:port`, and its pinned certificate, "" for none.

    `is_far`: it is not in the hotel's own network.
    """

    name: str
    base: str
    pin: str = ""
    is_far: bool = False


class SiteFacts(msgspec.Struct, frozen=True):
    """`is_provisioned`: there is a file, whether this version can use it or not. `language`: of the staff."""

    is_provisioned: bool = False
    code: CodeCheck | None = None
    servers: tuple[Server, ...] = ()
    language: str = "en"


def code_check(code: str) -> CodeCheck:
    """The check of a code, with a salt of its own."""
    salt = os.urandom(16)
    return CodeCheck(salt, _digest(code, salt))


def facts_of(provisioning: Provisioning) -> SiteFacts:
    """Those of a file."""
    code = provisioning.console.code
    servers = [Server("Mews", provisioning.mews.platform, is_far=True)]
    if provisioning.coder_bridge:
        bridge = provisioning.coder_bridge
        servers.append(Server("Coder Bridge", bridge.server, bridge.certificate_sha256 or ""))
    servers += [
        Server(f"VisiOnline {number}", server.server, server.certificate_sha256 or "")
        for number, server in enumerate(provisioning.visionline, 1)
    ]
    return SiteFacts(
        is_provisioned=True,
        code=code_check(code.reveal()) if code else None,
        servers=tuple(servers),
        language=provisioning.box.language,
    )


def write(facts: SiteFacts, path: Path = SITE, group: int | None = None) -> None:
    """Write them for root and `group` alone. Raises `OSError`."""
    files.write_in_memory(path, msgspec.json.encode(facts), 0o640)
    if group is not None:
        os.chown(path, -1, group)


def read(path: Path = SITE) -> SiteFacts | None:
    """What was written; None where there is nothing to be read."""
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(MOST_BYTES), type=SiteFacts)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _digest(code: str, salt: bytes) -> bytes:
    return scrypt(code.encode("utf-8", "surrogatepass"), salt=salt, n=_COST, r=8, p=1)
