"""Who may call the simulated VisiOnline: the log-in, and the session, date and signature of every other call.

Must never let a call in by chance, and counts those that it refuses. That a bad session or signature gets 401 or
403 is inferred, the texts are INVENTED (reference/visionline.md sections 2, 3 and 6).
"""

from datetime import datetime

from agent.simulators.base.replies import Reply, Request
from agent.simulators.base.simulator import Call
from agent.simulators.visionline import answers, signing
from agent.simulators.visionline.sessions import Session, Sessions
from agent.simulators.visionline.switches import UnsortedQuery, VisionlineSwitches

_DATE = "The date is missing, or too far from the server's (invented)"


class Access:
    """The sessions, and how many calls were not let in."""

    def __init__(self) -> None:
        self.sessions = Sessions()
        self.refused_log_ins = 0
        self.refused_sessions = 0
        self.refused_signatures = 0

    def log_in(self, call: Call, now: datetime, switches: VisionlineSwitches) -> Reply:
        """201 with a session, or why not; `now` is the server's wall clock."""
        name, password = ((call.body or {}).get(field) for field in ("username", "password"))
        if (denial := self._log_in_denial(call.request, (name, password), now, switches)) is not None:
            self.refused_log_ins += 1
            return denial
        session = self.sessions.open(str(name))
        return answers.success({"id": session.id, "accessKey": session.key}, 201, switches)

    def session(self, request: Request, now: datetime, switches: VisionlineSwitches) -> Session | Reply:
        """The session that a call is made in, or why it is not let in."""
        authorization = request.headers.get("authorization", "")
        session = self.sessions.use(signing.session_of(request), switches)
        if session is None:
            self.refused_sessions += 1
            text = "There is no such session (invented)"
            return answers.denied(switches.session_status, 1, text, switches, authorization)
        if (reason := _objection(request, session, now, switches)) is not None:
            self.refused_signatures += 1
            secrets = f"{authorization} {session.key}"
            return answers.denied(switches.signature_status, 2, reason, switches, secrets)
        return session

    def counts(self, switches: VisionlineSwitches) -> dict[str, object]:
        """What was counted."""
        return {
            "log_ins": self.sessions.opened,
            "log_outs": self.sessions.closed,
            "open_sessions": self.sessions.count(switches),
            "refused_log_ins": self.refused_log_ins,
            "refused_sessions": self.refused_sessions,
            "refused_signatures": self.refused_signatures,
        }

    def _log_in_denial(
        self, request: Request, account: tuple[object, object], now: datetime, switches: VisionlineSwitches
    ) -> Reply | None:
        limit = switches.date_skew_seconds if switches.date_skew_at_log_in else None
        if not _is_in_time(request, now, limit, switches):
            return answers.denied(switches.signature_status, 2, _DATE, switches, "")
        if account not in _accounts(switches):
            text = "User name or password wrong (invented)"
            return answers.denied(switches.log_in_status, 3, text, switches, str(account[1]))
        if switches.most_sessions is not None and self.sessions.count(switches) >= switches.most_sessions:
            return answers.denied(503, 4, "Too many sessions (invented)", switches, "")
        return None


def _objection(request: Request, session: Session, now: datetime, switches: VisionlineSwitches) -> str | None:
    if not _is_in_time(request, now, switches.date_skew_seconds, switches):
        return _DATE
    if switches.unsorted_query is UnsortedQuery.REFUSE and not signing.is_sorted(request.target):
        return "The parameters are not in alphabetical order (invented)"
    if not signing.is_signed(request, session.key, switches.signed_date, switches.signed_target):
        return "The signature does not fit (invented)"
    return None


def _is_in_time(request: Request, now: datetime, limit: float | None, switches: VisionlineSwitches) -> bool:
    date = signing.date_of(request, switches.signed_date)
    if date is None or limit is None:
        return date is not None
    return abs((date - now).total_seconds()) <= limit


def _accounts(switches: VisionlineSwitches) -> set[tuple[object, object]]:
    further = (account.partition(":") for account in switches.more_accounts)
    return {(switches.username, switches.password), *((name, password) for name, _, password in further)}
