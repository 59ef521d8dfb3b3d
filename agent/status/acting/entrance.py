"""The entrance to the page that acts: log-in and its sessions, and what comes in without one. No act is in here.

Must never let in a form from elsewhere, nor let one peer wait for what another got wrong.
"""

import os
from collections.abc import Awaitable, Callable
from math import ceil

import trio
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from agent.foundation.errors import UserMistake
from agent.languages.reader import reader
from agent.status.acting import bodies, pages
from agent.status.acting.answering import Answering, Forged, nonce_of, peer
from agent.status.acting.bodies import BadBody
from agent.status.acting.decisions import forms
from agent.status.acting.decisions.backoff import Backoff
from agent.status.acting.decisions.sessions import Session, Sessions
from agent.status.acting.face import Face
from agent.status.acting.password import Busy
from agent.status.acting.under_way import Full
from agent.status.server.sentences import sentence

COOKIE = "__Host-nightporter"
_NOT_DONE = "You were not logged in, or no longer: what you sent was not done. Log in, and do it again."
_ENDED = (
    "You are no longer logged in: that ends some minutes after the last click, with a new password, and when the "
    "agent starts again."
)
_AFTER = {"act": _NOT_DONE, "look": _ENDED}

Answer = Callable[[Request, Session], Awaitable[Response]]


class Entrance:
    """One for the life of its listener."""

    def __init__(self, face: Face, answering: Answering) -> None:
        self._face, self._pages = face, answering
        self._backoff, self._sessions = Backoff(), Sessions(os.urandom)

    def end_sessions(self) -> None:
        """The password is another one: everybody logs in again."""
        self._sessions.end_all()

    async def login_form(self, request: Request) -> Response:
        """Where the password is typed."""
        said = _AFTER.get(request.query_params.get("after", ""), "")
        return pages.html("login.html", self._face, request, said=said)

    async def log_in(self, request: Request) -> Response:
        """With the password that was typed."""
        if not _is_from_here(request):
            return self._foreign(request)
        who, now = peer(request), trio.current_time()
        if left := self._backoff.seconds_left(who, now):
            return self._wait(request, ceil(left))
        try:
            form = await bodies.form_of(request)
            is_right = await self._face.password.is_right(form.get("password", ""), who)
        except BadBody as bad:
            return self._refused(request, 400, str(bad))
        except Busy:
            return self._wait(request, 1)
        if not is_right:
            self._backoff.wrong(who, trio.current_time())
            self._face.announce(f"page: a wrong password was given at {who}")
            left = self._backoff.seconds_left(who, trio.current_time())
            return (
                self._wait(request, ceil(left))
                if left
                else self._refused(request, 403, "That is not the box's password.")
            )
        self._backoff.right(who)
        session = self._sessions.begin(trio.current_time())
        self._face.announce(f"page: {who} has logged in")
        answer = RedirectResponse("/", 303)
        answer.headers.append("Set-Cookie", f"{COOKIE}={session.id}; Path=/; Secure; HttpOnly; SameSite=Strict")
        return answer

    def _wait(self, request: Request, seconds: int) -> Response:
        unit = "second" if seconds == 1 else "seconds"
        said = f"That was not the box's password, or another attempt is being looked at: wait {seconds} {unit}."
        answer = pages.html("login.html", self._face, request, status=429, said=said)
        answer.headers["Retry-After"] = str(seconds)
        return answer

    def _refused(self, request: Request, status: int, said: str) -> Response:
        return pages.html("login.html", self._face, request, status=status, said=said)

    async def log_out(self, request: Request, session: Session) -> Response:
        """This session, and no other."""
        form = await bodies.form_of(request)
        nonce_of(session, "logout", form)
        self._sessions.end(session)
        answer = RedirectResponse("/login", 303)
        answer.headers.append("Set-Cookie", f"{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0")
        return answer

    def inside(self, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        """Only for who is logged in; what posts comes from our own page."""

        async def guarded(request: Request) -> Response:
            if request.method == "POST" and not _is_from_here(request):
                return self._foreign(request)
            session = self._sessions.find(request.cookies.get(COOKIE, ""), trio.current_time())
            if session is None:
                return RedirectResponse(self._log_in_after(request), 303)
            try:
                return await answer(request, session)
            except BadBody as bad:
                return self._pages.message(request, session, 400, str(bad))
            except Forged:
                return self._pages.message(
                    request, session, 403, "That form is not one of this page: load the page again."
                )
            except Full:
                return self._pages.message(
                    request, session, 429, "Four acts are under way: wait until one of them has ended."
                )
            except UserMistake as mistake:
                return self._pages.message(request, session, 400, str(mistake))

        return guarded

    def _log_in_after(self, request: Request) -> str:
        """Where who is not logged in goes on, and hears what that meant for the click."""
        keep = reader(request.query_params, "", self._face.language).keep.removeprefix("?")
        after = "act" if request.method == "POST" else "look" if COOKIE in request.cookies else ""
        query = "&".join(filter(None, (keep, after and f"after={after}")))
        return f"/login?{query}" if query else "/login"

    def _foreign(self, request: Request) -> Response:
        said = "This page takes forms from itself alone: open it by its own address."
        return sentence(request.scope, self._face.language, 403, said)

    async def refusal(self, request: Request, error: Exception) -> Response:
        """What is said of an address that there is not, or that is not asked like that."""
        if isinstance(error, HTTPException) and error.status_code == 405:
            said = "This address is not asked like that: begin at /."
            return sentence(request.scope, self._face.language, 405, said, error.headers)
        return sentence(request.scope, self._face.language, 404, "There is nothing here: try /.")


def _is_from_here(request: Request) -> bool:
    headers = request.headers
    return forms.is_from_here(headers.get("host"), headers.get("origin"), headers.get("sec-fetch-site"))
