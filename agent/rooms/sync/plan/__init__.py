"""What the room management has to be told, decided from what Mews says and what was told already. Pure."""
