"""One plain sentence as an answer, in the language of who asks. A catalogue is loaded only for who needs it."""

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Scope

from agent.languages.choice import LANGUAGES
from agent.languages.reader import reader

Choose = Callable[[str], str]  # the language for an Accept-Language


def english(_accept_language: str) -> str:
    """Of a page that has one language alone."""
    return LANGUAGES[0]


def sentence(
    scope: Scope, choose: Choose, status: int, text: str, headers: Mapping[str, str] | None = None
) -> PlainTextResponse:
    """The answer to the request of `scope`. `text` is English, as the catalogues know it."""
    return PlainTextResponse(
        f"{_said(scope, choose, text)}\n",
        status_code=status,
        headers={"Vary": "Accept-Language", **(headers or {})},
    )


def _said(scope: Scope, choose: Choose, text: str) -> str:
    request = Request(scope)
    language = reader(request.query_params, request.headers.get("accept-language", ""), choose).language
    if language == LANGUAGES[0]:
        return text
    from agent.languages.phrasebook import phrasebook  # no start waits for it

    return phrasebook(language).say(text)
