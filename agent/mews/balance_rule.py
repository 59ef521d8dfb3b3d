"""The rule about open balances: who owes the hotel more than the file allows gets no key from here.

Where it cannot be applied (a company pays, another currency, no answer) the key is cut and the page says so: a
guest at the desk at midnight is not locked out for a question that has no answer. Keeps neither ids nor sums.
"""

import trio

from agent.commands.driver import KeyJob
from agent.commands.model import Kind, Outcome
from agent.commands.notes import Code, ended
from agent.foundation.reading.text import sentence
from agent.health import mews_kinds
from agent.health.health import Health
from agent.mews.calls import MewsError
from agent.mews.enquiries import Enquiries
from agent.mews.records import Money, OwnerKind
from provisioning.ids import same_id

SECONDS = 5.0  # s that a guest may wait for this answer
_HOP = "mews"


class BalanceRule:
    """`most` is what may be owed (`commands/consent.py`)."""

    def __init__(self, enquiries: Enquiries, health: Health, most: Money) -> None:
        self._enquiries, self._health, self._most = enquiries, health, most

    async def objection(self, job: KeyJob) -> Outcome | None:
        """Why this key may not be cut."""
        trouble = f"Mews did not answer within {SECONDS:g} s"
        with trio.move_on_after(SECONDS):
            try:
                owed = await self._owed(job)
            except _Untold as reason:
                trouble = str(reason)
            except MewsError as error:
                trouble = str(error)
            else:
                self._health.clear(_HOP, mews_kinds.BALANCE)
                return ended(Code.BALANCE, Kind.KEY) if owed.value > self._most.value else None
        self._health.raise_fault(mews_kinds.BALANCE, _HOP, sentence(f"Of the last order: {trouble}"))
        return None

    async def _owed(self, job: KeyJob) -> Money:
        customer = job.customer or await self._owner(job.reservation)
        owed = await self._enquiries.balance(customer, self._most.currency, is_for_a_key=True)
        if owed.currency != self._most.currency:
            raise _Untold(f"the balance is in {owed.currency}, and the rule in {self._most.currency}")
        return owed

    async def _owner(self, reservation: str) -> str:
        if not reservation:
            raise _Untold("it names no reservation")
        found = await self._enquiries.stays_by_id([reservation], is_for_a_key=True)
        owners = [stay for stay in found.stays if same_id(stay.id) == same_id(reservation)]
        if not owners or not owners[0].owner:
            raise _Untold("Mews does not tell whose reservation it is")
        if owners[0].owner_kind is not OwnerKind.CUSTOMER:
            raise _Untold("a company pays, and Mews tells no balance of one")
        return owners[0].owner


class _Untold(Exception):
    """Mews does not tell what is owed; `str()` says why in a few words."""
