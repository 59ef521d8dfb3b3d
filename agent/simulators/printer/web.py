"""The web server in the printer: what it says before anyone looks at the IPP in a request.

Must never read a request's body.
"""

from base64 import b64decode

from agent.simulators.base.certificates import Tls
from agent.simulators.base.replies import HTML, Reply, Request
from agent.simulators.printer.switches import PlainHttp, PrinterSwitches

IPP = "application/ipp"
PATH = "/ipp/print"
QUEUES = "/printers/"  # as CUPS has them


def is_ours(path: str) -> bool:
    """Whether a path is the printer's."""
    return path.rstrip("/") == PATH or (path.startswith(QUEUES) and bool(queue_of(path)))


def queue_of(path: str) -> str:
    """The name in a path below /printers/."""
    return path.removeprefix(QUEUES).rstrip("/")


def refusal_of(request: Request, switches: PrinterSwitches) -> Reply | None:
    """The answer to what is no request for the printer; None for what is one."""
    if not is_ours(request.path):
        return page(404, "there is no such page")
    if request.method != "POST":
        return page(405, "IPP is posted", ("Allow", "POST"))
    if switches.tls is Tls.PLAIN and switches.plain_http is not PlainHttp.ACCEPT:
        return _to_tls(request, switches.plain_http)
    if switches.log_in is not None and _account(request) != switches.log_in:
        return page(401, "who are you?", ("WWW-Authenticate", 'Basic realm="Printer"'))
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != IPP:
        return page(400, f"the content is no {IPP}")
    return None


def page(status: int, words: str, *headers: tuple[str, str]) -> Reply:
    """A page as web servers show it when something is wrong; `words` are ours."""
    body = f"<!DOCTYPE html><html><head><title>{status}</title></head><body><p>{words}</p></body></html>"
    return Reply(status, body.encode(), HTML, headers)


def _to_tls(request: Request, plain_http: PlainHttp) -> Reply:
    if plain_http is PlainHttp.UPGRADE:
        return page(426, "TLS is wanted", ("Upgrade", "TLS/1.2"), ("Connection", "Upgrade"))
    host = request.headers.get("host", "localhost")
    return page(301, "TLS is wanted", ("Location", f"https://{host}{request.target or request.path}"))


def _account(request: Request) -> str:
    """NAME:PASSWORD of a basic log-in (RFC 7617), empty for none."""
    scheme, _, coded = request.headers.get("authorization", "").partition(" ")
    try:
        return b64decode(coded, validate=True).decode() if scheme.lower() == "basic" else ""
    except ValueError:  # neither Base64 nor UTF-8
        return ""
