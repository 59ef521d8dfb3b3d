"""The desk's verbs on the page that acts: one page of forms, an address an act. No logic: the desk has it."""

from functools import partial
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from agent.control.acts import By
from agent.control.desk import Doing
from agent.control.words import sentences
from agent.control.words.messages import Face as FaceName
from agent.control.words.reading import Asked
from agent.control.words.told import End, Piece, Progress, Result, Table
from agent.languages.reader import PARAMETER
from agent.status.acting import bodies, offers
from agent.status.acting.answering import Answering, line_of, nonce_of, peer, see
from agent.status.acting.decisions.sessions import Session
from agent.status.acting.face import Face
from agent.status.acting.under_way import Tell, UnderWay


class DeskPages:
    """What the desk can be asked for, and what came of it."""

    def __init__(self, face: Face, answering: Answering) -> None:
        self._face, self._pages = face, answering

    async def home(self, request: Request, session: Session) -> Response:
        """What can be done."""
        names = self._face.desk.names()
        return self._pages.page(
            request,
            session,
            "acts.html",
            offers=offers.offers(names),
            lanes=offers.lane_choices(names),
            paused=set(self._face.paused()),
        )

    async def act(self, request: Request, session: Session) -> Response:
        """Begin one, or ask first whether it is meant."""
        form = await bodies.form_of(request)
        nonce = nonce_of(session, "act", form)
        if nonce in session.sent:
            return see(session.sent[nonce])
        words = offers.words_of(form)
        asked = self._face.desk.read(words)
        if asked.verb.name in offers.ASKED_TWICE and not form.get("yes"):
            fields = {name: value for name, value in form.items() if name not in ("token", "yes")}
            return RedirectResponse(
                f"/sure?{urlencode(fields)}", 303
            )  # has an address, so that "back" leads to it
        act = UnderWay(
            offers.title_of(asked.verb.name), session.id, None if form.get("sure") else form, asked.text
        )
        doing = Doing()
        act.break_off = doing.break_off
        work = partial(self._at_desk, asked, By(peer(request), FaceName.PAGE), doing, act)
        return self._pages.begin(session, nonce, act, work)

    async def sure(self, request: Request, session: Session) -> Response:
        """The question before what is asked twice. Does nothing by itself."""
        fields = {name: value for name, value in request.query_params.items() if name != PARAMETER}
        asked, names = self._face.desk.read(offers.words_of(fields)), self._face.desk.names()
        return self._pages.page(
            *(request, session, "sure.html"),
            title=offers.title_of(asked.verb.name),
            about="",
            words=asked.text,
            told=offers.told(asked.verb, fields, names),
            action="/act",
            form="act",
            fields=fields,
        )

    async def _at_desk(self, asked: Asked, by: By, doing: Doing, act: UnderWay, tell: Tell) -> Result:
        pieces = bytearray()

        def hear(told: Progress) -> None:
            if isinstance(told, Piece):
                pieces.extend(told.content)
                act.file = (told.name, bytes(pieces)) if len(pieces) == told.total else None
                return
            for line in _lines(told):
                tell(line_of(line))

        return await self._face.desk.carry_out(asked, by, doing, hear)

    async def show(self, request: Request, session: Session) -> Response:
        """How an act goes, or what came of it."""
        act = self._face.acts.find(request.path_params["id"], session.id)
        if act is None:
            return self._pages.message(
                request, session, 404, "What came of it is no longer kept here: the status page lists the acts."
            )
        is_unsure = act.result is not None and act.result.end is End.UNSURE
        again = act.again if is_unsure else {}
        fields = {name: value for name, value in again.items() if name != "token"}
        return self._pages.page(
            request, session, "act.html", act=act, fields=fields, tells_failure=sentences.tells_failure
        )

    async def break_off(self, request: Request, session: Session) -> Response:
        """As Ctrl-C does at a terminal."""
        form = await bodies.form_of(request)
        nonce_of(session, "break-off", form)
        act = self._face.acts.find(request.path_params["id"], session.id)
        if act is not None and act.result is None and act.break_off is not None:
            act.break_off()
        return see(request.path_params["id"])

    async def download(self, request: Request, session: Session) -> Response:
        """The file that an act made."""
        act = self._face.acts.find(request.path_params["id"], session.id)
        if act is None or act.file is None:
            return self._pages.message(request, session, 404, "There is no file: make it again.")
        name, content = act.file
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type="application/octet-stream", headers=headers)


def _lines(told: Progress) -> list[str]:
    """A table as a line a row, each value with its heading: columns need a terminal, and headings a language."""
    if not isinstance(told, Table):
        return [sentences.line(told)]
    heads = [head.capitalize() for head in told.columns]
    rows = (zip(heads, row, strict=True) for row in told.rows)
    return ["; ".join(f"{head}: {value}" for head, value in row if value) for row in rows]
