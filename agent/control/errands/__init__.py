"""What the desk carries out, one file a kind."""
