"""The label of one box, to be printed: who it is, where it is reached, what opens it. As text, and as SVG. Pure.

It is the one thing that shows the console's code and the page's password: on paper, for the hotel's key cabinet.
The certificate of the page that acts is made by the box itself at its first start: until its fingerprint is known,
the label says where the box shows it.
SVG 1.1 without fonts or pictures from elsewhere, so that any browser prints it.
"""

from collections.abc import Iterator, Sequence
from html import escape
from ipaddress import ip_interface

import msgspec

from provisioning.addresses import listening
from provisioning.model import Provisioning

WIDTH, HEIGHT = 105, 148  # mm; a page of A6, four on one of A4
_MARGIN = 8.0
_QR = 38.0  # mm; read by a phone from a hand's breadth, also printed small
_QUIET = 4  # modules that stay white around it (ISO/IEC 18004)
_INSIDE = WIDTH - 2 * _MARGIN
_LINE = 5.0
_ADDRESSES = 3  # more do not fit; they are tried in this order, and the first ones are the likeliest
_USUAL = 4.0  # mm; height of a letter
_WIDE = 0.62  # width of a letter of Courier and its like, of its height
_HALF = 48  # characters of a fingerprint in a line: 16 bytes and the colon behind each
_NO_FINGERPRINT = "its SHA-256: on the page, or type label on the console"
_ROWS_END = 131.0  # mm; what opens the box ends here, above the words at the foot
_KEEP = ("This page opens the box: keep it", "where the master key is kept.")


class Row(msgspec.Struct, frozen=True):
    """What something is called, and what it is; without a title it goes on with the row before."""

    title: str
    value: str


class Label(msgspec.Struct, frozen=True):
    """`addresses` are tried in this order, and the first one is the QR code's."""

    name: str
    addresses: tuple[str, ...]
    rows: tuple[Row, ...]


def label(file: Provisioning, serial_number: str = "", fingerprint: str = "") -> Label:
    """The label of a box with this file; `fingerprint` is of the certificate of its page that acts, as 64 hex
    digits, "" while it is not known.
    """
    rows = (*_rows(file, serial_number), *_acting_rows(file, fingerprint))
    return Label(file.box.name, tuple(_addresses(file))[:_ADDRESSES], rows)


def as_text(of: Label) -> str:
    """The label for a printer that knows letters only, without a final line break."""
    rows = (Row("Night Porter", of.name), *_titled("Page", of.addresses), *of.rows)
    width = max(len(row.title) for row in rows)
    return "\n".join([*(f"{row.title:<{width}}  {row.value}" for row in rows), "", *_KEEP])


def as_svg(of: Label, modules: Sequence[Sequence[int]]) -> str:
    """The label as a page. `modules` are the rows of the QR code of the first address, 1 for black."""
    inside = "\n".join(_drawn(of, modules))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}mm" height="{HEIGHT}mm"'
        f' viewBox="0 0 {WIDTH} {HEIGHT}">\n'
        f"<title>Night Porter: {escape(of.name)}</title>\n"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n{inside}\n</svg>\n'
    )


def _addresses(file: Provisioning) -> Iterator[str]:
    _, port = listening(file.page.listen)
    end = "/" if port == 80 else f":{port}/"
    yield from (f"http://{host}{end}" for host in _hosts(file))


def _hosts(file: Provisioning) -> Iterator[str]:
    """A fixed address first: a phone in another network finds no name that ends in .local."""
    if file.network.address:
        at = ip_interface(file.network.address).ip
        yield f"[{at}]" if at.version == 6 else str(at)
    yield f"{file.box.name}.local"
    yield from file.page.names


def _rows(file: Provisioning, serial_number: str) -> Iterator[Row]:
    if serial_number:
        yield Row("Serial number", serial_number)
    if code := file.console.code:
        yield Row("Console code", code.reveal())
    if password := file.page.password:
        yield Row("Page password", password.reveal())
    if file.support.name or file.support.phone:
        yield Row("Support", " ".join(filter(None, (file.support.name, file.support.phone))))


