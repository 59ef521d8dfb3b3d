"""What is decided about log-ins, sessions and forms, without I/O, clock or randomness of its own. Pure."""
