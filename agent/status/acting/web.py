"""What the page that acts answers: log-in, one page of forms, an address an act. No logic: the desk has it.

Each answer is `no-store`. A POST is refused unless it comes from a page of the same address, has the session's
cookie and a token made for this very form (`decisions/forms.py`). Must never show a password or a guest, and works
without JavaScript.
"""

import os
from collections.abc import Awaitable, Callable
from functools import partial
from math import ceil
from secrets import token_hex

import trio
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from agent.control.acts import By
from agent.control.desk import Doing
from agent.control.words import sentences
from agent.control.words.messages import Face as FaceName
from agent.control.words.reading import Asked
from agent.control.words.told import End, Piece, Progress, Result
from agent.foundation.errors import UserMistake
from agent.foundation.reading.text import plain
from agent.handover import helper as asked_of_helper
from agent.status.acting import bodies, offers, pages
from agent.status.acting.bodies import BadBody, Form
from agent.status.acting.decisions import forms
from agent.status.acting.decisions.backoff import Backoff
from agent.status.acting.decisions.sessions import Session, Sessions
from agent.status.acting.face import Face
from agent.status.acting.password import Busy
from agent.status.acting.under_way import Full, Tell, UnderWay, Work
from agent.status.acting.upload import Upload
from agent.status.asset_paths import ASSETS
from agent.status.page import assets
from agent.status.server.connection import MORE_TIME
from agent.status.server.doorkeeper import Gate, Rules
from agent.status.server.peer import peer_of

COOKIE = "__Host-nightporter"
COLUMNS = 100  # of a table that an act tells
_CAPS = {"/update": bodies.UPDATE_BYTES + bodies.FORM_BYTES, "/provision": bodies.FILE_BYTES + bodies.FORM_BYTES}

Answer = Callable[[Request, Session], Awaitable[Response]]
_ENDS = {
    asked_of_helper.End.DONE: End.DONE,
    asked_of_helper.End.REFUSED: End.MISTAKE,
    asked_of_helper.End.FAILED: End.FAILED,
}


def acting_app(page: "ActingPage") -> ASGIApp:
    """The whole page as an ASGI application, for a listener in TLS alone."""
    app = Starlette(routes=page.routes(), exception_handlers={HTTPException: _sentence})
    app.router.redirect_slashes = False
    return Gate(app, page.face.box_name, page.face.names, Rules(most_bytes, "'self'"))


def most_bytes(path: str) -> int:
    """The longest body at an address."""
    return _CAPS.get(path, bodies.FORM_BYTES)