def _acting_rows(file: Provisioning, fingerprint: str) -> Iterator[Row]:
    if file.page.acting is None:
        return
    _, port = listening(file.page.acting)
    yield Row("To act", f"https://{next(_hosts(file))}{'/' if port == 443 else f':{port}/'}")
    pairs = ":".join(fingerprint[at : at + 2].upper() for at in range(0, len(fingerprint), 2))
    yield Row("Certificate", pairs[:_HALF] or _NO_FINGERPRINT)
    if pairs:
        yield Row("", pairs[_HALF:])


def _titled(title: str, values: Sequence[str]) -> Iterator[Row]:
    yield from (Row(title if at == 0 else "", value) for at, value in enumerate(values))


def _drawn(of: Label, modules: Sequence[Sequence[int]]) -> Iterator[str]:
    yield _text(13, "Night Porter", _USUAL, "sans-serif", weight="bold")
    yield _text(23, of.name, _fitting(of.name, 8.0), "monospace", weight="bold")
    yield f'<line x1="{_MARGIN}" y1="27" x2="{WIDTH - _MARGIN}" y2="27" stroke="#000" stroke-width="0.4"/>'
    yield _code(modules, (WIDTH - _QR) / 2, 29)
    y = 29 + _QR + 4
    for address in of.addresses:
        yield _text(y, address, _fitting(address, _USUAL), "monospace", is_centred=True)
        y += _LINE
    yield from _drawn_rows(of.rows, y + 3)
    for at, words in enumerate(_KEEP):
        yield _text(HEIGHT - _MARGIN - 4 + 4 * at, words, 3.0, "sans-serif")


def _drawn_rows(rows: Sequence[Row], y: float) -> Iterator[str]:
    """Title above value; smaller where there are many of them."""
    steps = [_LINE + 2 if row.title and at else 0.0 for at, row in enumerate(rows)]
    smaller = min(1.0, (_ROWS_END - y) / max(_LINE, sum(steps) + _LINE * len(rows)))
    for row, step in zip(rows, steps, strict=True):
        y += step * smaller
        if row.title:
            yield _text(y, row.title, round(3.2 * smaller, 2), "sans-serif")
        y += _LINE * smaller
        yield _text(y, row.value, _fitting(row.value, 5.0 * smaller), "monospace", weight="bold")


def _fitting(text: str, wanted: float) -> float:
    """The height at which a text is no wider than the page."""
    return round(min(wanted, _INSIDE / (_WIDE * max(1, len(text)))), 2)


def _text(
    y: float, text: str, size: float, family: str, weight: str = "normal", *, is_centred: bool = False
) -> str:
    x, anchor = (WIDTH / 2, ' text-anchor="middle"') if is_centred else (_MARGIN, "")
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="{family}" font-size="{size:g}" font-weight="{weight}"{anchor}'
        f' xml:space="preserve">{escape(text)}</text>'
    )


def _code(modules: Sequence[Sequence[int]], x: float, y: float) -> str:
    """One path of unit squares, each run of a row as one."""
    count = len(modules) + 2 * _QUIET
    runs = "".join(
        f"M{begin + _QUIET} {at + _QUIET}h{end - begin}v1h-{end - begin}z"
        for at, row in enumerate(modules)
        for begin, end in _runs(row)
    )
    scale = f"translate({x:g} {y:g}) scale({_QR / count:.5f})"
    return f'<path transform="{scale}" fill="#000" shape-rendering="crispEdges" d="{runs}"/>'


def _runs(row: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where black begins and ends in a row."""
    begin: int | None = None
    for at, is_black in enumerate((*row, 0)):
        if is_black and begin is None:
            begin = at
        elif not is_black and begin is not None:
            yield begin, at
            begin = None
