"""The provisioning file on the page that acts: sent, looked at as a difference, taken on trial, kept or not."""

from collections.abc import Callable
from hashlib import sha256

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from agent.handover import helper as asked_of_helper
from agent.status.acting import bodies
from agent.status.acting.answering import Answering, more_time, nonce_of, see
from agent.status.acting.bodies import BadBody, Form
from agent.status.acting.decisions.sessions import Difference, Session
from agent.status.acting.face import Face

_GONE = "That file was taken already, or is forgotten: choose it again."


class FilePages:
    """A session remembers the file that was sent last, until it is taken."""

    def __init__(self, face: Face, answering: Answering) -> None:
        self._face, self._pages = face, answering

    async def send(self, request: Request, session: Session) -> Response:
        """Look at a file, without taking it."""
        text = bytearray()
        give_time = more_time(request)

        def take(piece: bytes) -> None:
            give_time()
            if len(text) <= bodies.FILE_BYTES:  # the rest is heard and dropped, as with an update
                text.extend(piece)

        def accept(form: Form) -> Callable[[bytes], None]:
            nonce_of(session, "provision", form)
            session.file = session.difference = None  # whatever becomes of this one, it is the one that counts
            return take

        await bodies.upload_of(request, accept)
        if len(text) > bodies.FILE_BYTES:
            raise BadBody("A provisioning file has at most 1 MB.")
        self._show(session, bytes(text), await self._look(bytes(text)))
        return RedirectResponse("/provision", 303)

    async def difference(self, request: Request, session: Session) -> Response:
        """What came of looking at the file that was sent last."""
        if session.difference is None:
            return RedirectResponse("/", 303)
        return self._pages.page(request, session, "difference.html", difference=session.difference)

    async def take(self, request: Request, session: Session) -> Response:
        """Take it, on trial."""
        form = await bodies.form_of(request)
        nonce = nonce_of(session, session.take_form, form)
        if nonce in session.sent:
            return see(session.sent[nonce])
        text, shown = _waiting(session)
        seen = await self._look(text)
        if nonce in session.sent:  # it came twice, and the other one was looked at sooner
            return see(session.sent[nonce])
        if _waiting(session) != (text, shown):
            raise BadBody(_GONE)
        if seen.form != shown.form:  # the box's own file was changed since, and this was never shown
            self._show(session, text, msgspec.structs.replace(seen, is_other=True))
            return RedirectResponse("/provision", 303)
        what = asked_of_helper.TakeFile(text)
        begun = self._pages.ask_helper(request, session, nonce, "new provisioning file", what)
        session.file = session.difference = None
        return begun

    async def _look(self, text: bytes) -> Difference:
        """What the helper says of a file, without taking it."""
        lines: list[str] = []
        done = await self._face.helper.ask(asked_of_helper.TakeFile(text, is_trial_only=True), lines.append)
        is_good = done.end is asked_of_helper.End.DONE
        about = msgspec.json.encode((sha256(text).hexdigest(), lines, done.text, is_good))
        return Difference(tuple(lines), done.text, is_good, f"take-{sha256(about).hexdigest()}")

    def _show(self, session: Session, text: bytes, difference: Difference) -> None:
        session.file = text if difference.is_good else None
        session.take_form = difference.form
        session.difference = difference

    async def keep(self, request: Request, session: Session) -> Response:
        """Keep the one on trial."""
        return await self._pages.plain(
            request, session, "keep", "keep the file on trial", asked_of_helper.ConfirmFile()
        )

    async def go_back(self, request: Request, session: Session) -> Response:
        """Go back to the one before."""
        return await self._pages.plain(
            request, session, "back", "back to the file before", asked_of_helper.RollBackFile()
        )


def _waiting(session: Session) -> tuple[bytes, Difference]:
    """The file that waits to be taken, and what was shown of it. Raises `BadBody` where there is none."""
    if session.file is None or session.difference is None:
        raise BadBody(_GONE)
    return session.file, session.difference
