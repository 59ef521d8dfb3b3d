"""The key driver for ASSA ABLOY's VisiOnline: has cards encoded by its encoders, a session and a request each.

Never asks twice for one card unless session or signature were surely refused, never says "not cut" unless that is
sure, sends an account to no server but the file's, puts no secret into a note or a fault.
Facts: reference/visionline.md.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from agent.commands.driver import Job, KeyJob, Lane, LockDoor
from agent.commands.model import Account, Kind, Outcome, Verdict
from agent.commands.notes import Code
from agent.commands.notes import ended as not_made
from agent.commands.probe import Step
from agent.drivers.knocking import Knock
from agent.drivers.lock_server import redirects
from agent.drivers.lock_server.log_in import LogInRefused
from agent.drivers.lock_server.not_asked import not_asked
from agent.drivers.lock_server.words import refusal
from agent.drivers.server_watch import ServerWatch
from agent.drivers.visionline.faults import VisionlineFaults
from agent.drivers.visionline.look import SessionLook
from agent.drivers.visionline.own_steps import VisionlineSteps
from agent.drivers.visionline.protocol import named_server, requests, verdicts, wire
from agent.drivers.visionline.protocol.notes import KeyCode, ended
from agent.drivers.visionline.protocol.requests import CardRules
from agent.drivers.visionline.protocol.verdicts import Ending
from agent.drivers.visionline.web_api import SHORT_SECONDS, Said, Visit, WebApi
from agent.foundation.errors import CallFailed, NoAnswer
from agent.health.health import Health
from provisioning.model import FirstCard

KEY_SECONDS = 90.0  # s; the encoder waits that long for a card (reference/visionline.md, section 4)


class NoDoors(CallFailed):
    """The server was asked for its doors and answered with something else."""


class VisionlineDriver:
    """One VisiOnline server and its encoders, as the pipeline sees them.

    `encoders` gives each encoder's identifier, which is its name in VisiOnline, what people call it; `pin` is the
    SHA-256 of the server's certificate in the file, "" for none; `knock` tries whether it is there, `hint` is
    called as `late_since` begins and ceases to tell.
    """

    def __init__(
        self,
        api: WebApi,
        rules: CardRules,
        health: Health,
        encoders: Mapping[str, str],
        pin: str = "",
        knock: Knock | None = None,
        hint: Callable[[], None] = lambda: None,
    ) -> None:
        self._api = api
        self._account = api.account
        self._rules = rules
        self._encoders = encoders
        self.hop = hop_of(self._account.url)
        self._faults = VisionlineFaults(health, self.hop, pin)
        self._look = SessionLook(api, self._faults)
        self._watch = ServerWatch(self._look, knock, hint)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """Its encoders."""
        return tuple(Lane(f"encoder:{id}", id, name, self.hop) for id, name in self._encoders.items())

    @property
    def locks_out(self) -> bool:
        """Whether the first card of a stay overrides earlier ones."""
        return self._rules.first_card is FirstCard.OVERRIDE

    @property
    def calls_at_once(self) -> float:
        """No limit is known: a program of the server queues what it is asked for (reference section 10)."""
        return math.inf

    @property
    def card_seconds(self) -> float:
        """How long the encoder waits for a card."""
        return KEY_SECONDS

    @property
    def last_answer(self) -> float | None:
        """When anything came back from the server (monotonic seconds), None: never yet."""
        return self._api.last_answer

    @property
    def next_try(self) -> float | None:
        """When a server that is away is looked for again (monotonic seconds)."""
        return self._watch.next_try

    @property
    def late_since(self) -> float | None:
        """When it was asked for an answer that has not come yet (monotonic seconds); None: it owes none."""
        return self._watch.late_since

    def objection(self, job: Job) -> Outcome | None:
        """Why this job cannot be done; None if it can. Asks no one, and tells the page of another server."""
        if not isinstance(job, KeyJob):
            return not_made(Code.NO_PRINT, Kind.PRINT)
        return self._about_server(job) or requests.objection(job, self._rules)

    async def carry_out(self, job: Job) -> Outcome:
        """Have one card encoded.

        Bounded by 90 s for the card, and for each log-in (at most two, each at most twice) and each closing of a
        session the short times of `web_api.py`.
        """
        refused = self.objection(job)
        if refused is not None or not isinstance(job, KeyJob):
            return refused or not_made(Code.NO_PRINT, Kind.PRINT)
        with self._watch.encoder_waits():
            return await self._encode(job)

    async def watch(self) -> None:
        """State the standing fault, then look at the server every minute, by calls that can do no harm."""
        self._faults.stand(self._account.username.reveal())
        await self._watch.watch()

    def own_steps(self) -> Sequence[Step]:
        """What can be tested of it once a connection comes about."""
        operator = self._account.username.reveal()
        return VisionlineSteps(self._look, self._faults, operator, self.list_doors).steps()

    async def list_doors(self) -> tuple[LockDoor, ...]:
        """The doors that the lock system knows. Raises `CallFailed`, with a reason fit to be shown."""
        async with self._api.visit() as visit:
            said = await visit.ask(requests.DOORS, deadline=SHORT_SECONDS, cap=wire.DOORS_CAP)
            doors = wire.doors(said.body) if 200 <= said.status < 300 else None
            if doors is None:
                words = visit.clean(wire.said(said.body))
                raise NoDoors(words or f"HTTP {said.status}, without a list of doors")
        return doors

    async def _encode(self, job: KeyJob) -> Outcome:
        account = self._account_of(job)
        try:
            async with self._api.visit(account) as visit:
                self._let_in(account)
                said = await visit.ask(requests.card(job, self._rules), deadline=KEY_SECONDS)
                return self._judged(job, said, visit)
        except NoAnswer as error:
            self._faults.key_unanswered(job.encoder, error)
            return ended(KeyCode.NO_ANSWER, encoder=self._name(job))
        except CallFailed as error:
            self._not_asked(account, error)
            return ended(KeyCode(not_asked(error)), error.reason)

    def _judged(self, job: KeyJob, said: Said, visit: Visit) -> Outcome:
        ending = verdicts.ending(said.status, said.body, said.moved)
        if ending.code is None:
            self._faults.key_cut(job.encoder)
            return Outcome(Verdict.DONE, key=ending.key)
        words, status = visit.clean(ending.words, job.people), f"HTTP {said.status}"
        if said.moved is not None:
            status += f", {redirects.words(said.moved)}"
        self._tell(job, ending, words or status)
        told = refusal(words, status) if ending.code is KeyCode.REFUSED else words
        return ended(ending.code, told or status, self._name(job))

    def _tell(self, job: KeyJob, ending: Ending, words: str) -> None:
        if ending.code in (KeyCode.ANSWER_UNREADABLE, KeyCode.NOT_ACCEPTED, KeyCode.ADDRESS):
            self._faults.key_answer_wrong(words)
        elif ending.code is not None:
            self._faults.key_failed(job.encoder, job.rooms, ending.code, words)

    def _about_server(self, job: KeyJob) -> Outcome | None:
        """The order's own account is sent to the file's server alone, and to no other address at all."""
        account = job.account
        if account is None or not account.url.strip():
            return None
        if named_server.is_same(account.url, self._account.url):
            self._faults.own_server()
            return None
        secrets = (account.username.reveal(), account.password.reveal())
        asked = named_server.shown(account.url, secrets)
        if named_server.is_same(asked, self._account.url):
            asked += " with something around it"
        self._faults.other_server(asked)
        return ended(KeyCode.OTHER_SERVER, asked)

    def _account_of(self, job: KeyJob) -> Account:
        """The order's own where it is whole, else the box's."""
        account = job.account
        is_whole = account and account.url.strip() and account.username.reveal() and account.password.reveal()
        return account if account and is_whole else self._account

    def _let_in(self, account: Account) -> None:
        if account is self._account:
            self._faults.logged_in()
        else:
            self._faults.order_let_in()

    def _not_asked(self, account: Account, error: CallFailed) -> None:
        if account is not self._account and isinstance(error, LogInRefused):
            self._faults.order_refused(error)
        else:
            self._faults.not_asked(error)

    def _name(self, job: KeyJob) -> str:
        return self._encoders.get(job.encoder, job.encoder)


def hop_of(server: str) -> str:
    """The place on the page of a server of the file: host, and port where the file names one, as it names them."""
    return f"lock-server:{urlsplit(server).netloc}"
