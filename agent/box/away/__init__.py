"""Port 80 while the agent is not there."""
