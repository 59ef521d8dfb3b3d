"""The box itself on the page that acts: started again, and updated from a file."""

from collections.abc import Callable

import trio
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from agent.foundation.errors import UserMistake
from agent.handover import helper as asked_of_helper
from agent.status.acting import bodies
from agent.status.acting.answering import Answering, more_time, nonce_of, see
from agent.status.acting.bodies import Form
from agent.status.acting.decisions.sessions import Session
from agent.status.acting.face import Face
from agent.status.acting.upload import Upload, Uploads


class BoxPages:
    """Its helper does it."""

    def __init__(self, face: Face, answering: Answering) -> None:
        self._face, self._pages = face, answering
        self._uploads = Uploads()

    async def restart(self, request: Request, session: Session) -> Response:
        """The agent, or the whole box once that is meant."""
        form = await bodies.form_of(request)
        nonce = nonce_of(session, "restart", form)
        if nonce in session.sent:
            return see(session.sent[nonce])
        if form.get("box") and not form.get("yes"):
            return RedirectResponse("/restart", 303)
        what: asked_of_helper.Request = (
            asked_of_helper.Reboot() if form.get("box") else asked_of_helper.RestartAgent()
        )
        title = "restart the box" if form.get("box") else "restart the agent"
        return self._pages.ask_helper(request, session, nonce, title, what)

    async def sure_of_restart(self, request: Request, session: Session) -> Response:
        """The question before the box is restarted."""
        return self._pages.page(
            *(request, session, "sure.html"),
            title="Restart the box",
            about="A key that is being made has 30 seconds to end. Until the box is back, no key is cut.",
            words="",
            told=(),
            action="/restart",
            form="restart",
            fields={"box": "yes"},
        )

    async def update(self, request: Request, session: Session) -> Response:
        """A file that is not wanted is heard to its end: a browser shows no answer to one that it still sends."""
        nonce = ""
        refusals: list[UserMistake] = []
        give_time = more_time(request)

        with Upload(self._face.uploads, bodies.UPDATE_BYTES, self._uploads) as upload:

            def pass_over(_piece: bytes) -> None:
                give_time()

            def take(piece: bytes) -> None:
                give_time()
                if not refusals:
                    try:
                        upload.take(piece)
                    except UserMistake as mistake:
                        refusals.append(mistake)

            def accept(form: Form) -> Callable[[bytes], None]:
                nonlocal nonce
                nonce = nonce_of(session, "update", form)
                if nonce in session.sent:
                    return pass_over
                try:
                    upload.begin(int(request.headers.get("content-length", "0")))
                except UserMistake as mistake:
                    refusals.append(mistake)
                return take

            await bodies.upload_of(request, accept)
            if nonce in session.sent:
                return see(session.sent[nonce])
            if refusals:
                raise refusals[0]
            await trio.to_thread.run_sync(upload.finish)
            what = asked_of_helper.Update(str(upload.path))
            begun = self._pages.ask_helper(
                request, session, nonce, "update from a file", what, over=upload.release
            )
            upload.keep()
        return begun
