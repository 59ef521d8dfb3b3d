"""What ippeveprinter runs to print a job: asks the test at the socket that its first argument names, and obeys.

Tells it of the job in a line of JSON. Each line that comes back is one for the printer (`STATE:`, `ATTR:`), and a
number alone is the exit status. Runs by itself, without this project's modules.
"""

import json
import os
import socket
import sys


def main(place: str, file: str) -> int:
    """Print one file as the test says; the exit status."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(place)
        told = {
            "name": os.environ["IPP_JOB_NAME"],
            "format": os.environ["CONTENT_TYPE"],
            "copies": int(os.environ.get("IPP_COPIES", "1")),
            "file": file,
        }
        line.sendall(json.dumps(told).encode() + b"\n")
        for said in line.makefile():
            if said.strip().isdecimal():
                return int(said)
            print(said, end="", file=sys.stderr, flush=True)
    return 1  # the test has gone


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
