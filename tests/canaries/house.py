"""The hotel of the canaries, as real processes: every secret that a file can have, guests who are recognised
wherever they turn up, and servers that say aloud what they were told.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import msgspec

from agent.simulators.mews.listing import key_data
from agent.simulators.mews.switches import DEMO_CLIENT_TOKEN, DEMO_TOKEN
from tests.canaries.receiver import Receiver, receiving
from tests.e2e.processes import PATIENCE, RealHotel, real_hotel
from tests.faults.canaries import ACCOUNT, BOX_PASSWORD, GUEST, OTHERS_ACCOUNT, PASSWORD, PHONES, TOKEN
from tests.free_port import free_port
from tests.print_hotel import LABELS, OFFICE, base64

PAGE_PASSWORD = "canary wicker boat 33"
OTHER_PAGE_PASSWORD = "canary <copper> & lamp 94"
CONSOLE_CODE = "canary-7mp3-xq"
WRITE_KEY, WRITE_USER, WRITE_PASSWORD = "canary-write-key", "canary-write-user", "canary-write-pass/word+9"
HOOK_PATH, HOOK_TOKEN = "canary-hook-path-77", "canary-hook-token-3f"
ROOM_NOTE = "CanaryNote: allergic to feathers"
TITLE = "Invoice of Mr CanaryTitle"
COMPANION = {"FirstName": "Canáry-Zoë", "LastName": "O'Canary & Sons", "Email": "zoe.canary@example.org"}
CONTACT = "desk.canary@example.org"
IN_THE_FILE = (
    *(TOKEN, PASSWORD, BOX_PASSWORD, PAGE_PASSWORD, OTHER_PAGE_PASSWORD, CONSOLE_CODE),
    *(WRITE_KEY, WRITE_PASSWORD, HOOK_PATH, HOOK_TOKEN),
)
OF_GUESTS = (
    *GUEST.values(),
    *COMPANION.values(),
    *("436601234567", "436607654321"),
    *(ROOM_NOTE, TITLE, "CanaryTitle", CONTACT),
)


class House:
    """`hotel` with its file, `receiver`, and the `port` of the page that acts."""

    def __init__(self, hotel: RealHotel, receiver: Receiver, port: int) -> None:
        self.hotel, self.receiver, self.port = hotel, receiver, port

    def provision(self, page_password: str = PAGE_PASSWORD) -> None:
        """Write the file with all its secrets."""
        hotel = self.hotel
        hotel.provision(
            token=TOKEN,
            profile="allow_precheckin = true",
            more=PHONES + hotel._visionline() + hotel._printers() + self._more(page_password),
        )

    def _more(self, page_password: str) -> str:
        near = f"http://127.0.0.1:{self.receiver.port}"
        return (
            f"\n[page]\nacting = '127.0.0.1:{self.port}'\npassword = '{page_password}'\n"
            f"[console]\ncode = '{CONSOLE_CODE}'\n"
            f"[telemetry]\nremote_write = '{near}/api/v1/write?key={WRITE_KEY}'\n"
            f"remote_write_user = '{WRITE_USER}'\nremote_write_password = '{WRITE_PASSWORD}'\n"
            f"webhook = '{near}/hooks/{HOOK_PATH}'\nwebhook_token = '{HOOK_TOKEN}'\n"
        )

    def secrets(self) -> tuple[str, ...]:
        """All that must stay in memory, sessions and tokens of the run included."""
        hotel = self.hotel
        session = hotel.mews.sessions._token
        opened = hotel.visionline.access.sessions.ever
        of_run = [*hotel.bridge.tokens._since, *(each.id for each in opened), *(each.key for each in opened)]
        tokens = [DEMO_TOKEN, DEMO_CLIENT_TOKEN, *([session] if session else [])]
        accounts = (*ACCOUNT.values(), *OTHERS_ACCOUNT.values())
        return tuple(dict.fromkeys((*IN_THE_FILE, *OF_GUESTS, *accounts, *tokens, *of_run)))

    def order(self, room: str, key_cutter: str = "1", **changes: object) -> str:
        """Order a key with all that Mews may know of its guests; the command's id."""
        hotel, now = self.hotel, self.hotel.mews.clock.now()
        data = key_data(key_cutter, (room,), now, now.replace(year=now.year + 1), 1)
        stay = {"Id": f"stay-{room}", "Customer": GUEST, "Companions": [COMPANION], "Notes": ROOM_NOTE}
        known = {**data, **ACCOUNT, **GUEST, "ApiUrl": hotel.visionline_server, "Reservation": stay}
        return hotel.mews.add_key(key_cutter, data={**known, **changes})

    def order_document(self, printer: str = OFFICE) -> str:
        """Order a document with a guest's name in its title; the command's id."""
        text = f"%PDF-1.4\n1 0 obj<</Type/Page>>endobj\n2 0 obj<</Title({TITLE})>>endobj\ntrailer<<>>\n%%EOF\n"
        id = self.hotel.mews.add_print(printer, base64(text.encode()))
        data = self.hotel.mews.command(id).data
        assert isinstance(data, dict)
        data.update({"FileName": f"{TITLE}.pdf", "Customer": GUEST})
        return id

    def order_raw(self, tail: bytes) -> str:
        """Order something that is not whole, with a guest around it; the command's id."""
        person = msgspec.json.encode(GUEST)
        head = b'{"Id":"@ID@","State":"Pending","CreatedUtc":"@CREATED@","Creator":' + person
        id = self.hotel.mews.add_raw(head + b',"Guest":' + person + tail)
        assert id is not None
        return id

    async def everything_goes_wrong(self) -> None:
        """Orders that end in every kind of note, with guests in them; servers repeat what they were told, and the
        names of guests that they know by themselves."""
        bridge, visionline, mews = self.hotel.bridge, self.hotel.visionline, self.hotel.mews
        guest = f"{GUEST['FirstName']} {GUEST['LastName']}"
        told = f"{GUEST['Telephone']} alias 436607654321 of {GUEST['Email']} is no telephone"
        bridge.fail("no-card", "guest_key", match={"room": "102"}, seconds=0.1)
        bridge.fail("drop", "guest_key", match={"room": "103"}, when="after")
        bridge.fail("html-500", "guest_key", match={"room": "104"})
        known = f"{guest} ({COMPANION['LastName']}, {GUEST['Email']}) is in that room: {ROOM_NOTE}"
        bridge.fail("database-down", "guest_key", match={"room": "108"}, message=known)
        bridge.fail("database-down", "mobile_key_push", match={"room": "402"}, message=told)
        account = f"{ACCOUNT['UserName']} with {ACCOUNT['Password']}, not {BOX_PASSWORD}: {guest.upper()}"
        visionline.fail("bad-request", "cards", match={"door": "302"}, message=account)
        visionline.fail("drop", "cards", match={"door": "304"}, when="after")
        about = f"{guest} has left. The token {TOKEN} may not tell of {COMPANION['FirstName']} any more"
        mews.error_body = json.dumps({"Message": about, "Details": about}).encode()
        mews.fail("403", "commands/update", calls=12)
        url = f"https://{OTHERS_ACCOUNT['UserName']}:{OTHERS_ACCOUNT['Password']}@10.9.9.9/api/v1"
        for room in ("101", "102", "103", "104", "108"):
            self.order(room)
        self.order("105", KeyCount="x")
        self.order("106", "77")
        self.order("107", KeyCount=11)
        self.order_raw(b',"Device":{"Id":"1","Name":"K","Type":"Teleporter"}}')
        self.order_raw(b"}")
        for room in ("401", "402"):
            self.order(room, "phones")
        for room in ("301", "302", "304"):
            self.order(room, "bar1")
        self.order("305", "bar1", **OTHERS_ACCOUNT)
        self.order("306", "bar1", ApiUrl=url)
        for printer in (OFFICE, LABELS, "nowhere"):
            self.order_document(printer)
        await mews.wait_all_final()

    def mews_turns_hostile(self) -> None:
        """From now on Mews refuses each list, and names tokens as it does."""
        mews = self.hotel.mews
        words = f"No way with {TOKEN} alias {mews.sessions._token}"
        mews.error_body = json.dumps({"Message": words, "Details": words}).encode()
        mews.fail("400", "commands/getAllActive")


@asynccontextmanager
async def house(folder: Path) -> AsyncIterator[House]:
    """The house with its servers up and its file written; no agent runs yet."""
    async with real_hotel(folder, visionline_encoders=1, has_printers=True) as hotel, receiving() as receiver:
        hotel.mews.switch(token=TOKEN, details=True)
        hotel.bridge.switch(client_pw=PASSWORD, echo_secrets=True, card_seconds=0.05)
        account = f"{ACCOUNT['UserName']}:{ACCOUNT['Password']}"
        hotel.visionline.switch(
            password=BOX_PASSWORD, more_accounts=(account,), echo_secrets=True, card_seconds=0.05
        )
        hotel.printer.switch(page_seconds=0.05)
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as web:
            guest = {"first_name": GUEST["FirstName"], "last_name": GUEST["LastName"], "email": GUEST["Email"]}
            stay = {"room": "101", "phone": GUEST["Phone"], **guest}
            made = await web.post(f"http://127.0.0.1:{hotel.ports[0]}/_sim/reservations", json=stay)
            assert made.status_code == 200, made.text
        found = House(hotel, receiver, free_port())
        found.provision()
        yield found
