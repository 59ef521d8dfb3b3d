"""Whether a version is good, and what follows. Pure."""
