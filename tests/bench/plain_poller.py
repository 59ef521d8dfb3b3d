"""The connector that people write in an afternoon: poll, and for each command do one thing after the other.

Not ours and not good: no journal, no lanes, no time-outs. It is what the agent's speed is compared with.
"""

import sys
import time

import requests

HEADERS = {"Content-Type": "application/json"}


def main(mews: str, bridge: str, token: str) -> None:
    """Poll for ever."""
    login = {"client_id": "night-porter", "client_pw": "bridge-password"}
    jwt = requests.post(f"{bridge}/mst/enc/auth/auth", json=login).json()["value"]

    def update(command_id: str, state: str) -> None:
        body = {"AccessToken": token, "CommandId": command_id, "State": state}
        requests.post(f"{mews}/api/connector/v1/commands/update", json=body).raise_for_status()

    while True:
        body = {"AccessToken": token}
        answer = requests.post(f"{mews}/api/connector/v1/commands/getAllActive", json=body)
        for command in answer.json()["Commands"]:
            data = command["Data"]
            update(command["Id"], "Processing")
            key = {
                "rm": data["LockIds"][0],
                "enco": data["KeyCutterId"],
                "movein": data["ValidityStartUtc"],
                "moveout": data["ValidityEndUtc"],
            }
            cut = requests.post(
                f"{bridge}/mst/enc/pms/cikey", json=key, headers={"Authorization": f"Bearer {jwt}"}
            )
            update(command["Id"], "Processed" if cut.json()["result"] == 0 else "Error")
        time.sleep(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
