"""The certificates of a simulated server: its own, an expired one, and the one that it has after a renewal.

Must never be trusted by anything but a pin or a switched-off check: each is signed by its own key alone. They are
made by the program openssl (openssl-ca(1), which also LibreSSL has), because Python's library makes none, and no
key lies on the disk longer than the making takes.
"""

import ssl
import subprocess
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from agent.foundation.errors import UserMistake

_SECONDS = 30.0  # s; openssl takes some hundredths of one
_VALID = ("20200101000000Z", "20491231235959Z")
_OVER = ("20150101000000Z", "20160101000000Z")  # before any clock that a simulator or a box may have
_CONFIG = """
[ca]
default_ca = own
[own]
new_certs_dir = .
database = index
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = shown
[any]
commonName = supplied
[shown]
subjectAltName = DNS:localhost, IP:127.0.0.1, IP:::1
"""
_REQUEST = "req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=Simulator"


class Tls(StrEnum):
    """What a new connection is met with."""

    PLAIN = "plain"  # no TLS
    OWN = "own"  # a certificate that the server made for itself
    EXPIRED = "expired"  # likewise, and it is over
    CHANGED = "changed"  # a renewed one, with another key

    @property
    def scheme(self) -> str:
        """What an address begins with."""
        return "http" if self is Tls.PLAIN else "https"


class Certificates:
    """One certificate for each kind, made when it is first asked for and then kept."""

    def __init__(self) -> None:
        self._contexts: dict[Tls, ssl.SSLContext] = {}
        self._pems: dict[Tls, str] = {}

    def context(self, kind: Tls) -> ssl.SSLContext | None:
        """What a connection is secured with, None for plain. Raises UserMistake where openssl is missing."""
        if kind is not Tls.PLAIN and kind not in self._contexts:
            self._make(kind)
        return self._contexts.get(kind)

    def pem(self, kind: Tls) -> str:
        """The certificate as text, empty for plain. Raises UserMistake like `context`."""
        self.context(kind)
        return self._pems.get(kind, "")

    def sha256(self, kind: Tls) -> str:
        """What a client pins: the fingerprint in hex, empty for plain. Raises UserMistake like `context`."""
        pem = self.pem(kind)
        return sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest() if pem else ""

    def _make(self, kind: Tls) -> None:
        if which("openssl") is None:
            raise UserMistake("TLS needs the program openssl: install it, or write plain for tls")
        with TemporaryDirectory() as name:
            folder = Path(name)
            _write(folder, *(_OVER if kind is Tls.EXPIRED else _VALID))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(folder / "certificate", folder / "key")
            self._pems[kind] = (folder / "certificate").read_text()
        self._contexts[kind] = context


def _write(folder: Path, since: str, until: str) -> None:
    """A new key and its certificate, in files of this folder."""
    (folder / "config").write_text(_CONFIG)
    (folder / "index").touch()
    _openssl(folder, *_REQUEST.split(), "-keyout", "key", "-out", "request")
    dates = ("-startdate", since, "-enddate", until)
    names = ("-config", "config", "-keyfile", "key", "-in", "request", "-out", "certificate")
    _openssl(folder, "ca", "-batch", "-selfsign", "-notext", *names, *dates)


def _openssl(folder: Path, *words: str) -> None:
    argv = ("openssl", *words)
    subprocess.run(argv, cwd=folder, check=True, capture_output=True, timeout=_SECONDS)  # noqa: S603 - fixed words