class ActingPage:
    """One for the life of its listener."""

    def __init__(self, face: Face) -> None:
        self.face = face
        self._backoff, self._sessions = Backoff(), Sessions(os.urandom)

    def routes(self) -> list[Route]:
        """All addresses."""
        return [
            Route("/", self._inside(self._home)),
            *(Route(path, _asset) for path in ASSETS),
            Route(pages.SCRIPT.path, pages.script),
            Route("/login", self._login_form, methods=["GET"]),
            Route("/login", self._log_in, methods=["POST"]),
            Route("/logout", self._inside(self._log_out), methods=["POST"]),
            Route("/act", self._inside(self._act), methods=["POST"]),
            Route("/act/{id}", self._inside(self._show)),
            Route("/act/{id}/break-off", self._inside(self._break_off), methods=["POST"]),
            Route("/act/{id}/file", self._inside(self._download)),
            Route("/provision", self._inside(self._provision), methods=["POST"]),
            Route("/provision/take", self._inside(self._take), methods=["POST"]),
            Route("/provision/keep", self._inside(self._keep), methods=["POST"]),
            Route("/provision/back", self._inside(self._back), methods=["POST"]),
            Route("/restart", self._inside(self._restart), methods=["POST"]),
            Route("/update", self._inside(self._update), methods=["POST"]),
        ]

    def end_sessions(self) -> None:
        """The password is another one: everybody logs in again."""
        self._sessions.end_all()

    # -- log-in ---------------------------------------------------------------------------------------------------

    async def _login_form(self, request: Request) -> Response:
        return pages.html("login.html", self.face, request, said="")

    async def _log_in(self, request: Request) -> Response:
        if not _is_from_here(request):
            return _foreign()
        peer, now = _peer(request), trio.current_time()
        if left := self._backoff.seconds_left(peer, now):
            return self._wait(request, ceil(left))
        try:
            form = await bodies.form_of(request)
            is_right = await self.face.password.is_right(form.get("password", ""), peer)
        except BadBody as bad:
            return self._refused(request, 400, str(bad))
        except Busy:
            return self._wait(request, 1)
        if not is_right:
            self._backoff.wrong(peer, trio.current_time())
            self.face.announce(f"page: a wrong password was given at {peer}")
            left = self._backoff.seconds_left(peer, trio.current_time())
            return (
                self._wait(request, ceil(left))
                if left
                else self._refused(request, 403, "That is not the box's password.")
            )
        self._backoff.right(peer)
        session = self._sessions.begin(trio.current_time())
        self.face.announce(f"page: {peer} has logged in")
        answer = RedirectResponse("/", 303)
        answer.headers.append("Set-Cookie", f"{COOKIE}={session.id}; Path=/; Secure; HttpOnly; SameSite=Strict")
        return answer

    def _wait(self, request: Request, seconds: int) -> Response:
        unit = "second" if seconds == 1 else "seconds"
        said = f"That was not the box's password, or another attempt is being looked at: wait {seconds} {unit}."
        answer = pages.html("login.html", self.face, request, status=429, said=said)
        answer.headers["Retry-After"] = str(seconds)
        return answer

    def _refused(self, request: Request, status: int, said: str) -> Response:
        return pages.html("login.html", self.face, request, status=status, said=said)

    async def _log_out(self, request: Request, session: Session) -> Response:
        form = await bodies.form_of(request)
        _nonce(session, "logout", form)
        self._sessions.end(session)
        answer = RedirectResponse("/login", 303)
        answer.headers.append("Set-Cookie", f"{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0")
        return answer

    def _inside(self, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        """Only for who is logged in; what posts comes from our own page."""

        async def guarded(request: Request) -> Response:
            if request.method == "POST" and not _is_from_here(request):
                return _foreign()
            session = self._sessions.find(request.cookies.get(COOKIE, ""), trio.current_time())
            if session is None:
                return RedirectResponse("/login", 303)
            try:
                return await answer(request, session)
            except BadBody as bad:
                return self._message(request, session, 400, str(bad))
            except _Forged:
                return self._message(
                    request, session, 403, "That form is not one of this page: load the page again."
                )
            except Full:
                return self._message(
                    request, session, 429, "Four acts are under way: wait until one of them has ended."
                )
            except UserMistake as mistake:
                return self._message(request, session, 400, str(mistake))

        return guarded

    # -- the desk's verbs -----------------------------------------------------------------------------------------

    async def _home(self, request: Request, session: Session) -> Response:
        names = self.face.desk.names()
        return self._page(
            request,
            session,
            "acts.html",
            offers=offers.offers(names),
            lanes=offers.lane_choices(names),
            paused=set(self.face.paused()),
        )

    async def _act(self, request: Request, session: Session) -> Response:
        form = await bodies.form_of(request)
        nonce = _nonce(session, "act", form)
        if nonce in session.sent:
            return _see(session.sent[nonce])
        words = offers.words_of(form)
        asked = self.face.desk.read(words)
        if asked.verb.name in offers.ASKED_TWICE and not form.get("yes"):
            fields = {name: value for name, value in form.items() if name not in ("token", "yes")}
            return self._page(
                request, session, "sure.html", title=offers.title_of(asked.verb.name), asked=asked, fields=fields
            )
        act = UnderWay(asked.text, session.id, again=None if form.get("sure") else form)
        doing = Doing()
        act.break_off = doing.break_off
        self._begin(
            session, nonce, act, partial(self._at_desk, asked, By(_peer(request), FaceName.PAGE), doing, act)
        )
        return _see(act.id)

    async def _at_desk(self, asked: Asked, by: By, doing: Doing, act: UnderWay, tell: Tell) -> Result:
        pieces = bytearray()

        def hear(told: Progress) -> None:
            if isinstance(told, Piece):
                pieces.extend(told.content)
                act.file = (told.name, bytes(pieces)) if len(pieces) == told.total else None
                return
            for line in sentences.lines(told, COLUMNS):
                tell(plain(line, 1000))

        return await self.face.desk.carry_out(asked, by, doing, hear)

    async def _show(self, request: Request, session: Session) -> Response:
        act = self.face.acts.find(request.path_params["id"], session.id)
        if act is None:
            return self._message(
                request, session, 404, "What came of it is no longer kept here: the status page lists the acts."
            )
        is_unsure = act.result is not None and act.result.end is End.UNSURE
        again = act.again if is_unsure else {}
        fields = {name: value for name, value in again.items() if name != "token"}
        return self._page(request, session, "act.html", act=act, fields=fields)

    async def _break_off(self, request: Request, session: Session) -> Response:
        form = await bodies.form_of(request)
        _nonce(session, "break-off", form)
        act = self.face.acts.find(request.path_params["id"], session.id)
        if act is not None and act.result is None and act.break_off is not None:
            act.break_off()
        return _see(request.path_params["id"])

    async def _download(self, request: Request, session: Session) -> Response:
        act = self.face.acts.find(request.path_params["id"], session.id)
        if act is None or act.file is None:
            return self._message(request, session, 404, "There is no file: make it again.")
        name, content = act.file
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type="application/octet-stream", headers=headers)

    # -- the provisioning file ------------------------------------------------------------------------------------

    async def _provision(self, request: Request, session: Session) -> Response:
        text = bytearray()

        def accept(form: Form) -> Callable[[bytes], None]:
            _nonce(session, "provision", form)
            return text.extend

        await bodies.upload_of(request, accept)
        if len(text) > bodies.FILE_BYTES:
            raise BadBody("A provisioning file has at most 1 MB.")
        lines: list[str] = []
        done = await self.face.helper.ask(asked_of_helper.TakeFile(bytes(text), is_trial_only=True), lines.append)
        is_good = done.end is asked_of_helper.End.DONE
        session.file = bytes(text) if is_good else None
        return self._page(request, session, "difference.html", lines=lines, done=done, is_good=is_good)

    async def _take(self, request: Request, session: Session) -> Response:
        form = await bodies.form_of(request)
        nonce = _nonce(session, "take", form)
        if nonce in session.sent:
            return _see(session.sent[nonce])
        if session.file is None:
            raise BadBody("That file was taken already, or is forgotten: choose it again.")
        text, session.file = session.file, None
        return self._ask_helper(request, session, nonce, "new provisioning file", asked_of_helper.TakeFile(text))

    async def _keep(self, request: Request, session: Session) -> Response:
        return await self._plain(request, session, "keep", "keep the file on trial", asked_of_helper.ConfirmFile())

    async def _back(self, request: Request, session: Session) -> Response:
        return await self._plain(
            request, session, "back", "back to the file before", asked_of_helper.RollBackFile()
        )

    # -- the box --------------------------------------------------------------------------------------------------

    async def _restart(self, request: Request, session: Session) -> Response:
        form = await bodies.form_of(request)
        nonce = _nonce(session, "restart", form)
        if nonce in session.sent:
            return _see(session.sent[nonce])
        what: asked_of_helper.Request = (
            asked_of_helper.Reboot() if form.get("box") else asked_of_helper.RestartAgent()
        )
        title = "restart the box" if form.get("box") else "restart the agent"
        return self._ask_helper(request, session, nonce, title, what)

    async def _update(self, request: Request, session: Session) -> Response:
        """A file that is not wanted is heard to its end: a browser shows no answer to one that it still sends."""
        nonce = ""
        refusals: list[UserMistake] = []
        more_time = request.scope["extensions"][MORE_TIME]["give"]

        with Upload(self.face.uploads, bodies.UPDATE_BYTES) as upload:

            def pass_over(_piece: bytes) -> None:
                more_time()

            def take(piece: bytes) -> None:
                more_time()
                if not refusals:
                    try:
                        upload.take(piece)
                    except UserMistake as mistake:
                        refusals.append(mistake)

            def accept(form: Form) -> Callable[[bytes], None]:
                nonlocal nonce
                nonce = _nonce(session, "update", form)
                if nonce in session.sent:
                    return pass_over
                try:
                    upload.begin(int(request.headers.get("content-length", "0")))
                except UserMistake as mistake:
                    refusals.append(mistake)
                return take

            await bodies.upload_of(request, accept)
            if nonce in session.sent:
                return _see(session.sent[nonce])
            if refusals:
                raise refusals[0]
            await trio.to_thread.run_sync(upload.finish)
        return self._ask_helper(
            request, session, nonce, "update from a file", asked_of_helper.Update(str(upload.path))
        )

    async def _plain(
        self, request: Request, session: Session, form_name: str, title: str, what: asked_of_helper.Request
    ) -> Response:
        form = await bodies.form_of(request)
        nonce = _nonce(session, form_name, form)
        if nonce in session.sent:
            return _see(session.sent[nonce])
        return self._ask_helper(request, session, nonce, title, what)

    def _ask_helper(
        self, request: Request, session: Session, nonce: str, title: str, what: asked_of_helper.Request
    ) -> Response:
        act = UnderWay(title, session.id)
        by = By(_peer(request), FaceName.PAGE)

        async def work(tell: Tell) -> Result:
            async def ask() -> Result:
                done = await self.face.helper.ask(what, lambda line: tell(plain(line, 1000)))
                act.confirm_seconds = done.confirm_seconds
                return Result(_ENDS[done.end], done.text)

            return await self.face.desk.write_down(title, by, ask)

        self._begin(session, nonce, act, work)
        return _see(act.id)

    def _begin(self, session: Session, nonce: str, act: UnderWay, work: Work) -> None:
        self.face.acts.begin(act, work)
        session.sent[nonce] = act.id

    # -- answers --------------------------------------------------------------------------------------------------

    def _page(
        self, request: Request, session: Session, template: str, *, status: int = 200, **values: object
    ) -> Response:
        def token(form: str) -> str:
            return forms.token(session.key, form, token_hex(16))

        return pages.html(template, self.face, request, status=status, token=token, **values)

    def _message(self, request: Request, session: Session, status: int, said: str) -> Response:
        return self._page(request, session, "message.html", status=status, said=said)


class _Forged(Exception):
    """A form without a token of ours."""


def _nonce(session: Session, form_name: str, form: Form) -> str:
    nonce = forms.nonce_of(session.key, form_name, form.get("token", ""))
    if nonce is None:
        raise _Forged
    return nonce


def _is_from_here(request: Request) -> bool:
    headers = request.headers
    return forms.is_from_here(headers.get("host"), headers.get("origin"), headers.get("sec-fetch-site"))


def _peer(request: Request) -> str:
    return peer_of(request.client.host) if request.client else ""


def _foreign() -> Response:
    return PlainTextResponse("This page takes forms from itself alone: open it by its own address.\n", 403)


def _see(id: str) -> Response:
    return RedirectResponse(f"/act/{id}", 303)


async def _asset(request: Request) -> Response:
    return assets.answer(request.url.path)


async def _sentence(_request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.status_code == 405:
        return PlainTextResponse(
            "This address is not asked like that: begin at /.\n", status_code=405, headers=error.headers
        )
    return PlainTextResponse("There is nothing here: try /.\n", status_code=404)
