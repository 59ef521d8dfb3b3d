"""The least that polls Mews: trio, httpx, one client kept open, one POST a second, its JSON read. A yardstick.

It has no TLS context to load, as the agent has none for a plain address: the comparison is the strict one.
"""

import ssl
import sys

import httpx
import trio


async def main(mews: str, token: str) -> None:
    """Poll for ever."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    async with httpx.AsyncClient(verify=context, trust_env=False) as client:
        while True:
            answer = await client.post(
                f"{mews}/api/connector/v1/commands/getAllActive", json={"AccessToken": token}, timeout=30
            )
            answer.json()
            await trio.sleep(1)


if __name__ == "__main__":
    trio.run(main, sys.argv[1], sys.argv[2])
