"""The package stays pure: it can run on any laptop, without the agent and without a network library."""

import subprocess
import sys

FOREIGN = {"agent", "board", "trio", "httpx", "sqlite3", "serial", "socket"}
# Only what the import itself adds counts: a coverage tool may have loaded its database before.
CODE = "import sys; before = set(sys.modules); import provisioning.check; print(*(set(sys.modules) - before))"


def test_reading_and_checking_load_no_network_database_or_agent() -> None:
    run = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert "provisioning.read" in run.stdout.split()
    assert FOREIGN.isdisjoint(run.stdout.split())
