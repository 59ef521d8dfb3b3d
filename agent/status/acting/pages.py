"""The pages that act as HTML, in the frame of every page of the box and the reader's language. Every value is
escaped; nothing comes from another host, and each page is whole without its script.
"""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from agent.status.acting.face import Face
from agent.status.crossing import looking_url
from agent.status.page.assets import Asset, immutable
from agent.status.page.templating import to_html

_TEMPLATES = Path(__file__).parent / "templates"
SCRIPT = Asset("/act.js", (_TEMPLATES / "act.js").read_bytes(), "text/javascript")


def html(template: str, face: Face, request: Request, *, status: int = 200, **values: object) -> Response:
    """A whole page, for who asks with `request`."""
    language = face.language(request.headers.get("accept-language", ""))
    home = looking_url(request.headers.get("host", ""), face.looks_at())
    return HTMLResponse(
        to_html(
            template,
            language,
            _TEMPLATES,
            box=face.box_name(),
            is_box=face.is_box(),
            home=home,
            act_script=SCRIPT.address,
            **values,
        ),
        status_code=status,
        # Not "no-referrer": with that a browser sends forms with the Origin "null" (fetch.spec.whatwg.org, 3.1).
        headers={"Referrer-Policy": "same-origin", "Vary": "Accept-Language"},
    )


async def script(_request: Request) -> Response:
    """The script of an act that is under way."""
    return immutable(SCRIPT)
