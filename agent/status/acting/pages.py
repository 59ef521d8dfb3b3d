"""The pages that act as HTML, in the frame of every page of the box and the reader's language. Every value is
escaped; nothing comes from another host, and each page is whole without its script.
"""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from agent.languages.reader import PARAMETER, Reader, reader
from agent.status.acting.face import Face
from agent.status.crossing import looking_url
from agent.status.page.assets import Asset, immutable
from agent.status.page.templating import to_html

_TEMPLATES = Path(__file__).parent / "templates"
SCRIPT = Asset("/act.js", (_TEMPLATES / "act.js").read_bytes(), "text/javascript")


LANGUAGE_COOKIE = "__Host-language"  # the one that the address asked for: a form's answer is in it, too


def read_by(face: Face, request: Request) -> Reader:
    """In which language: the address's, else the one that it asked for before, else the browser's."""
    asked = request.query_params.get(PARAMETER) or request.cookies.get(LANGUAGE_COOKIE, "")
    query = {**request.query_params, PARAMETER: asked}
    return reader(query, request.headers.get("accept-language", ""), face.language, query)


def keep_language(request: Request, answer: Response) -> None:
    """Remember the language that the address asks for. It is no secret, so a link from elsewhere may bring it."""
    who = reader(request.query_params, "", lambda _: "")
    if who.keep:
        answer.headers.append(
            "Set-Cookie", f"{LANGUAGE_COOKIE}={who.language}; Path=/; Secure; HttpOnly; SameSite=Lax"
        )


def html(template: str, face: Face, request: Request, *, status: int = 200, **values: object) -> Response:
    """A whole page, for who asks with `request`."""
    who = read_by(face, request)
    home = looking_url(request.headers.get("host", ""), face.looks_at())
    answer = HTMLResponse(
        to_html(
            template,
            who.language,
            _TEMPLATES,
            box=face.box_name(),
            is_box=face.is_box(),
            home=home,
            keep=who.keep,
            others=who.others if request.method == "GET" else (),  # the address of a form is not asked again
            act_script=SCRIPT.address,
            **values,
        ),
        status_code=status,
        # Not "no-referrer": with that a browser sends forms with the Origin "null" (fetch.spec.whatwg.org, 3.1).
        headers={"Referrer-Policy": "same-origin", "Vary": "Accept-Language, Cookie"},
    )
    keep_language(request, answer)
    return answer


async def script(_request: Request) -> Response:
    """The script of an act that is under way."""
    return immutable(SCRIPT)
