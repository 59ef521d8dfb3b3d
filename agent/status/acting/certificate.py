"""The certificate of the page that acts: self-signed, made once by the openssl program, kept in the state folder.

The box carries no cryptography package. A person who opens the page for the first time compares the fingerprint
with the one on the looking page or the console. Key and certificate are one file, so that a power cut leaves no
half of them. Must never let another account read the key. openssl-req(1), openssl-ca(1); RFC 5280.
"""

import ssl
import subprocess
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from agent.foundation import files
from agent.foundation.errors import NightPorterError, reason_of
from agent.foundation.reading import certificate as reading
from agent.foundation.timing import utc_now

FOLDER = "page-certificate"
NAME = "page.pem"
_FIRST_DAY = "20200101000000Z"  # a box whose clock is years behind still has a certificate that counts by then
_THIS_YEAR = 2026  # the earliest that it can be
_YEARS = 10
_AHEAD = timedelta(days=1)  # made again that long before its end: no browser meets one that has run out
_SECONDS = 30.0  # s; a Pi needs a tenth of a second, and a start may be busy
_PROGRAM = "openssl"
_LONGEST_NAME = 63  # characters of a host name's label
_REQUEST = (
    *("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-sha256"),
    *("-keyout", "key", "-out", "request"),
)
_SIGNING = (
    *("ca", "-batch", "-selfsign", "-notext", "-config", "settings"),
    *("-keyfile", "key", "-in", "request", "-out", "certificate"),
)


def ensure(
    state: Path,
    names: Sequence[str],
    program: str = _PROGRAM,
    *,
    today: date | None = None,
    made: Callable[[str], None] = lambda _why: None,
) -> Path:
    """The file with key and certificate below `state`, made where there is none for these names that counts today.

    `names` are host names, the box's own first. `made` hears why one was made, a clause. Blocks. Raises
    `NightPorterError` in words where none can be had.
    """
    path, today = state / FOLDER / NAME, today or utc_now().date()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _keep_mode(path.parent, 0o700)
        if why := why_not(path, names, today):
            files.write(path, _made(path.parent, names, program, today), 0o600)
            made(why)
        else:
            _keep_mode(path, 0o600)
    except OSError as error:
        raise NightPorterError(f"The certificate of the page cannot be kept: {reason_of(error)}.") from None
    if not is_usable(path):
        raise NightPorterError("The openssl program made a certificate that cannot be used.")
    return path


def why_not(path: Path, names: Sequence[str], today: date) -> str:
    """Why another one has to be made, a clause; "" where this one will do.

    By a line of our own before the key (PEM readers pass over it, RFC 7468, 2), since ssl tells nothing of a
    certificate that it has not met.
    """
    if not path.exists():
        return "there was none"
    if not is_usable(path):
        return "the one before was damaged"
    *has, until = path.read_text("ascii", "replace").partition("\n")[0].split()[1:] or [""]
    if has != list(_all_names(names)):
        return "the names of the box are others"
    return "the one before runs out" if f"{today + _AHEAD:%Y%m%d}" >= until else ""


def is_usable(path: Path) -> bool:
    """Whether key and certificate are there, whole, and belong together."""
    try:
        context_of(path)
    except (OSError, ssl.SSLError, ValueError):  # ssl tells an unfinished file by all three
        return False
    return True


def context_of(path: Path) -> ssl.SSLContext:
    """What a listener serves with. Raises `OSError` and `ssl.SSLError`."""
    context = bare_context()
    load(context, path)
    return context


def bare_context() -> ssl.SSLContext:
    """The same without a certificate yet."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context


def load(context: ssl.SSLContext, path: Path) -> None:
    """Have it presented to each connection from now on. Raises `OSError` and `ssl.SSLError`, which is one."""
    context.load_cert_chain(path, password=lambda: "")  # never ask a terminal for one


def fingerprint(path: Path) -> str:
    """SHA-256 of the certificate as browsers show it, AB:CD:...; "" where there is none."""
    der = _der(path)
    return ":".join(f"{byte:02X}" for byte in sha256(der).digest()) if der else ""


def last_day(path: Path) -> datetime | None:
    """Until when the certificate is good; None where there is none that can be read."""
    seen = reading.read(_der(path))
    return None if seen is None else seen.not_after


def _der(path: Path) -> bytes:
    try:
        text = path.read_text("ascii", "replace")
        begin = text.index("-----BEGIN CERTIFICATE-----")
        return ssl.PEM_cert_to_DER_cert(text[begin:].strip() + "\n")
    except (OSError, ValueError):
        return b""


def _keep_mode(path: Path, mode: int) -> None:
    """Without a write to the disk where it is so already: this is looked at again and again."""
    if path.stat().st_mode & 0o777 != mode:
        path.chmod(mode)


def _made(folder: Path, names: Sequence[str], program: str, today: date) -> bytes:
    with TemporaryDirectory(prefix=".new-", dir=folder) as name:
        place = Path(name)
        (place / "settings").write_text(_settings(names))
        (place / "index").touch()
        _run(place, program, *_REQUEST, *("-config", "settings"))
        until = f"{max(today.year, _THIS_YEAR) + _YEARS}0101"
        _run(place, program, *_SIGNING, *("-startdate", _FIRST_DAY), *("-enddate", f"{until}000000Z"))
        about = " ".join(("names-and-end:", *_all_names(names), until))
        return f"{about}\n".encode("ascii") + (place / "key").read_bytes() + (place / "certificate").read_bytes()


def _run(place: Path, program: str, *words: str) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - arguments of our own, and no shell
            (program, *words),
            cwd=place,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise NightPorterError(
            f"The program {program} is not installed, and makes the page's certificate."
        ) from None
    except subprocess.TimeoutExpired:
        raise NightPorterError(f"The program {program} did not end within {_SECONDS:g} s.") from None
    if done.returncode:
        raise NightPorterError(
            f"The program {program} did not make the page's certificate (code {done.returncode})."
        )


def _settings(names: Sequence[str]) -> str:
    """In openssl's own syntax, config(5). By the file's rules names have letters, digits, dots and dashes."""
    alternatives = ",".join(f"DNS:{name}" for name in _all_names(names))
    return (
        "[req]\nprompt = no\nstring_mask = utf8only\ndistinguished_name = who\n"
        f"[who]\nCN = {names[0][:_LONGEST_NAME]}\n"
        "[ca]\ndefault_ca = own\n"
        "[own]\nnew_certs_dir = .\ndatabase = index\nrand_serial = yes\ndefault_md = sha256\n"
        "policy = any\nx509_extensions = ours\n"
        "[any]\ncommonName = supplied\n"
        "[ours]\nbasicConstraints = critical,CA:false\nkeyUsage = critical,digitalSignature\n"
        f"extendedKeyUsage = serverAuth\nsubjectAltName = {alternatives}\n"
    )


def _all_names(names: Sequence[str]) -> tuple[str, ...]:
    box, *further = names
    return tuple(dict.fromkeys((box, f"{box}.local", "localhost", *further)))
