"""A client of VisiOnline's web API for the simulator's tests, after the public clients. No codec of ours."""

import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from email.utils import format_datetime
from hashlib import md5, sha1

import httpx

from agent.simulators.visionline.simulator import VisionlineSimulator

LOG_IN = {"username": "night-porter", "password": "visionline-password"}
JSON = "application/json;charset=utf-8"
ORDER = {
    "doorOperations": [{"doors": ["101"], "operation": "guest"}],
    "expireTime": "20160506T1100",
    "format": "rfid48",
    "startTime": "20160504T1500",
}


def content_md5(body: bytes) -> str:
    return b64encode(md5(body).digest()).decode()


def signature(key: str, *lines: str) -> str:
    return b64encode(hmac.new(key.encode(), "\n".join(lines).encode(), sha1).digest()).decode()


class Caller:
    """Logs in once and signs each call; what a call says otherwise it says instead."""

    def __init__(self, visionline: VisionlineSimulator, client: httpx.AsyncClient) -> None:
        self.visionline = visionline
        self.client = client
        self.id = self.key = ""

    def date(self) -> str:
        return format_datetime(self.visionline.clock.now(), usegmt=True)

    async def log_in(self, *, date: str | None = None, **fields: object) -> httpx.Response:
        """A log-in with another date and other fields, if any; remembers the session."""
        body = json.dumps({**LOG_IN, **fields}).encode()
        headers = {"Date": date or self.date(), "Content-Type": JSON, "Content-MD5": content_md5(body)}
        answer = await self.client.post("/api/v1/sessions", content=body, headers=headers)
        if answer.status_code == 201:
            self.id, self.key = answer.json()["id"], answer.json()["accessKey"]
        return answer

    async def call(
        self,
        method: str,
        target: str,
        body: Mapping[str, object] | None = None,
        *,
        signed: str | None = None,
        date: tuple[str, str] | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> httpx.Response:
        """One call. `signed` is what line 5 says instead of the target, `date` is header and text of a date."""
        if not self.id:
            await self.log_in()
        raw = b"" if body is None else json.dumps(body).encode()
        name, text = date or ("Date", self.date())
        sent = {name: text, **({"Content-Type": JSON, "Content-MD5": content_md5(raw)} if raw else {})}
        line_4 = f"X-Aah-Date:{text}" if name == "X-Aah-Date" else text
        lines = (method, sent.get("Content-MD5", ""), sent.get("Content-Type", ""), line_4, signed or target)
        sent["Authorization"] = f"AWS {self.id}:{signature(self.key, *lines)}"
        kept = {name: value for name, value in {**sent, **(headers or {})}.items() if value is not None}
        return await self.client.request(method, target, content=raw, headers=kept)

    async def encode(self, encoder: str = "1", flags: str = "override=true", **fields: object) -> httpx.Response:
        """A card. `flags` go into the query, fields into the body, of which None leaves one out."""
        body = {name: value for name, value in {**ORDER, **fields}.items() if value is not None}
        query = "&".join(sorted(["action=encode", f"encoder={encoder}", *(flags.split("&") if flags else [])]))
        return await self.call("POST", f"/api/v1/cards?{query}", body)


def room(*doors: str) -> list[dict[str, object]]:
    """`doorOperations` for these doors."""
    return [{"doors": list(doors), "operation": "guest"}]
