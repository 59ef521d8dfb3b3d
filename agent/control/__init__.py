"""Acting: one desk that carries verbs out, the hub that tells what happens, and the socket to both."""
