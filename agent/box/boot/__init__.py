"""What a start does before the agent: storage, clock, identity, why the last boot ended."""
