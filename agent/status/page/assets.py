"""The files beside the page: style, scripts and the icon of each level. Each has a version in its address.

So a new box's page never meets an old style, and a browser asks for each of them once.
"""

from hashlib import sha256
from pathlib import Path

import msgspec
from starlette.responses import Response

from agent.status.asset_paths import LEVELS, SCRIPTS

_FOLDER = Path(__file__).parent / "templates"
_FOR_EVER = "public, max-age=31536000, immutable"  # a year, which is what caches take for "for ever"


class Asset(msgspec.Struct, frozen=True):
    """A file as it is served: its path, its bytes and their media type."""

    path: str
    content: bytes
    media_type: str

    @property
    def version(self) -> str:
        """Changes with the content."""
        return sha256(self.content).hexdigest()[:12]

    @property
    def address(self) -> str:
        """Path and version, as a page links to it."""
        return f"{self.path}?v={self.version}"


def _read(name: str, media_type: str) -> Asset:
    return Asset(f"/{name}", (_FOLDER / name).read_bytes(), media_type)


STYLE = _read("style.css", "text/css")
_SCRIPTS = {name: _read(f"{name}.js", "text/javascript") for name in SCRIPTS}
OF_PAGE = (_SCRIPTS["swap"], _SCRIPTS["shown"], _SCRIPTS["hear"])  # in that order: each needs those before it
OF_LOG = (_SCRIPTS["log"],)
ICONS = {level: _read(f"icon-{level}.svg", "image/svg+xml") for level in LEVELS}


_ALL = {asset.path: asset for asset in (STYLE, *_SCRIPTS.values(), *ICONS.values())}


def answer(path: str) -> Response:
    """The file at one of the paths of `agent/status/asset_paths.py`; both listeners serve them."""
    return immutable(_ALL[path])


def immutable(asset: Asset) -> Response:
    """A file whose address changes with its content."""
    return Response(asset.content, media_type=asset.media_type, headers={"Cache-Control": _FOR_EVER})
